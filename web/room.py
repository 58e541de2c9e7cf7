"""Whether the disk has room for what visitors send: looked at once a second at most."""

import asyncio
from pathlib import Path

from bot.clock import Clock
from bot.config import Alarms
from bot.watch import disk

LOOK_MS = 1000


class Room:
    """Of the disk under a folder; the limits are those at which operators are told."""

    def __init__(self, folder: Path, limits: Alarms, clock: Clock) -> None:
        self._folder = folder
        self._limits = limits
        self._clock = clock
        self._looked_at = -LOOK_MS
        self._full = False

    async def is_full(self) -> bool:
        now = self._clock.millis()
        if now - self._looked_at >= LOOK_MS:
            self._looked_at = now
            self._full = (await asyncio.to_thread(disk, self._folder, self._limits)).state == "bad"
        return self._full
