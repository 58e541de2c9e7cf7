"""Sends announcements to one platform: to everybody who is to have one, once, at its pace, after all answers.

page of recipients ─► fate ─► taken, written down ─► pace ─► platform ─► how it ended, written down with the next taken
                       │ quiet: the next time round            ├── not taken by the platform: waits again, a few times
                       └ gone, left, had enough: ended         └── no answer: unknown, for staff to decide

One process does this for a platform, by a lease. If it dies, whoever was taken is unknown to the process after it. What
waits for morning holds up nothing else, and what is urgent goes first.
"""

import asyncio
import heapq
import json
import logging
import re
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from bot import metrics
from bot.errors import NotYet, StoreDown, Undelivered
from bot.flow import Library
from bot.leader import Leader
from bot.models import RecipientState
from bot.pace import Pace
from bot.sending import Sender
from bot.services import announcements, announcing, contents
from bot.services.announcing import Announcement, Fate, Rules, Run
from bot.services.contents import Content
from bot.store import Store, Unit
from bot.store.outbox import Row
from bot.store.recipients import Recipient
from bot.switchboard import House

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""So often it is asked whether this is still what is to be sent: a pause or something urgent takes effect after it."""
FLUSH_SECONDS = 0.25
TROUBLE_SECONDS = 2.0
FAULTY_SECONDS = 60.0
"""So long a run is left alone that failed for reasons of ours."""
FINISH_SECONDS = 2.0
TAKEN_SECONDS = 0.1
"""So much of the pace is taken ahead, beside what is under way: after a kill all of these are unknown."""
LEAST_TAKEN = 6
FIRST_CALL_SECONDS = 0.05
SMOOTHED = 0.1
"""Of each call's length goes into what a call is taken to last."""
PAGE: Final = 500
MOST_RUNS: Final = 20
MOST_TRIES: Final = 6
LONGEST_WAIT_MS: Final = 60_000
CAUSE_LIMIT: Final = 60

State = RecipientState
End = tuple[State, State, str]
"""Where a recipient stood, where they stand now, and how that is counted."""
NOT_SENT: Final[End] = (State.TAKEN, State.WAITING, "")
UNHEARD: Final[End] = (State.TAKEN, State.UNKNOWN, "unknown")


@dataclass(slots=True)
class Volley:
    """A run as it is being sent from here.

    `after`: the last recipient that was read, `is_read`: of all; `again`: those to be tried once more, and when;
    `ends`: what is to be written down, by how it ended; `asleep`: until when the first of those sleeps who were passed
    over.
    """

    run: Run
    announcement: Announcement
    rules: Rules
    bodies: list[dict[str, Any]]
    after: int = 0
    page: deque[Recipient] = field(default_factory=deque)
    is_read: bool = False
    again: list[tuple[float, int, Recipient]] = field(default_factory=list)
    tries: dict[int, int] = field(default_factory=dict)
    ends: defaultdict[End, list[int]] = field(default_factory=lambda: defaultdict(list))
    nudged: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    asleep: datetime | None = None
    under_way: int = 0
    is_uploaded: bool = False

    @property
    def is_through(self) -> bool:
        return self.is_read and not (self.page or self.again or self.under_way or self.ends)


