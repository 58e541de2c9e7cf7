"""One connection to a database of its own, on either engine, and a clock that a test moves.

On PostgreSQL the driver is asynchronous, so there a test runs as a piece of work in `Store.write` does.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import greenlet_spawn

from bot.store.postgres import connect_args
from bot.store.unit import Unit
from bot.store.writer import _engine
from tests.conftest import BOTH_ENGINES, FakeClock
from tests.postgres import Server

STANDING_CLOCK = """
CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE
AS $$ SELECT current_setting('hamyar14.now')::bigint $$
"""
FIRST_NUMBERS = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
WHERE last_value IS NOT NULL
"""
LOOP = pytest.StashKey[asyncio.AbstractEventLoop]()


class Time(FakeClock):
    """The tests' clock, with a hand to move it."""

    passed = 0
    moved: Callable[[int], object] | None = None

    def go_on(self, millis: int) -> None:
        self.passed += millis
        if self.moved is not None:
            self.moved(self.millis())

    def millis(self) -> int:
        return super().millis() + self.passed


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture(scope="session")
def untouched_postgres(postgres: Server, empty_postgres: str) -> str:
    """The address of a database for all tests that commit nothing: to copy one takes longer than most of them."""
    return postgres.url(postgres.new_database(empty_postgres))


@pytest.fixture
def unit(clock: Time, engine: str, request: pytest.FixtureRequest) -> Iterator[Unit]:
    """The tables, in a transaction that nobody commits."""
    database: str = request.getfixturevalue("database" if engine == "sqlite" else "untouched_postgres")
    with on_sqlite(database, clock) if engine == "sqlite" else on_postgres(database, clock, request.node) as found:
        yield Unit(found)


@contextmanager
def on_sqlite(database: str, clock: Time) -> Iterator[Connection]:
    engine = _engine(make_url(database), clock)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@contextmanager
def on_postgres(database: str, clock: Time, test: pytest.Item) -> Iterator[Connection]:
    test.stash[LOOP] = loop = asyncio.new_event_loop()
    engine = create_async_engine(database, connect_args=connect_args())
    connection = loop.run_until_complete(engine.connect())
    sync = connection.sync_connection
    assert sync is not None

    def move(millis: int) -> None:
        sync.execute(text("SELECT set_config('hamyar14.now', :now, false)"), {"now": str(millis)})

    loop.run_until_complete(connection.execute(text(FIRST_NUMBERS)))
    loop.run_until_complete(connection.execute(text(STANDING_CLOCK)))
    loop.run_until_complete(greenlet_spawn(move, clock.millis()))
    clock.moved = move
    try:
        yield sync
    finally:
        loop.run_until_complete(connection.close())
        loop.run_until_complete(engine.dispose())
        loop.close()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test whose tables are PostgreSQL's runs where its statements can wait for the driver."""
    loop = pyfuncitem.stash.get(LOOP, None)
    if loop is None:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    loop.run_until_complete(greenlet_spawn(lambda: pyfuncitem.obj(**arguments)))
    return True
