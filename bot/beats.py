"""Signs of life that any process can read: written when something went well, at most every few seconds."""

import asyncio
import logging

from bot.errors import StoreDown
from bot.store import Store

log = logging.getLogger(__name__)

SECONDS = 15.0
AGAIN_SECONDS = 3.0


def heard(platform: str, bot_id: int) -> str:
    """The name of the beat: this bot was asked for updates and answered. Polling and webhooks have the same one."""
    return f"heard:{platform}:{bot_id}"


def sent(platform: str) -> str:
    """The name of the beat: this platform took a message."""
    return f"sent:{platform}"


class Beat:
    """One name. `now` costs a transaction only every 15 seconds."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self._next = 0.0

    async def now(self) -> None:
        """It went well just now. Never raises for the database's sake: the next beat will do."""
        now = asyncio.get_running_loop().time()
        if now < self._next:
            return
        self._next = now + SECONDS
        try:
            await self._store.write(lambda unit: unit.beats.beat(self._name))
        except StoreDown:
            self._next = now + AGAIN_SECONDS
            log.warning("beat_not_written", extra={"beat": self._name}, exc_info=True)
