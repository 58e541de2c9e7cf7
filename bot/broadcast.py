"""Sends announcements to one platform: to everybody who is to have one, once, at its pace, after all answers.

lease ─► the most urgent run ─► round after round of it (`bot/volley.py`) ─► ended
             ▲                       │ paused, something more urgent, too late, stopping
             └───────────────────────┘ or all who are left sleep: others go on meanwhile

One process does this for a platform. If it dies, whoever was taken is unknown to the process after it.
"""

import asyncio
import json
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.errors import StoreDown
from bot.leader import Leader
from bot.models import RecipientState
from bot.pace import Pace
from bot.sending import Sender
from bot.services import announcements, announcing, contents
from bot.services.announcing import Rules, Run
from bot.services.contents import Content
from bot.store import Store, Unit
from bot.switchboard import House
from bot.volley import Crew, Errand, Volley

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""So often it is asked whether this is still what is to be sent: a pause or something urgent takes effect after it."""
IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 2.0
FAULTY_SECONDS = 60.0
"""So long a run is left alone that failed for reasons of ours."""
FINISH_SECONDS = 2.0
LATE_AT_ONCE: Final = 2_000
MOST_TAKEN: Final = 1_000
"""More than are ever taken at once."""


class Broadcast:
    """The announcements of one platform. `pace` is the one that answers go by, too."""

    def __init__(self, sender: Sender, store: Store, pace: Pace, leader: Leader, house: House) -> None:
        self.platform = sender.platform
        slots = asyncio.Semaphore(self.platform.in_flight)
        self._crew = Crew(sender, store, pace, leader, house, slots)
        self._store = store
        self._leader = leader
        self._house = house
        self._volley: Volley | None = None
        self._asleep: dict[int, datetime] = {}
        self._looked_at = 0.0
        self._stopping = asyncio.Event()
        self._idle = asyncio.Event()

    async def run(self) -> None:
        """Lead, and send what is to be sent; until cancelled."""
        self._stopping.clear()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._leader.lead_forever())
            group.create_task(self._send_forever())

    async def finish(self) -> None:
        """Send what has begun, take nothing more, and let another process go on."""
        self._stopping.set()
        if self._volley is not None:
            self._volley.hurry()
        with suppress(TimeoutError):
            async with asyncio.timeout(FINISH_SECONDS * 2):
                await self._idle.wait()
        await self._leader.release()

    async def _send_forever(self) -> None:
        while not self._stopping.is_set():
            self._idle.clear()
            found = False
            try:
                found = await self._send_one()
            except StoreDown:
                log.warning("broadcast_waits", extra={"platform": self.platform.name})
                await asyncio.sleep(TROUBLE_SECONDS)
            finally:
                self._idle.set()
            if not found:
                with suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_SECONDS):
                        await self._stopping.wait()
        await asyncio.Event().wait()  # a part that ends is taken to have failed

    async def _send_one(self) -> bool:
        """Send what is to be sent now, as long as it is; whether there was something."""
        run = await self._store.read(self._chosen) if self._leader.leads else None
        if run is None:
            return False
        try:
            # Looked for beside the writer: there may be a million to look through.
            lost = await self._store.read(
                lambda unit: unit.recipients.in_state(run.id, RecipientState.TAKEN, 0, MOST_TAKEN)
            )
            errand = await self._store.write(lambda unit: self._made_ready(unit, run, lost))
            await self._fire(Volley(self._crew, errand))
        except StoreDown:
            raise
        except Exception:  # what is wrong with one holds up no other
            log.exception("run_failed", extra={"platform": self.platform.name, "run": run.id})
            self._asleep[run.id] = self._house.clock.now() + timedelta(seconds=FAULTY_SECONDS)
        return True

    def _chosen(self, unit: Unit) -> Run | None:
        """The most urgent of those that do not wait for anything."""
        now = self._house.clock.now()
        self._asleep = {run_id: until for run_id, until in self._asleep.items() if until > now}
        return unit.announcements.next_run(self.platform.name, self._asleep)

    def _made_ready(self, unit: Unit, run: Run, lost: list[int]) -> Errand:
        """Whoever was taken and not marked was so by a process that is gone."""
        made = announcements.find(unit, run.announcement_id)
        count = unit.recipients.move(run.id, RecipientState.TAKEN, RecipientState.UNKNOWN, lost)
        unit.announcements.count(run.id, "unknown", count)
        content, words = Content.from_json(json.loads(made.content)), self._house.library.talks.words["announced"]
        bodies = contents.bodies(unit, content, made.id, made.topic, words)
        return Errand(run, made, Rules.of(made), tuple(json.loads(body) for body in bodies))

    async def _fire(self, volley: Volley) -> None:
        self._volley, self._looked_at = volley, 0.0
        try:
            while await self._goes_on(volley):
                await volley.step()
                if volley.is_through:
                    await self._close(volley)
                    return
        finally:
            self._volley = None
            await volley.settle(FINISH_SECONDS if self._stopping.is_set() else None)

    async def _goes_on(self, volley: Volley) -> bool:
        """Whether this run is still the one to be sent, and not too late."""
        if self._stopping.is_set() or not self._leader.leads:
            return False
        run = volley.errand.run
        if self._house.clock.millis() > announcements.last_instant(volley.errand.announcement):
            await volley.settle()
            await self._end_late(run)
            return False
        now = asyncio.get_running_loop().time()
        if now - self._looked_at < LOOK_SECONDS:
            return True
        self._looked_at = now
        chosen = await self._store.read(self._chosen)
        return chosen is not None and chosen.id == run.id

    async def _end_late(self, run: Run) -> None:
        """In pieces: they may be a million."""
        after: int | None = 0
        while after is not None:
            if self._stopping.is_set() or not self._leader.leads:
                return
            after = await self._store.write(partial(announcing.late, run=run, after=after, size=LATE_AT_ONCE))
        await self._store.write(lambda unit: announcing.end_late(unit, run))

    async def _close(self, volley: Volley) -> None:
        """Everybody was looked at: it ends, or waits for those who sleep."""
        run_id = volley.errand.run.id
        if volley.asleep is not None:
            self._asleep[run_id] = volley.asleep
        else:
            await self._store.write(lambda unit: unit.announcements.end_run(run_id))
