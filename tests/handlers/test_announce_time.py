"""When an announcement is sent, as staff type it, and how it repeats."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import Clock
from tests.botapi import BotApi
from tests.citizen import Citizen, labels
from tests.conftest import FakeClock
from tests.drafting import CHECK, SEND, composed, drafts, stored
from tests.editing import pressed

TIME, REPEAT, RIGHT = "زمان", "🔁 تکرار", "بله، درست است"


@pytest.fixture
def api(telegram: BotApi) -> BotApi:
    """Both messengers see the whole life in `tests/test_announcement_life.py`."""
    return telegram


@pytest.fixture
def clock() -> Clock:
    return FakeClock()


@pytest.fixture
async def mina(mina: Citizen) -> Citizen:
    """She is asked when it goes."""
    await composed(mina)
    await mina.press(TIME)
    return mina


async def rule_of(mina: Citizen) -> dict[str, Any]:
    """How what is sent now comes again."""
    await mina.press(CHECK)
    await mina.press(SEND)
    (row,) = await stored(mina.app)
    rule: dict[str, Any] = json.loads(json.loads(row["repeat"])["rule"])
    return rule


async def test_a_time_is_typed_shown_and_kept(mina: Citizen) -> None:
    (shown,) = await mina.send("فردا ساعت ۱۰")
    _, panel = await mina.press(RIGHT)

    assert "دوشنبه ۲ آذر ۱۴۰۵، ۱۰:۰۰" in shown.text
    assert "سکوت" not in shown.text
    assert "زمان: دوشنبه ۲ آذر ۱۴۰۵، ۱۰:۰۰" in panel.text


async def test_it_is_planned_for_then(mina: Citizen, clock: FakeClock) -> None:
    await mina.send("فردا ساعت ۱۰")
    await mina.send(RIGHT)
    (draft,) = await drafts(mina.app)
    await mina.press(CHECK)
    (told,) = await mina.press(SEND)

    assert "در نوبت ارسال" in told.text
    assert json.loads(draft["body"])["due"] == int((clock.instant + timedelta(days=1)).timestamp() * 1000)


async def test_an_hour_at_which_people_sleep_is_said(mina: Citizen) -> None:
    (shown,) = await mina.send("فردا ۲۳:۳۰")

    assert "ساعت سکوت" in shown.text
    assert RIGHT in labels(shown)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("دیروز", "روزش را پیدا نکردم"),
        ("فردا", "ساعتش را ننوشته‌اید"),
        ("امروز ساعت ۸ صبح", "گذشته است"),
        ("۱۴۰۸/۱/۱ ساعت ۱۰", "بیش از یک سال"),
        ("پنجشنبه ۱۰ آذر ساعت ۱۰", "سه‌شنبه"),
        ("۱۰ آذر و ۱۲ آذر ساعت ۹", "چند روز"),
    ],
)
async def test_what_is_no_time_is_refused_with_the_reason(mina: Citizen, text: str, why: str) -> None:
    (refused,) = await mina.send(text)
    (shown,) = await mina.send("فردا ساعت ۱۰")

    assert why in refused.text
    assert "این‌طور فهمیدم" in shown.text


async def test_at_once_is_a_word_too_and_takes_the_time_back(mina: Citizen) -> None:
    await mina.send("فردا ساعت ۱۰")
    await mina.press(RIGHT)
    await mina.press(TIME)
    _, panel = await mina.send("الان")

    assert "همین حالا" in panel.text


async def test_what_was_right_of_an_earlier_try_is_not_taken_for_the_later_one(mina: Citizen) -> None:
    (first,) = await mina.send("فردا ساعت ۹")
    await mina.send("پس‌فردا ساعت ۹")

    (told,) = await pressed(mina, first.rows[0][0]["callback_data"])

    assert "دیگر کار نمی‌کند" in told.text


async def test_what_was_understood_may_be_wrong(mina: Citizen) -> None:
    await mina.send("فردا ساعت ۱۰")
    await mina.press("دوباره می‌نویسم")
    (late,) = await pressed(mina, "announce_time:right")
    _, panel = await pressed(mina, "announce:panel")

    assert "دیگر کار نمی‌کند" in late.text
    assert "همین حالا" in panel.text


async def test_what_repeats_needs_its_first_time(mina: Citizen) -> None:
    (refused,) = await mina.press(REPEAT)
    (forged,) = await pressed(mina, "announce_time:for_ever")

    assert "اول زمان" in refused.text
    assert "دیگر کار نمی‌کند" in forged.text


async def repeating(mina: Citizen) -> None:
    await mina.send("فردا ساعت ۱۰")
    await mina.press(RIGHT)
    await mina.press(TIME)
    await mina.press(REPEAT)


async def test_every_week_for_ever(mina: Citizen) -> None:
    await repeating(mina)
    await mina.press("هر هفته")
    _, panel = await mina.press("تا وقتی لغوش کنیم")

    assert "تکرار: هر هفته" in panel.text
    assert await rule_of(mina) == {"every": "week", "calendar": "solar", "until": None}


async def test_every_lunar_month_until_a_day(mina: Citizen) -> None:
    await repeating(mina)
    await mina.press("هر ماه")
    await mina.press("قمری")
    (refused,) = await mina.send("یک روزی")
    (past,) = await mina.send("۱۴۰۵/۱/۱")
    _, panel = await mina.send("۲۹ اسفند")

    assert "این تاریخ را نفهمیدم" in refused.text
    assert "گذشته است" in past.text
    assert "تکرار: هر ماه" in panel.text
    assert "تا ۲۹ اسفند ۱۴۰۵" in panel.text
    assert await rule_of(mina) == {"every": "month", "calendar": "lunar", "until": "2027-03-20"}


async def test_once_is_enough_after_all(mina: Citizen) -> None:
    await repeating(mina)
    await mina.press("هر روز")
    await mina.press("تا وقتی لغوش کنیم")
    await mina.press(TIME)
    await mina.press(REPEAT)
    _, panel = await mina.press("فقط یک بار")

    assert "تکرار" not in panel.text
    assert "دوشنبه" in panel.text


@pytest.mark.parametrize("data", ["every:minute", "every", "by:month.martian", "by"])
async def test_forged_rules_are_none(mina: Citizen, data: str) -> None:
    await repeating(mina)
    (refused,) = await pressed(mina, f"announce_time:{data}")

    assert "دیگر کار نمی‌کند" in refused.text