class Broadcast:
    """The announcements of one platform. `pace` is the one that answers go by, too."""

    def __init__(self, sender: Sender, store: Store, pace: Pace, leader: Leader, house: House) -> None:
        self.platform = sender.platform
        self._sender = sender
        self._store = store
        self._pace = pace
        self._leader = leader
        self._house = house
        self._slots = asyncio.Semaphore(self.platform.in_flight)
        self._tasks: set[asyncio.Task[End]] = set()
        self._sending: set[asyncio.Task[End]] = set()
        self._changed = asyncio.Event()
        self._asleep: dict[int, datetime] = {}
        self._looked_at = 0.0
        self._silent_until = 0.0
        self._call_seconds = FIRST_CALL_SECONDS
        self._finishing = False
        self._idle = asyncio.Event()
        self._sent = metrics.SENT.labels(self.platform.name)

    async def run(self) -> None:
        """Lead, and send what is to be sent; until cancelled."""
        self._finishing = False
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lead_forever())
            group.create_task(self._send_forever())

    async def finish(self) -> None:
        """Send what has begun, take nothing more, and let another process go on."""
        self._finishing = True
        self._changed.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(FINISH_SECONDS * 2):
                await self._idle.wait()
        await self._leader.release()

    def wake(self) -> None:
        """Something is to be sent: look at once."""
        self._changed.set()

    async def _lead_forever(self) -> None:
        while True:
            with suppress(StoreDown):
                await self._leader.renew()
            await self._leader.pause()

    async def _send_forever(self) -> None:
        while not self._finishing:
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
                await self._wait(LOOK_SECONDS * 2)
        await asyncio.Event().wait()  # a part that ends is taken to have failed

    async def _send_one(self) -> bool:
        """Send what is to be sent now, as long as it is; whether there was something."""
        run = await self._store.read(self._chosen) if self._leader.leads else None
        if run is None:
            return False
        try:
            volley = await self._store.write(lambda unit: self._made_ready(unit, run))
            await self._fire(volley)
        except StoreDown:
            raise
        except Exception:  # what is wrong with one holds up no other
            log.exception("run_failed", extra={"platform": self.platform.name, "run": run.id})
            self._asleep[run.id] = self._house.clock.now() + timedelta(seconds=FAULTY_SECONDS)
        return True

    # -- which run

    def _chosen(self, unit: Unit) -> Run | None:
        now = self._house.clock.now()
        waiting = unit.announcements.next_runs(self.platform.name, MOST_RUNS)
        self._asleep = {run.id: until for run in waiting if (until := self._asleep.get(run.id, now)) > now}
        return next((run for run in waiting if run.id not in self._asleep), None)

    def _made_ready(self, unit: Unit, run: Run) -> Volley:
        """Whoever was taken and not marked was so by a process that is gone."""
        announcement = announcements.find(unit, run.announcement_id)
        lost = unit.recipients.in_state(run.id, State.TAKEN, 0, PAGE)
        unit.announcements.count(run.id, "unknown", unit.recipients.move(run.id, State.TAKEN, State.UNKNOWN, lost))
        return Volley(run, announcement, Rules.of(announcement), _bodies(unit, announcement, self._house.library))

    # -- one run

    async def _fire(self, volley: Volley) -> None:
        try:
            while await self._goes_on(volley):
                chosen = await self._choose(volley)
                await self._exchange(volley, chosen)
                for recipient in chosen:
                    self._start(volley, recipient)
                if volley.is_through:
                    await self._close(volley)
                    return
                await self._wait_for_room(volley)
        finally:
            await self._settle(volley)

    async def _goes_on(self, volley: Volley) -> bool:
        """Whether this run is still the one to be sent, and not too late."""
        if self._finishing or not self._leader.leads:
            return False
        if self._house.clock.millis() > announcements.last_instant(volley.announcement):
            await self._settle(volley)
            await self._store.write(lambda unit: announcing.end_late(unit, volley.run))
            return False
        now = asyncio.get_running_loop().time()
        if now - self._looked_at < LOOK_SECONDS:
            return True
        self._looked_at = now
        chosen = await self._store.read(self._chosen)
        return chosen is not None and chosen.id == volley.run.id

    async def _choose(self, volley: Volley) -> list[Recipient]:
        """Who is sent to next; whoever is not to get it has ended here."""
        room = self._room(volley)
        if room <= 0 or self._is_silent:
            return []
        chosen = self._due_again(volley, room)
        now = self._house.clock.now()
        for _ in range(PAGE):
            if len(chosen) >= room:
                break
            if not volley.page and not await self._read_on(volley):
                break
            self._decide(volley, volley.page.popleft(), now, chosen)
        return chosen

    def _due_again(self, volley: Volley, most: int) -> list[Recipient]:
        now = asyncio.get_running_loop().time()
        found: list[Recipient] = []
        while volley.again and volley.again[0][0] <= now and len(found) < most:
            found.append(heapq.heappop(volley.again)[2])
        return found

    async def _read_on(self, volley: Volley) -> bool:
        """Whether there is somebody more."""
        if volley.is_read:
            return False
        staff_only = not self._house.library.sending.live
        found = await self._store.read(
            lambda unit: unit.recipients.page(volley.run.id, volley.after, PAGE, staff_only=staff_only)
        )
        volley.is_read = len(found) < PAGE
        if found:
            volley.after = found[-1].citizen_id
            volley.page.extend(found)
        return bool(found)

    def _decide(self, volley: Volley, recipient: Recipient, now: datetime, chosen: list[Recipient]) -> None:
        fate = volley.rules.fate(recipient, now)
        if fate is Fate.SEND:
            chosen.append(recipient)
        elif fate is Fate.QUIET:
            wakes = announcing.wakes(recipient, now)
            volley.asleep = wakes if volley.asleep is None else min(volley.asleep, wakes)
        else:
            to = RecipientState(fate.value)
            volley.ends[State.WAITING, to, to.name.lower()].append(recipient.citizen_id)

    async def _exchange(self, volley: Volley, taken: list[Recipient]) -> None:
        """Write down how it ended and who is next, in one transaction."""
        if not (taken or volley.ends):
            return
        ends, nudged, gone = volley.ends, volley.nudged, volley.gone
        volley.ends, volley.nudged, volley.gone = defaultdict(list), [], []
        if taken:
            ends[State.WAITING, State.TAKEN, ""] = [recipient.citizen_id for recipient in taken]
        try:
            await self._store.write(lambda unit: self._write(unit, volley.run.id, ends, nudged, gone))
        except BaseException:
            ends.pop((State.WAITING, State.TAKEN, ""), None)
            for end, whom in ends.items():
                volley.ends[end][:0] = whom
            volley.nudged[:0], volley.gone[:0] = nudged, gone
            volley.page.extendleft(reversed(taken))
            raise

    def _write(self, unit: Unit, run_id: int, ends: dict[End, list[int]], nudged: list[int], gone: list[int]) -> None:
        for (before, to, outcome), whom in ends.items():
            count = unit.recipients.move(run_id, before, to, whom)
            if outcome:
                unit.announcements.count(run_id, outcome, count)
        unit.recipients.nudged(nudged)
        for chat_id in gone:
            unit.citizens.gone(self.platform.name, chat_id)

    async def _close(self, volley: Volley) -> None:
        """Everybody was looked at: it ends, or waits for those who sleep."""
        if volley.asleep is not None:
            self._asleep[volley.run.id] = volley.asleep
            return
        await self._store.write(lambda unit: unit.announcements.end_run(volley.run.id))

    async def _settle(self, volley: Volley) -> None:
        """Wait for what has begun, and write down how it ended; what has not begun waits again."""
        for task in self._tasks - self._sending:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH_SECONDS if self._finishing else None)
        with suppress(StoreDown):  # then they are unknown to whoever comes next
            await self._exchange(volley, [])

    # -- one recipient

    def _room(self, volley: Volley) -> int:
        """How many more may be taken."""
        wanted = int(self._pace.all.rate * (TAKEN_SECONDS + self._call_seconds))
        most = max(LEAST_TAKEN, min(wanted, 2 * self.platform.in_flight))
        if volley.bodies and "files" in volley.bodies[0] and not volley.is_uploaded:
            most = 1  # the first one brings the file to the platform, which has it then for all others
        return most - volley.under_way

    def _start(self, volley: Volley, recipient: Recipient) -> None:
        volley.under_way += 1
        task = asyncio.create_task(self._send(volley, recipient))
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, volley, recipient))

    async def _send(self, volley: Volley, recipient: Recipient) -> End:
        await self._pace.turn_of_many(recipient.chat_id)
        async with self._slots:
            task = asyncio.current_task()
            if task is None or not self._leader.leads:
                return NOT_SENT
            self._sending.add(task)
            began = asyncio.get_running_loop().time()
            end = await self._sent_to(volley, recipient)
            lasted = asyncio.get_running_loop().time() - began
            self._call_seconds += (lasted - self._call_seconds) * SMOOTHED
            return end

    def _ended(self, volley: Volley, recipient: Recipient, task: "asyncio.Task[End]") -> None:
        """Not at the end of the task itself: one that is cut off before it begins has none."""
        begun = task in self._sending
        self._tasks.discard(task)
        self._sending.discard(task)
        cut_off = task.cancelled() or task.exception() is not None
        end = (UNHEARD if begun else NOT_SENT) if cut_off else task.result()
        volley.ends[end].append(recipient.citizen_id)
        volley.under_way -= 1
        self._changed.set()

    async def _sent_to(self, volley: Volley, recipient: Recipient) -> End:
        """Send all of it to one citizen; how that ended."""
        tries = volley.tries.pop(recipient.citizen_id, 0)
        row = Row(
            0, self.platform.name, recipient.chat_id, "send", None, None, "", tries + 1, volley.announcement.made_at
        )
        try:
            for body in volley.bodies:
                await self._sender.send(row, body)
        except NotYet:
            return self._try_again(volley, recipient, tries, LONGEST_WAIT_MS)
        except Undelivered as error:
            return await self._undelivered(volley, recipient, tries, error)
        except Exception:
            log.exception("announcement_failed", extra={"platform": self.platform.name, "run": volley.run.id})
            return State.TAKEN, State.FAILED, "failed:ours"
        self._sent.inc()
        self._pace.went_through()
        volley.is_uploaded = True
        if volley.rules.unsolicited(recipient):
            volley.nudged.append(recipient.citizen_id)
        return State.TAKEN, State.SENT, "sent"

    async def _undelivered(self, volley: Volley, recipient: Recipient, tries: int, error: Undelivered) -> End:
        metrics.FAILED.labels(self.platform.name, "announcement").inc()
        if error.gone:
            volley.gone.append(recipient.chat_id)
            return State.TAKEN, State.GONE, "gone"
        if error.lost:
            return UNHEARD
        if error.retry_ms is None or (tries >= MOST_TRIES and not error.flood and not error.ours):
            return State.TAKEN, State.FAILED, f"failed:{_cause(error.reason)}"
        if error.flood:
            await self._pace.complained(recipient.chat_id, error.retry_ms / 1000)
        if error.ours:  # as a token that counts no more: nobody else would get it either
            self._silent_until = asyncio.get_running_loop().time() + error.retry_ms / 1000
        wait = max(error.retry_ms, min(LONGEST_WAIT_MS, 500 * 2**tries))
        return self._try_again(volley, recipient, tries if error.flood or error.ours else tries + 1, wait)

    def _try_again(self, volley: Volley, recipient: Recipient, tries: int, wait_ms: int) -> End:
        volley.tries[recipient.citizen_id] = tries
        due = asyncio.get_running_loop().time() + wait_ms / 1000
        heapq.heappush(volley.again, (due, recipient.citizen_id, recipient))
        return NOT_SENT

    # -- waiting

    async def _wait_for_room(self, volley: Volley) -> None:
        """Until there is room for a few at once, or it is time to write down and look again."""
        until = asyncio.get_running_loop().time() + FLUSH_SECONDS
        enough = max(1, (volley.under_way + self._room(volley)) // 4)
        has_more = (volley.page or not volley.is_read) and not self._is_silent
        while (left := until - asyncio.get_running_loop().time()) > 0 and not self._finishing:
            if self._room(volley) >= enough if has_more else not (volley.under_way or volley.again or self._is_silent):
                return
            await self._wait(left)

    @property
    def _is_silent(self) -> bool:
        return asyncio.get_running_loop().time() < self._silent_until

    async def _wait(self, seconds: float) -> None:
        self._changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()


def _bodies(unit: Unit, announcement: Announcement, library: Library) -> list[dict[str, Any]]:
    content = Content.from_json(json.loads(announcement.content))
    words = library.talks.words["announced"]
    return [json.loads(body) for body in contents.bodies(unit, content, announcement.id, announcement.topic, words)]


def _cause(reason: str) -> str:
    """Why it failed, in few words: without numbers, which would make each a cause of its own."""
    return re.sub(r"\d+", "#", reason)[:CAUSE_LIMIT]
