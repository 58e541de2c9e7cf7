"""Jobs: each does its work, may run twice, and a failing one does no harm."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger

import scheduler
from bot import config, leader
from bot.alarms import Alarms
from bot.clock import TEHRAN
from bot.config import Settings
from bot.leader import Leader
from bot.loading import Loaded
from bot.models import RowState, inbox, jobs, outbox
from bot.services.citizens import what_is_kept
from bot.store import Store, Unit
from bot.store.citizens import Citizen
from bot.store.inbox import Received
from bot.store.outbox import Finished, Outgoing
from bot.store.questions import Asker
from scheduler import JOBS, LEASE, Counts, Job, Scheduler
from tests.citizen import PATIENCE, rows_of, wait_until
from tests.conftest import FakeClock
from tests.outage import away


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def job(name: str) -> Job:
    return next(job for job in JOBS if job.name == name)


def one_talk(unit: Unit) -> None:
    """A message that was answered."""
    unit.inbox.receive("telegram", [Received(100, 1, 5, '{"text":"secret"}')])
    for row in unit.inbox.waiting("telegram", 5, 1):
        unit.inbox.done(row.id)
    one_answer(unit)
    unit.web.arrived(unit.web.meet("a visitor"), "a", '{"text":"secret"}')
    unit.questions.missed(Asker("telegram", 5, 5), "secret", "secret")
    unit.places.move("telegram", 5, 5, ("ask.answer", '{"asked":"secret"}'))


def one_answer(unit: Unit) -> None:
    said = unit.outbox.add(Outgoing("telegram", 5, "send", '{"text":[]}'), claimed=True)
    unit.outbox.finish([Finished(said.id, RowState.DONE, 1)])


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
    assert set((await job("forget_old").run(store, settings)).values()) == {0}

    clock.instant += timedelta(days=2)

    forgotten = await job("forget_old").run(store, settings)
    assert forgotten == {"updates": 1, "messages": 1, "files": 0, "page": 1, "questions": 1, "places": 1, "lookups": 0}
    assert [row["raw"] for row in await store.read(lambda unit: rows_of(unit, inbox))] == [None]
    assert [row["body"] for row in await store.read(lambda unit: rows_of(unit, outbox))] == [None]
    sara = Citizen(1, "telegram", 5, "سارا", clock.millis())
    assert (await store.read(lambda unit: what_is_kept(unit, sara, 5))).messages == 0


async def test_what_there_is_no_time_to_forget_is_forgotten_the_next_time(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "AT_ONCE", 1)
    monkeypatch.setattr(scheduler, "MOST_SECONDS", 0.0)
    settings = config.load(privacy={"keep_days": 7})
    for _ in range(3):
        await store.write(one_answer)
    clock.instant += timedelta(days=30)

    counted = [(await job("forget_old").run(store, settings))["messages"] for _ in range(4)]

    assert counted == [1, 1, 1, 0]


def planner(store: Store, clock: FakeClock, loaded: Loaded, holder: str = "a", *jobs: Job) -> Scheduler:
    alarms = Alarms(config.Operators(chat_ids=("telegram:900",)), loaded.alarms, store)
    planned = Scheduler(store, config.load(), alarms, Leader(store, LEASE, holder), clock)
    planned.jobs = jobs or JOBS
    return planned


@dataclass
class Bell:
    """A job that notes when it was run; it can fail, and wait until it is let go."""

    clock: FakeClock
    rung: list[str] = field(default_factory=list)
    wrong: list[Exception] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.go.set()

    def job(self, when: str = "0 9 * * *", late_s: int = 2 * 3600) -> Job:
        """At nine; the tests begin at ten."""
        return Job("bell", when, self.ring, late_s)

    async def ring(self, _store: Store, _settings: Settings) -> Counts:
        self.rung.append(f"{self.clock.now():%d. %H:%M}")
        await self.go.wait()
        if self.wrong:
            raise self.wrong.pop()
        return {"rung": 1}


@pytest.fixture
def bell(clock: FakeClock) -> Bell:
    return Bell(clock)


@asynccontextmanager
async def at_work(scheduler: Scheduler) -> AsyncIterator[None]:
    """A scheduler that runs; at the end it is killed, its lease and its rows stay as they are."""
    task = asyncio.create_task(scheduler.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases are renewed, and what is due is looked for, many times a second."""
    monkeypatch.setattr(leader, "RENEW_SECONDS", 0.02)
    monkeypatch.setattr(leader, "WAIT_SECONDS", 0.02)
    monkeypatch.setattr(scheduler, "CATCH_UP_SECONDS", 0.02)


