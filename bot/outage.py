"""The database is away: nothing can be stored, so operators are told straight through the messengers, once.

Whoever led the watch when that began tells; whoever was told is told again, through the outbox, when it is back.
"""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial

from bot import markup
from bot.alarms import Alarms, hour
from bot.clock import Clock
from bot.errors import Undelivered
from bot.platforms import Platform
from bot.store import Store, Unit

log = logging.getLogger(__name__)

AWAY_SECONDS = 15.0
"""A shorter absence, as of a restart, is not worth a word."""
TELL_SECONDS = 20.0


class Outage:
    """One absence after another, as one process meets them."""

    def __init__(self, alarms: Alarms, platforms: Mapping[str, Platform], clock: Clock) -> None:
        self._alarms = alarms
        self._platforms = platforms
        self._clock = clock
        self._began: float | None = None
        self._began_at = 0
        self._told: set[tuple[str, int]] = set()
        self._missed: set[tuple[str, int]] = set()
        self._tells = False

    async def goes_on(self, now: float, *, led: bool) -> None:
        """The database did not answer at `now` (the loop's clock). Whoever led when that began tells.

        An operator whom we cannot reach is tried again.
        """
        if self._began is None:
            self._began, self._began_at, self._tells = now, self._clock.millis(), led
            log.error("database_away")
        if not self._tells or asyncio.get_running_loop().time() - self._began < AWAY_SECONDS:
            return
        words = self._alarms.words("database", since=hour(self._began_at))
        for chat in self._alarms.chats:
            if chat not in self._told and await self._send(chat, words):
                self._told.add(chat)

    async def ended(self, store: Store) -> None:
        """The database answers. Those who were told hear of it, through the outbox as ever."""
        if self._began is None:
            return
        minutes = max(1, (self._clock.millis() - self._began_at) // 60_000)
        if self._told:
            await store.write(partial(self._write_end, minutes=minutes))
        self._told, self._missed, self._began = set(), set(), None
        log.warning("database_back", extra={"minutes": minutes})

    def _write_end(self, unit: Unit, minutes: int) -> None:
        self._alarms.write(unit, "database_over", minutes=minutes)

    async def _send(self, chat: tuple[str, int], words: markup.Spans) -> bool:
        """False: worth another try."""
        platform = self._platforms.get(chat[0])
        if platform is None or platform.name == "web":  # the page itself lives in the database
            return False
        try:
            async with asyncio.timeout(TELL_SECONDS):
                await platform.send(chat[1], {"text": markup.to_json(words)})
        except (Undelivered, TimeoutError) as error:
            if chat not in self._missed:
                self._missed.add(chat)
                log.warning("operator_not_reached", extra={"platform": platform.name, "why": str(error)})
            return isinstance(error, Undelivered) and error.retry_ms is None  # there is nobody to tell
        return True
