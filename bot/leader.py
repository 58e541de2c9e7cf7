"""The right to do what only one process does: a lease that is renewed, and known to have ended before others take it.

Knows nothing of what is done under it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.clock import awake
from bot.errors import StoreDown
from bot.store import Store

log = logging.getLogger(__name__)

LEASE_SECONDS = 12.0
RENEW_SECONDS = 4.0
ANSWER_SECONDS = 4.0
"""The database has so long to answer: whoever leads must know in time that they do not any more."""
WAIT_SECONDS = 2.0
"""How often whoever waits for the lease asks for it."""
TICK_SECONDS = 1.0
TROUBLE_SECONDS = 5.0
MARGIN_SECONDS = 1.0
"""We stop so long before the lease ends: what is under way must have ended when the next process begins."""


class Leader:
    """One lease, as this process (`holder`) has it. Whoever dies is followed within 15 s: 12 and 2."""

    length_ms = int(LEASE_SECONDS * 1000)

    def __init__(self, store: Store, name: str, holder: str) -> None:
        self.name = name
        self.holder = holder
        self._store = store
        self._until = 0.0

    @property
    def leads(self) -> bool:
        """Whether the lease is ours. Needs no database, so it is true no longer than the lease lasts.

        Not after a sleep of the machine either, in which others have seen it end.
        """
        return awake() < self._until

    async def renew(self) -> bool:
        """Take the lease or lengthen it; False: another process has it.

        Raises `StoreDown` when the database does not answer in time. Then `leads` holds until the lease would end.
        """
        asked = awake()
        patience = min(ANSWER_SECONDS, self._until - asked) if self.leads else ANSWER_SECONDS
        try:
            async with asyncio.timeout(patience):
                ours = await self._store.write(lambda unit: unit.leases.take(self.name, self.holder, self.length_ms))
        except TimeoutError:
            raise StoreDown("no answer in time") from None
        if ours != self.leads:
            log.info("lease_taken" if ours else "lease_of_another", extra={"lease": self.name})
        self._until = asked + LEASE_SECONDS - MARGIN_SECONDS if ours else 0.0
        return ours

    async def pause(self) -> None:
        """Sleep until it is time to ask again; never beyond the end of the lease."""
        left = self._until - awake()
        await asyncio.sleep(min(RENEW_SECONDS, left) if left > 0 else WAIT_SECONDS)

    async def lead_forever(self) -> None:
        """Take the lease when it is free and keep it, until cancelled; survives the database."""
        while True:
            with suppress(StoreDown):
                await self.renew()
            await self.pause()

    async def look_while_leading(self, look: Callable[[], Awaitable[None]]) -> None:
        """Look again and again for something to do, until cancelled; survives the database. Does not take the lease."""
        while True:
            try:
                if self.leads:
                    await look()
                await asyncio.sleep(TICK_SECONDS)
            except StoreDown:
                await asyncio.sleep(TROUBLE_SECONDS)

    async def release(self) -> None:
        """Let another process take over without waiting. A database that is away is no reason to stay."""
        self._until = 0.0
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._store.write(lambda unit: unit.leases.end(self.name, self.holder))
        except (StoreDown, TimeoutError):
            log.warning("lease_left", extra={"lease": self.name})
