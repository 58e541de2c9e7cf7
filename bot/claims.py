"""Which rows of the outbox are ours to send, and how they ended: delivery's side of the database.

A claim is a lease: it is renewed while a row waits here, and should this process die another one sends the row. So
nothing is begun on a lease that may have ended (`sure`). When the database was away, every lease has ended at once:
then whoever holds rows gets time to say so, before anybody takes what somebody else may have sent.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.errors import StoreDown
from bot.store import Store, Unit
from bot.store.outbox import LEASE_MS, Finished, Row

Result = TypeVar("Result")

LEASE_SECONDS = LEASE_MS / 1000
HOLD_SECONDS = LEASE_SECONDS / 4
MARGIN_SECONDS = HOLD_SECONDS
"""A lease is not trusted in its last seconds: the sending itself takes time, too."""


class Claims:
    """The claims on one platform's rows."""

    def __init__(self, store: Store, platform: str) -> None:
        self._store = store
        self._platform = platform
        self._ends: list[Finished] = []
        self._marking = asyncio.Lock()
        self._held_at = 0.0
        self._away = False
        self._careful_until = 0.0
        self.ended = asyncio.Event()

    @property
    def sure(self) -> bool:
        """Whether the rows we hold are still ours for certain."""
        return _now() - self._held_at < LEASE_SECONDS - MARGIN_SECONDS

    @property
    def unmarked(self) -> set[int]:
        """Rows that have ended and are not written down yet."""
        return {end.id for end in self._ends}

    def end(self, end: Finished) -> None:
        """Note how a row ended; `mark` writes it down."""
        self._ends.append(end)
        self.ended.set()

    async def mark(self) -> None:
        """Write down how rows ended; when this returns, all that ended before is written."""
        async with self._marking:
            ends, self._ends = sorted(self._ends, key=lambda end: end.id), []
            self.ended.clear()
            if not ends:
                return
            try:
                await self._write(lambda unit: unit.outbox.finish(ends))
            except BaseException:
                self._ends = ends + self._ends
                self.ended.set()
                raise

    async def claim(self, most: int) -> list[Row]:
        """Take so many rows that are due. What is sent is marked first: only the oldest of a chat can be claimed."""
        await self.mark()
        # Those claimed before may be in the hands of somebody who has sent them and could not write it down.
        careful = _now() < self._careful_until
        return await self._write(lambda unit: unit.outbox.claim(self._platform, most, untouched=careful))

    async def hold(self, rows: Iterable[int]) -> None:
        """Renew the claims on these rows: all that we hold."""
        ids = sorted(rows)
        asked_at = _now()
        if ids:
            await self._write(lambda unit: unit.outbox.hold(ids))
        self._held_at = asked_at

    async def _write(self, work: Callable[[Unit], Result]) -> Result:
        try:
            result = await self._store.write(work)
        except StoreDown:
            self._away = True
            raise
        if self._away:
            self._away = False
            self._careful_until = _now() + LEASE_SECONDS
        return result


def _now() -> float:
    return asyncio.get_running_loop().time()
