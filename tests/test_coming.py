"""What is on: which events a question gets at which moment, and how they are told."""

import shutil
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot import content, loading, markup
from bot.answers import Answers
from bot.clock import TEHRAN
from bot.errors import Faults
from bot.services import coming, dated, event_drafts, jalali, period
from bot.services.coming import Coming, Event, Wanted
from bot.store.events import Plan
from tests.questions.__main__ import answers
from tests.test_text import text

KINDS = ("culture", "joy", "city", "people", "tourism")


def moment(day: str, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of a Jalali day: "1405-09-01"."""
    found = jalali.day_of(day)
    assert found is not None
    return datetime(found.year, found.month, found.day, hour, minute, tzinfo=TEHRAN)


SUNDAY = moment("1405-09-01")


def planned(title: str, when: str, **more: str) -> Plan:
    """An event as an editor would enter it on that Sunday."""
    values = {"title": title, "kind": "culture", "place": "سرای محله"} | more
    return event_drafts.plan(values | event_drafts.times(dated.read(when, SUNDAY)))


@cache
def known() -> Coming:
    """A town in which something is on."""
    rows = (
        ("نمایش عروسکی", "culture", "children", "سه‌شنبه ۳ آذر ۱۷ تا ۱۹"),
        ("پیاده‌روی خانوادگی", "joy", "", "جمعه ۶ آذر ۸ تا ۱۰"),
        ("بازارچه", "tourism", "", "۵ تا ۷ آذر"),
        ("شب شعر", "culture", "", "۱ آذر ساعت ۲۰ تا ۲۲"),
        ("کارگاه سفال", "culture", "women", "شنبه ۷ آذر ساعت ۱۶"),
        ("پاکسازی", "people", "", "۹ تا ۱۰ آذر، ساعت ۹ تا ۱۲"),
        ("جشن سال نو", "joy", "", "۲۹ اسفند ۲۳ تا ۱"),
        ("کنسرت", "culture", "", "چهارشنبه ۴ آذر ساعت ۱۹"),
    )
    events = [
        Event(
            number,
            planned(title, when, kind=kind, audience=audience),
            cancelled=title == "کنسرت",
            reason="بارندگی" if title == "کنسرت" else "",
        )
        for number, (title, kind, audience, when) in enumerate(rows, start=1)
    ]
    return Coming(content.load("coming"), tuple(events))


def titles(question: str, now: datetime) -> list[str]:
    reply = town_answers().reply(question, now)
    assert reply.topic == "service.events", question
    wanted = known().wanted(reply.understood, now, KINDS)
    return [event.plan.title for event in known().select(wanted, now)]


@cache
def town_answers() -> Answers:
    return answers(text())


SHOW, WALK, MARKET, POEMS, CLAY, CLEANING, NEW_YEAR, CONCERT = (
    "نمایش عروسکی",
    "پیاده‌روی خانوادگی",
    "بازارچه",
    "شب شعر",
    "کارگاه سفال",
    "پاکسازی",
    "جشن سال نو",
    "کنسرت",
)


@pytest.mark.parametrize(
    ("now", "question", "found"),
    [
        (SUNDAY, "امروز چه برنامه‌ای هست؟", [POEMS]),
        (SUNDAY, "امشب چه خبره؟", [POEMS]),
        (moment("1405-09-01", 21, 59), "امروز چه برنامه‌ای هست؟", [POEMS]),
        (moment("1405-09-01", 22, 0), "امروز چه برنامه‌ای هست؟", []),
        (SUNDAY, "این هفته چه خبر است؟", [POEMS, SHOW, CONCERT, MARKET, WALK]),
        (moment("1405-09-03", 18, 59), "این هفته چه خبره", [SHOW, CONCERT, MARKET, WALK]),
        (moment("1405-09-03", 19, 0), "این هفته چه خبره", [CONCERT, MARKET, WALK]),
        (SUNDAY, "برنامه فرهنگی فردا؟", []),
        (moment("1405-09-02", 23, 59), "برنامه فرهنگی فردا؟", [SHOW]),
        (moment("1405-09-03", 0, 0), "برنامه فرهنگی فردا؟", [CONCERT]),
        (moment("1405-09-03", 0, 0), "امروز چه مراسمی هست", [SHOW]),
        (SUNDAY, "جمعه مراسمی هست؟", [MARKET, WALK]),
        (moment("1405-09-06", 7, 0), "جمعه مراسمی هست؟", [MARKET, WALK]),
        (moment("1405-09-06", 10, 0), "جمعه مراسمی هست؟", [MARKET]),
        (moment("1405-09-06", 23, 59), "این هفته چه خبره؟", [MARKET]),
        (moment("1405-09-07", 0, 0), "این هفته چه خبره؟", [MARKET, CLAY, CLEANING]),
        (SUNDAY, "برنامه‌های بچه‌ها این هفته", [SHOW]),
        (SUNDAY, "هفته آینده چه رویدادهایی هست؟", [MARKET, CLAY, CLEANING]),
        (SUNDAY, "برنامه بانوان هفته بعد", [CLAY]),
        (SUNDAY, "آخر هفته چه برنامه‌ای دارید؟", [MARKET, WALK]),
        (moment("1405-09-06", 12, 0), "آخر هفته چه برنامه‌ای دارید؟", [MARKET]),
        (moment("1405-09-09", 13, 0), "امروز چه برنامه‌ای هست؟", []),
        (moment("1405-09-09", 13, 0), "فردا چه برنامه‌ای هست؟", [CLEANING]),
        (moment("1405-09-10", 12, 0), "امروز چه برنامه‌ای هست؟", []),
        (SUNDAY, "۷ آذر چه برنامه‌ای هست", [MARKET, CLAY]),
        (moment("1405-12-29", 23, 30), "امشب چه خبره", [NEW_YEAR]),
        (moment("1406-01-01", 0, 30), "امروز چه خبره؟", [NEW_YEAR]),
        (moment("1406-01-01", 1, 0), "امروز چه خبره؟", []),
        (moment("1405-12-28", 12, 0), "فردا چه خبره", [NEW_YEAR]),
        (moment("1405-12-20", 12, 0), "این ماه چه برنامه‌هایی هست", [NEW_YEAR]),
        (SUNDAY, "این ماه چه جشنواره‌ای هست", [POEMS, SHOW, CONCERT, MARKET, WALK, CLAY, CLEANING]),
        (SUNDAY, "emrooz che barname ei hast", [POEMS]),
        (SUNDAY, "فردا چه مراسمي برگزار ميشه", []),
        (SUNDAY, "jome marasemi hast?", [MARKET, WALK]),
    ],
)
def test_a_question_gets_the_events_of_its_days(now: datetime, question: str, found: list[str]) -> None:
    assert titles(question, now) == found


@pytest.mark.parametrize(
    "question",
    [
        "این هفته چه خبر؟",
        "فردا تو محله چه خبره؟",
        "پنجشنبه کارگاه هست؟",
        "جمعه برنامه‌ای دارید",
        "برنامه‌های ورزشی این هفته",
        "امروز تو پارک چه برنامه‌ای هست",
        "سلام این هفته چه برنامه هایی دارین",
        "هفته بعد کنسرت هست؟",
        "in hafte che khabare",
    ],
)
def test_who_asks_what_is_on_is_understood(question: str) -> None:
    assert town_answers().reply(question, SUNDAY).topic == "service.events"


@pytest.mark.parametrize(
    "question",
    [
        "چه خبر؟",
        "سلام چه خبرا",
        "فردا شهرداری بازه؟",
        "برنامه دهه فجر",
        "برنامه ۲۲ بهمن",
        "شب یلدا برنامه عمومی میذارین یا نه",
        "محله‌گردی این هفته کدوم محله‌ست؟",
        "برنامه تلویزیون امشب",
        "برنامه کلاسی این هفته دانشگاه",
        "هفته فرهنگی",
        "از برنامه پارک خبر نداشتیم از دستمون رفت، دفعه بعد خودتون بهم خبر بدین",
        "امروز از صبح صدای اجرای موسیقی همسایه نمی‌ذاره بخوابیم",
        "ملاقات شهردار دوشنبه",
    ],
)
def test_who_asks_something_else_is_not_told_what_is_on(question: str) -> None:
    assert town_answers().reply(question, SUNDAY).topic != "service.events"


# -- how they are told


def told(title: str, now: datetime = SUNDAY) -> str:
    event = next(event for event in known().events if event.plan.title == title)
    return markup.plain(known().whole(event, now))


@pytest.mark.parametrize(
    ("title", "line"),
    [
        (SHOW, "نمایش عروسکی\nسه‌شنبه ۳ آذر، ساعت ۱۷ تا ۱۹\nسرای محله\nویژه کودک و نوجوان"),
        (MARKET, "بازارچه\nپنجشنبه ۵ آذر تا شنبه ۷ آذر\nسرای محله"),
        (CLEANING, "پاکسازی\nدوشنبه ۹ آذر تا سه‌شنبه ۱۰ آذر، هر روز ساعت ۹ تا ۱۲\nسرای محله"),
        (CONCERT, "❌ کنسرت لغو شد\nچهارشنبه ۴ آذر، ساعت ۱۹\nدلیل: بارندگی"),
        (NEW_YEAR, "جشن سال نو\nشنبه ۲۹ اسفند، ساعت ۲۳ تا ۱\nسرای محله"),
    ],
)
def test_an_event_is_told_with_weekday_date_time_and_place(title: str, line: str) -> None:
    assert told(title) == line


def test_a_day_of_another_year_is_told_with_its_year() -> None:
    assert "۲۹ اسفند ۱۴۰۵" in told(NEW_YEAR, moment("1406-01-01", 0, 30))


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("", "این هفته، تا جمعه ۶ آذر"),
        ("فردا", "فردا دوشنبه ۲ آذر"),
        ("اخر هفته", "آخر هفته، پنجشنبه ۵ آذر و جمعه ۶ آذر"),
        ("هفته اینده", "هفته آینده، شنبه ۷ آذر تا جمعه ۱۳ آذر"),
        ("ماه بعد", "ماه آینده، سه‌شنبه ۱ دی تا چهارشنبه ۳۰ دی"),
        ("این ماه", "این ماه، تا دوشنبه ۳۰ آذر"),
        ("جمعه", "جمعه ۶ آذر"),
    ],
)
def test_the_days_are_named(question: str, named: str) -> None:
    assert known().called(period.period(question, SUNDAY), SUNDAY) == named


def test_a_program_shows_what_comes_of_it_and_no_more_than_three() -> None:
    many = [Event(n, planned(f"برنامه {n}", "فردا ساعت ۱۰", program="program.flag", place="پارک")) for n in range(5)]
    town = Coming(known().words, (*known().events, *many))

    shown = markup.plain(town.beneath("پرچم چیست.", "program.flag", SUNDAY))

    assert shown.startswith("پرچم چیست.\n\n📅 در روزهای پیش رو\nبرنامه 0\nدوشنبه ۲ آذر، ساعت ۱۰\nپارک\n\nبرنامه 1")
    assert shown.count("پارک") == coming.UNDER_PROGRAM
    assert markup.plain(town.beneath("پرچم چیست.", "program.flag", SUNDAY + timedelta(days=2))) == "پرچم چیست."


def test_what_staff_wrote_is_never_read_as_markup() -> None:
    title = "**بازی** [اینجا](https://evil.example) {place} <b>"
    event = Event(1, planned(title, "فردا ساعت ۱۰", place="{title}"))

    shown = known().line(event, SUNDAY)

    assert {span.style for span in shown} <= {"", "b"}
    assert markup.plain(shown) == f"{title}\nدوشنبه ۲ آذر، ساعت ۱۰\n{{title}}"


def test_what_comes_next_is_of_the_same_kind_if_there_is_any() -> None:
    tomorrow = period.period("فردا", SUNDAY)

    assert (known().following(Wanted(tomorrow, "people"), SUNDAY) or known().events[0]).plan.title == CLEANING
    assert (known().following(Wanted(tomorrow, "city"), SUNDAY) or known().events[1]).plan.title == POEMS
    assert known().following(Wanted(tomorrow), moment("1406-02-01")) is None


# -- buttons carry what was asked


@pytest.mark.parametrize(
    "question", ["", "فردا", "امشب", "جمعه", "اخر هفته", "هفته اینده", "این ماه", "ماه بعد", "اینده"]
)
def test_what_was_asked_comes_back_from_a_button(question: str) -> None:
    wanted = Wanted(period.period(question, SUNDAY), "culture", "children")

    assert Wanted.from_text(wanted.to_text()) == wanted
    assert len(f"week:more:{wanted.to_text()}-100") <= 64


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "x",
        "today-1-1-a",
        "today-9999999-1--",
        "moon-739000-1--",
        "today-739943-0--",
        "today-739943-99999--",
        "today-a-b--",
    ],
)
def test_what_nobody_gave_out_is_refused(forged: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Wanted.from_text(forged)


# -- the content


def test_a_group_of_programs_without_words_stops_the_start(tmp_path: Path) -> None:
    for folder in ("content", "handlers"):
        shutil.copytree(loading.ROOT / folder, tmp_path / folder)
    file = tmp_path / "content" / "coming.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("\ntourism = ", "\ntours = "), encoding="utf-8")

    with pytest.raises(Faults) as refused:
        loading.load(tmp_path)

    assert (
        "content/coming.toml",
        "words.tourism",
        "is missing: a group of programs in menu.toml",
    ) in refused.value.faults


def test_every_text_about_events_is_told_somewhere() -> None:
    code = (loading.ROOT / "bot" / "services" / "coming.py").read_text(encoding="utf-8")
    computed = {f"period_{name}" for name in period.NAMES} | {
        f"{shape}{times}" for shape in ("day", "days") for times in ("", "_start", "_span")
    }
    words = known().words

    assert [key for key in words.texts if f'"{key}"' not in code and key not in computed] == []
    assert computed <= words.texts.keys()
    assert set(words.buttons) == set(coming.AUDIENCES)
    assert set(words.words) == {*KINDS, *coming.AUDIENCES}
