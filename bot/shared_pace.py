"""The pace of a platform in sum over all processes that send to it: a row of the table `paces` gives out time.

A process takes a window of some messages at once, so at the usual pace this costs a statement for every two or three
of them. Pauses and the slower pace after a complaint are in the row too, so one process's complaint slows all, and
what was learned of a platform outlives the process.
"""

import asyncio
from collections.abc import Callable

from bot.pace import RECOVERY, SLOWEST
from bot.store import Store
from bot.store.paces import Wishes

WINDOW_SECONDS = 0.1
SLOWLY = 4
"""So many times more messages does it take to recover where the limit is not known."""


class SharedGate:
    """A gate that all processes share under one name. `now`: the loop's clock in seconds.

    `learns`: the platform does not tell its limit, so it is approached: from half of what may be at the most, slowly.
    """

    def __init__(
        self, store: Store, name: str, limits: tuple[float, float], now: Callable[[], float], *, learns: bool = False
    ) -> None:
        self._store = store
        self._name = name
        self._most, self._burst = limits
        self._start = self._most / 2 if learns else self._most
        self._recovery = RECOVERY * SLOWLY if learns else RECOVERY
        self._now = now
        self.rate = self._start
        self._next = 0.0
        self._left = 0
        self._window_ends = 0.0
        self._went_through = 0
        self._taking = asyncio.Lock()
        self.paused_until = 0.0

    async def instant(self) -> float:
        """Raises `StoreDown`: then nothing could be marked as sent anyway."""
        async with self._taking:
            if self._left == 0 or self._now() > self._window_ends:
                await self._take_window()
            mine, self._next = self._next, self._next + 1 / self.rate
            self._left -= 1
            return mine

    async def complained(self, seconds: float) -> None:
        self._left = 0
        self.paused_until = max(self.paused_until, self._now() + seconds)
        await self._store.write(lambda unit: unit.paces.complained(self._name, int(seconds * 1000), SLOWEST))

    def went_through(self) -> None:
        self._went_through += 1

    async def _take_window(self) -> None:
        size = max(1, int(self.rate * WINDOW_SECONDS))
        recovered, self._went_through = self._went_through * self._most / self._recovery, 0
        wishes = Wishes(self._most, self._burst, self._start, recovered)
        taken = await self._store.write(lambda unit: unit.paces.take(self._name, size, wishes))
        self.rate = taken.rate
        self._next = self._now() + taken.wait_ms / 1000
        self._left = size
        self._window_ends = max(self._now(), self._next) + size / self.rate
