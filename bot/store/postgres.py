"""PostgreSQL: each piece of work is a transaction of its own on a pooled connection, beside those of other processes.

The same plain functions run here as on SQLite; SQLAlchemy lets them wait for the asynchronous driver. Contains no
queries.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StoreDown
from bot.store.unit import Unit

Result = TypeVar("Result")

CONNECT_SECONDS = 5
ANSWER_SECONDS = 30
"""A server that has vanished without a word is given up after so long."""
SESSION = {
    "application_name": "hamyar14",
    "timezone": "UTC",
    "jit": "off",  # compiling costs more than our short statements
    "lock_timeout": "10s",
    # A machine that has vanished blocks nobody for longer: neither between two statements nor while it is answered.
    "idle_in_transaction_session_timeout": "5s",
    "tcp_user_timeout": "10s",
}
AT_LEISURE = {"idle_in_transaction_session_timeout": "60s"}
"""For whoever works on whole tables: between two statements they may have much to do."""
NOT_OUR_FAULT = frozenset({"08", "40", "53", "55", "57", "58"})
"""Classes of SQLSTATE after which the same work may succeed: connection, deadlock, resources, lock, shutdown, system
(postgresql.org/docs/15/errcodes-appendix.html)."""
NOT_OURS_EITHER = frozenset({"25P03", "25006"})
"""A transaction that the server ended since we were still too long; a server that takes nothing, as after a switch."""
KEPT_FREE = 2
"""So many connections no look may have: leases, claims and marks do not wait behind thousands of pages."""

COUNT_ANEW = "ANALYZE (SKIP_LOCKED) inbox, outbox, chats, files, recipients"
"""What is locked is being counted by the server itself, or altered."""


def connect_args() -> dict[str, object]:
    """How every connection is made that serves citizens."""
    return {"timeout": CONNECT_SECONDS, "command_timeout": ANSWER_SECONDS, "server_settings": SESSION}


def connect_args_at_leisure() -> dict[str, object]:
    """The same for migrations, backups and moves: one statement takes as long as the tables are long."""
    return {"timeout": CONNECT_SECONDS, "server_settings": SESSION | AT_LEISURE}


class Pooled:
    """`size` connections at the most; more work waits for a free one."""

    def __init__(self, url: URL, size: int) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url, pool_size=size, max_overflow=0, pool_timeout=ANSWER_SECONDS, connect_args=connect_args()
        )
        # A look needs no transaction, which would cost two more ways to the server.
        self._looking = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._looks = asyncio.Semaphore(max(1, size - KEPT_FREE))

    async def write(self, work: Callable[[Unit], Result]) -> Result:
        """Run `work` in one transaction. Raises `StoreDown` if the database did not take it.

        A connection that broke at the commit leaves open whether it stands: whatever is handed in here must be safe
        to hand in again.
        """
        async with _whose_fault(), _connected(self._engine) as connection, connection.begin():
            return await connection.run_sync(lambda sync: work(Unit(sync)))

    async def read(self, work: Callable[[Unit], Result]) -> Result:
        """Run `work`, which must not write; each of its statements sees what is committed at that moment."""

        def look(sync: Connection) -> Result:
            return work(Unit(sync))

        async with _whose_fault(), self._turn(), _connected(self._looking) as connection:
            return await connection.run_sync(look)

    async def count_anew(self) -> None:
        """Count the rows of the tables in which work waits, which change from empty to full within a minute."""
        async with _whose_fault(), _connected(self._looking) as connection:
            await connection.exec_driver_sql(COUNT_ANEW)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait until one more may look."""
        async with asyncio.timeout(ANSWER_SECONDS):
            await self._looks.acquire()
        try:
            yield
        finally:
            self._looks.release()

    async def close(self) -> None:
        await self._engine.dispose()


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection of the pool. What the driver raises while it connects is no error of SQLAlchemy's."""
    try:
        connection = await engine.connect()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, PoolTimeout) as error:
        raise StoreDown(type(error).__name__) from error
    try:
        yield connection
    finally:
        await asyncio.shield(connection.close())  # whoever is cancelled still gives it back


@asynccontextmanager
async def _whose_fault() -> AsyncIterator[None]:
    """Tell the database's troubles from mistakes in the work."""
    try:
        yield
    except DBAPIError as error:
        if is_down(error):
            raise StoreDown(type(error.orig).__name__) from error
        raise
    except PendingRollbackError as error:  # the connection broke, and the work went on
        raise StoreDown(type(error).__name__) from error
    except TimeoutError as error:  # no answer; whoever is in the middle of something else has their own
        raise StoreDown("no answer in time") from error


def is_down(error: DBAPIError) -> bool:
    """Whether the same work may succeed another time."""
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(state, str):
        return state[:2] in NOT_OUR_FAULT or state in NOT_OURS_EITHER
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
