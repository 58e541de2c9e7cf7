"""Citizens are asked once, weeks after the end of their case, whether it is still mended."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot import config
from bot.models import cases as of_cases
from bot.models import outbox
from bot.services import cases, handling, reports
from bot.services.cases import Case
from bot.services.handling import Said
from bot.services.reports import Report, Sender
from bot.store import Store, Unit
from scheduler import JOBS
from tests.citizen import rows_of
from tests.conftest import BOTH_ENGINES, FakeClock

ASKING = next(job for job in JOBS if job.name == "ask_again")


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def ended(unit: Unit, as_what: str = "fixed") -> Case:
    """A case of Sara's that a manager has closed."""
    sara = unit.citizens.meet("bale", 501, "سارا")
    boss = unit.staff.join("bale", 900, "manager", "رئیس", None)
    filed = reports.file(unit, Sender(sara, 501), Report("complaint", "lights", "چراغ"), "", 2_000_000_000_000)
    return handling.close(unit, boss, str(filed.change.case.id), as_what, Said("انجام شد")).case


def later(unit: Unit) -> None:
    """The database's clock is not ours to move on every engine, so the instant moves instead."""
    earlier = of_cases.c.ask_at - cases.ASKED_LATER_MS - 1000
    unit.cases._connection.execute(update(of_cases).values(ask_at=earlier))


async def told(store: Store) -> list[dict[str, Any]]:
    rows = await store.read(lambda unit: rows_of(unit, outbox))
    return [row for row in rows if row["chat_id"] == 501]


async def run(store: Store) -> dict[str, int]:
    return await ASKING.run(store, config.load())


async def test_each_is_asked_once_when_the_time_has_come(store: Store) -> None:
    case = await store.write(ended)
    too_early = await run(store)
    await store.write(later)

    asked, again = await run(store), await run(store)

    assert (too_early, asked, again) == ({"asked": 0}, {"asked": 1}, {"asked": 0})
    (message,) = await told(store)
    body = json.loads(message["body"])
    assert "حالا وضع چطور است؟" in str(body["text"])
    assert message["logical"] == f"own:{case.id}"
    buttons = [button["d"] for row in body["inline"] for button in row]
    assert buttons[:3] == [f"verdict:{word}:{case.id}" for word in ("fixed", "half", "not_fixed")]


async def test_whoever_has_blocked_the_bot_is_left_in_peace(store: Store) -> None:
    await store.write(ended)
    await store.write(later)
    await store.write(lambda unit: unit.citizens.gone("bale", 501))

    assert await run(store) == {"asked": 1}
    assert await told(store) == []


async def test_who_was_forgotten_is_not_asked(store: Store) -> None:
    case = await store.write(ended)
    await store.write(later)
    await store.write(lambda unit: unit.cases.forget(case, case.text, None))

    assert await run(store) == {"asked": 0}


async def test_other_ends_are_not_asked_after(store: Store) -> None:
    await store.write(lambda unit: ended(unit, "no_action"))
    await store.write(later)

    assert await run(store) == {"asked": 0}


@pytest.mark.parametrize("kind", ["talk", "thanks", "suggestion", "criticism"])
async def test_of_what_nothing_is_to_be_mended_nobody_is_asked(store: Store, kind: str) -> None:
    case = await store.write(ended)
    await store.write(later)
    await store.write(
        lambda unit: unit.cases._connection.execute(update(of_cases).values(kind=kind).where(of_cases.c.id == case.id))
    )

    await run(store)

    assert await told(store) == []
    log = await store.read(lambda unit: [event.kind for event in unit.case_log.of(case.id)])
    assert "surveyed" not in log


def test_nobody_is_woken_by_it(clock: FakeClock) -> None:
    midnight = clock.instant.replace(hour=0)
    minutes = [midnight + timedelta(minutes=minute) for minute in range(24 * 60)]

    assert {at.hour for at in minutes if ASKING.due(at) == at} == set(range(10, 20))
