"""Everything goes wrong at once: both messengers fail, lose answers and repeat themselves, and the database goes away.

Two workers on one PostgreSQL. In the end every update was handled once and every citizen has all answers, in order; a
message came twice only where the messenger's answer to it was lost. Nothing is started again but the database.
"""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.store.migrate import upgrade
from tests.postgres import Server, server
from tests.test_crash import CITIZENS, Measure, Plan, check_inbox, check_outbox, check_screens, measure
from tests.test_crash_twins import Twins, twins

# One after the other: they share the measure, and each wants a processor for itself.
pytestmark = pytest.mark.xdist_group("town")

__all__ = ["measure"]

# The files may lag behind, since the machine goes on; what is committed may not.
COMMITS_STAND = ("fsync=off",)


@pytest.fixture
async def own_server() -> AsyncIterator[Server]:
    """A server that may be stopped."""
    with server(*COMMITS_STAND) as running:
        yield running


class Storm(Twins):
    """`outages`: for how many seconds the database is away, one after the other, and how it goes."""

    database: Server
    outages: tuple[tuple[float, signal.Signals], ...] = ()

    async def chaos(self) -> None:
        for worker in self.workers:
            await worker.start()
        for worker in self.workers:
            await worker.ready()
        for number, api in enumerate(self.apis.values()):
            storms: dict[str, float] = {"storm_seconds": 2, "storm_every": 20}
            api.faults.mix(seed=self.plan.seed + number, duplicates=0.05, **storms)
        for seconds, how in self.outages:
            await asyncio.sleep(self.plan.seconds / (len(self.outages) + 1))
            self.database.stop(how)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.database.start)

    async def all_answered(self) -> None:
        for api in self.apis.values():
            api.faults.clear()
        await super().all_answered()


@asynccontextmanager
async def lived_through(folder: Path, database: Server, plan: Plan, outages: Any) -> AsyncIterator[Storm]:  # noqa: ANN401 - of `tests.outage`
    name = database.new_database()
    await asyncio.to_thread(upgrade, database.url(name))
    async with twins(folder, database.url(name), plan) as place:
        storm = Storm(place.workers, place.apis, plan)
        storm.database, storm.outages = database, outages
        await storm.live()
        for worker in storm.workers:
            assert await worker.stop() == 0
        yield storm


async def survive(folder: Path, database: Server, plan: Plan, outages: Any, expected: Measure) -> str:  # noqa: ANN401 - as above
    async with lived_through(folder, database, plan, outages) as storm:
        check_inbox(storm)
        check_outbox(storm, expected)
        repeats: Counter[str] = Counter()
        for (name, _), count in check_screens(storm, expected).items():
            repeats[name] += count
        for worker in storm.workers:
            assert "SECRET" not in worker.words()
            assert "پستی" not in worker.words()
        unheard = {name: api.faults.unheard["sendmessage"] for name, api in storm.apis.items()}
        assert all(repeats[name] <= unheard[name] for name in unheard), (repeats, unheard)
        happened = {name: api.faults.counts() for name, api in storm.apis.items()}
        return (
            f"database away for {[seconds for seconds, _ in outages]} s, faults {happened}: {CITIZENS} citizens, "
            f"{storm.figures.updates} updates, {storm.figures.replies} outgoing rows, nothing lost; "
            f"answers lost after sending {unheard}, messages that came twice {dict(repeats)}"
        )


async def test_faults_and_a_restarted_database_lose_nothing(
    tmp_path: Path, own_server: Server, measure: Callable[[int], Any], note_figures: Callable[[str], None]
) -> None:
    plan = Plan(kills=0, rounds=1, seconds=8, seed=14)

    told = await survive(tmp_path, own_server, plan, [(3, signal.SIGINT)], await measure(plan.rounds))

    note_figures(told)


@pytest.mark.soak
async def test_faults_and_a_database_that_is_away_for_a_minute_lose_nothing(
    tmp_path: Path, own_server: Server, measure: Callable[[int], Any], note_figures: Callable[[str], None]
) -> None:
    plan = Plan(kills=0, rounds=8, seconds=150, seed=1405)
    outages = [(1, signal.SIGINT), (60, signal.SIGINT), (5, signal.SIGQUIT)]

    told = await survive(tmp_path, own_server, plan, outages, await measure(plan.rounds))

    note_figures(told)
