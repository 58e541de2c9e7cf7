"""One announcement on its way to one platform: who is next, who has it, and what is written down of that.

page of recipients ─► fate ─► taken, written down ─► pace ─► platform ─► how it ended, written down with the next taken
                       │ quiet: the next time round            ├── not taken by the platform: waits again, a few times
                       └ gone, left, answered, enough: ended   └── no answer: unknown, for staff to decide

Which announcement is sent, and that only one process sends it, is decided in `bot/broadcast.py`.
"""

import asyncio
import heapq
import logging
import re
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from bot import metrics
from bot.errors import NotYet, StoreDown, Undelivered
from bot.leader import Leader
from bot.models import RecipientState
from bot.pace import Pace
from bot.sending import Sender
from bot.services import announcing
from bot.services.announcing import Announcement, Fate, Rules, Run
from bot.store import Store, Unit
from bot.store.outbox import Row
from bot.store.recipients import Recipient
from bot.switchboard import House

log = logging.getLogger(__name__)

FLUSH_SECONDS = 0.25
TAKEN_SECONDS = 0.1
"""So much of the pace is taken ahead, beside what is under way: after a kill all of these are unknown."""
LEAST_TAKEN = 6
FIRST_CALL_SECONDS = 0.05
SMOOTHED = 0.1
"""Of each call's length goes into what a call is taken to last."""
PAGE: Final = 500
MOST_TRIES: Final = 6
"""With one citizen, while the platform takes messages to others."""
MOST_TRIES_AWAY: Final = 200
"""While it takes none: some three hours."""
LONGEST_WAIT_MS: Final = 60_000
AWAY_MS: Final = 1_000
CAUSE_LIMIT: Final = 60

State = RecipientState
End = tuple[State, State, str]
"""Where a recipient stood, where they stand now, and how that is counted."""
NOT_SENT: Final[End] = (State.TAKEN, State.WAITING, "")
IN_PART: Final[End] = (State.TAKEN, State.TAKEN, "")
"""They have some of its messages already: whoever comes after us must not begin anew with them."""
UNHEARD: Final[End] = (State.TAKEN, State.UNKNOWN, "unknown")


@dataclass(frozen=True, slots=True)
class Crew:
    """What is needed to send. `pace` is the one by which answers go, too; nothing is sent unless `leader` leads.

    `slots`: so many calls at once.
    """

    sender: Sender
    store: Store
    pace: Pace
    leader: Leader
    house: House
    slots: asyncio.Semaphore

    @property
    def platform(self) -> str:
        return self.sender.platform.name


@dataclass(frozen=True, slots=True)
class Errand:
    """What is sent. `bodies`: the messages that each recipient gets, see `bot/outbox.py`."""

    run: Run
    announcement: Announcement
    rules: Rules
    bodies: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class Again:
    """How often it was tried with somebody, and how many of the messages they have already.

    `blamed`: how often while others got it, of whom there were `others` at the last try.
    """

    tries: int = 0
    had: int = 0
    blamed: int = 0
    others: int = 0

    @property
    def is_hopeless(self) -> bool:
        return self.blamed >= MOST_TRIES or self.tries >= MOST_TRIES_AWAY


