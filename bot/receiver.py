"""Getting updates of one bot, by polling (`poller.py`) or by webhook (`webhook.py`): what both have in common.

One process of all does it, by lease. What a receiver hears from its platform is the sign of life, which the watch
(`watch.py`) misses after a long silence.
"""

import asyncio
import logging

from bot import beats
from bot.beats import Beat
from bot.errors import Undelivered
from bot.platforms import Platform
from bot.store import Store

log = logging.getLogger(__name__)

LEASE_MS = 8_000
RENEW_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 30.0


class Receiver:
    """Receives for one bot while the lease is ours. `holder` names this process in leases."""

    def __init__(self, platform: Platform, store: Store, holder: str) -> None:
        self._platform = platform
        self._store = store
        self._holder = holder
        self._lease = f"poller:{platform.name}:{platform.bot_id}"
        self._beat = Beat(store, beats.heard(platform.name, platform.bot_id))

    async def run(self) -> None:
        """Receive while the lease is ours; wait for it otherwise. Until cancelled."""
        while True:
            if await self._take():
                await self._receive_while_leased()
            else:
                await asyncio.sleep(RENEW_SECONDS)

    async def release(self) -> None:
        """Let another process receive without waiting for the lease to end."""
        await self._store.write(lambda unit: unit.leases.end(self._lease, self._holder))

    async def _take(self) -> bool:
        return await self._store.write(lambda unit: unit.leases.take(self._lease, self._holder, LEASE_MS))

    async def _receive_while_leased(self) -> None:
        self._begin()
        receiving = asyncio.create_task(self._receive_forever())
        try:
            while await self._take():
                await asyncio.wait([receiving], timeout=RENEW_SECONDS)
                if receiving.done():
                    return receiving.result()
        finally:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)

    async def _receive_forever(self) -> None:
        failures = 0
        while True:
            try:
                trouble = await self._once()
                failures = 0
            except Undelivered as error:
                trouble = error.reason
                failures += 1
                pause = max((error.retry_ms or 0) / 1000, min(LONGEST_PAUSE_SECONDS, 0.5 * 2 ** min(failures, 8)))
                extra = {"platform": self._platform.name, "why": error.reason, "pause": pause}
                log.warning("receiving_failed", extra=extra)
            if trouble is None:
                await self._beat.now()
            await asyncio.sleep(pause if failures else self._rest())

    def _begin(self) -> None:
        """The lease is ours anew: others may have changed what we knew."""

    def _rest(self) -> float:
        """Seconds to wait after a time that went well."""
        return 0.0

    async def _once(self) -> str | None:
        """Receive once. None: the platform lives; otherwise what is wrong. Raises `Undelivered`."""
        raise NotImplementedError
