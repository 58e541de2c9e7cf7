"""Checks the links that staff put into announcements, while they go on composing.

link in a draft ─► row of the table `links` ─► asked from here ─► what it answered ─► the next look at the draft
"""

import asyncio
import logging
from typing import Final

import aiohttp

from bot.leader import Leader
from bot.linkcheck import Answer, answers
from bot.store import Store

log = logging.getLogger(__name__)

AT_ONCE: Final = 5


class LinkRunner:
    """Done by the process that has the lease of `leader`, which somebody else keeps. `allowed`: see `answers`."""

    def __init__(self, store: Store, leader: Leader, allowed: tuple[str, ...] = ()) -> None:
        self._store = store
        self._leader = leader
        self._allowed = allowed

    async def run(self) -> None:
        """Until cancelled."""
        await self._leader.look_while_leading(self.look)

    async def look(self) -> None:
        """Check what waits."""
        waiting = await self._store.read(lambda unit: unit.links.waiting(AT_ONCE))
        if not waiting:
            return
        # Made for each time: links are rare, and what is open costs.
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            found = await asyncio.gather(*(self._answer(url, session) for url in waiting))
        outcomes = {url: answer.key for url, answer in zip(waiting, found, strict=True)}
        log.info("links_checked", extra={"dead": sum(answer.dead for answer in found), "links": len(found)})
        await self._store.write(lambda unit: unit.links.checked(outcomes))

    async def _answer(self, url: str, session: aiohttp.ClientSession) -> Answer:
        try:
            return await answers(url, session, self._allowed)
        except Exception:
            log.exception("link_not_checked")
            return Answer("silent")
