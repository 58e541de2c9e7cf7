"""What is done by the clock: a table of jobs. A job is short, safe to run twice, and returns what it counted.

lease taken ─► what was due while nobody ran it ─► APScheduler ─► job ─► its row ended, with the outcome
    ▲                                                             │
    └──────── lease lost, or about to end: all of it stopped ◄────┴─ died: the row has no end, and is begun again
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot import content
from bot.alarms import Alarms
from bot.clock import TEHRAN, Clock
from bot.config import Settings
from bot.errors import StoreDown, trace
from bot.exporting import draw
from bot.leader import Leader
from bot.media import Cleaned, Shelf
from bot.services import (
    draft_offers,
    event_notices,
    held_sums,
    occasion_notices,
    poll_ends,
    still_mended,
    telling,
    unanswered,
)
from bot.services.citizens import forget_old_words
from bot.services.results import Results
from bot.services.retention import prune
from bot.store import Store, Unit

log = logging.getLogger(__name__)

DAY_MS = 24 * 3600 * 1000
LEASE = "scheduler"
AT_ONCE = 500
"""Rows in one transaction: between two, turns go on."""
TOO_LONG_SECONDS = 60.0
MOST_SECONDS = 40.0
"""What is left to forget then is left for the next time."""
CATCH_UP_SECONDS = 60.0
MOST_TRIES = 3
"""So often a job is begun for one time that it was due: it may be what stops the process."""
KEEP_MS = 90 * DAY_MS

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Job:
    """`when` is a crontab line in Tehran's time; `late_s` says how many seconds late it still makes sense.

    `keep_ms`: so long it is kept how it went.
    """

    name: str
    when: str
    run: Callable[[Store, Settings], Awaitable[Counts]]
    late_s: int
    keep_ms: int = KEEP_MS

    @property
    def trigger(self) -> CronTrigger:
        return CronTrigger.from_crontab(self.when, timezone=TEHRAN)

    def due(self, now: datetime) -> datetime | None:
        """The last time it was due, as far back as it still makes sense. None: it was not."""
        trigger = self.trigger
        found = None
        at = trigger.get_next_fire_time(None, now - timedelta(seconds=self.late_s))
        while at is not None and at <= now:
            found = at
            at = trigger.get_next_fire_time(at, at)
        return found


async def forget_old(store: Store, settings: Settings) -> Counts:
    """Blank the words of updates and answers that were dealt with long ago."""
    age_ms = settings.privacy.keep_days * DAY_MS
    total: Counter[str] = Counter()
    until = asyncio.get_running_loop().time() + MOST_SECONDS
    while True:
        counts = await store.write(lambda unit: forget_old_words(unit, age_ms, AT_ONCE))
        total.update(counts)
        if max(counts.values()) < AT_ONCE or asyncio.get_running_loop().time() >= until:
            return dict(total)


async def forget_uploads(store: Store, settings: Settings) -> Counts:  # noqa: ARG001 - as every job
    """Forget files that visitors sent up a day ago and put into no message; a page keeps what it has not sent."""
    total = 0
    while True:
        count = await store.write(lambda unit: unit.files.forget_uploaded(DAY_MS, AT_ONCE))
        total += count
        if count < AT_ONCE:
            return {"uploads": total}


async def throw_away_unnamed(store: Store, settings: Settings) -> Counts:
    """Remove the contents of files that no row names any more, since they were forgotten."""
    shelf = Shelf(settings.media.path())
    folders = shelf.abandoned()
    thrown = 0
    while (old := await asyncio.to_thread(next, folders, None)) is not None:
        for at in range(0, len(old), AT_ONCE):
            some = dict(old[at : at + AT_ONCE])
            named = await store.read(partial(_named, hashes=list(some)))
            for held in some.keys() - named:
                if await asyncio.to_thread(shelf.throw_away, held, some[held]):
                    await store.write(partial(_forget_upload, content=held))
                    thrown += 1
    return {"thrown": thrown}


def _named(unit: Unit, hashes: list[str]) -> set[str]:
    return unit.files.named(hashes)


def _forget_upload(unit: Unit, content: str) -> None:
    unit.uploads.forget(content)


async def answer_askers(store: Store, settings: Settings) -> Counts:  # noqa: ARG001 - as every job
    """Sort new questions into groups, and tell those whose question was closed together with very many others."""
    words = await asyncio.to_thread(content.load, "answering")
    grouped = await _until_done(lambda: _sort_questions(store))
    told = await _until_done(lambda: store.write(lambda unit: telling.tell(unit, words)))
    return {"grouped": grouped, "told": told}


async def _sort_questions(store: Store) -> int:
    """Comparing may take seconds: it is done between two transactions, on a thread of its own."""
    loose, firsts = await store.read(unanswered.ungrouped)
    groups = await asyncio.to_thread(unanswered.sorted_in, loose, firsts)
    return await store.write(lambda unit: unanswered.join(unit, groups)) if groups else 0


async def ask_again(store: Store, settings: Settings) -> Counts:  # noqa: ARG001 - as every job
    """Ask whose case was called mended some weeks ago whether it still is."""
    if not await store.write(still_mended.is_due):
        return {"asked": 0}
    news = await asyncio.to_thread(still_mended.shipped_news)
    return {"asked": await _until_done(lambda: store.write(lambda unit: still_mended.ask(unit, news)))}


async def _until_done(work: Callable[[], Awaitable[int]]) -> int:
    """Do a piece of work after the other until there is none, or no time; how much it was."""
    total = 0
    until = asyncio.get_running_loop().time() + MOST_SECONDS / 2
    while count := await work():
        total += count
        if asyncio.get_running_loop().time() >= until:
            break
    return total


async def offer_drafts(store: Store, settings: Settings) -> Counts:  # noqa: ARG001 - as every job
    """Offer half-finished reports to those who left them a day ago, and drop those that nobody wanted for a week."""
    words = await asyncio.to_thread(content.load, "report")
    offered = await _until_done(lambda: store.write(lambda unit: draft_offers.offer(unit, words, AT_ONCE)))
    dropped = await _until_done(lambda: store.write(lambda unit: draft_offers.drop(unit, AT_ONCE)))
    return {"offered": offered, "dropped": dropped}


async def announce_occasions(store: Store, settings: Settings) -> Counts:  # noqa: ARG001 - as every job
    """Let the words for occasions and the news of events go when they are due, and ask and tell staff about them."""
    day, said = await store.read(occasion_notices.standing)
    plans = await asyncio.to_thread(occasion_notices.plans, day, said)
    greeted = await store.write(lambda unit: occasion_notices.announce(unit, plans))
    told = await asyncio.to_thread(event_notices.shipped)
    return greeted | await store.write(lambda unit: event_notices.announce(unit, told))


async def mind_surveys(store: Store, settings: Settings) -> Counts:
    """Close surveys whose time is over and let what came of them go to all who answered; remind before that.

    Of those that are open and anonymous show staff some more.
    """
    ended, failed = 0, None
    for number in await store.read(poll_ends.over):
        try:
            await _until_done(lambda: store.write(partial(poll_ends.drop_unsent, number=number)))  # noqa: B023 - it has run before the next round
            drawn = await _drawn(store, Shelf(settings.media.path()), number)
            ended += await store.write(partial(poll_ends.end, number=number, drawn=drawn))
        except StoreDown:
            raise
        except Exception as error:  # one that cannot be ended holds up no other
            log.exception("survey_not_ended", extra={"survey": number})
            failed = error
    reminded = await store.write(poll_ends.remind)
    moved_on = await store.write(held_sums.move_on)
    if failed is not None:
        raise failed
    return {"ended": ended, "reminded": reminded, "moved_on": moved_on}


async def _drawn(store: Store, shelf: Shelf, number: int) -> tuple[Results, Sequence[Cleaned]] | None:
    """What came of it and pictures of that; it goes without them where they cannot be drawn."""
    found = await store.read(partial(poll_ends.outcome, number=number))
    if found is None:
        return None
    try:
        words = await asyncio.to_thread(poll_ends.shown_words)
        return found, await asyncio.to_thread(draw, shelf, words, found, poll_ends.MOST_PICTURES)
    except Exception:
        log.exception("results_not_drawn", extra={"survey": number})
        return None


async def count_crowds(store: Store, settings: Settings) -> Counts:  # noqa: ARG001 - as every job
    """Count citizens by what they chose, beside the turns, for whoever composes an announcement."""
    found = await store.read(lambda unit: unit.crowds.all())
    await store.write(lambda unit: unit.crowds.keep(found))
    return {"crowds": len(found)}


JOBS = (
    # Missed now, it is made up for a minute later. Nothing goes at night.
    Job("announce_occasions", "* 7-21 * * *", announce_occasions, late_s=60, keep_ms=2 * DAY_MS),
    Job("answer_askers", "*/5 * * * *", answer_askers, late_s=300),
    # Nobody is to be woken by these.
    Job("ask_again", "*/20 10-19 * * *", ask_again, late_s=300),
    Job("count_crowds", "*/10 * * * *", count_crowds, late_s=600),
    # What is said by it waits for the morning by itself.
    Job("mind_surveys", "* * * * *", mind_surveys, late_s=60, keep_ms=2 * DAY_MS),
    Job("offer_drafts", "7,37 9-20 * * *", offer_drafts, late_s=1800),
    Job("forget_old", "17 3 * * *", forget_old, late_s=23 * 3600),
    Job("prune", "37 3 * * *", prune, late_s=23 * 3600),
    Job("forget_uploads", "27 * * * *", forget_uploads, late_s=1800),
    Job("throw_away_unnamed", "47 * * * *", throw_away_unnamed, late_s=1800),
)


class Scheduler:
    """Runs the jobs in the one process that leads."""

    def __init__(self, store: Store, settings: Settings, alarms: Alarms, leader: Leader, clock: Clock) -> None:
        self.jobs: Sequence[Job] = JOBS
        self._store = store
        self._settings = settings
        self._alarms = alarms
        self._leader = leader
        self._clock = clock
        self._running: dict[str, asyncio.Task[Counts | None]] = {}
        self._planned: AsyncIOScheduler | None = None

    async def run(self) -> None:
        """Lead and run what is due, or wait for the lease. Until cancelled; survives the database."""
        due = 0.0
        try:
            while True:
                with suppress(StoreDown):  # the lease lasts a while longer; the watch tells of the database
                    await self._leader.renew()
                now = asyncio.get_running_loop().time()
                if not self._leader.leads:
                    await self.stop()
                    due = 0.0
                elif now >= due:
                    due = now + CATCH_UP_SECONDS
                    self._start()
                await self._leader.pause()
        finally:
            await self.stop()

    async def release(self) -> None:
        """Let another process take over without waiting."""
        await self._leader.release()

    async def stop(self) -> None:
        """Nothing runs when this returns. What was cut off has no end in its row, and is begun again."""
        if self._planned is not None:
            self._planned.shutdown(wait=False)
            self._planned = None
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _start(self) -> None:
        """Plan the jobs, and begin what was due while nobody ran it."""
        if self._planned is None:
            self._planned = AsyncIOScheduler(timezone=TEHRAN)
            for job in self.jobs:
                self._planned.add_job(
                    partial(self.run_job, job), job.trigger, id=job.name, coalesce=True, misfire_grace_time=job.late_s
                )
            self._planned.start()
        for job in self.jobs:
            self.begin(job)

    async def run_job(self, job: Job) -> Counts | None:
        """One job, if it is due and was not run for this time; what it counted. None: it did not come to an end."""
        return await self.begin(job)

    def begin(self, job: Job) -> "asyncio.Task[Counts | None]":
        """Begin a job, if it is due; the same task while it is under way."""
        running = self._running.get(job.name)
        if running is None:
            running = self._running[job.name] = asyncio.create_task(self._run(job), name=f"job:{job.name}")
            running.add_done_callback(lambda _: self._running.pop(job.name, None))
        return running

    async def _run(self, job: Job) -> Counts | None:
        """One job, once for each time that it was due. None: it was not, or it did not come to its end."""
        due = job.due(self._clock.now())
        if due is None:
            return None
        try:
            row = await self._store.write(partial(self._write_begin, name=job.name, due_at=_millis(due)))
            return None if row is None else await self._work(job, row)
        except StoreDown:
            log.warning("job_put_off", extra={"job": job.name}, exc_info=True)
        except Exception:
            log.exception("job_not_kept", extra={"job": job.name})
        return None

    async def _work(self, job: Job, row: int) -> Counts | None:
        started = asyncio.get_running_loop().time()
        counts: Counts | None = None
        outcome: dict[str, object]
        try:
            async with asyncio.timeout(TOO_LONG_SECONDS):
                counts = await job.run(self._store, self._settings)
            outcome = dict(counts)
        except StoreDown:
            raise
        except Exception as error:
            log.exception("job_failed", extra={"job": job.name})
            outcome = {"error": trace(error)}
        await self._store.write(partial(self._write_end, job=job, row=row, outcome=outcome))
        seconds = round(asyncio.get_running_loop().time() - started, 3)
        if counts is not None:
            log.info("job_done", extra={"job": job.name, "seconds": seconds} | counts)
        return counts

    def _write_begin(self, unit: Unit, name: str, due_at: int) -> int | None:
        """The row of this time. None: not ours to run, or it has been run."""
        if not unit.leases.take(LEASE, self._leader.holder, self._leader.length_ms):
            return None
        return unit.jobs.begin(name, due_at, self._leader.holder, MOST_TRIES)

    def _write_end(self, unit: Unit, job: Job, row: int, outcome: dict[str, object]) -> None:
        unit.jobs.end(row, self._leader.holder, json.dumps(outcome))
        unit.jobs.forget(job.name, job.keep_ms)
        if "error" in outcome:
            self._alarms.began(unit, "job", job.name, error=outcome["error"])
        else:
            self._alarms.ended(unit, "job", job.name)


def _millis(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
