"""Claims on rows of the outbox, when the database comes and goes and when another process is there."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot import claims as module
from bot.claims import Claims
from bot.errors import StoreDown
from bot.models import RowState
from bot.store import Store
from bot.store import outbox as rows
from bot.store.outbox import Finished, Outgoing, Row
from tests.conftest import FakeClock
from tests.store.conftest import Time

SARA, REZA = 7, 8


class Shaky:
    """The store, out of reach at will."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.away = False

    async def write(self, work: Callable[..., Any]) -> Any:  # noqa: ANN401 - as the store
        if self.away:
            raise StoreDown("away")
        return await self.store.write(work)


@pytest.fixture
def clock() -> Time:
    return Time()


class Here:
    """The own clock of a process, which stands until it is set."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    here = Here()
    monkeypatch.setattr(module, "awake", here)
    monkeypatch.setattr(rows, "awake", here)
    return here


@pytest.fixture
async def shaky(database: str, clock: FakeClock) -> AsyncIterator[Shaky]:
    store = Store(database, clock)
    yield Shaky(store)
    await store.close()


@pytest.fixture
def claims(shaky: Shaky) -> Claims:
    return Claims(shaky, "bale")  # type: ignore[arg-type]  # as much of a store as is needed


async def post(shaky: Shaky, chat: int) -> Row:
    return await shaky.store.write(lambda unit: unit.outbox.add(Outgoing("bale", chat, "send", "{}"), claimed=False))


async def test_a_claim_that_cannot_be_renewed_is_not_trusted(claims: Claims, shaky: Shaky, here: Here) -> None:
    trusted = module.LEASE_SECONDS - module.MARGIN_SECONDS
    await post(shaky, SARA)
    (row,) = await claims.claim(10)
    assert not claims.sure(row)
    claims.took(row)
    assert claims.sure(row)
    here.seconds += trusted - 1
    await claims.hold()
    here.seconds += trusted - 1
    assert claims.sure(row)

    shaky.away = True
    with pytest.raises(StoreDown):
        await claims.hold()
    here.seconds += 1

    assert not claims.sure(row)


async def test_what_another_process_has_claimed_meanwhile_is_given_up(
    claims: Claims, shaky: Shaky, clock: Time
) -> None:
    """The lease ended unnoticed, as when this process was stopped for a while; the row was sent by the other one."""
    await post(shaky, SARA)
    (row,) = await claims.claim(10)
    claims.took(row)
    clock.go_on(60_000)
    (theirs,) = await shaky.store.write(lambda unit: unit.outbox.claim("bale", 10))

    await claims.hold()
    assert not claims.sure(row)
    await shaky.store.write(lambda unit: unit.outbox.put_off(row, 3_600_000, "ours no more"))
    clock.go_on(60_000)

    assert [found.id for found in await claims.claim(10)] == [theirs.id]


async def test_what_we_claimed_once_more_ourselves_stays_ours(claims: Claims, shaky: Shaky, clock: Time) -> None:
    await post(shaky, SARA)
    (row,) = await claims.claim(10)
    claims.took(row)
    clock.go_on(60_000)
    (again,) = await claims.claim(10)
    claims.took(again)

    await claims.hold()

    assert claims.sure(row)
    assert claims.ours(row).tries == 2


async def test_what_ended_while_the_database_was_away_is_marked_afterwards(claims: Claims, shaky: Shaky) -> None:
    await post(shaky, SARA)
    (row,) = await claims.claim(10)
    claims.end(Finished(row.id, RowState.DONE, 1))
    shaky.away = True
    with pytest.raises(StoreDown):
        await claims.mark()
    assert claims.unmarked == {row.id}

    shaky.away = False
    await claims.mark()

    assert claims.unmarked == set()
    assert await shaky.store.read(lambda unit: unit.outbox.waiting("bale")) == 0


async def test_after_an_outage_what_others_may_have_sent_is_left_to_them_for_a_while(
    claims: Claims, shaky: Shaky, clock: Time, here: Here
) -> None:
    theirs, fresh = await post(shaky, SARA), await post(shaky, REZA)
    await shaky.store.write(lambda unit: unit.outbox.claim("bale", 1))  # by another process
    shaky.away = True
    with pytest.raises(StoreDown):
        await claims.claim(10)
    clock.go_on(60_000)  # every lease has ended
    shaky.away = False

    assert [row.id for row in await claims.claim(10)] == [fresh.id]
    here.seconds += module.LEASE_SECONDS
    assert [row.id for row in await claims.claim(10)] == [theirs.id]
