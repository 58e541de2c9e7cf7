"""Receiving by webhook: sees to it that the platform delivers to us. What it delivers arrives at `web/hooks.py`.

Any process takes deliveries in; only the one with the lease looks after the webhook.
"""

import logging

from bot.platforms import Platform
from bot.receiver import Receiver
from bot.store import Store

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
RECENT_SECONDS = 180
"""An error no older than this, with updates waiting, means that they do not arrive: Telegram tries again within two
minutes."""


class Webhook(Receiver):
    """Keeps the webhook of one bot at `public_url`."""

    def __init__(self, platform: Platform, store: Store, holder: str, public_url: str) -> None:
        super().__init__(platform, store, holder)
        self._url = public_url + platform.hook_path
        self._is_set = False

    def _begin(self) -> None:
        self._is_set = False  # at the same address, but maybe with another secret or for other updates

    def _rest(self) -> float:
        return LOOK_SECONDS

    async def _once(self) -> str | None:
        """Look whether the webhook stands and delivers; set it if it does not stand."""
        if not self._is_set:
            await self._set()
        found = await self._platform.hook()
        if found["url"] != self._url:
            log.warning("webhook_was_gone", extra={"platform": self._platform.name})
            await self._set()
            return None
        if not await self._fails(found.get("pending_update_count"), found.get("last_error_date")):
            return None
        log.warning("webhook_fails", extra={"platform": self._platform.name, "waiting": found["pending_update_count"]})
        return "the platform cannot deliver"

    async def _set(self) -> None:
        await self._platform.set_hook(self._url)
        self._is_set = True
        log.info("webhook_set", extra={"platform": self._platform.name})

    async def _fails(self, waiting: object, failed_at: object) -> bool:
        """Of Bale neither is known; there a webhook that stands is all that can be seen."""
        if not isinstance(waiting, int) or not isinstance(failed_at, int) or waiting <= 0:
            return False
        return await self._store.read(lambda unit: unit.now) / 1000 - failed_at < RECENT_SECONDS
