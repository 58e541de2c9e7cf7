"""Jobs: each does its work, may run twice, and a failing one does no harm."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger

import scheduler
from bot import config
from bot.clock import TEHRAN
from bot.config import Settings
from bot.models import RowState, inbox, outbox
from bot.services.citizens import what_is_kept
from bot.store import Store, Unit
from bot.store.citizens import Citizen
from bot.store.inbox import Received
from bot.store.outbox import Finished, Outgoing
from scheduler import JOBS, Counts, Job, Scheduler
from tests.citizen import rows_of
from tests.conftest import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def store(database: str, clock: FakeClock) -> AsyncIterator[Store]:
    opened = Store(database, clock)
    yield opened
    await opened.close()


def job(name: str) -> Job:
    return next(job for job in JOBS if job.name == name)


def one_talk(unit: Unit) -> None:
    """A message that was answered."""
    unit.inbox.receive("telegram", [Received(100, 1, 5, '{"text":"secret"}')])
    for row in unit.inbox.waiting("telegram", 5, 1):
        unit.inbox.done(row.id)
    said = unit.outbox.add(Outgoing("telegram", 5, "send", '{"text":[]}'), claimed=True)
    unit.outbox.finish([Finished(said.id, RowState.DONE, 1)])
    unit.web.arrived(unit.web.meet("a visitor"), "a", '{"text":"secret"}')


@pytest.mark.parametrize("planned", JOBS, ids=lambda planned: planned.name)
async def test_every_job_has_a_time_runs_on_an_empty_database_and_may_run_twice(planned: Job, store: Store) -> None:
    assert CronTrigger.from_crontab(planned.when, timezone=TEHRAN)
    first = await planned.run(store, config.load())

    assert first == await planned.run(store, config.load())
    assert set(first.values()) == {0}


async def test_old_words_are_forgotten_and_new_ones_kept(store: Store, clock: FakeClock) -> None:
    settings = config.load(privacy={"keep_days": 7})
    await store.write(one_talk)
    clock.instant += timedelta(days=6)
    assert await job("forget_old").run(store, settings) == {"updates": 0, "messages": 0, "files": 0, "page": 0}

    clock.instant += timedelta(days=2)

    assert await job("forget_old").run(store, settings) == {"updates": 1, "messages": 1, "files": 0, "page": 1}
    assert [row["raw"] for row in await store.read(lambda unit: rows_of(unit, inbox))] == [None]
    assert [row["body"] for row in await store.read(lambda unit: rows_of(unit, outbox))] == [None]
    sara = Citizen(1, "telegram", 5, "سارا", clock.millis())
    assert (await store.read(lambda unit: what_is_kept(unit, sara, 5))).messages == 0


async def test_the_process_that_holds_the_lease_runs_the_job(store: Store) -> None:
    mine, others = (Scheduler(store, config.load(), holder) for holder in ("a", "b"))

    assert await mine.run(JOBS[0]) is not None
    assert await others.run(JOBS[0]) is None
    assert await mine.run(JOBS[0]) is not None


async def test_a_failing_job_is_logged_and_the_next_one_runs(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    async def fails(_store: Store, _settings: Settings) -> Counts:
        raise ValueError("no")

    running = Scheduler(store, config.load(), "a")

    assert await running.run(Job("fails", "0 0 * * *", fails)) is None
    assert "job_failed" in caplog.text
    assert await running.run(JOBS[0]) is not None


async def test_a_job_that_takes_too_long_is_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleeps(_store: Store, _settings: Settings) -> Counts:
        await asyncio.sleep(60)
        return {}

    monkeypatch.setattr(scheduler, "TOO_LONG_SECONDS", 0.01)

    assert await Scheduler(store, config.load(), "a").run(Job("sleeps", "0 0 * * *", sleeps)) is None


async def test_the_table_is_what_is_planned_in_tehrans_time(store: Store) -> None:
    running = Scheduler(store, config.load(), "a")
    running.start()

    planned = running._scheduler.get_jobs()
    running.stop()
    running.stop()

    assert sorted(found.id for found in planned) == sorted(found.name for found in JOBS)
    assert {str(found.trigger.timezone) for found in planned} == {"Asia/Tehran"}
