"""Begins announcements, writes down who gets them, tells their authors how it goes, and ends them.

planned, due ─► queuing: recipients in pieces, each a short transaction ─► running: `bot/broadcast.py` sends ─► done: report

One process does this, by a lease. It may die anywhere: how far the recipients are stands beside them.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from bot import outbox
from bot.errors import StoreDown
from bot.leader import Leader
from bot.models import AnnouncementState
from bot.services import announcement_words, announcements, announcing
from bot.services.announcing import Announcement
from bot.services.announcements import Report
from bot.store import Store, Unit
from bot.store.outbox import Outgoing
from bot.switchboard import House

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
TROUBLE_SECONDS = 2.0
FIRST_PIECE: Final = 2_000
LARGEST_PIECE: Final = 50_000
PIECE_SECONDS = 0.03
"""The writer is held so long for one piece: turns of citizens go on between two of them."""
MOST: Final = 100
TELL_SECONDS = 5.0
"""Authors are told how it goes so often in its first minute, and less often later."""


@dataclass(slots=True)
class Told:
    """When an author was told last, and how far it was. `first`: when the first time was."""

    at: float
    first: float
    done: int
    state: AnnouncementState


class Herald:
    """`platforms`: those that announcements go to. `wake`: there is something to send."""

    def __init__(self, store: Store, leader: Leader, house: House, platforms: Sequence[str]) -> None:
        self._store = store
        self._leader = leader
        self._house = house
        self._platforms = platforms
        self._piece = FIRST_PIECE
        self._told: dict[int, Told] = {}

    async def run(self) -> None:
        """Until cancelled; survives the database."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lead_forever())
            group.create_task(self._work_forever())

    async def release(self) -> None:
        """Let another process take over without waiting."""
        await self._leader.release()

    async def _lead_forever(self) -> None:
        while True:
            with suppress(StoreDown):
                await self._leader.renew()
            await self._leader.pause()

    async def _work_forever(self) -> None:
        while True:
            if self._leader.leads:
                try:
                    await self.look()
                except StoreDown:
                    log.warning("herald_waits")
                    await asyncio.sleep(TROUBLE_SECONDS)
            await asyncio.sleep(TICK_SECONDS)

    async def look(self) -> None:
        """Do all that is to be done at this instant."""
        library = self._house.library
        lunar, live = library.answers.hours.calendar.lunar, library.sending.live
        await self._store.write(lambda unit: announcing.begin_due(unit, self._platforms, lunar, live=live))
        for found in await self._store.read(lambda unit: unit.announcements.open(MOST)):
            if found.state == AnnouncementState.QUEUING:
                await self._queue(found, live=live)
            if found.state in {AnnouncementState.RUNNING, AnnouncementState.PAUSED}:
                await self._look_after(found)

    async def _queue(self, found: Announcement, *, live: bool) -> None:
        """Write down all of its recipients."""
        for run in await self._store.read(lambda unit: unit.announcements.runs(found.id)):
            is_last = run.queued
            while not is_last and self._leader.leads:
                began = asyncio.get_running_loop().time()
                is_last = await self._store.write(lambda unit: announcing.queue(unit, found.id, run.id, self._piece, live=live))  # noqa: B023 - it has run before the next round
                self._fit(asyncio.get_running_loop().time() - began)
            if not is_last:
                return
        queuing = (AnnouncementState.QUEUING,)
        await self._store.write(lambda unit: unit.announcements.move(found.id, queuing, AnnouncementState.RUNNING))

    def _fit(self, seconds: float) -> None:
        """Pieces as large as may be written without holding others up."""
        if seconds > PIECE_SECONDS * 2:
            self._piece = max(FIRST_PIECE // 4, self._piece // 2)
        elif seconds < PIECE_SECONDS:
            self._piece = min(LARGEST_PIECE, self._piece * 3 // 2)

    async def _look_after(self, found: Announcement) -> None:
        """Tell its author how it goes, and end it."""
        if await self._store.write(lambda unit: announcing.end_done(unit, found.id)):
            log.info("announcement_done", extra={"announcement": found.id})
            self._told.pop(found.id, None)
            await self._store.write(lambda unit: self._write_report(unit, found.id))
            return
        now = asyncio.get_running_loop().time()
        told = self._told.get(found.id)
        if told is not None and found.state == told.state and now - told.at < _pause(now - told.first):
            return
        await self._store.write(lambda unit: self._write_progress(unit, found, now))

    def _write_progress(self, unit: Unit, found: Announcement, now: float) -> None:
        report = announcements.report(unit, found.id)
        done = report.total - report.waiting
        told = self._told.get(found.id)
        rate = 0.0 if told is None else max(0.0, (done - told.done) / (now - told.at))
        self._told[found.id] = Told(now, now if told is None else told.first, done, found.state)
        self._tell(unit, report, rate)

    def _write_report(self, unit: Unit, number: int) -> None:
        self._tell(unit, announcements.report(unit, number), 0.0)

    def _tell(self, unit: Unit, report: Report, rate: float) -> None:
        """`rate`: recipients a second."""
        author = None if report.announcement.made_by is None else unit.staff.here(report.announcement.made_by)
        if author is None:
            return
        words = self._house.library.talks.words["announcements"]
        text, keyboard = announcement_words.progress(words, report, rate)
        *_, body = outbox.named_bodies(text, keyboard)
        name = f"run:{report.announcement.id}"
        unit.outbox.add(Outgoing(author.platform, author.user_id, "edit", body, name), claimed=False)


def _pause(since: float) -> float:
    """Seconds between two messages about something that began so long ago: a hundred in an hour, not a thousand."""
    return TELL_SECONDS if since < 60 else 30.0
