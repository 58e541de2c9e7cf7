"""The database: `await store.write(work)` runs `work(unit)` as one transaction, `await store.read(work)` as one look.

`work` is a plain function: it sees the tables (`unit.inbox`, `unit.outbox`, …) and neither waits nor sends. On SQLite
all writing is done by one thread (`writer.py`); on PostgreSQL each `write` is a transaction of its own
(`postgres.py`), and `bells` tell other processes what has come. Contains no queries: they are in the class of their
table.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import make_url

from bot.clock import Clock
from bot.store.bells import Bells, PostgresBells
from bot.store.postgres import Pooled
from bot.store.unit import Unit
from bot.store.writer import OneFile

Result = TypeVar("Result")

__all__ = ["Bells", "Store", "Unit"]


class Store:
    """One open database. `url` is SQLAlchemy's, with an async driver: `sqlite+aiosqlite:///data/hamyar14.db`."""

    def __init__(self, url: str, clock: Clock, connections: int = 8) -> None:
        self.url = make_url(url)
        self.bells: Bells
        self._engine: OneFile | Pooled
        if self.url.get_backend_name() == "sqlite":
            self._engine, self.bells = OneFile(self.url, clock), Bells()
        else:
            self._engine, self.bells = Pooled(self.url, connections), PostgresBells(self.url)

    async def write(self, work: Callable[[Unit], Result]) -> Result:
        """Run `work` in one transaction and return what it returned, after the commit.

        What `work` raises is raised here, with nothing of it stored; `StoreDown` if the database did not take it.
        """
        return await self._engine.write(work)

    async def read(self, work: Callable[[Unit], Result]) -> Result:
        """Run `work`, which must not write, beside the writers. Raises `StoreDown` if the database does not answer."""
        return await self._engine.read(work)

    async def count_anew(self) -> None:
        """Let the database count what waits, so that it plans for it. Raises `StoreDown`."""
        await self._engine.count_anew()

    async def close(self) -> None:
        """Finish what was handed in and close. Safe to call twice."""
        await self.bells.close()
        await self._engine.close()
