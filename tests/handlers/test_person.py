"""From the bot to a person and back, said aloud each time."""

import pytest

from bot.models import cases
from bot.services import bans, handling, persons
from bot.services.handling import Said
from bot.store.cases import Case
from tests.citizen import Citizen, labels, rows_of
from tests.editing import pressed
from tests.filing import happened, joined, plain, spread
from tests.group import Group

BEGIN, END = "👤 صحبت با کارشناس", "⏹ پایان گفت‌وگو"
WORDS = "برای تخفیف عوارض چه مدرکی لازم است؟"


@pytest.fixture
async def desk(sara: Citizen) -> Group:
    group = Group(sara.app, sara.api)
    await joined(group)
    return group


async def begun(sara: Citizen) -> Case:
    """Sara talks with the staff."""
    await sara.send("/person")
    await sara.send(WORDS)
    who = await sara.app.store.read(lambda unit: unit.citizens.find(sara.api.dialect.name, sara.user_id, sara.user_id))
    assert who is not None
    case = await sara.app.store.read(lambda unit: persons.talking(unit, who.citizen))
    assert case is not None
    return case


async def test_what_is_written_reaches_the_staff_and_their_answer_comes_back(sara: Citizen, desk: Group) -> None:
    (asked,) = await sara.send("صحبت با کارشناس")
    (begun_,) = await sara.send(WORDS)
    more = await sara.send("مالک هستم")
    case = (await sara.app.store.read(lambda unit: rows_of(unit, cases)))[0]
    member = (await sara.app.store.read(lambda unit: unit.staff.all()))[0]
    await spread(sara.app, lambda unit: handling.tell(unit, member, str(case["id"]), Said("سند و کارت ملی")))

    assert "موضوع چیست" in asked.text
    assert labels(begun_) == [END]
    assert "دوباره من جواب بدهم" in begun_.text
    assert more == [], "they talk with people now, and only people answer"
    shown = "\n".join(seen.text for seen in sara.api.seen(desk.number))
    assert WORDS.rstrip("؟") in shown
    assert "مالک هستم" in shown
    assert "گفت‌وگو" in shown
    last = sara.api.seen(sara.user_id)[-1]
    assert plain(last) == "👤 سند و کارت ملی"
    assert labels(last) == [END]


async def test_while_they_talk_the_bot_answers_nothing(sara: Citizen, desk: Group) -> None:
    await begun(sara)

    assert await sara.send("کد پستی شهرداری چنده؟") == []


@pytest.mark.parametrize("by_word", [True, False])
async def test_the_citizen_ends_it_and_the_bot_is_back(sara: Citizen, desk: Group, *, by_word: bool) -> None:
    case = await begun(sara)

    (ended,) = await (sara.send(END) if by_word else sara.press(END))
    (answer, *_) = await sara.send("کد پستی شهرداری چنده؟")

    assert "دوباره من، همیار ۱۴، جواب می‌دهم" in ended.text
    assert "کد پستی" in answer.text
    assert "پایان داد" in sara.api.seen(desk.number)[-1].text
    assert ("ended", None) in await happened(sara.app, case)


async def test_staff_end_it_and_say_so(sara: Citizen, desk: Group) -> None:
    case = await begun(sara)
    member = (await sara.app.store.read(lambda unit: unit.staff.all()))[0]
    await spread(sara.app, lambda unit: handling.close(unit, member, str(case.id), "answered", Said("همین است.")))

    told = sara.api.seen(sara.user_id)[-1]
    (answer, *_) = await sara.send("کد پستی شهرداری چنده؟")

    assert "همین است." in told.text
    assert "دوباره من، همیار ۱۴، جواب می‌دهم" in told.text
    assert labels(told) == []
    assert "کد پستی" in answer.text


async def test_a_danger_told_to_a_person_still_shows_the_numbers(sara: Citizen, desk: Group) -> None:
    await begun(sara)

    (warned,) = await sara.send("خونه‌مون آتیش گرفته کمک")

    assert "۱۲۵" in warned.text


async def test_who_went_elsewhere_comes_back_to_the_same_talk(sara: Citizen, desk: Group) -> None:
    case = await begun(sara)
    await sara.send("/menu")

    (again,) = await sara.send("/person")
    await sara.send("هنوز هستم")

    assert "هنوز باز است" in again.text
    assert ("added", "هنوز هستم") in await happened(sara.app, case)


async def test_too_long_and_empty_words_are_refused_in_one_sentence(sara: Citizen, desk: Group) -> None:
    await sara.send("/person")
    (long,) = await sara.send("ا" * 1500)
    (begun_,) = await sara.send(WORDS)

    assert "۱۵۰۰ حرف" in long.text
    assert labels(begun_) == [END]


async def test_an_old_button_ends_nothing_twice(sara: Citizen, desk: Group) -> None:
    await begun(sara)
    await sara.press(END)

    (over,) = await pressed(sara, "person:end")

    assert "تمام شده است" in over.text


async def test_who_is_banned_is_told_so_and_until_when(sara: Citizen, desk: Group) -> None:
    await sara.send("سلام")
    member = (await sara.app.store.read(lambda unit: unit.staff.all()))[0]
    await sara.app.store.write(
        lambda unit: bans.ban(unit, member, sara.api.dialect.name, sara.user_id, 7, "پیام‌های توهین‌آمیز")
    )

    (told,) = await sara.send("/person")

    assert "پیام‌های توهین‌آمیز" in told.text
    assert "نمی‌توانید" in told.text
