"""«نظرسنجی‌ها»: what is open, for whom, and what they have answered."""

import pytest
from sqlalchemy import update

from bot.models import surveys
from bot.services.audiences import Audience
from tests.citizen import Citizen, labels
from tests.drafting import choose, go_live
from tests.editing import made_editor
from tests.filing import platform_of
from tests.surveying import HOME, PARK, START, SWING, asked, stands

PARK_DOOR, SWING_DOOR = "🗳 بوستان محله", "🗳 تاب تازه"


@pytest.fixture
async def sara(sara: Citizen) -> Citizen:
    """She has met the bot, which is live."""
    go_live(sara.app)
    await sara.send("/start")
    return sara


@pytest.mark.parametrize("word", ["/surveys", "نظرسنجی", "نظرسنجی ها"])
async def test_nothing_open_is_said_kindly(sara: Citizen, word: str) -> None:
    (told,) = await sara.send(word)

    assert "هیچ نظرسنجی‌ای برای شما باز نیست" in told.text
    assert labels(told) == [HOME]


async def test_the_newest_comes_first_and_what_is_answered_has_a_mark(sara: Citizen) -> None:
    await asked(sara.app, PARK)
    await asked(sara.app, SWING)
    (told,) = await sara.send("نظرسنجی")
    assert told.buttons == [[SWING_DOOR], [PARK_DOOR], [HOME]]

    (poll,) = await sara.press(SWING_DOOR)
    await sara.press("بله")
    (again,) = await sara.send("نظرسنجی")

    assert "تاب بگذاریم؟" in poll.text
    assert again.buttons == [["✓ تاب تازه"], [PARK_DOOR], [HOME]]


async def test_a_survey_is_put_as_it_was_announced(sara: Citizen) -> None:
    await asked(sara.app, PARK)
    await sara.send("/surveys")

    (put,) = await sara.press(PARK_DOOR)
    (first,) = await sara.press(START)

    assert "چند سؤال کوتاه." in put.text
    assert labels(put) == [START, HOME]
    assert "سؤال ۱ از ۴" in first.text
    for said in ("نه", "خوب", "۱", "رد کردن"):
        await sara.send(said)
    (done,) = await sara.send("/surveys")
    assert "جواب داده‌اید" in done.text
    (yours,) = await sara.press("✓ بوستان محله")
    assert "جواب‌هایتان پیش از این رسیده است" in yours.text


async def test_only_what_is_meant_for_them_and_open_is_there(sara: Citizen) -> None:
    other = {"telegram": "bale", "bale": "telegram"}[platform_of(sara)]
    await asked(sara.app, PARK, whom=Audience(platforms=(other,)))
    await asked(sara.app, PARK, whom=Audience(neighbourhoods=("doulab",)))
    over = await asked(sara.app, PARK)
    at = update(surveys).where(surveys.c.id == over).values(closes_at=1)
    await sara.app.store.write(lambda unit: unit.surveys._connection.execute(at))
    await sara.app.store.write(lambda unit: unit.surveys.add("{}", anonymous=False))
    (none,) = await sara.send("نظرسنجی")

    await choose(sara, lives="doulab")
    (one,) = await sara.send("نظرسنجی")

    assert labels(none) == [HOME]
    assert labels(one) == [PARK_DOOR, HOME]


async def test_before_the_service_is_live_staff_alone_see_them(sara: Citizen, reza: Citizen) -> None:
    go_live(sara.app, live=False)
    await made_editor(reza)
    await asked(sara.app, PARK)

    (none,) = await sara.send("نظرسنجی")
    (one,) = await reza.send("نظرسنجی")

    assert labels(none) == [HOME]
    assert labels(one) == [PARK_DOOR, HOME]


async def test_it_leads_away_from_a_survey_and_back_to_where_they_were(sara: Citizen) -> None:
    await asked(sara.app, PARK)
    await sara.send("/surveys")
    await sara.press(PARK_DOOR)
    await sara.press(START)
    await sara.press("نه")

    await sara.send("نظرسنجی")
    left = await stands(sara.app)
    await sara.press(PARK_DOOR)
    (again,) = await sara.press(START)

    assert left == []
    assert "سؤال ۲ از ۴" in again.text
