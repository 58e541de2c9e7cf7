"""A short message keeps the subject of the answer before; a message with a subject of its own never does."""

from datetime import timedelta

import pytest

from bot.followups import follow
from bot.loading import Loaded
from bot.models import QuestionState, questions
from bot.text import Text
from tests.citizen import Citizen, labels, rows_of
from tests.conftest import FakeClock

PROGRAM, HOURS = "محله‌گردی چیه؟", "الان بازید؟"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="module")
def text() -> Text:
    return Text()


async def ask(sara: Citizen, *asked: str) -> str:
    """The last of what the bot said to the last of these."""
    for message in asked:
        *_, shown = await sara.send(message)
    return shown.text


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("چهارشنبه چطور؟", "چهارشنبه"),
        ("فردا چی؟", "فردا"),
        ("و جمعه؟", "جمعه"),
        ("پنج شنبه؟", "پنجشنبه"),
        ("farda chi", "فردا"),
        ("۲۲ بهمن چی؟", "۲۲ بهمن"),
        ("شنبه هفته بعد چی", "شنبه"),
    ],
)
@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_another_day_after_the_hours(sara: Citizen, asked: str, day: str) -> None:
    shown = await ask(sara, HOURS, asked)

    assert day in shown
    assert "ساعت کاری" in shown


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_another_time_after_the_hours(sara: Citizen) -> None:
    shown = await ask(sara, HOURS, "ساعت ۱۷ چطور؟")

    assert "ساعت ۱۷" in shown
    assert "بسته است" in shown


async def test_one_follow_up_after_another(sara: Citizen) -> None:
    first, second, third = [await ask(sara, asked) for asked in (HOURS, "۲۲ بهمن چی؟", "و ۲۳ بهمن؟")]

    assert "۲۲ بهمن" in second
    assert "۲۳ بهمن" in third
    assert len({first, second, third}) == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("شماره‌اش چنده؟", "۹۶۰۴۰۹۰۰"),
        ("کجاست؟", "کجا برگزار می‌شود"),
        ("از کی شروع میشه؟", "زمان «"),
        ("جمعه هم هست؟", "زمان «"),
        ("برای بچه‌ها هم هست؟", "برای چه کسانی"),
        ("رایگانه؟", "هزینه دارد"),
        ("چطور ثبت نام کنم؟", "ثبت‌نام کرد"),
        ("بیشتر توضیح بده", "بیشتر از این نمی‌دانم"),
        ("kojast", "کجا برگزار می‌شود"),
    ],
)
@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_what_a_program_does_not_say_is_said_so_with_a_number_to_call(
    sara: Citizen, loaded: Loaded, asked: str, said: str
) -> None:
    shown = await ask(sara, PROGRAM, asked)

    assert said in shown
    assert loaded.library.answers.entries["program.neighbourhood_walk"].title in shown
    assert "۹۶۰۴۰۹۰۰" in shown


async def test_what_was_not_said_can_be_asked_of_staff(sara: Citizen) -> None:
    await ask(sara, PROGRAM)
    (shown,) = await sara.send("رایگانه؟")
    (passed,) = await sara.press("سپردن به همکاران")

    assert "سپردن به همکاران" in labels(shown)
    assert "ثبت شد" in passed.text
    (row,) = await sara.app.store.read(lambda unit: rows_of(unit, questions))
    assert (row["text"], row["state"]) == ("محله‌گردی: رایگانه؟", QuestionState.PASSED)


async def test_an_entry_that_names_those_who_are_asked_about_says_so_itself(sara: Citizen) -> None:
    shown = await ask(sara, "ایستگاه نشاط چیه", "برای خانواده‌ها هم هست؟")

    assert "سرگرمی برای خانواده" in shown


async def test_more_turns_to_the_next_page(sara: Citizen, loaded: Loaded) -> None:
    entry = loaded.library.answers.entries["vision.economy"]
    pages = [await ask(sara, "چشم‌انداز اقتصاد شهری تهران ۱۴۰۴"), await ask(sara, "بیشتر"), await ask(sara, "ادامه")]

    assert len(set(pages)) == 3
    assert entry.more[0].splitlines()[0].strip("*") in pages[1]


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_of_the_office_itself_the_right_entry_answers(sara: Citizen) -> None:
    address = await ask(sara, HOURS, "کجاست؟")
    phone = await ask(sara, "شماره‌اش چنده؟")

    assert "چهارراه زمزم" in address
    assert "۹۶۰۴۰۰۰۰" in phone


@pytest.mark.parametrize("api", ["telegram"], indirect=True)
async def test_of_another_body_its_own_door_is_shown_again(sara: Citizen) -> None:
    shown = await ask(sara, "برقمون قطع شده", "شماره‌اش چنده؟")

    assert "۱۲۱" in shown
    assert "۹۶۰۴۰۹۰۰" not in shown


async def test_a_question_with_its_own_subject_is_a_new_one(sara: Citizen) -> None:
    for asked in (PROGRAM, HOURS):
        await ask(sara, asked)
        assert "۱۷۷۷۶۸۳۱۹۳" in await ask(sara, "کد پستی شهرداری چنده؟")


async def test_after_a_quarter_of_an_hour_the_subject_is_forgotten(sara: Citizen, clock: FakeClock) -> None:
    await ask(sara, PROGRAM)
    clock.instant += timedelta(minutes=16)

    assert "«محله‌گردی»" not in await ask(sara, "از کی شروع میشه؟")


async def test_another_subject_takes_its_place_and_small_talk_does_not(sara: Citizen) -> None:
    assert "محله‌گردی" in await ask(sara, PROGRAM, "ممنون", "رایگانه؟")
    assert "«محله‌گردی»" not in await ask(sara, "کد پستی شهرداری چنده؟", "رایگانه؟")


@pytest.mark.parametrize(
    "asked",
    [
        "شماره آتش‌نشانی چنده",
        "تلفن شهرداری",
        "کتابخونه کجاست",
        "فردا باران میاد؟",
        "کلاس شنا برای بچه‌ها هم هست؟",
        "جشنواره از کی شروع میشه",
        "پارک رایگانه؟",
        "عوارض نوسازی چقدره",
        "چطور ثبت نام کنم برای سرای محله",
        "بیشتر مردم کجا میرن",
        "سلام",
        "ممنون",
        "جمعه بازه؟",
        "ساعت کاری",
        "شماره ملی من چنده",
        "ژژژ",
        "",
    ],
)
def test_what_has_a_subject_of_its_own_follows_nothing(text: Text, asked: str) -> None:
    assert follow(text.fold(asked)) == ""


@pytest.mark.parametrize("sign", ["شماره اش ", "و ", "بیشتر ", "۱ ", "برای ", "کجا "])
def test_hostile_messages_cost_no_time(text: Text, sign: str) -> None:
    assert follow(text.fold(sign * 5000)) == ""
    assert follow((sign * 20)[:59]) in {"", "day"}
