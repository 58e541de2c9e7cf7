"""A million cases of 200,000 citizens: whether everybody still sees theirs at once, on both engines.

One case in twenty is open. Words are spread as in a language: some are in a case of ten, most in a few.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import text

from bench.databases import durable_postgres
from bench.entries import Author
from bench.tables import share, show
from bot.clock import Clock
from bot.services import geo
from bot.store import Store, Unit
from bot.store.case_log import Happened
from bot.store.migrate import upgrade

MILLION: Final = 1_000_000
CITIZENS: Final = 200_000
DESKS: Final = 12
SOUTH: Final = 35.66
WEST: Final = 51.45
ROWS: Final = 16
COLUMNS: Final = 23
"""Cells of the grid that the region covers."""
MEMBERS: Final = 200
CATEGORIES: Final = 20
WORDS_A_CASE: Final = 10
AT_ONCE: Final = 50_000
"""Cases in one transaction while the database is filled: more would be too long for one."""
NUMBERS: Final = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})",
    "postgresql": "WITH numbers(n) AS (SELECT generate_series(CAST({first} AS bigint), {last}))",
}
# A number between 0 and 1 that differs from case to case and from use to use, the same on both engines.
DICE: Final = "((n * 7919 + {use} * 104729) % 1000003) / 1000003.0"
OPEN: Final = "n % 20 = 0"
FILL: Final = (
    (
        "{numbers} INSERT INTO cases (code, kind, category, state, priority, platform, chat_id, user_id, text, "
        "lat, lon, cell, desk_id, owner_id, filed_at, due_at, changed_at, closed_at) "
        "SELECT 100000000 + n * 811, 'complaint', 'category' || CAST({d1} * {d1} * {categories} AS INTEGER), "
        "CASE WHEN {open} THEN 1 ELSE 5 END, 1, 'bale', n % {citizens}, n % {citizens}, "
        "'چند روز است که کسی به این کوچه سر نزده و همسایه‌ها هم خسته شده‌اند، لطفاً زودتر رسیدگی کنید', "
        "{south} + ({row} + 0.5) * {high}, {west} + ({column} + 0.5) * {wide}, "
        "{first} + {row} * {columns} + {column}, "
        "1 + CAST({d4} * {desks} AS INTEGER), CASE WHEN n % 3 = 0 THEN NULL ELSE 1 + n / 20 % {members} END, "
        "n * 1000, n * 1000 + 600000000, n * 1000, CASE WHEN {open} THEN NULL ELSE n * 1000 END FROM numbers"
    ),
    (
        "{numbers} INSERT INTO case_events (case_id, at, kind, public, text, before, after) "
        "SELECT n, n * 1000, 'filed', 1, NULL, '{{}}', '{{}}' FROM numbers"
    ),
    (
        "{numbers} INSERT INTO case_events (case_id, at, kind, member_id, public, text, before, after) "
        "SELECT n, n * 1000, 'fixed', 1 + n % {members}, 1, 'انجام شد', '{{}}', '{{}}' FROM numbers"
    ),
    (
        "{numbers} INSERT INTO case_files (case_id, event_id, file) "
        "SELECT n, n, 'file' || n FROM numbers WHERE n % 2 = 0"
    ),
)
VOCABULARY: Final = "CREATE TABLE vocabulary (number INTEGER PRIMARY KEY, word TEXT NOT NULL)"
WORDS: Final = (
    "{numbers} INSERT INTO case_words (word, case_id) "
    "SELECT DISTINCT vocabulary.word, n FROM numbers JOIN slots ON 1 = 1 JOIN vocabulary "
    "ON vocabulary.number = CAST({d5} * {d5} * {d5} * (SELECT COUNT(*) FROM vocabulary) AS INTEGER) ORDER BY 1, 2"
)
"""The cube of an even number: the first words of the vocabulary are common, the last rare."""

Work = Callable[[Unit, random.Random], object]
Run = Callable[[Callable[[Unit], object]], Awaitable[object]]


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    size = MILLION // 20 if quick else MILLION
    table = []
    for engine in ("sqlite", "postgresql"):
        async with filled(engine, size) as (store, words):
            for what, work in looks(size, words).items():
                times = await timed(store.read, work, 50 if quick else 400)
                table.append([engine, what, *percentiles(times)])
            times = await timed(store.write, lambda unit, dice: _file(unit, dice, words), 50 if quick else 400)
            table.append([engine, "write a case down, with its words", *percentiles(times)])
    show(
        f"cases: {size:,} of {CITIZENS:,} citizens (ms; goal: p95 ≤ 30)",
        ["database", "what is looked at", "p50", "p95", "p99"],
        table,
    )


def percentiles(times: list[float]) -> list[str]:
    return [f"{share(sorted(times), percent):.1f}" for percent in (50, 95, 99)]


def looks(size: int, words: list[str]) -> dict[str, Work]:
    """What citizens and staff look at, each time another."""
    now = size * 1000
    common, rare = words[:50], words[len(words) // 4 :]
    return {
        "my cases, a page": lambda unit, dice: (
            unit.cases.mine("bale", citizen := dice.randrange(CITIZENS), 2**62, 5),
            unit.cases.count_mine("bale", citizen),
        ),
        "a case in full": lambda unit, dice: _in_full(unit, dice.randint(1, size)),
        "a case by its code": lambda unit, dice: unit.cases.of_code(100_000_000 + dice.randint(1, size) * 811),
        "open ones near": lambda unit, dice: unit.cases.near(
            f"category{dice.randrange(CATEGORIES)}",
            geo.cells_around(SOUTH + dice.random() * 0.04, WEST + dice.random() * 0.07),
            100,
        ),
        "a desk's unassigned": lambda unit, dice: (
            unit.cases.unassigned(desk := dice.randint(1, DESKS), (0, 0), 5),
            unit.cases.count_unassigned(desk, 100),
        ),
        "the same, far into it": lambda unit, dice: unit.cases.unassigned(
            dice.randint(1, DESKS), (1, dice.randint(1, size)), 5
        ),
        "mine, of staff": lambda unit, dice: unit.cases.owned(dice.randint(1, MEMBERS), (0, 0), 5),
        "overdue, of two desks": lambda unit, dice: unit.cases.overdue(
            [1, dice.randint(2, DESKS)], now, (dice.randrange(now), 0), 5
        ),
        "overdue, of all": lambda unit, dice: unit.cases.overdue(None, now, (dice.randrange(now), 0), 5),
        "search: a common word": lambda unit, dice: unit.case_words.find([dice.choice(common)], None, 8),
        "search: a rare word": lambda unit, dice: unit.case_words.find([dice.choice(rare)], None, 8),
        "search: three words": lambda unit, dice: unit.case_words.find(
            [*dice.sample(common, 2), dice.choice(rare)], None, 8
        ),
        "search: two common words, a desk": lambda unit, dice: unit.case_words.find(
            dice.sample(common, 2), [dice.randint(1, DESKS)], 8
        ),
    }


def _in_full(unit: Unit, number: int) -> object:
    return (
        unit.cases.find(number),
        unit.case_log.of(number),
        unit.case_log.count_files(number),
        unit.followers.count(number),
    )


def _file(unit: Unit, dice: random.Random, words: list[str]) -> object:
    values = {
        "kind": "complaint", "category": "category1", "platform": "bale", "chat_id": 1, "user_id": 1, "text": "…",
        "code": dice.randrange(10**15), "due_at": 1, "desk_id": 1,
    }  # fmt: skip
    case = unit.cases.file(values)
    assert case is not None
    unit.case_words.add(case.id, dict.fromkeys(dice.choices(words, k=WORDS_A_CASE)))
    return unit.case_log.add(case.id, Happened("filed"))


async def timed(run: Run, work: Work, times: int) -> list[float]:
    """Milliseconds of each time, with new choices."""
    dice, found = random.Random(14), []
    for _ in range(times):
        began = time.perf_counter()
        await run(lambda unit: work(unit, dice))
        found.append((time.perf_counter() - began) * 1000)
    return found


@asynccontextmanager
async def filled(engine: str, rows: int) -> AsyncIterator[tuple[Store, list[str]]]:
    """A database with so many cases, and the words in them, the most common first."""
    words = Author().words()
    with TemporaryDirectory(prefix="hamyar14-bench-") as folder, durable_postgres(engine) as server:
        url = (
            f"sqlite+aiosqlite:///{Path(folder) / 'cases.db'}" if server is None else server.url(server.new_database())
        )
        await asyncio.to_thread(upgrade, url)
        store = Store(url, Clock())
        await store.write(partial(_lay_out, words=words))
        for first in range(1, rows + 1, AT_ONCE):
            await store.write(partial(_fill, engine=engine, first=first, last=min(rows, first + AT_ONCE - 1)))
        if server is not None:
            server.query("VACUUM ANALYZE", store.url.database or "")
        try:
            yield store, words
        finally:
            await store.close()


def _lay_out(unit: Unit, words: list[str]) -> None:
    run = unit._connection.execute
    run(text(VOCABULARY))
    run(text("CREATE TABLE slots (slot INTEGER)"))
    run(text("INSERT INTO vocabulary VALUES (:number, :word)"), [{"number": n, "word": w} for n, w in enumerate(words)])
    run(text("INSERT INTO slots VALUES (:slot)"), [{"slot": 100 + slot} for slot in range(WORDS_A_CASE)])


def _fill(unit: Unit, engine: str, first: int, last: int) -> None:
    parts = {f"d{use}": DICE.format(use=use) for use in (1, 4)}
    parts |= {"d5": "((n * 7919 + slots.slot * 104729) % 1000003) / 1000003.0"}
    parts |= {"numbers": NUMBERS[engine].format(first=first, last=last), "open": OPEN, "citizens": str(CITIZENS)}
    parts |= {"desks": str(DESKS), "members": str(MEMBERS), "categories": str(CATEGORIES)}
    parts |= {"south": str(SOUTH), "west": str(WEST), "high": str(geo.CELL_LAT), "wide": str(geo.CELL_LON)}
    parts |= {"first": str(geo.cell_of(SOUTH + 1e-6, WEST + 1e-6)), "columns": str(geo.COLUMNS)}
    parts |= {"row": f"(n * 7919 % 10007 % {ROWS})", "column": f"(n * 104729 % 10009 % {COLUMNS})"}
    for statement in (*FILL, WORDS):
        unit._connection.execute(text(statement.format(**parts)))
