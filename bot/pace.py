"""How fast messages may go to a platform: so many a second in all and to one chat, fewer after it complained.

A reservation scheme (GCRA): whoever asks is given the next free instant, so waiting is first come, first served. In
memory only: it makes sending polite, not right.
"""

import asyncio
from collections.abc import Callable

CHAT_BURST = 3
MOST_CHATS = 20_000
SLOWEST = 0.1
RECOVERY = 500
"""After a complaint the pace is halved; so many messages that go through would bring it up from nothing."""


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


class Pace:
    """The pace of one platform. `now` is a monotonic clock in seconds."""

    def __init__(self, per_second: float, per_chat: float, now: Callable[[], float]) -> None:
        self._most = per_second
        self._rate = per_second
        self._per_chat = per_chat
        self._now = now
        self._all = Meter(burst=max(1.0, per_second / 5))
        self._chats: dict[int, Meter] = {}
        self._paused_until = 0.0
        self._chat_paused_until: dict[int, float] = {}

    async def turn(self, chat_id: int) -> None:
        """Wait until a message may go to this chat."""
        await self._sleep_until(self._chat(chat_id).reserve(self._now(), self._per_chat))
        while True:
            # After a pause there is a new instant for everyone, or all would leave together.
            await self._sleep_until(self._pause(chat_id))
            await self._sleep_until(self._all.reserve(self._now(), self._rate))
            if self._pause(chat_id) <= self._now():
                return

    def went_through(self) -> None:
        """The platform took a message: after a complaint the pace recovers by and by."""
        self._rate = min(self._most, self._rate + self._most / RECOVERY)

    def complained(self, chat_id: int, seconds: float) -> None:
        """The platform asked to wait. Which chat it meant it does not say: two chats refused at once means all."""
        now = self._now()
        self._chat_paused_until = {chat: until for chat, until in self._chat_paused_until.items() if until > now}
        others = self._chat_paused_until.keys() - {chat_id}
        self._chat_paused_until[chat_id] = max(self._chat_paused_until.get(chat_id, 0.0), now + seconds)
        if not others:
            return
        if self._paused_until <= now:  # one complaint of many that were under way counts
            self._rate = max(self._rate / 2, SLOWEST)
        self._paused_until = max(self._paused_until, now + seconds)

    def _pause(self, chat_id: int) -> float:
        return max(self._paused_until, self._chat_paused_until.get(chat_id, 0.0))

    async def _sleep_until(self, instant: float) -> None:
        wait = instant - self._now()
        if wait > 0:
            await asyncio.sleep(wait)

    def _chat(self, chat_id: int) -> Meter:
        if len(self._chats) > MOST_CHATS:
            now = self._now()
            self._chats = {chat: meter for chat, meter in self._chats.items() if meter.next > now}
        return self._chats.setdefault(chat_id, Meter(CHAT_BURST))