async def outcomes(store: Store) -> list[str | None]:
    return [row["outcome"] for row in await store.read(lambda unit: rows_of(unit, jobs))]


async def told(store: Store) -> str:
    """The first sign of each message to the operators."""
    rows = await store.read(lambda unit: rows_of(unit, outbox))
    return "".join(json.loads(row["body"])["text"][0][1][0] for row in rows)


async def test_a_job_is_run_once_for_each_time_that_it_was_due(
    store: Store, clock: FakeClock, loaded: Loaded, bell: Bell
) -> None:
    planned = planner(store, clock, loaded)
    assert await planned.run_job(bell.job()) == {"rung": 1}
    assert await planned.run_job(bell.job()) is None
    clock.instant += timedelta(days=1)
    assert await planned.run_job(bell.job()) == {"rung": 1}

    assert bell.rung == ["22. 10:00", "23. 10:00"]
    assert await outcomes(store) == ['{"rung": 1}'] * 2


async def test_the_process_that_holds_the_lease_runs_the_job(
    store: Store, clock: FakeClock, loaded: Loaded, bell: Bell
) -> None:
    mine, others = (planner(store, clock, loaded, holder) for holder in ("a", "b"))
    await mine._leader.renew()

    assert await others.run_job(bell.job()) is None
    assert await mine.run_job(bell.job()) == {"rung": 1}


@pytest.mark.parametrize(("late_s", "runs"), [(3600, 1), (3599, 0)])
async def test_what_was_due_while_nobody_ran_it_is_run_if_it_still_makes_sense(
    late_s: int, runs: int, store: Store, clock: FakeClock, loaded: Loaded, bell: Bell, hurry: None
) -> None:
    planned = planner(store, clock, loaded, "a", bell.job(late_s=late_s))

    async with at_work(planned):
        await wait_until(lambda: planned._planned is not None)
        await planned.run_job(bell.job(late_s=late_s))

    assert len(bell.rung) == runs


async def test_a_job_whose_process_died_in_the_middle_is_run_by_the_next(
    store: Store, clock: FakeClock, loaded: Loaded, bell: Bell, hurry: None
) -> None:
    bell.go.clear()
    async with at_work(planner(store, clock, loaded, "a", bell.job())):
        await wait_until(lambda: bell.rung)
    assert await outcomes(store) == [None]
    clock.instant += timedelta(seconds=15)
    bell.go.set()

    second = planner(store, clock, loaded, "b", bell.job())
    async with at_work(second):
        await wait_until(lambda: len(bell.rung) == 2 and not second._running)

    assert await outcomes(store) == ['{"rung": 1}']


async def test_a_job_that_stops_every_process_is_not_begun_for_ever(
    store: Store, clock: FakeClock, loaded: Loaded, bell: Bell
) -> None:
    bell.go.clear()
    for holder in "abcde":
        planned = planner(store, clock, loaded, holder)
        task = planned.begin(bell.job())
        async with asyncio.timeout(PATIENCE):
            while not task.done() and len(bell.rung) < "abcde".index(holder) + 1:
                await asyncio.sleep(0.005)
        await planned.stop()
        clock.instant += timedelta(seconds=15)

    assert len(bell.rung) == scheduler.MOST_TRIES


