"""Which rows of the outbox are ours to send, and how they ended: delivery's side of the database.

A claim is a lease: it is renewed while a row waits here, and should this process die another one sends the row. So
nothing is begun on a lease that may have ended, or that somebody else has taken meanwhile: each claim raises the row's
count, and ours is renewed only while the count is ours. When the database was away, every lease has ended at once:
then whoever holds rows gets time to say so, before anybody takes what somebody else may have sent.
"""

import asyncio
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from bot.clock import awake
from bot.errors import StoreDown
from bot.store import Store, Unit
from bot.store.outbox import LEASE_MS, Finished, Row

Result = TypeVar("Result")

LEASE_SECONDS = LEASE_MS / 1000
HOLD_SECONDS = LEASE_SECONDS / 4
MARGIN_SECONDS = HOLD_SECONDS
"""A lease is not trusted in its last seconds: the sending itself takes time, too."""
LOST = -math.inf


class Claims:
    """The claims on one platform's rows."""

    def __init__(self, store: Store, platform: str) -> None:
        self._store = store
        self._platform = platform
        self._held: dict[int, tuple[int, float]] = {}  # row: (count of its claim, instant from which the lease runs)
        self._ends: list[Finished] = []
        self._marking = asyncio.Lock()
        self._away = False
        self._careful_until = 0.0
        self.ended = asyncio.Event()

    # -- what is held

    def took(self, row: Row) -> None:
        """A claimed row waits here from now on; or it was claimed by us once more."""
        self._held[row.id] = (row.tries, row.since)

    def has(self, row: Row) -> bool:
        return row.id in self._held

    def dropped(self, rows: Iterable[Row]) -> None:
        """These do not wait here any more."""
        for row in rows:
            self._held.pop(row.id, None)

    def sure(self, row: Row) -> bool:
        """Whether the row is still ours for certain."""
        _, since = self._held.get(row.id, (0, LOST))
        return awake() - since < LEASE_SECONDS - MARGIN_SECONDS

    def ours(self, row: Row) -> Row:
        """The row with the count of our newest claim on it."""
        count, _ = self._held.get(row.id, (row.tries, LOST))
        return row if count == row.tries else replace(row, tries=count)

    async def hold(self) -> None:
        """Renew the claims on all that waits here; what another process has taken is given up."""
        asked = {row: count for row, (count, _) in self._held.items()}
        asked_at = awake()
        kept = await self._write(lambda unit: unit.outbox.hold(sorted(asked.items()))) if asked else set()
        for row, count in asked.items():
            if self._held.get(row, (None, 0))[0] == count:
                self._held[row] = (count, asked_at if row in kept else LOST)

    # -- the database

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
        careful = self._away or awake() < self._careful_until
        return await self._write(lambda unit: unit.outbox.claim(self._platform, most, untouched=careful))

    async def _write(self, work: Callable[[Unit], Result]) -> Result:
        try:
            result = await self._store.write(work)
        except StoreDown:
            self._away = True
            raise
        if self._away:
            self._away = False
            self._careful_until = awake() + LEASE_SECONDS
        return result
