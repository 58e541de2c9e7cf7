"""One look at a whole database, or one filling of it, beside whoever else works there: for backups and moves.

Opens a connection of its own and closes it again; knows nothing of what is done with the tables (`whole.py`).
"""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import asyncpg
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.clock import Clock
from bot.errors import StoreDown
from bot.store.postgres import connect_args_at_leisure, is_down
from bot.store.whole import Whole
from bot.store.writer import prepare

Result = TypeVar("Result")


def look(url: str, work: Callable[[Whole], Result]) -> Result:
    """Run `work` on one consistent look at the database, beside whoever writes. Blocks; runs a loop of its own.

    Nothing is written, not even by opening and closing a file of SQLite. Raises `StoreDown`.
    """
    return _run(url, work, reading=True)


def fill(url: str, work: Callable[[Whole], Result]) -> Result:
    """Run `work` in one transaction: all that it writes is there afterwards, or nothing. Otherwise as `look`."""
    return _run(url, work, reading=False)


def _run(url: str, work: Callable[[Whole], Result], *, reading: bool) -> Result:
    address = make_url(url)
    try:
        if address.get_backend_name() != "sqlite":
            return asyncio.run(_on_postgres(address, work, reading=reading))
        engine = _reader(address) if reading else _filler(address)
        try:
            with engine.begin() as connection:
                return work(Whole(connection))
        finally:
            engine.dispose()
    except DBAPIError as error:
        if address.get_backend_name() == "sqlite" or is_down(error):
            raise StoreDown(f"{type(error.orig).__name__}: {error.orig}") from error
        raise
    except TimeoutError as error:  # which says nothing itself
        raise StoreDown("no answer in time") from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError) as error:
        raise StoreDown(f"{type(error).__name__}: {error}") from error


async def _on_postgres(url: URL, work: Callable[[Whole], Result], *, reading: bool) -> Result:
    engine = create_async_engine(url, connect_args=connect_args_at_leisure())
    if reading:
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(lambda sync: work(Whole(sync)))
    finally:
        await engine.dispose()


def _reader(url: URL) -> Engine:
    file = quote(str(Path(str(url.database)).absolute()))
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None, timeout=10)
    )
    event.listen(engine, "connect", lambda raw, _: raw.create_function("now_ms", 0, Clock().millis))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _filler(url: URL) -> Engine:
    engine = create_engine(url.set(drivername="sqlite"))

    @event.listens_for(engine, "connect")
    def _connected(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None
        prepare(raw, Clock())

    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine
