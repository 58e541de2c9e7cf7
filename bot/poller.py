"""Receiving by long polls: the next poll, by its offset, tells the platform what is stored."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from bot.errors import Undelivered
from bot.inbox import number_of, receive
from bot.platforms import Platform
from bot.receiver import Receiver
from bot.store import Store

log = logging.getLogger(__name__)

POLL_SECONDS = 25
EMPTY_PAUSE_SECONDS = 0.2
UNNUMBERED_PAUSE_SECONDS = 1.0
LAST_NUMBER = 2**53
"""No platform counts so far."""


class Poller(Receiver):
    """Polls one bot. `arrived` is called when the inbox has something new."""

    def __init__(self, platform: Platform, store: Store, holder: str, arrived: Callable[[], None]) -> None:
        super().__init__(platform, store, holder)
        self._arrived = arrived
        self._offset: int | None = None
        self._unhooked = False

    def _begin(self) -> None:
        self._unhooked = False
        self._offset = None

    async def _once(self) -> None:
        """One long poll."""
        await self._unhook()
        started = asyncio.get_running_loop().time()
        try:
            updates = await self._platform.fetch(self._offset, POLL_SECONDS)
        except Undelivered as error:
            self._unhooked = self._unhooked and not error.ours  # as a 409 is, when somebody has set a webhook
            raise
        if updates:
            await self._keep(updates)
            return
        # All is confirmed. Without an offset the platform may start counting anew, as Telegram does after a quiet week.
        self._offset = None
        if asyncio.get_running_loop().time() - started < EMPTY_PAUSE_SECONDS:
            await asyncio.sleep(EMPTY_PAUSE_SECONDS)  # a server that does not wait must not be asked in circles

    async def _unhook(self) -> None:
        """Take away a webhook that is left from another time: while it stands, polls are refused."""
        if self._unhooked:
            return
        try:
            await self._platform.drop_hook()
        except Undelivered as error:  # there may be none: the poll will tell
            log.warning("webhook_not_dropped", extra={"platform": self._platform.name, "why": error.reason})
        self._unhooked = True

    async def _keep(self, updates: list[Any]) -> None:
        """Store what came, and remember where to go on."""
        if await receive(self._store, self._platform, updates):
            self._arrived()
        # A number below zero would ask for the newest updates and forget the others; one too great would confirm them.
        numbers = [number for number in map(number_of, updates) if number is not None and 0 <= number <= LAST_NUMBER]
        if numbers:
            self._offset = max(numbers) + 1
        else:
            log.warning("updates_without_numbers", extra={"platform": self._platform.name, "count": len(updates)})
            await asyncio.sleep(UNNUMBERED_PAUSE_SECONDS)  # they are confirmed with the next one that has a number
