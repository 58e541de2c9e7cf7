"""Begins announcements, writes down who gets them, tells their authors how it goes, and ends them.

planned, due ─► queuing: recipients, in short transactions ─► running: `bot/broadcast.py` sends ─► done: report

One process does this, by a lease. It may die anywhere: how far the recipients are stands beside them.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot import outbox
from bot.errors import StoreDown
from bot.leader import Leader
from bot.models import AnnouncementState
from bot.outbox import Button, Keyboard
from bot.services import announcement_words, announcements, announcing, composing, contents
from bot.services.announcing import Announcement, Run
from bot.services.lunar import Lunar
from bot.services.quoting import quote
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
COUNTED_FROM: Final = 20_000
"""So many recipients at once, and the database has to be told of them."""
MOST: Final = 100
NAME_SHOWN: Final = 25
TELL_SECONDS = 5.0
"""Authors are told how it goes so often in its first minute, and less often later."""


@dataclass(slots=True)
class Told:
    """When an author was told first and last, where it stood then, and what was said."""

    first: float
    last: float
    state: AnnouncementState
    body: str = ""


class Herald:
    """`platforms`: those that announcements go to."""

    def __init__(self, store: Store, leader: Leader, house: House, platforms: Sequence[str]) -> None:
        self._store = store
        self._leader = leader
        self._house = house
        self._platforms = platforms
        self._piece = FIRST_PIECE
        self._told: dict[int, Told] = {}
        self._lunar: Lunar | None = None

    async def run(self) -> None:
        """Until cancelled; survives the database."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._leader.lead_forever())
            group.create_task(self._work_forever())

    async def release(self) -> None:
        """Let another process take over without waiting."""
        await self._leader.release()

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
        live, lunar = library.sending.live, library.answers.hours.calendar.lunar
        if lunar is not self._lunar:
            await self._store.write(lambda unit: announcing.move_series(unit, lunar))
            self._lunar = lunar
        await self._store.write(self._begin)
        for found in await self._store.read(lambda unit: unit.announcements.under_way(MOST)):
            if found.state == AnnouncementState.QUEUING:
                await self._queue(found, live=live)
            if (
                found.state == AnnouncementState.RUNNING
                and announcements.last_instant(found) < self._house.clock.millis()
            ):
                await self._end_elsewhere(found)
            if found.state in {AnnouncementState.RUNNING, AnnouncementState.PAUSED}:
                await self._look_after(found)

    def _begin(self, unit: Unit) -> None:
        """What is due; what has to be approved by now is brought to whoever may. Authors hear of what was skipped."""
        library = self._house.library
        lunar = library.answers.hours.calendar.lunar
        grown, missed = announcing.begin_due(unit, self._platforms, lunar, library.sending)
        for found in grown:
            self._ask(unit, found)
        for number in (*(found.id for found in grown), *missed):
            self._tell(unit, number)

    def _ask(self, unit: Unit, found: Announcement) -> None:
        """As `handlers/approving.py` does when it is submitted."""
        library, plan = self._house.library, composing.plan_of(found)
        words = library.talks.words["approving"]
        author = None if found.made_by is None else unit.staff.get(found.made_by)
        name = quote((author and author.name) or "", NAME_SHOWN)
        who = name or library.talks.words["staff"].button("nameless", number=found.made_by or 0)
        reach = announcements.reach(unit, plan, library.sending)
        text = words.text("asked", who=who) + library.announcing.plan(plan, reach)
        under = [Button(words.button(way), f"approving:{way}:{found.id}") for way in ("yes", "no")]
        shown = contents.bodies(unit, plan.content, 0, found.topic, library.talks.words["announced"])
        asked = outbox.named_bodies(text, Keyboard(inline=[under]))
        named = [*((body, None) for body in shown), *((body, f"approval:{found.id}") for body in asked)]
        for to in announcements.approvers(unit, found.made_by):
            for body, logical in named:
                unit.outbox.add(Outgoing(to.platform, to.user_id, "send", body, logical), claimed=False)

    async def _queue(self, found: Announcement, *, live: bool) -> None:
        """Write down all of its recipients."""
        for run in await self._store.read(lambda unit: unit.announcements.runs(found.id)):
            if not await self._queue_run(found.id, run, live=live):
                return
        if (await self._store.read(lambda unit: announcements.report(unit, found.id))).total >= COUNTED_FROM:
            await self._store.count_anew()  # or each page of them costs the database a second, for a minute or two
        queuing = (AnnouncementState.QUEUING,)
        await self._store.write(lambda unit: unit.announcements.move(found.id, queuing, AnnouncementState.RUNNING))

    async def _queue_run(self, number: int, run: Run, *, live: bool) -> bool:
        """In pieces; whether all are written down."""
        is_last = run.queued
        while not is_last and self._leader.leads:
            began = asyncio.get_running_loop().time()
            is_last = await self._store.write(
                lambda unit: announcing.queue(unit, number, run.id, self._piece, live=live)
            )
            self._fit(asyncio.get_running_loop().time() - began)
        return is_last

    def _fit(self, seconds: float) -> None:
        """Pieces as large as may be written without holding others up."""
        if seconds > PIECE_SECONDS * 2:
            self._piece = max(FIRST_PIECE // 4, self._piece // 2)
        elif seconds < PIECE_SECONDS:
            self._piece = min(LARGEST_PIECE, self._piece * 3 // 2)

    async def _end_elsewhere(self, found: Announcement) -> None:
        """Nobody else would end it on a platform that was taken out of the settings; so far it might have come back."""
        for run in await self._store.read(lambda unit: unit.announcements.runs(found.id)):
            after = None if run.ended or run.platform in self._platforms else 0
            while after is not None:
                after = await self._store.write(partial(announcing.late, run=run, after=after, size=FIRST_PIECE))
                if after is None:
                    await self._store.write(partial(announcing.end_late, run=run))

    async def _look_after(self, found: Announcement) -> None:
        """Tell its author how it goes, and end it."""
        if await self._store.write(lambda unit: self._end_done(unit, found.id)):
            log.info("announcement_done", extra={"announcement": found.id})
            self._told.pop(found.id, None)
            return
        now = asyncio.get_running_loop().time()
        told = self._told.get(found.id, Told(now, 0.0, found.state))
        if found.state != told.state or now - told.last >= _pause(now - told.first):
            body = await self._store.write(lambda unit: self._tell(unit, found.id, told.body))
            self._told[found.id] = Told(told.first, now, found.state, body)

    def _end_done(self, unit: Unit, number: int) -> bool:
        """With its report, which nobody would bring later."""
        is_done = announcing.end_done(unit, number)
        if is_done:
            self._tell(unit, number)
        return is_done

    def _tell(self, unit: Unit, number: int, before: str = "") -> str:
        """How far it is, in place of what was said of that before, unless that is the same; what is said now."""
        report = announcements.report(unit, number)
        author = None if report.announcement.made_by is None else unit.staff.here(report.announcement.made_by)
        if author is None:
            return ""
        words = self._house.library.talks.words["announcements"]
        text = announcement_words.progress(words, report, unit.now)
        *_, body = outbox.named_bodies(text, announcement_words.under(words, report))
        if body != before:  # what is paused may stay so for weeks
            unit.outbox.add(Outgoing(author.platform, author.user_id, "edit", body, f"run:{number}"), claimed=False)
        return body


def _pause(since: float) -> float:
    """Seconds between two messages about something that began so long ago: a hundred in an hour, not a thousand."""
    return TELL_SECONDS if since < 60 else 30.0
