"""A pace that has to be learned: it begins slowly, gives way, and is remembered over a restart."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.shared_pace import SLOWLY, SharedGate
from bot.store import Store
from tests.conftest import BOTH_ENGINES, FakeClock

MOST = 40.0


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    opened = Store(database, FakeClock())
    yield opened
    await opened.close()


def gate(store: Store, *, learns: bool = True) -> SharedGate:
    """As a process makes it at its start."""
    return SharedGate(store, "bale", (MOST, 1.0), asyncio.get_running_loop().time, learns=learns)


async def taken(from_gate: SharedGate) -> float:
    """The pace at which the next window is given."""
    from_gate._left = 0
    await from_gate.instant()
    return from_gate.rate


async def test_it_begins_at_half_and_grows_with_what_goes_through(store: Store) -> None:
    first = gate(store)
    assert await taken(first) == MOST / 2

    for _ in range(500):
        first.went_through()
    await taken(first)

    assert await taken(first) == pytest.approx(MOST / 2 + MOST / SLOWLY)


async def test_a_complaint_halves_it_and_a_restart_remembers_that(store: Store) -> None:
    first = gate(store)
    await taken(first)
    await first.complained(1.0)

    assert await taken(gate(store)) == MOST / 4


async def test_a_pace_that_is_known_begins_at_it(store: Store) -> None:
    assert await taken(gate(store, learns=False)) == MOST
