"""A million rows: whether claiming and marking stay as quick as in an empty database, on both engines.

Three databases each: nothing but what is worked on; a million rows that were dealt with long ago; a million that wait.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bench.databases import durable_postgres
from bench.tables import median, show, spread
from bot.clock import Clock
from bot.models import RowState
from bot.store import Store, Unit
from bot.store.inbox import Received
from bot.store.migrate import upgrade
from bot.store.outbox import Finished, Outgoing

MILLION = 1_000_000
CHATS = 100_000
"""The million rows belong to so many chats."""
WORKED_ON = 64
HOLDER = "bench"
NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :rows)",
    "postgresql": "WITH numbers(n) AS (SELECT generate_series(1, CAST(:rows AS integer)))",
}
FILL = (
    (
        "{numbers} INSERT INTO inbox (platform, bot_id, update_id, chat_id, raw, state, tries, received_at, done_at) "
        "SELECT 'bale', 1, n, n % {chats}, {words}, {state}, 0, n, {done} FROM numbers"
    ),
    (
        "{numbers} INSERT INTO chats (platform, chat_id, pending, ready_at) "
        "SELECT 'bale', n, {pending}, n FROM numbers WHERE n < {chats}"
    ),
    (
        "{numbers} INSERT INTO outbox (platform, chat_id, kind, body, state, tries, due_at, created_at, done_at) "
        "SELECT 'bale', n % {chats}, 'send', {words}, {state}, 0, n, n, {done} FROM numbers"
    ),
)


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    size = MILLION // 50 if quick else MILLION
    cases = {"empty": (0, RowState.DONE), "dealt with": (size, RowState.DONE), "waiting": (size, RowState.WAITING)}
    table = []
    for engine in ("sqlite", "postgresql"):
        base: dict[str, float] = {}
        for name, (rows, state) in cases.items():
            async with filled(engine, rows, state) as store:
                for what, times in (await timed(store, 20 if quick else 200)).items():
                    base.setdefault(what, median(times))
                    ratio = f"{median(times) / base[what]:.2f}"
                    table.append([engine, f"{rows:,} {name}", what, spread(times, 2), ratio])
    show(
        f"rows: {WORKED_ON} rows at a time, beside how many others (ms)",
        ["database", "rows besides", "work", "ms", "ratio to empty"],
        table,
    )


@asynccontextmanager
async def filled(engine: str, rows: int, state: RowState) -> AsyncIterator[Store]:
    """A database with so many rows in inbox and outbox."""
    with TemporaryDirectory(prefix="hamyar14-bench-") as folder, durable_postgres(engine) as server:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'rows.db'}" if server is None else server.url(server.new_database())
        await asyncio.to_thread(upgrade, url)
        store = Store(url, Clock())
        if rows:
            await store.write(partial(_fill, engine=engine, rows=rows, state=state))
        if server is not None:
            server.query("VACUUM ANALYZE", store.url.database or "")
        try:
            yield store
        finally:
            await store.close()


def _fill(unit: Unit, engine: str, rows: int, state: RowState) -> None:
    waits = state == RowState.WAITING
    parts = {
        "numbers": NUMBERS[engine],
        "chats": CHATS,
        "words": "'{}'" if waits else "NULL",
        "state": int(state),
        "done": "NULL" if waits else "n",
        "pending": rows // CHATS if waits else 0,
    }
    for statement in FILL:
        unit._connection.execute(text(statement.format(**parts)), {"rows": rows})


async def timed(store: Store, times: int) -> dict[str, list[float]]:
    """Milliseconds of each kind of work, done again and again: what is claimed is dealt with before the next time."""
    found: dict[str, list[float]] = {}
    for number in range(times):
        await store.write(partial(_arrive, number=number))
        for what, work in (("claim chats, end their turns", _turns), ("claim messages, mark them sent", _messages)):
            began = time.perf_counter()
            assert await store.write(work) > 0
            found.setdefault(what, []).append((time.perf_counter() - began) * 1000)
    return found


def _arrive(unit: Unit, number: int) -> None:
    first = MILLION * 10 + number * WORKED_ON
    updates = [Received(1, first + at, first + at, "{}") for at in range(WORKED_ON)]
    unit.chats.arrived("bale", unit.inbox.receive("bale", updates))
    for update in updates:
        unit.outbox.add(Outgoing("bale", update.chat_id, "send", "{}"), claimed=False)


def _turns(unit: Unit) -> int:
    claimed = unit.chats.claim(HOLDER, ["bale"], WORKED_ON)
    for chat in claimed:
        (row, *_) = unit.inbox.waiting(chat.platform, chat.chat_id, 1)
        unit.chats.advance(chat.platform, chat.chat_id, HOLDER)
        unit.inbox.done(row.id)
        unit.chats.let_go(chat.platform, chat.chat_id, HOLDER)
    return len(claimed)


def _messages(unit: Unit) -> int:
    rows = unit.outbox.claim("bale", WORKED_ON)
    unit.outbox.finish([Finished(row.id, RowState.DONE, 1) for row in rows])
    return len(rows)
