"""A survey that is open ends later, or at once."""

from typing import Any

import pytest

from bot.models import audit
from tests.citizen import Citizen, labels, rows_of
from tests.editing import pressed
from tests.making import poll, rows, stands
from tests.town_clock import TownClock

LATER, CLOSE = "⏳ دیرتر بسته شود", "⏹ همین حالا ببند"
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def clock() -> TownClock:
    return TownClock()


@pytest.fixture
def options(database: str, clock: TownClock) -> dict[str, Any]:
    clock.tells(database)
    return {"web": {"enabled": False}}


@pytest.fixture
async def mina(mina: Citizen) -> Citizen:
    """Her quick poll is open until Wednesday at ten."""
    await poll(mina)
    await stands(mina.app, begun=True)
    await pressed(mina, "surveys:one:1")
    return mina


async def closes_at(mina: Citizen) -> int | None:
    (row,) = await rows(mina.app)
    found: int | None = row["closes_at"]
    return found


async def test_some_days_more_are_added_once(mina: Citizen) -> None:
    (asked,) = await mina.press(LATER)
    told, page = await mina.press("۳ روز دیگر")
    first = await closes_at(mina)
    (twice,) = await mina.press("۳ روز دیگر")

    assert "تا چهارشنبه ۴ آذر ۱۴۰۵" in asked.text
    assert "شنبه ۷ آذر ۱۴۰۵" in told.text
    assert "شنبه ۷ آذر ۱۴۰۵" in page.text
    assert "همان وقت یا دیرتر" in twice.text
    assert await closes_at(mina) == first


async def test_a_typed_time_is_shown_before_it_counts(mina: Citizen) -> None:
    await mina.press(LATER)
    (shown,) = await mina.send("۱۰ آذر ساعت ۲۰")
    before = await closes_at(mina)
    told, _ = await mina.press("بله، درست است")

    assert "سه‌شنبه ۱۰ آذر ۱۴۰۵، ۲۰:۰۰" in shown.text
    assert before is None
    assert "سه‌شنبه ۱۰ آذر ۱۴۰۵، ۲۰:۰۰" in told.text
    deeds = [row["action"] for row in await mina.app.store.read(lambda unit: rows_of(unit, audit))]
    assert deeds[-1] == "survey_extended"


@pytest.mark.parametrize(
    ("text", "why"), [("فردا ساعت ۲۰", "همان وقت یا دیرتر"), ("۱۵ فروردین ساعت ۲۰", "تا ۹۰ روز دیگر")]
)
async def test_neither_sooner_nor_for_ever(mina: Citizen, text: str, why: str) -> None:
    await mina.press(LATER)
    await mina.send(text)
    (refused,) = await mina.press("بله، درست است")

    assert why in refused.text
    assert await closes_at(mina) is None


async def test_it_is_closed_knowingly_and_once(mina: Citizen) -> None:
    (asked,) = await mina.press(CLOSE)
    await mina.press("نه، باز بماند")
    assert await closes_at(mina) is None
    await mina.press(CLOSE)
    told, page = await mina.press("بله، ببند")
    (twice,) = await pressed(mina, "survey_end:close:1")
    (late,) = await pressed(mina, "survey_end:more:1.3.0")

    assert "تا حالا ۰ جواب" in asked.text
    assert "بسته شد" in told.text
    assert "⚪️ بسته" in page.text
    assert CLOSE not in labels(page)
    assert "باز نیست" in twice.text
    assert "باز نیست" in late.text


@pytest.mark.parametrize(
    "data", ["later:9", "more", "more:1.5.1", "more:x.1.1", "until:1.x", "until:1", "now:", "close"]
)
async def test_forged_buttons_end_nothing(mina: Citizen, data: str) -> None:
    await pressed(mina, f"survey_end:{data}")

    assert await closes_at(mina) is None
