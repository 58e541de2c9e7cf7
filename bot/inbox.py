"""Updates into the inbox: our own poller, which acknowledges to the platform only what is stored.

Nothing is parsed here but the numbers that a row is kept under, so no update can stop the poller.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable
from typing import Any

from bot.alarms import Alarms
from bot.errors import Undelivered
from bot.platforms import Platform
from bot.platforms.attached import album
from bot.platforms.reading import chat_of, is_id
from bot.store import Store, Unit
from bot.store.inbox import Received

log = logging.getLogger(__name__)

POLL_SECONDS = 25
LEASE_MS = 8_000
RENEW_SECONDS = 2.0
SILENCE_SECONDS = 300.0
LONGEST_PAUSE_SECONDS = 30.0
EMPTY_PAUSE_SECONDS = 0.2
UNNUMBERED_PAUSE_SECONDS = 1.0
LAST_NUMBER = 2**53
"""No platform counts so far."""
TOO_DEEP = '{"too_deep":true}'
"""Stands for an update of so many levels that it cannot be written down; no platform makes one."""


class Poller:
    """Polls one bot. One process does, by lease: a platform answers two pollers with 409."""

    def __init__(
        self, platform: Platform, store: Store, alarms: Alarms, holder: str, arrived: Callable[[], None]
    ) -> None:
        self._platform = platform
        self._store = store
        self._alarms = alarms
        self._holder = holder
        self._arrived = arrived
        self._lease = f"poller:{platform.name}:{platform.bot_id}"
        self._offset: int | None = None
        self._heard_at = 0.0

    async def run(self) -> None:
        """Poll while the lease is ours; wait for it otherwise. Until cancelled."""
        while True:
            if await self._take():
                await self._poll_while_leased()
            else:
                await asyncio.sleep(RENEW_SECONDS)

    async def release(self) -> None:
        """Let another process poll without waiting for the lease to end."""
        await self._store.write(lambda unit: unit.leases.end(self._lease, self._holder))

    async def _take(self) -> bool:
        return await self._store.write(lambda unit: unit.leases.take(self._lease, self._holder, LEASE_MS))

    async def _poll_while_leased(self) -> None:
        polling = asyncio.create_task(self._poll_forever())
        try:
            while await self._take():
                await asyncio.wait([polling], timeout=RENEW_SECONDS)
                if polling.done():
                    return polling.result()
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)

    async def _poll_forever(self) -> None:
        loop = asyncio.get_running_loop()
        self._heard_at = loop.time()
        failures = 0
        while True:
            try:
                await self._poll_once()
            except Undelivered as error:
                failures += 1
                pause = max((error.retry_ms or 0) / 1000, min(LONGEST_PAUSE_SECONDS, 0.5 * 2 ** min(failures, 8)))
                log.warning(
                    "poll_failed",
                    extra={"platform": self._platform.name, "why": error.reason, "pause": pause},
                )
                if loop.time() - self._heard_at > SILENCE_SECONDS:
                    await self._alarms.begin("silent", self._platform.name)
                await asyncio.sleep(pause)
            else:
                failures = 0
                self._heard_at = loop.time()
                await self._alarms.over("silent", self._platform.name)

    async def _poll_once(self) -> None:
        """One long poll. The next one, by its offset, tells the platform that these are stored."""
        started = asyncio.get_running_loop().time()
        updates = await self._platform.fetch(self._offset, POLL_SECONDS)
        if not updates:
            # All is confirmed. Without an offset the platform may start counting anew, as Telegram does after a quiet
            # week.
            self._offset = None
            if asyncio.get_running_loop().time() - started < EMPTY_PAUSE_SECONDS:
                await asyncio.sleep(EMPTY_PAUSE_SECONDS)  # a server that does not wait must not be asked in circles
            return
        new = await receive(self._store, self._platform, updates)
        if new:
            self._arrived()
        # A number below zero would ask for the newest updates and forget the others; one too great would confirm them.
        numbers = [number for number in map(_number, updates) if number is not None and 0 <= number <= LAST_NUMBER]
        if numbers:
            self._offset = max(numbers) + 1
        else:
            log.warning("updates_without_numbers", extra={"platform": self._platform.name, "count": len(updates)})
            await asyncio.sleep(UNNUMBERED_PAUSE_SECONDS)  # they are confirmed with the next one that has a number


async def receive(store: Store, platform: Platform, updates: list[Any]) -> int:
    """Store raw updates of a platform, once each; return how many were new."""
    rows = [_row(platform, update) for update in updates]

    def work(unit: Unit) -> int:
        chats = unit.inbox.receive(platform.name, rows)
        unit.chats.arrived(platform.name, chats)
        return len(chats)

    return await store.write(work)


def _row(platform: Platform, update: Any) -> Received:  # noqa: ANN401 - whatever a platform sends
    chat_id = chat_of(update)
    if isinstance(update, dict):
        try:
            update = platform.repair(update)
        except Exception:
            log.exception("repair_failed", extra={"platform": platform.name})
    raw = _ascii(update)
    number = _number(update)
    if number is None:
        # Kept under a number of ours, below zero where no platform counts; it will be set aside with its error.
        number = -int.from_bytes(hashlib.sha256(raw.encode()).digest()[:7])
    return Received(platform.bot_id, number, chat_id, raw, album(update))


def _ascii(update: object) -> str:
    """JSON without anything a database could refuse: halves of surrogate pairs stay escaped."""
    try:
        return json.dumps(update, separators=(",", ":"))
    except RecursionError:
        return TOO_DEEP


def _number(update: object) -> int | None:
    """The platform's number of an update, if it has one that the database can hold."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if is_id(number) else None
