"""What is done by the clock: a table of jobs. A job is short, safe to run twice, and returns what it counted."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.clock import TEHRAN
from bot.config import Settings
from bot.media import Shelf
from bot.services.citizens import forget_old_words
from bot.store import Store, Unit

log = logging.getLogger(__name__)

DAY_MS = 24 * 3600 * 1000
LEASE = "scheduler"
LEASE_MS = 120_000
AT_ONCE = 500
"""Rows in one transaction: between two, turns go on."""
TOO_LONG_SECONDS = 60.0

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Job:
    """`when` is a crontab line in Tehran's time."""

    name: str
    when: str
    run: Callable[[Store, Settings], Awaitable[Counts]]


async def forget_old(store: Store, settings: Settings) -> Counts:
    """Blank the words of updates and answers that were dealt with long ago."""
    age_ms = settings.privacy.keep_days * DAY_MS
    total: Counter[str] = Counter()
    while True:
        counts = await store.write(lambda unit: forget_old_words(unit, age_ms, AT_ONCE))
        total.update(counts)
        if max(counts.values()) < AT_ONCE:
            return dict(total)


async def throw_away_unnamed(store: Store, settings: Settings) -> Counts:
    """Remove the contents of files that no row names any more, since they were forgotten."""
    shelf = Shelf(settings.media.path())
    folders = shelf.abandoned()
    thrown = 0
    while (old := await asyncio.to_thread(next, folders, None)) is not None:
        for at in range(0, len(old), AT_ONCE):
            some = dict(old[at : at + AT_ONCE])
            named = await store.read(partial(_named, hashes=list(some)))
            for content in some.keys() - named:
                if await asyncio.to_thread(shelf.throw_away, content, some[content]):
                    await store.write(partial(_forget_upload, content=content))
                    thrown += 1
    return {"thrown": thrown}


def _named(unit: Unit, hashes: list[str]) -> set[str]:
    return unit.files.named(hashes)


def _forget_upload(unit: Unit, content: str) -> None:
    unit.uploads.forget(content)


JOBS = (
    Job("forget_old", "17 3 * * *", forget_old),
    Job("throw_away_unnamed", "47 * * * *", throw_away_unnamed),
)


class Scheduler:
    """Runs the jobs in the one process that holds the lease when a job is due."""

    def __init__(self, store: Store, settings: Settings, holder: str) -> None:
        self._store = store
        self._settings = settings
        self._holder = holder
        self._scheduler = AsyncIOScheduler(timezone=TEHRAN)

    def start(self) -> None:
        for job in JOBS:
            trigger = CronTrigger.from_crontab(job.when, timezone=TEHRAN)
            self._scheduler.add_job(
                partial(self.run, job), trigger, id=job.name, coalesce=True, misfire_grace_time=3600
            )
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def run(self, job: Job) -> Counts | None:
        """One job, if the lease is ours. Errors are logged: the next time it is tried again."""
        if not await self._store.write(lambda unit: unit.leases.take(LEASE, self._holder, LEASE_MS)):
            return None
        started = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(TOO_LONG_SECONDS):
                counts = await job.run(self._store, self._settings)
        except Exception:
            log.exception("job_failed", extra={"job": job.name})
            return None
        seconds = round(asyncio.get_running_loop().time() - started, 3)
        log.info("job_done", extra={"job": job.name, "seconds": seconds} | counts)
        return counts
