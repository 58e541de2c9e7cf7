"""Connections to PostgreSQL: whose turn it is, what the server is told, and what its refusals mean."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.util import await_only

from bot.errors import StoreDown
from bot.store import Store, Unit, bells, migrate, postgres
from bot.store.aside import fill
from bot.store.bells import PostgresBells
from bot.store.outbox import Outgoing
from bot.store.whole import Whole
from tests.citizen import PATIENCE
from tests.store.conftest import Time

LOCK = 77


@pytest.fixture
def engine() -> str:
    return "postgresql"


@pytest.fixture
async def store(database: str, clock: Time) -> AsyncIterator[Store]:
    opened = Store(database, clock, connections=3)
    yield opened
    await opened.close()


@pytest.fixture
async def outside(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.replace("+asyncpg", ""))
    yield connection
    await connection.close()


async def test_after_counting_anew_the_server_knows_what_waits(store: Store) -> None:
    def send(unit: Unit) -> None:
        for chat in range(20):
            unit.outbox.add(Outgoing("bale", chat, "send", "{}"), claimed=False)

    await store.write(send)
    await store.count_anew()

    known = text("SELECT reltuples FROM pg_class WHERE relname = 'outbox'")
    assert await store.read(lambda unit: unit._connection.execute(known).scalar_one()) == 20


async def test_however_many_look_there_is_a_connection_to_write(store: Store, outside: asyncpg.Connection) -> None:
    def wait(unit: Unit) -> None:
        unit._connection.execute(text(f"SELECT pg_advisory_lock_shared({LOCK}), pg_advisory_unlock_shared({LOCK})"))

    await outside.execute(f"SELECT pg_advisory_lock({LOCK})")
    looks = [asyncio.create_task(store.read(wait)) for _ in range(20)]
    await asyncio.sleep(0)

    async with asyncio.timeout(PATIENCE):
        assert await store.write(lambda unit: unit.leases.take("x", "one", 1000))

    assert not any(look.done() for look in looks)
    await outside.execute(f"SELECT pg_advisory_unlock({LOCK})")
    await asyncio.gather(*looks)


async def test_a_look_that_gets_no_turn_is_told_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ANSWER_SECONDS", 0.01)
    assert isinstance(store._engine, postgres.Pooled)
    await store._engine._looks.acquire()

    with pytest.raises(StoreDown):
        await store.read(lambda unit: unit.now)


async def test_a_server_that_takes_nothing_is_down(store: Store) -> None:
    def refused(unit: Unit) -> None:
        unit._connection.execute(text("SET TRANSACTION READ ONLY"))
        unit.leases.take("x", "one", 1000)

    with pytest.raises(StoreDown):
        await store.write(refused)


async def test_who_is_still_for_too_long_blocks_nobody_and_may_try_again(store: Store) -> None:
    """As a machine that has vanished in the middle of its work."""

    def still(unit: Unit) -> None:
        connection = unit._connection
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '10ms'"))
        unit.leases.take("x", "one", 1000)
        driver = connection.connection.driver_connection
        while driver is not None and not driver.is_closed():
            await_only(asyncio.sleep(0.01))
        unit.leases.take("x", "one", 1000)

    with pytest.raises(StoreDown):
        await store.write(still)
    assert await store.write(lambda unit: unit.leases.take("x", "two", 1000))


async def test_work_that_goes_on_over_a_broken_connection_is_tried_again(store: Store) -> None:
    def work(unit: Unit) -> None:
        try:
            unit._connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        finally:
            unit.leases.take("x", "one", 1000)

    with pytest.raises(StoreDown):
        await store.write(work)


async def test_the_server_is_told_how_long_to_wait_for_us(store: Store) -> None:
    def told(unit: Unit, name: str) -> str:
        return str(unit._connection.execute(text(f"SHOW {name}")).scalar_one())

    assert await store.read(lambda unit: told(unit, "idle_in_transaction_session_timeout")) == "5s"
    assert await store.read(lambda unit: told(unit, "tcp_user_timeout")) == "10000"  # milliseconds


def test_work_on_whole_tables_takes_its_time(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ANSWER_SECONDS", 0.01)

    def slow(whole: Whole) -> None:
        whole.unit._connection.execute(text("SELECT pg_sleep(0.1)"))

    fill(database, slow)


def test_a_server_that_does_not_answer_a_migration_is_said_to(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ANSWER_SECONDS", 1e-6)

    with pytest.raises(StoreDown, match="no answer in time"):
        migrate.upgrade(database)


async def test_bells_are_heard_again_whatever_went_wrong(
    store: Store, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = asyncio.Event()
    serve = PostgresBells._serve
    broken = iter([TypeError("a mistake of ours")])

    async def serve_later(self: PostgresBells) -> None:
        for error in broken:
            raise error
        await serve(self)

    monkeypatch.setattr(bells, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(PostgresBells, "_serve", serve_later)
    store.bells.on("inbox", lambda _: heard.set())
    await store.bells.open()
    other = PostgresBells(make_url(database))
    await other.open()

    async with asyncio.timeout(PATIENCE):
        while not heard.is_set():
            other.ring("inbox")
            await asyncio.sleep(0.02)
    await other.close()
