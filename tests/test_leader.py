"""One leads; whoever does knows in time that they do not any more."""

import asyncio

import pytest

from bot import leader
from bot.clock import awake
from bot.errors import StoreDown
from bot.leader import Leader
from bot.store import Store
from tests.conftest import BOTH_ENGINES, FakeClock
from tests.outage import away


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_a_death_is_followed_within_fifteen_seconds() -> None:
    assert leader.LEASE_SECONDS + leader.WAIT_SECONDS < 15


async def test_one_leads_until_they_release(store: Store) -> None:
    one, two = Leader(store, "x", "one"), Leader(store, "x", "two")

    assert await one.renew()
    assert not await two.renew()
    assert (one.leads, two.leads) == (True, False)

    await one.release()
    assert await two.renew()
    assert not await one.renew()
    assert (one.leads, two.leads) == (False, True)


async def test_without_the_database_the_lead_lasts_as_long_as_the_lease_and_no_longer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = awake()
    monkeypatch.setattr(leader, "awake", lambda: now)
    one = Leader(store, "x", "one")
    await one.renew()

    with away(store):
        with pytest.raises(StoreDown):
            await one.renew()
        assert one.leads
        now += leader.LEASE_SECONDS - leader.MARGIN_SECONDS
        assert not one.leads


async def test_a_machine_that_slept_does_not_believe_its_lease(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one = Leader(store, "x", "one")
    await one.renew()
    assert one.leads

    monkeypatch.setattr(leader, "awake", lambda: awake() + leader.LEASE_SECONDS)

    assert not one.leads


async def test_a_database_that_hangs_is_as_one_that_is_gone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(_work: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(leader, "ANSWER_SECONDS", 0.02)
    monkeypatch.setattr(store, "write", hangs)

    with pytest.raises(StoreDown):
        await Leader(store, "x", "one").renew()


async def test_giving_up_the_lead_needs_no_database(store: Store) -> None:
    one = Leader(store, "x", "one")
    await one.renew()

    with away(store):
        await one.release()

    assert not one.leads
