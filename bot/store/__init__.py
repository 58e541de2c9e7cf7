"""The database: `await store.write(work)` runs `work(unit)` as one transaction, `await store.read(work)` as one look.

`work` is a plain function: it sees the tables (`unit.inbox`, `unit.outbox`, …) and neither waits nor sends. On SQLite
all writing is done by one thread (see `writer.py`); on any other engine each `write` is a transaction of its own on a
pooled connection. Contains no queries: they are in the class of their table.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.clock import Clock
from bot.errors import StoreDown
from bot.store.unit import Unit
from bot.store.writer import Writer, prepare

Result = TypeVar("Result")

__all__ = ["Store", "Unit"]


class Store:
    """One open database. `url` is SQLAlchemy's, with an async driver: `sqlite+aiosqlite:///data/hamyar14.db`."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = make_url(url)
        self._clock = clock
        self._engine: AsyncEngine = create_async_engine(self.url, pool_size=4)
        self._writer: Writer | None = None
        if self.url.get_backend_name() == "sqlite":
            event.listen(self._engine.sync_engine, "connect", lambda raw, _: prepare(raw, clock))
            self._writer = Writer(self.url, clock)

    async def write(self, work: Callable[[Unit], Result]) -> Result:
        """Run `work` in one transaction and return what it returned, after the commit.

        What `work` raises is raised here, with nothing of it stored; `StoreDown` if the database did not take it.
        """
        if self._writer is not None:
            return await self._writer.run(work)
        async with self._engine.begin() as connection:
            return await connection.run_sync(lambda sync: work(Unit(sync)))

    async def read(self, work: Callable[[Unit], Result]) -> Result:
        """Run `work`, which must not write, beside the writers. Raises `StoreDown` if the database does not answer."""

        def look(sync: Connection) -> Result:
            return work(Unit(sync))

        try:
            async with self._engine.connect() as connection:
                return await connection.run_sync(look)
        except (OperationalError, InterfaceError) as error:
            raise StoreDown(type(error).__name__) from error

    async def close(self) -> None:
        """Finish what was handed in and close. Safe to call twice."""
        if self._writer is not None:
            await self._writer.close()
        await self._engine.dispose()
