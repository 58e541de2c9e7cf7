"""How fast messages may go to a platform: so many a second in all and to one chat, fewer after it complained.

A reservation scheme (GCRA): whoever asks is given the next free instant, so waiting is first come, first served. What
goes to many (`turn_of_many`) comes after all that wait for a turn of their own, and takes only a few instants ahead,
so that an answer waits for those and no more. A `Gate` here counts for this process alone; where several send to one
platform, `bot/shared_pace.py` has gates that they share. The pace makes sending polite, not right.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from typing import Protocol

CHAT_BURST = 3
GROUP_BURST = 5
MOST_CHATS = 20_000
SLOWEST = 0.1
RECOVERY = 500
"""After a complaint the pace is halved; so many messages that go through would bring it up from nothing."""
EVEN = 0.965
"""Of the limit of a second is used when messages go evenly: what leaves at even times arrives at uneven ones."""
AHEAD_SECONDS = 0.05
"""What goes to many takes its instants so far ahead at the most: an answer waits as long."""
SECOND = 1.03
"""What is counted as a second: two messages may come closer together than they left."""
MOST_COUNTED = 1_000
"""Limits of a second beyond this are not counted message by message."""


class Meter:
    """Gives out instants, `rate` a second, `burst` of them at once after a silence."""

    __slots__ = ("burst", "next")

    def __init__(self, burst: float) -> None:
        self.burst = burst
        self.next = 0.0

    def reserve(self, now: float, rate: float) -> float:
        """The instant that is ours; never before `now`."""
        mine = max(now, self.next - (self.burst - 1) / rate)
        self.next = max(now, self.next) + 1 / rate
        return mine


class Gate(Protocol):
    """What all messages to a platform, or to one group, pass through. Instants are seconds of the loop's clock."""

    async def instant(self) -> float:
        """The next free one. Not before the end of a pause."""

    async def complained(self, seconds: float) -> None:
        """The platform asks for silence: a pause, and half the pace after it."""

    def went_through(self) -> None:
        """The platform took a message: after a complaint the pace recovers by and by."""

    @property
    def paused_until(self) -> float:
        """The end of the pause, as far as it is known here."""

    @property
    def rate(self) -> float:
        """Messages a second, as far as it is known here."""


class OwnGate:
    """A gate of this process alone."""

    def __init__(self, rate: float, burst: float, now: Callable[[], float]) -> None:
        self.rate = self.most = rate
        self.paused_until = 0.0
        self.meter = Meter(burst)
        self._now = now

    async def instant(self) -> float:
        return self.meter.reserve(max(self._now(), self.paused_until), self.rate)

    async def complained(self, seconds: float) -> None:
        now = self._now()
        if self.paused_until <= now:  # one complaint of many that were under way counts
            self.rate = max(self.rate / 2, SLOWEST)
        self.paused_until = max(self.paused_until, now + seconds)

    def went_through(self) -> None:
        self.rate = min(self.most, self.rate + self.most / RECOVERY)


MakeGate = Callable[[str, float, float], Gate]
"""A gate by its name, its rate a second and its burst."""


class Pace:
    """The pace of one platform. `now` is a monotonic clock in seconds; `gate` makes the gates, own ones by default.

    No second sees more than `per_second` messages, but for `burst` more after a silence, where a platform bears that.
    """

    def __init__(
        self,
        per_second: float,
        per_chat: float,
        now: Callable[[], float],
        gate: MakeGate | None = None,
        burst: float = 1.0,
    ) -> None:
        self._per_chat = per_chat
        self._now = now
        self._gate: MakeGate = gate or (lambda _, rate, burst: OwnGate(rate, burst, now))
        self.all = self._gate("", per_second * EVEN, burst)
        self._left: deque[float] = deque(maxlen=math.ceil(per_second) if per_second <= MOST_COUNTED else 0)
        self._answers = 0
        self._calm = asyncio.Event()
        self._calm.set()
        self._ahead = asyncio.Semaphore(max(2, int(per_second * AHEAD_SECONDS)))
        self._chats: dict[int, Meter] = {}
        self._groups: dict[int, Gate] = {}
        self._chat_paused_until: dict[int, float] = {}

    async def turn(self, chat_id: int, per_minute: int | None = None) -> None:
        """Wait until a message may go to this chat; to a group with a limit of its own, `per_minute` at the most."""
        await self._sleep_until(self._chat(chat_id).reserve(self._now(), self._per_chat))
        if per_minute is not None:
            await self._sleep_until(await self._group(chat_id, per_minute).instant())
        self._answers += 1
        self._calm.clear()
        try:
            await self._pass(chat_id)
        finally:
            self._answers -= 1
            if not self._answers:
                self._calm.set()

    async def turn_of_many(self, chat_id: int) -> None:
        """As `turn`, for what goes to many: after whatever waits for a turn of its own."""
        await self._sleep_until(self._chat(chat_id).reserve(self._now(), self._per_chat))
        async with self._ahead:
            await self._calm.wait()
            await self._pass(chat_id)

    async def _pass(self, chat_id: int) -> None:
        while True:
            # After a pause there is a new instant for everyone, or all would leave together.
            await self._sleep_until(self._pause(chat_id))
            await self._sleep_until(await self.all.instant())
            await self._not_too_many()
            if self._pause(chat_id) <= self._now():
                self._left.append(self._now())
                return

    async def _not_too_many(self) -> None:
        """Whoever woke late leaves close to who comes next: what really left in the last second counts too."""
        while self._left and len(self._left) == self._left.maxlen and self._left[0] + SECOND > self._now():
            await self._sleep_until(self._left[0] + SECOND)

    def went_through(self) -> None:
        self.all.went_through()

    async def complained(self, chat_id: int, seconds: float) -> None:
        """The platform asked to wait. Which chat it meant it does not say: two chats refused at once means all."""
        now = self._now()
        self._chat_paused_until = {chat: until for chat, until in self._chat_paused_until.items() if until > now}
        others = self._chat_paused_until.keys() - {chat_id}
        self._chat_paused_until[chat_id] = max(self._chat_paused_until.get(chat_id, 0.0), now + seconds)
        if others:
            await self.all.complained(seconds)

    def _pause(self, chat_id: int) -> float:
        return max(self.all.paused_until, self._chat_paused_until.get(chat_id, 0.0))

    async def _sleep_until(self, instant: float) -> None:
        wait = instant - self._now()
        if wait > 0:
            await asyncio.sleep(wait)

    def _chat(self, chat_id: int) -> Meter:
        if len(self._chats) > MOST_CHATS:
            now = self._now()
            self._chats = {chat: meter for chat, meter in self._chats.items() if meter.next > now}
        return self._chats.setdefault(chat_id, Meter(CHAT_BURST))

    def _group(self, chat_id: int, per_minute: int) -> Gate:
        """So that no minute sees more, whatever of the burst falls into it."""
        if chat_id not in self._groups:
            self._groups[chat_id] = self._gate(str(chat_id), (per_minute - GROUP_BURST + 1) / 60, GROUP_BURST)
        return self._groups[chat_id]
