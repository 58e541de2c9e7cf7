"""A survey: how quickly a tap is answered while a thousand citizens tap, and how quickly staff see a million answers.

Citizens tap as people do, each after the next question has come; together they tap so often a second. The service runs
on the other processor, with a network's latency, and its sums are compared with what was tapped.
"""

import asyncio
import json
import random
import time
from collections import Counter
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import insert

from bench.databases import durable_postgres
from bench.delivery import LATENCY
from bench.processes import TOKEN, ready, service
from bench.tables import share, show, spread
from bot.clock import Clock
from bot.models import citizens, participants, responses
from bot.services import counting, results, surveys
from bot.services.questionnaire import SCALE
from bot.store import Store, Unit
from bot.store.migrate import upgrade
from bot.store.responses import Count
from tests.botapi import BotApi, serve
from tests.survey_town import SHEET, Voter, counted, meant
from tests.surveying import put

PEOPLE: Final = 1_000
RATES: Final = (100.0, 150.0)
"""Taps a second."""
TAPS: Final = len(SHEET["question"]) + 1
"""Of each citizen: one to begin."""
MILLION: Final = 1_000_000
AT_ONCE: Final = 20_000
TIMES: Final = 20


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    await _results(MILLION // 50 if quick else MILLION)
    await _taps(PEOPLE // 20 if quick else PEOPLE, RATES[:1] if quick else RATES)


# -- taps


class Gate:
    """Lets so many taps a second through, evenly."""

    def __init__(self, rate: float) -> None:
        self._pause = 1 / rate
        self._next = 0.0

    async def __call__(self) -> None:
        now = asyncio.get_running_loop().time()
        self._next = max(now, self._next + self._pause)
        await asyncio.sleep(self._next - now)


async def _taps(people: int, rates: tuple[float, ...]) -> None:
    rows = [
        [engine, f"{rate:.0f}", *await _answered(engine, people, rate)]
        for rate in rates
        for engine in ("sqlite", "postgresql")
    ]
    show(
        f"surveys: {people:,} citizens answer five questions, {LATENCY * 1000:.0f} ms a call",
        ["database", "taps a second", "answered a second", "p50, ms", "p99, ms", "lost or double"],
        rows,
    )


async def _answered(engine: str, people: int, rate: float) -> list[str]:
    with TemporaryDirectory(prefix="hamyar14-bench-") as folder, durable_postgres(engine) as server:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'b.db'}" if server is None else server.url(server.new_database())
        await asyncio.to_thread(upgrade, url)
        store = Store(url, Clock())
        number = await store.write(partial(put, tables=SHEET))
        api = BotApi("telegram", token=TOKEN, latency=LATENCY)
        gate = Gate(rate)
        voters = [Voter(api, user, number, may_tap=gate) for user in range(1, people + 1)]
        async with serve(api) as address, service(address, url) as process:
            await ready(process)
            lasted = await _live(api, voters, rate)
        found = await store.read(partial(counted, number=number))
        await store.close()
    wanted = sum((meant(voter, SHEET) for voter in voters), Counter[tuple[str, str]]())
    wrong = (found - wanted) + (wanted - found)
    taps = sorted(second for voter in voters for second in voter.lasted)
    figures = [f"{share(taps, part) * 1000:.0f}" for part in (50, 99)]
    return [f"{len(taps) / lasted:.0f}", *figures, str(wrong.total())]


async def _live(api: BotApi, voters: list[Voter], rate: float) -> float:
    """Everybody comes, one after the other at the same pace, and answers; seconds from the first to the last tap."""
    began = time.perf_counter()
    async with asyncio.TaskGroup() as town:
        for voter in voters:
            api.meet(voter.user_id)
            town.create_task(voter.live())
            await asyncio.sleep(TAPS / rate)
    return time.perf_counter() - began


# -- results


async def _results(answers: int) -> None:
    rows = []
    for engine in ("sqlite", "postgresql"):
        with TemporaryDirectory(prefix="hamyar14-bench-") as folder, durable_postgres(engine) as server:
            path = Path(folder) / "many.db"
            url = f"sqlite+aiosqlite:///{path}" if server is None else server.url(server.new_database())
            await asyncio.to_thread(upgrade, url)
            store = Store(url, Clock())
            number = await store.write(partial(put, tables=SHEET))
            await _fill(store, number, answers // len(SHEET["question"]))
            looks = [await _look(store, number) for _ in range(TIMES)]
            rows.append([engine, f"{answers:,}", spread(looks, 1), f"{await _add_up(store, number):.0f}"])
            await store.close()
    show(
        "surveys: what came of it",
        ["database", "answers", "results, ms", "all answers added up anew instead, ms"],
        rows,
    )


async def _fill(store: Store, number: int, people: int) -> None:
    """Everybody has answered, but for one in ten who left half-way."""
    dice = random.Random(14)
    for first in range(1, people + 1, AT_ONCE):
        some = range(first, min(first + AT_ONCE, people + 1))
        await store.write(partial(_fill_some, number=number, people=some, dice=dice))


def _fill_some(unit: Unit, *, number: int, people: range, dice: random.Random) -> None:
    connection, sums = unit.responses._connection, Counter[tuple[str, str, str]]()
    survey = surveys.sheet(surveys.find(unit, number))
    met, said = [], []
    for user in people:
        lives = f"place{dice.randrange(25)}"
        met.append({"id": user, "platform": "telegram", "user_id": user, "met_at": 1, "neighbourhood": lives})
        given = {one.id: _one(one.kind, [option.id for option in one.options], dice) for one in survey.questions}
        where = {"survey_id": number, "token": user, "platform": "telegram", "neighbourhood": lives}
        said.append(where | {"day": 739_000, "answers": json.dumps(given)})
        sums[counting.ALL, counting.ANSWERED, lives] += 1
        for question, value in given.items():
            sums[question, counting.ANSWERED, lives] += 1
            sums[question, str(value), lives] += 1
    connection.execute(insert(citizens), met)
    connection.execute(insert(participants), [_part(number, user) for user in people])
    connection.execute(insert(responses), said)
    unit.responses.count(
        number, [Count(question, value, "telegram", lives, many) for (question, value, lives), many in sums.items()]
    )


def _part(number: int, citizen: int) -> dict[str, Any]:
    row: dict[str, Any] = {"survey_id": number, "citizen_id": citizen, "about": 0, "began_at": 1}
    if citizen % 10 == 0:
        return row | {"next": "light", "sent_at": None, "token": None}
    return row | {"next": None, "sent_at": 1, "token": citizen}


def _one(kind: str, options: list[str], dice: random.Random) -> str | int:
    return dice.randint(1, 5) if kind == SCALE else dice.choice(options)


async def _look(store: Store, number: int) -> float:
    began = time.perf_counter()
    await store.read(lambda unit: results.of(unit, surveys.find(unit, number)))
    return (time.perf_counter() - began) * 1000


async def _add_up(store: Store, number: int) -> float:
    """What it would take if there were no sums: to read every answer."""

    def look(unit: Unit) -> Counter[tuple[str, str]]:
        survey, total, after = surveys.sheet(surveys.find(unit, number)), Counter[tuple[str, str]](), 0
        while page := unit.responses.page(number, after, AT_ONCE):
            after = page[-1].token
            for response in page:
                total.update((one.question, one.value) for one in counting.counts(survey, response))
        return total

    began = time.perf_counter()
    found = await store.read(look)
    lasted = time.perf_counter() - began
    assert found == await store.read(partial(counted, number=number))
    return lasted * 1000