class Volley:
    """Sends a run from its first recipient that waits to the last, once round."""

    def __init__(self, crew: Crew, errand: Errand) -> None:
        self.errand = errand
        self.asleep: datetime | None = None  # until when the first of those sleeps who were passed over
        self._crew = crew
        self._after = 0
        self._page: deque[Recipient] = deque()
        self._is_read = False
        self._later: list[tuple[float, int, Recipient]] = []
        self._again: dict[int, Again] = {}
        self._tasks: set[asyncio.Task[End]] = set()
        self._sending: set[asyncio.Task[End]] = set()
        self._ends: defaultdict[End, list[int]] = defaultdict(list)
        self._nudged: list[int] = []
        self._gone: list[int] = []
        self._is_uploaded = not any("files" in body for body in errand.bodies)
        self._call_seconds = FIRST_CALL_SECONDS
        self._silent_until = 0.0
        self._count = 0
        self._changed = asyncio.Event()
        self._sent = metrics.SENT.labels(crew.platform)

    @property
    def is_through(self) -> bool:
        """Everybody was looked at, and how it ended with them is written down."""
        return self._is_read and not (self._page or self._later or self._tasks or self._ends)

    async def step(self) -> None:
        """Take a few more, begin to send to them, and wait until there is room for others."""
        for recipient in await self._exchange(await self._choose()):
            task = asyncio.create_task(self._send(recipient))
            self._tasks.add(task)
            task.add_done_callback(partial(self._ended, recipient))
        if not self.is_through:
            await self._wait_for_room()

    async def settle(self, seconds: float | None = None) -> None:
        """Wait for what has begun, and write down how it ended; what has not begun waits again."""
        for task in self._tasks - self._sending:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        self._ends[UNHEARD] += [citizen for citizen in self._again if self._has_part(citizen)]
        self._again.clear()
        with suppress(StoreDown):  # then they are unknown to whoever comes next
            await self._exchange([])

    def hurry(self) -> None:
        """Do not wait any longer."""
        self._changed.set()

    # -- who is next

    async def _choose(self) -> list[Recipient]:
        """Who is sent to next; whoever is not to get it has ended here."""
        room = self._room()
        if room <= 0 or self._is_silent:
            return []
        chosen = self._due(room)
        now = self._crew.house.clock.now()
        for _ in range(PAGE):
            if len(chosen) >= room or not (self._page or await self._read_on()):
                break
            self._decide(self._page.popleft(), now, chosen)
        return chosen

    def _due(self, most: int) -> list[Recipient]:
        """Those with whom it is time to try again."""
        now = asyncio.get_running_loop().time()
        found: list[Recipient] = []
        while self._later and self._later[0][0] <= now and len(found) < most:
            found.append(heapq.heappop(self._later)[2])
        return found

    async def _read_on(self) -> bool:
        """Whether there is somebody more."""
        if self._is_read:
            return False
        run_id, staff_only = self.errand.run.id, not self._crew.house.library.sending.live
        found = await self._crew.store.read(
            lambda unit: unit.recipients.page(
                run_id, self._after, PAGE, staff_only=staff_only, unanswered=self.errand.rules.reminds
            )
        )
        self._is_read = len(found) < PAGE
        if found:
            self._after = found[-1].citizen_id
            self._page.extend(found)
        return bool(found)

    def _decide(self, recipient: Recipient, now: datetime, chosen: list[Recipient]) -> None:
        fate = self.errand.rules.fate(recipient, now)
        if fate is Fate.SEND:
            chosen.append(recipient)
        elif fate is Fate.QUIET:
            wakes = announcing.wakes(recipient, now)
            self.asleep = wakes if self.asleep is None else min(self.asleep, wakes)
        else:
            to = State(fate.value)
            self._ends[State.WAITING, to, to.name.lower()].append(recipient.citizen_id)

    def _room(self) -> int:
        """How many more may be taken."""
        if not self._is_uploaded:  # the first one brings the file to the platform, which has it then for all others
            return 1 - len(self._tasks)
        wanted = int(self._crew.pace.all.rate * (TAKEN_SECONDS + self._call_seconds))
        most = max(LEAST_TAKEN, min(wanted, 2 * self._crew.sender.platform.in_flight))
        return most - len(self._tasks)

    # -- the database

    async def _exchange(self, chosen: list[Recipient]) -> list[Recipient]:
        """Write down how it ended and who is next, in one transaction; those who are ours to send to.

        Others were forgotten since they were read, or taken by a process that leads by now. Some have left or gone to
        bed: a page may be long ago by now, and whoever it is tried with again was chosen before an outage.
        """
        if not (chosen or self._ends):
            return []
        now, ends, nudged, gone = self._crew.house.clock.now(), self._ends, self._nudged, self._gone
        self._ends, self._nudged, self._gone = defaultdict(list), [], []
        wanted = [recipient.citizen_id for recipient in chosen if not self._has_part(recipient.citizen_id)]
        try:
            found = await self._crew.store.write(
                partial(self._write, now, ends=ends, nudged=nudged, gone=gone, next_=wanted)
            )
        except BaseException:
            for end, whom in ends.items():
                self._ends[end][:0] = whom
            self._nudged[:0], self._gone[:0] = nudged, gone
            self._page.extendleft(reversed(chosen))
            raise
        ours = [one for one in chosen if self._has_part(one.citizen_id)]
        for one in found:
            self._decide(one, now, ours)
        return ours

    def _write(  # noqa: PLR0913 - all that one transaction writes
        self,
        now: datetime,
        unit: Unit,
        *,
        ends: dict[End, list[int]],
        nudged: list[int],
        gone: list[int],
        next_: list[int],
    ) -> list[Recipient]:
        """Those who are ours now, and those who are not to get it any more."""
        run_id = self.errand.run.id
        for (before, to, outcome), whom in ends.items():
            count = unit.recipients.move(run_id, before, to, whom) if before != to else 0
            if outcome:
                unit.announcements.count(run_id, outcome, count)
        unit.recipients.nudged(nudged)
        for chat_id in gone:
            unit.citizens.gone(self._crew.platform, chat_id)
        found = {one.citizen_id: one for one in unit.recipients.among(run_id, next_, self.errand.rules.reminds)}
        ready = [one for one in next_ if one in found and self.errand.rules.fate(found[one], now) is Fate.SEND]
        lost = set(ready) - unit.recipients.take(run_id, ready)
        return [one for number, one in found.items() if number not in lost]

    # -- one recipient

    async def _send(self, recipient: Recipient) -> End:
        await self._crew.pace.turn_of_many(recipient.chat_id)
        async with self._crew.slots:
            task = asyncio.current_task()
            # After a flood their turn may come an hour later.
            fate = self.errand.rules.fate(recipient, self._crew.house.clock.now())
            is_late = fate is Fate.QUIET and not self._has_part(recipient.citizen_id)
            if task is None or is_late or not self._crew.leader.leads:
                return NOT_SENT
            self._sending.add(task)
            return await self._sent_to(recipient)

    def _ended(self, recipient: Recipient, task: "asyncio.Task[End]") -> None:
        """Not at the end of the task itself: one that is cut off before it begins has none."""
        begun = task in self._sending
        self._tasks.discard(task)
        self._sending.discard(task)
        cut_off = task.cancelled() or task.exception() is not None
        if begun:
            end = UNHEARD if cut_off else task.result()
        else:  # as when the database that gives out the pace was away: their turn comes once more
            end = self._try_again(recipient, self._again.get(recipient.citizen_id, Again()), AWAY_MS)
        self._ends[end].append(recipient.citizen_id)
        self._changed.set()

    async def _sent_to(self, recipient: Recipient) -> End:
        """Send all of it to one citizen; how that ended."""
        at = self._again.pop(recipient.citizen_id, Again())
        made_at = self.errand.announcement.made_at
        row = Row(0, self._crew.platform, recipient.chat_id, "send", None, None, "", at.tries + 1, made_at)
        try:
            for place, body in enumerate(self.errand.bodies[at.had :]):
                if place:  # a message of its own to the platform, too
                    await self._crew.pace.turn_of_many(recipient.chat_id)
                await self._call(row, body)
                at.had += 1
        except NotYet:
            return self._try_again(recipient, at, LONGEST_WAIT_MS)
        except StoreDown:  # it is asked before anything is sent
            return self._try_again(recipient, at, AWAY_MS)
        except Undelivered as error:
            return await self._undelivered(recipient, at, error)
        except Exception:
            log.exception("announcement_failed", extra={"platform": self._crew.platform, "run": self.errand.run.id})
            return State.TAKEN, State.FAILED, "failed:ours"
        self._sent.inc()
        self._count += 1
        self._crew.pace.went_through()
        self._is_uploaded = True
        if self.errand.rules.unsolicited(recipient):
            self._nudged.append(recipient.citizen_id)
        return State.TAKEN, State.SENT, "sent"

    async def _call(self, row: Row, body: dict[str, Any]) -> None:
        began = asyncio.get_running_loop().time()
        try:
            await self._crew.sender.send(row, body)
        finally:
            lasted = asyncio.get_running_loop().time() - began
            self._call_seconds += (lasted - self._call_seconds) * SMOOTHED

    async def _undelivered(self, recipient: Recipient, at: Again, error: Undelivered) -> End:
        metrics.FAILED.labels(self._crew.platform, "announcement").inc()
        if error.gone:
            self._gone.append(recipient.chat_id)
            return State.TAKEN, State.GONE, "gone"
        if error.lost:
            return UNHEARD
        if error.retry_ms is None or (at.is_hopeless and not error.flood and not error.ours):
            return State.TAKEN, State.FAILED, f"failed:{_cause(error.reason)}"
        if error.flood:
            await self._crew.pace.complained(recipient.chat_id, error.retry_ms / 1000)
        elif error.ours:  # as a token that counts no more: nobody else would get it either
            self._silent_until = asyncio.get_running_loop().time() + error.retry_ms / 1000
        wait = max(error.retry_ms, min(LONGEST_WAIT_MS, 500 * 2 ** min(at.tries, MOST_TRIES + 1)))
        if not (error.flood or error.ours):
            at.tries += 1
            at.blamed += self._count > at.others
            at.others = self._count
        return self._try_again(recipient, at, wait)

    def _try_again(self, recipient: Recipient, at: Again, wait_ms: int) -> End:
        self._again[recipient.citizen_id] = at
        due = asyncio.get_running_loop().time() + wait_ms / 1000
        heapq.heappush(self._later, (due, recipient.citizen_id, recipient))
        return IN_PART if at.had else NOT_SENT

    def _has_part(self, citizen_id: int) -> bool:
        """Whether they wait for the rest of it."""
        return citizen_id in self._again and self._again[citizen_id].had > 0

    # -- waiting

    async def _wait_for_room(self) -> None:
        """Until there is room for a few at once, or it is time to write down and look again."""
        until = asyncio.get_running_loop().time() + FLUSH_SECONDS
        enough = max(1, (len(self._tasks) + self._room()) // 4)
        has_more = (self._page or not self._is_read) and not self._is_silent
        while (left := until - asyncio.get_running_loop().time()) > 0:
            if self._room() >= enough if has_more else not (self._tasks or self._later or self._is_silent):
                return
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._changed.wait()

    @property
    def _is_silent(self) -> bool:
        return asyncio.get_running_loop().time() < self._silent_until


def _cause(reason: str) -> str:
    """Why it failed, in few words: without numbers, which would make each a cause of its own."""
    return re.sub(r"\d+", "#", reason)[:CAUSE_LIMIT]
