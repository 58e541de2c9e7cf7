"""Names, counts, the reminder and the end of a survey that is being made."""

from datetime import datetime
from typing import Any

import pytest

from bot.clock import TEHRAN
from bot.models import audit
from tests.citizen import Citizen, rows_of
from tests.editing import pressed
from tests.making import GONE, SETTINGS, TO_SURVEY, blank, only, poll, rows
from tests.town_clock import TownClock

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
    """She has a quick poll."""
    await poll(mina)
    await mina.press(TO_SURVEY)
    await mina.press(SETTINGS)
    return mina


async def row_of(mina: Citizen) -> dict[str, Any]:
    return (await rows(mina.app))[0]


async def test_each_choice_is_explained(mina: Citizen) -> None:
    shown = mina.api.seen(mina.user_id)[-1].text

    for part in ("با نام", "همان‌جا شمارش رأی‌ها", "یادآوری نمی‌شود", "از زمان ارسال ۳ روز"):
        assert part in shown


async def test_without_names_the_counts_are_hidden_until_they_are_chosen(mina: Citizen) -> None:
    (nameless,) = await mina.press("بی‌نام شود")
    hidden = await row_of(mina)
    (counted,) = await mina.press("شمارش را نشان بده")
    shown = await row_of(mina)
    (named,) = await mina.press("با نام شود")

    assert "جدا می‌شود و ما هم نمی‌بینیم" in nameless.text
    assert "از ۲۰ رأی به بعد" in counted.text
    assert (hidden["anonymous"], hidden["shows"]) == (1, 0)
    assert (shown["anonymous"], shown["shows"]) == (1, 1)
    assert (await only(mina.app))["survey"]["anonymous"] is False
    assert "با نام" in named.text


async def test_the_reminder_is_switched(mina: Citizen) -> None:
    await mina.press("یادآوری شود")
    on = (await row_of(mina))["reminds"]
    await mina.press("یادآوری نشود")

    assert (on, (await row_of(mina))["reminds"]) == (1, 0)


async def test_it_lasts_so_many_days_or_until_a_date(mina: Citizen) -> None:
    await mina.press("چقدر باز بماند")
    await mina.press("۱۴ روز")
    days = await row_of(mina)
    await mina.press("چقدر باز بماند")
    (shown,) = await mina.send("۱۵ آذر ساعت ۲۰")
    dated = await row_of(mina)
    await mina.press("چقدر باز بماند")
    await mina.press("۱ روز")
    again = await row_of(mina)

    assert (days["closes_at"], days["lasts_ms"]) == (None, 14 * DAY_MS)
    assert "تا یکشنبه ۱۵ آذر ۱۴۰۵، ۲۰:۰۰ باز می‌ماند" in shown.text
    assert dated["closes_at"] == int(datetime(2026, 12, 6, 20, tzinfo=TEHRAN).timestamp() * 1000)
    assert (again["closes_at"], again["lasts_ms"]) == (None, DAY_MS)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("دیروز ساعت ۹", "گذشته است"),
        ("هر وقت شد", "روزش را پیدا نکردم"),
        ("الان", "گذشته است"),
        ("امروز ساعت ۸ صبح", "گذشته است"),
        ("فردا", "ساعتش را ننوشته‌اید"),
        ("۱۵ فروردین ساعت ۱۰", "تا ۹۰ روز"),
        ("۱۴۰۸/۱/۱ ساعت ۱۰", "بیش از یک سال"),
    ],
)
async def test_what_is_no_end_is_refused_and_the_question_stays(mina: Citizen, text: str, why: str) -> None:
    await mina.press("چقدر باز بماند")
    (refused,) = await mina.send(text)
    kept = (await row_of(mina))["closes_at"]
    await mina.send("فردا ساعت ۲۰")

    assert why in refused.text
    assert kept is None
    assert (await row_of(mina))["closes_at"] is not None


async def test_each_change_is_noted_once(mina: Citizen) -> None:
    await mina.press("یادآوری شود")
    await mina.press("چقدر باز بماند")
    await mina.press("۳ روز")

    deeds = [row["action"] for row in await mina.app.store.read(lambda unit: rows_of(unit, audit))]
    assert deeds.count("survey_changed") == 1


async def test_counts_are_for_polls_alone(mina: Citizen) -> None:
    await blank(mina)
    (told,) = await pressed(mina, "survey_settings:counts:2")

    assert "فقط در نظرسنجی فوری" in told.text


@pytest.mark.parametrize("data", ["days:1.90", "days:1.x", "days:1"])
async def test_forged_days_are_none(mina: Citizen, data: str) -> None:
    (told,) = await pressed(mina, f"survey_settings:{data}")

    assert "یکی از دکمه‌ها" in told.text
    assert (await row_of(mina))["lasts_ms"] == 3 * DAY_MS


@pytest.mark.parametrize("data", ["show:9", "names", "reminder:x"])
async def test_what_never_was_is_gone(mina: Citizen, data: str) -> None:
    (told,) = await pressed(mina, f"survey_settings:{data}")

    assert GONE in told.text