async def test_two_schedulers_never_run_a_job_at_once(
    store: Store, clock: FakeClock, loaded: Loaded, bell: Bell, hurry: None
) -> None:
    bell.go.clear()
    one, two = (planner(store, clock, loaded, holder, bell.job()) for holder in ("a", "b"))
    async with at_work(one), at_work(two):
        await wait_until(lambda: bell.rung)
        leading, waiting = (one, two) if one._leader.leads else (two, one)
        for _ in range(3):
            assert await waiting._run(bell.job()) is None
        assert leading.begin(bell.job()) is leading.begin(bell.job())
        bell.go.set()
        await wait_until(lambda: not leading._running)

    assert len(bell.rung) == 1


async def test_who_loses_the_lease_stops_what_runs(
    store: Store, clock: FakeClock, loaded: Loaded, bell: Bell, hurry: None
) -> None:
    bell.go.clear()
    planned = planner(store, clock, loaded, "a", bell.job())

    def steal(unit: Unit) -> None:
        unit.leases.end(LEASE, "a")
        unit.leases.take(LEASE, "b", 60_000)

    async with at_work(planned):
        await wait_until(lambda: bell.rung)
        await store.write(steal)
        await wait_until(lambda: planned._planned is None and not planned._running)

    assert await outcomes(store) == [None]


async def test_a_moment_without_the_database_is_survived_and_the_job_run(
    store: Store, clock: FakeClock, loaded: Loaded, bell: Bell, hurry: None
) -> None:
    planned = planner(store, clock, loaded, "a", bell.job())
    with away(store):
        async with at_work(planned):
            assert await planned._run(bell.job()) is None
    async with at_work(planned):
        await wait_until(lambda: bell.rung and not planned._running)

    assert await outcomes(store) == ['{"rung": 1}']


async def test_a_failing_job_is_logged_kept_and_told_until_it_works(
    store: Store, clock: FakeClock, loaded: Loaded, bell: Bell, caplog: pytest.LogCaptureFixture
) -> None:
    planned = planner(store, clock, loaded)
    for _ in range(2):
        bell.wrong.append(ValueError("راز"))
        assert await planned.run_job(bell.job()) is None
        clock.instant += timedelta(days=1)
    assert await told(store) == "⚠"

    await planned.run_job(bell.job())

    assert "job_failed" in caplog.text
    assert await told(store) == "⚠✅"
    assert all("ValueError at" in str(found) and "راز" not in str(found) for found in (await outcomes(store))[:2])


async def test_a_job_that_takes_too_long_is_stopped(
    store: Store, clock: FakeClock, loaded: Loaded, bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "TOO_LONG_SECONDS", 0.01)
    bell.go.clear()

    assert await planner(store, clock, loaded).run_job(bell.job()) is None
    assert "TimeoutError" in str(await outcomes(store))


@pytest.mark.parametrize(
    ("when", "late_s", "due"),
    [
        ("0 9 * * *", 3600, "22. 09:00"),
        ("0 10 * * *", 60, "22. 10:00"),
        ("55 * * * *", 900, "22. 09:55"),
        ("0 9 * * *", 3599, None),
        ("1 10 * * *", 3600, None),
    ],
)
def test_a_job_is_due_at_the_last_time_that_still_makes_sense(
    when: str, late_s: int, due: str | None, clock: FakeClock, bell: Bell
) -> None:
    found = bell.job(when, late_s).due(clock.now())

    assert (f"{found:%d. %H:%M}" if found else None) == due


async def test_the_table_is_what_is_planned_in_tehrans_time(store: Store, clock: FakeClock, loaded: Loaded) -> None:
    running = planner(store, clock, loaded)
    await running._leader.renew()
    running._start()
    assert running._planned is not None
    planned = running._planned.get_jobs()
    await running.stop()
    await running.stop()

    assert {found.id: found.misfire_grace_time for found in planned} == {job.name: job.late_s for job in JOBS}
    assert {str(found.trigger.timezone) for found in planned} == {"Asia/Tehran"}
