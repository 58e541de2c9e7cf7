"""Connections to PostgreSQL: whose turn it is, what the server is told, and what its refusals mean."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.store import Store, Unit
from bot.store.outbox import Outgoing
from tests.store.conftest import Time


@pytest.fixture
def engine() -> str:
    return "postgresql"


@pytest.fixture
async def store(database: str, clock: Time) -> AsyncIterator[Store]:
    opened = Store(database, clock, connections=3)
    yield opened
    await opened.close()


async def test_after_counting_anew_the_server_knows_what_waits(store: Store) -> None:
    def send(unit: Unit) -> None:
        for chat in range(20):
            unit.outbox.add(Outgoing("bale", chat, "send", "{}"), claimed=False)

    await store.write(send)
    await store.count_anew()

    known = text("SELECT reltuples FROM pg_class WHERE relname = 'outbox'")
    assert await store.read(lambda unit: unit._connection.execute(known).scalar_one()) == 20
