"""Two processes on one PostgreSQL, one of them killed again and again: every message is handled once and in order.

The measure is that of `test_crash.py`: what an undisturbed run answers. While the other process goes on, nobody can
count at a kill what was sent and not marked; so a message may have come again only as often as its row was claimed
again.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.botapi import BotApi, DialectName
from tests.process import Process, ended
from tests.test_crash import (
    CITIZENS,
    Plan,
    Town,
    check_inbox,
    check_log,
    check_outbox,
    check_screens,
    measure,
    messengers,
)

# One after the other: they share the measure, and each wants a processor for itself.
pytestmark = pytest.mark.xdist_group("town")

__all__ = ["measure"]

TAKEOVER_MS = 15_000


class Twins(Town):
    """Two workers; `killed_at` are the instants of the kills, in milliseconds."""

    def __init__(self, workers: list[Process], apis: dict[DialectName, BotApi], plan: Plan) -> None:
        super().__init__(workers[0], apis, plan)
        self.workers = workers
        self.killed_at: list[int] = []

    async def chaos(self) -> None:
        for worker in self.workers:
            await worker.start()
        for worker in self.workers:
            await worker.ready()
        for _ in range(self.plan.kills):
            victim = self.dice.choice(self.workers)
            await self.busy(self.dice.randint(0, 300))
            await asyncio.sleep(self.dice.uniform(0, 0.05))
            await victim.kill()
            self.killed_at.append(time.time_ns() // 1_000_000)
            # Mostly the next kill comes before the other has taken over, sometimes after.
            await asyncio.sleep(self.dice.uniform(0, 2) if self.dice.random() < 0.8 else TAKEOVER_MS / 1000 + 1)
            await victim.start()
            is_last = len(self.killed_at) == self.plan.kills
            if is_last or self.dice.random() < 0.75:  # sometimes the next kill falls into the start
                await victim.ready()

    def takeovers(self) -> list[float]:
        """How many seconds after a kill all was handled and sent that waited then, and the first update was fetched.

        Only of kills that were not followed by another one before that could be.
        """
        handled = self.process.rows("SELECT received_at, done_at FROM inbox")
        went_out = self.process.rows("SELECT created_at, done_at FROM outbox")
        followed = [*self.killed_at[1:], self.killed_at[-1] + 2 * TAKEOVER_MS]
        return [
            max(
                (
                    *(end - at for begin, end in handled + went_out if begin <= at < end),
                    min((begin - at for begin, _ in handled if begin > at), default=0),
                )
            )
            / 1000
            for at, then in zip(self.killed_at, followed, strict=True)
            if then - at > TAKEOVER_MS
        ]


@asynccontextmanager
async def twins(folder: Path, database: str, plan: Plan) -> AsyncIterator[Twins]:
    async with AsyncExitStack() as stack:
        apis, settings = await stack.enter_async_context(messengers())
        workers = [Process(database, folder / f"log{number}", **settings) for number in (1, 2)]
        for worker in workers:
            worker.program += ("--role", "worker")
            await stack.enter_async_context(ended(worker))
        yield Twins(workers, apis, plan)


def check_repeats(town: Twins, repeats: Counter[tuple[str, int]]) -> None:
    """A message came again at most as often as its row was claimed again."""
    again = town.counts("SELECT platform, chat_id, sum(tries - 1) FROM outbox WHERE kind = 'send' AND tries > 1")
    assert repeats <= again, repeats - again


async def survive(folder: Path, database: str, plan: Plan, measure: Callable[[int], Any]) -> tuple[Twins, int]:
    expected = await measure(plan.rounds)
    async with twins(folder, database, plan) as place:
        await place.live()
        for worker in place.workers:
            assert await worker.stop() == 0
        check_inbox(place)
        check_outbox(place, expected)
        repeats = check_screens(place, expected)
        check_repeats(place, repeats)
        for worker in place.workers:
            check_log(worker)
        return place, repeats.total()


def told(town: Twins, repeats: int) -> str:
    return (
        f"{len(town.killed_at)} kills of one of two workers on PostgreSQL, {CITIZENS} citizens, "
        f"{town.figures.updates} updates, {town.figures.replies} outgoing rows, {repeats} messages came twice; "
        f"all that waited at a kill was done after {town.takeovers()} s"
    )


@pytest.fixture
def twin_database(request: pytest.FixtureRequest) -> str:
    """The measure is taken on SQLite, beside it."""
    running = request.getfixturevalue("postgres")
    return str(running.url(running.new_database(request.getfixturevalue("empty_postgres"))))


@pytest.mark.crash
@pytest.mark.timeout(300)
async def test_nothing_is_lost_over_three_kills_of_one_of_two(
    tmp_path: Path, twin_database: str, measure: Callable[[int], Any], note_figures: Callable[[str], None]
) -> None:
    town, repeats = await survive(tmp_path, twin_database, Plan(kills=3, rounds=1, seconds=14, seed=15), measure)

    note_figures(told(town, repeats))


@pytest.mark.crash
@pytest.mark.soak
async def test_nothing_is_lost_over_twenty_kills_of_one_of_two(
    tmp_path: Path, twin_database: str, measure: Callable[[int], Any], note_figures: Callable[[str], None]
) -> None:
    town, repeats = await survive(tmp_path, twin_database, Plan(kills=20, rounds=8, seconds=75, seed=1406), measure)

    note_figures(told(town, repeats))
    assert max(town.takeovers()) <= TAKEOVER_MS / 1000
