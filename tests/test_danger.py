"""Danger is answered before anything else, from wherever the citizen is; what only sounds like it is not."""

import pytest

from bot.cues import is_danger
from bot.models import questions
from bot.text import Text
from tests.citizen import Citizen, labels, rows_of

DANGER = "خونه همسایه آتیش گرفته کمک کنید"
NUMBERS = ("۱۱۵", "۱۲۵", "۱۱۰", "۱۹۴")


@pytest.fixture(scope="module")
def text() -> Text:
    return Text()


async def test_the_numbers_come_at_once_from_any_rung_of_the_ladder(sara: Citizen) -> None:
    await sara.send("/start")
    for before in ("تلسکوپ امانتی نجوم", "تلسکوپ کوچک امانت", "تلسکوپ نجوم امانت"):
        await sara.send(before)

        (shown,) = await sara.send(DANGER)

        assert all(number in shown.text for number in NUMBERS), before
    assert DANGER not in str(await sara.app.store.read(lambda unit: rows_of(unit, questions)))


async def test_danger_leaves_the_citizen_where_they_stand_on_the_ladder(sara: Citizen) -> None:
    await sara.send("/start")
    await sara.send("تلسکوپ امانتی نجوم")
    await sara.send(DANGER)

    (shown,) = await sara.send("تلسکوپ کوچک امانت")

    assert "سپردن به همکاران" in labels(shown)


async def test_inside_another_conversation_the_numbers_come_first_and_its_step_still_runs(sara: Citizen) -> None:
    await sara.send("/start")
    await sara.send("حذف من")

    numbers, step = await sara.send(DANGER)

    assert "۱۲۵" in numbers.text
    assert "چیزی پاک نشد" in step.text


async def test_a_newcomer_gets_the_numbers_too(sara: Citizen) -> None:
    shown = await sara.send(DANGER)

    assert "۱۲۵" in shown[-1].text


@pytest.mark.parametrize(
    "told",
    [
        "خونه همسایه داره می‌سوزه",
        "آتیش گرفته اینجا",
        "تصادف شده، مجروح داریم",
        "بابام سکته کرده",
        "بوی گاز میاد تو راه پله",
        "بچه تو آسانسور گیر کرده",
        "یه نفر بیهوش افتاده تو پیاده رو",
        "دارن چاقوکشی می‌کنن",
        "یکی رو برق گرفته",
        "سیم برق افتاده تو کوچه",
        "دیروز هم گفتم، الان آتیش گرفته",
    ],
)
def test_danger_is_heard(text: Text, told: str) -> None:
    assert is_danger(text.fold(told))


@pytest.mark.parametrize(
    "told",
    [
        "آتش‌نشانی کجاست",
        "شماره آتش نشانی چنده",
        "نزدیک‌ترین ایستگاه آتش‌نشانی",
        "دیروز سر چهارراه تصادف شد و چراغ راهنما شکست",
        "پارسال اینجا آتش‌سوزی شد",
        "هفته پیش تو پارک یه بچه زخمی شد، تاب رو درست کنید",
        "اورژانس اجتماعی چیه",
        "کلاس کمک‌های اولیه دارید؟",
        "آسانسور پل عابر خرابه",
        "قبلا هم تصادف شده بود اینجا، سرعت‌گیر بذارید",
        "هر شب اینجا دعوا و چاقوکشی می‌کنن",
        "چراغ خیابون سوخته",
        "زباله‌ها رو می‌سوزونن دودش خفه‌مون کرد",
        "می‌خوام آتش‌نشان بشم",
        "مانور زلزله کی برگزار میشه",
        "پلیس راهور کجاست",
        "برای ایمنی ساختمان از آتش‌نشانی تأییدیه می‌خوام",
        "جشن چهارشنبه سوری برنامه دارید؟",
        "دیشب تصادف شد، نرده وسط خیابون کنده شده",
        "پریشب دزد اومده بود، دوربین نصب کنید",
        "سال گذشته یکی تو این کانال افتاد",
    ],
)
def test_what_only_sounds_like_danger_is_none(text: Text, told: str) -> None:
    assert not is_danger(text.fold(told))
