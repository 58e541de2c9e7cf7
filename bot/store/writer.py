"""The one thread that writes to SQLite: takes all work that waits, does it in one transaction, commits once.

Why a thread of our own and not the async driver: a turn has about six statements, and each costs the async driver
four hops between threads; here a whole turn is one hop (measured: 0.3 ms against 2.9 ms, see docs/decisions/0006).
Each piece of work keeps its own savepoint, so one that fails takes nothing with it, and nobody is told "done" before
the commit they share.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine

from bot.clock import Clock
from bot.errors import StoreDown
from bot.store.unit import Unit

Result = TypeVar("Result")
MOST_IN_ONE_COMMIT = 64
READERS = 4


class OneFile:
    """A SQLite file: one thread writes, others read beside it."""

    def __init__(self, url: URL, clock: Clock) -> None:
        self._writer = Writer(url, clock)
        self._readers = create_async_engine(url, pool_size=READERS)
        event.listen(self._readers.sync_engine, "connect", lambda raw, _: prepare(raw, clock))

    async def write(self, work: Callable[[Unit], Result]) -> Result:
        return await self._writer.run(work)

    async def read(self, work: Callable[[Unit], Result]) -> Result:
        def look(sync: Connection) -> Result:
            return work(Unit(sync))

        try:
            async with self._readers.connect() as connection:
                return await connection.run_sync(look)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise StoreDown(type(error).__name__) from error

    async def count_anew(self) -> None:
        """Nothing: SQLite plans by its indexes."""

    async def close(self) -> None:
        """Do what was handed in, then close the file."""
        await self._writer.close()
        await self._readers.dispose()


class Job:
    """One piece of work, the future that waits for it, and how it ended."""

    __slots__ = ("error", "future", "result", "work")

    def __init__(self, work: Callable[[Unit], Any], future: asyncio.Future[Any]) -> None:
        self.work = work
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        try:
            self.result = self.work(Unit(connection))
        except (OperationalError, InterfaceError) as error:
            self.error = StoreDown(type(error).__name__)
            self.error.__cause__ = error
        except StopIteration as error:  # no future takes it: it would look like the end of a coroutine
            self.error = RuntimeError("StopIteration in a piece of work")
            self.error.__cause__ = error
        except BaseException as error:  # noqa: BLE001 - carried to the one who asked
            self.error = error

    def tell(self) -> None:
        if self.future.done():  # whoever asked has been cancelled; the work stands all the same
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Writer:
    """Owns the writing connection. `run` may be called from one event loop at a time."""

    def __init__(self, url: URL, clock: Clock) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._engine = _engine(url, clock)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    async def run(self, work: Callable[[Unit], Result]) -> Result:
        """Do `work` in the next transaction; return after its commit."""
        if self._closed:
            raise RuntimeError("the database is closed")
        self._start()
        job = Job(work, asyncio.get_running_loop().create_future())
        self._jobs.put(job)
        result: Result = await job.future
        return result

    async def close(self) -> None:
        """Do what was handed in, then end the thread."""
        self._closed = True
        if self._thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    def _start(self) -> None:
        if self._thread is None:
            self._loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
            self._thread.start()

    def _serve(self) -> None:
        """Until the last job. Without a connection all who wait are told, and the next who comes begins anew."""
        connection: Connection | None = None
        going = True
        while going:
            jobs, going = self._take()
            try:
                connection = connection or self._engine.connect()
            except Exception as error:  # noqa: BLE001 - the thread must live
                _fail(jobs, error)
            else:
                _commit(connection, jobs)
            if self._loop is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(_tell, jobs)
        if connection is not None:
            connection.close()
        self._engine.dispose()

    def _take(self) -> tuple[list[Job], bool]:
        """Wait for work, then take all there is. False: this was the last."""
        jobs: list[Job] = []
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if self._jobs.empty() or len(jobs) == MOST_IN_ONE_COMMIT:
                return jobs, True
            job = self._jobs.get()
        return jobs, False


def _commit(connection: Connection, jobs: list[Job]) -> None:
    """Run the jobs and commit them together. If the commit itself fails, all of them have failed."""
    try:
        if len(jobs) == 1:
            _commit_one(connection, jobs[0])
        elif jobs:
            _commit_many(connection, jobs)
    except BaseException as error:  # noqa: BLE001 - the thread must live; everyone who waits is told
        _fail(jobs, error)
        # Whatever state a failed commit left behind, the next one starts on a fresh connection.
        connection.invalidate()
        connection.rollback()


def _fail(jobs: list[Job], error: BaseException) -> None:
    down = StoreDown(type(error).__name__)
    down.__cause__ = error
    for job in jobs:
        job.error = job.error or down


def _commit_one(connection: Connection, job: Job) -> None:
    job.run(connection)
    if job.error is None:
        connection.commit()
    else:
        connection.rollback()


def _commit_many(connection: Connection, jobs: list[Job]) -> None:
    # In plain SQL: SQLAlchemy's begin_nested() compiles its statements anew each time, a tenth of a whole turn.
    for job in jobs:
        connection.exec_driver_sql("SAVEPOINT job")
        job.run(connection)
        if job.error is not None:
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
        connection.exec_driver_sql("RELEASE SAVEPOINT job")
    connection.commit()


def _tell(jobs: list[Job]) -> None:
    for job in jobs:
        job.tell()


def _engine(url: URL, clock: Clock) -> Engine:
    """The writing engine: one connection, transactions begun by us so that they take the lock at once."""
    engine = create_engine(
        url.set(drivername="sqlite"), poolclass=StaticPool, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _connected(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None
        prepare(raw, clock)

    def begin(raw: Any) -> None:  # noqa: ANN401 - sqlite3's connection, as SQLAlchemy wraps it
        raw.execute("BEGIN IMMEDIATE").close()

    # Not by the event "begin": if the lock is refused there, SQLAlchemy (2.1, `Connection._begin_impl`) takes itself to
    # be within `begin` for ever after, begins no transaction any more, and every statement would commit by itself.
    engine.dialect.do_begin = begin  # type: ignore[assignment, method-assign]  # see above
    return engine


def prepare(raw: Any, clock: Clock) -> None:  # noqa: ANN401 - sqlite3's connection, or SQLAlchemy's stand-in for aiosqlite's
    """Settings of every connection to SQLite.

    FULL: a commit is on the disk before an update is acknowledged, so a power cut loses nothing either; sharing
    commits pays for it.
    """
    raw.create_function("now_ms", 0, clock.millis)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        raw.execute(f"PRAGMA {pragma}").close()
