"""Hours: the sentence of the moment, at the edges of every day and for every way to ask."""

from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from bot.clock import TEHRAN
from bot.services.hours import Hours, describe, is_open, load
from bot.services.when import Asked, asked
from tests.test_text import text

FILE = Path(__file__).parents[1] / "content" / "hours.toml"
SUNDAY = "2026-11-22 09:15"


@cache
def hours() -> Hours:
    table, faults = load(FILE)
    assert faults == []
    return table


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=TEHRAN)


def said(question: str, moment: str = SUNDAY) -> str:
    return describe(hours(), text().fold(question), at(moment)).replace("**", "")


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-21 07:59:59", False),  # Saturday
        ("2026-11-21 08:00", True),
        ("2026-11-22 08:00", True),
        ("2026-11-22 16:29:59", True),
        ("2026-11-22 16:30", False),
        ("2026-11-23 12:00", True),
        ("2026-11-24 16:29", True),
        ("2026-11-24 23:59", False),
        ("2026-11-25 08:00", True),  # Wednesday
        ("2026-11-25 15:29:59", True),
        ("2026-11-25 15:30", False),
        ("2026-11-25 16:00", False),
        ("2026-11-26 10:00", False),  # Thursday
        ("2026-11-27 10:00", False),  # Friday
        ("2026-11-28 00:00", False),
        ("2026-11-28 08:00", True),
    ],
)
def test_the_edges_of_the_week(moment: str, opened: bool) -> None:
    assert is_open(hours(), at(moment)) is opened


@pytest.mark.parametrize(
    ("question", "moment", "piece"),
    [
        ("", "2026-11-22 09:15", "الان باز است، تا ساعت ۱۶:۳۰ (۷ ساعت و ۱۵ دقیقه دیگر)"),
        ("الان بازه؟", "2026-11-22 16:29:30", "(۱ دقیقه دیگر)"),
        ("الان بازه؟", "2026-11-22 15:30", "(۱ ساعت دیگر)"),
        ("بازید؟", "2026-11-22 07:59", "امروز ساعت ۸ باز می‌شود (۱ دقیقه دیگر)"),
        ("بازید؟", "2026-11-22 00:10", "امروز ساعت ۸ باز می‌شود (۷ ساعت و ۵۰ دقیقه دیگر)"),
        ("بازید؟", "2026-11-22 16:30", "فردا، دوشنبه ۲ آذر از ساعت ۸ تا ۱۶:۳۰"),
        ("بازید؟", "2026-11-24 18:00", "فردا، چهارشنبه ۴ آذر از ساعت ۸ تا ۱۵:۳۰"),
        ("بازید؟", "2026-11-25 15:30", "شنبه ۷ آذر از ساعت ۸ تا ۱۶:۳۰"),
        ("بازید؟", "2026-11-26 10:00", "الان بسته است. پس‌فردا، شنبه ۷ آذر"),
        ("بازید؟", "2026-11-27 10:00", "الان بسته است. فردا، شنبه ۷ آذر"),
        ("امروز تا کی هستین", "2026-11-25 10:00", "تا ساعت ۱۵:۳۰"),
        ("فردا بازین؟", "2026-11-22 20:00", "فردا، دوشنبه ۲ آذر از ساعت ۸ تا ۱۶:۳۰ باز است"),
        ("فردا؟", "2026-11-25 10:00", "فردا، پنجشنبه ۵ آذر تعطیل است. شنبه ۷ آذر"),
        ("پس‌فردا چطور", "2026-11-22 10:00", "پس‌فردا، سه‌شنبه ۳ آذر"),
        ("پسفردا", "2026-11-25 10:00", "پس‌فردا، جمعه ۶ آذر تعطیل است"),
        ("چهارشنبه چطور؟", "2026-11-22 10:00", "چهارشنبه ۴ آذر از ساعت ۸ تا ۱۵:۳۰"),
        ("چهارشنبه چطور؟", "2026-11-25 10:00", "امروز، چهارشنبه ۴ آذر از ساعت ۸ تا ۱۵:۳۰"),
        ("چهارشنبه چطور؟", "2026-11-25 19:00", "برای امروز تمام شده است"),
        ("چهارشنبه", "2026-11-26 10:00", "چهارشنبه ۱۱ آذر"),
        ("۵شنبه بازه", "2026-11-22 10:00", "پنجشنبه ۵ آذر تعطیل است"),
        ("پنج شنبه", "2026-11-22 10:00", "پنجشنبه ۵ آذر تعطیل است"),
        ("پنجشنبه‌ها", "2026-11-26 10:00", "امروز، پنجشنبه ۵ آذر تعطیل است"),
        ("آخر هفته بازین", "2026-11-22 10:00", "تعطیل است"),
        ("جمعه هستین", "2026-11-22 10:00", "جمعه ۶ آذر تعطیل است. شنبه ۷ آذر"),
        ("شنبه", "2026-11-22 10:00", "شنبه ۷ آذر از ساعت ۸ تا ۱۶:۳۰"),
        ("دوشنبه هفته بعد", "2026-11-22 10:00", "دوشنبه ۹ آذر"),
        ("ساعت ۵ بازه؟", "2026-11-22 10:00", "امروز، یکشنبه ۱ آذر ساعت ۱۷ بسته است"),
        ("ساعت ۱۶:۳۰ باز است؟", "2026-11-22 10:00", "ساعت ۱۶:۳۰ بسته است"),
        ("ساعت ۱۶:۲۹ باز است؟", "2026-11-22 10:00", "ساعت ۱۶:۲۹ باز است"),
        ("ساعت ۸ صبح فردا باز است؟", "2026-11-22 10:00", "فردا، دوشنبه ۲ آذر ساعت ۸ باز است"),
        ("سه‌شنبه ظهر بیام هستین دیگه؟", "2026-11-22 10:00", "سه‌شنبه ۳ آذر ساعت ۱۲ باز است و تا ۱۶:۳۰"),
        ("تا ۴ میرسم", "2026-11-22 10:00", "ساعت ۱۶ باز است"),
        ("تا ۴ میرسم", "2026-11-25 10:00", "ساعت ۱۶ بسته است. ساعت کاری آن روز: ۸ تا ۱۵:۳۰"),
        ("چهارشنبه ساعت چهار", "2026-11-22 10:00", "چهارشنبه ۴ آذر ساعت ۱۶ بسته است"),
        ("فردا هفت و نیم زوده نه؟", "2026-11-22 10:00", "ساعت ۷:۳۰ بسته است"),
        ("اگه یه ربع به چهار برسم کسی هست", "2026-11-22 10:00", "ساعت ۱۵:۴۵ باز است"),
        ("۸ شب هستین", "2026-11-22 10:00", "ساعت ۲۰ بسته است"),
        ("ساعت ۱۰ جمعه", "2026-11-22 10:00", "جمعه ۶ آذر تعطیل است"),
        ("ساعت ۵ بازه؟", "2026-11-22 18:00", "برای امروز تمام شده است"),
        ("۲۲ بهمن", "2026-11-22 10:00", "پنجشنبه ۲۲ بهمن تعطیل است"),
        ("پنج دی بازین", "2026-11-22 10:00", "شنبه ۵ دی از ساعت ۸"),
        ("اول شهریور", "2026-11-22 10:00", "الان باز است"),
        ("تعطیلات رسمی هم بازین؟", "2026-11-22 10:00", "در تعطیلات رسمی بسته است"),
        ("سلام صبح بخیر منطقه ۱۴ بازه؟", "2026-11-22 10:00", "الان باز است"),
        ("تا ساعت چند بازه", "2026-11-22 10:00", "الان باز است، تا ساعت ۱۶:۳۰"),
    ],
)
def test_the_sentence_fits_question_and_moment(question: str, moment: str, piece: str) -> None:
    assert piece in said(question, moment)


def test_the_moment_is_read_in_tehran_whatever_zone_it_comes_in() -> None:
    utc = datetime.fromisoformat("2026-11-22T04:30:00+00:00")
    assert is_open(hours(), utc)
    assert not is_open(hours(), utc.replace(minute=29))


def test_every_open_day_says_that_public_holidays_are_closed() -> None:
    assert all("تعطیل رسمی" in said(question) for question in ("", "فردا", "شنبه", "ساعت ۹ باز است؟"))


def test_what_is_asked_is_read_without_a_calendar() -> None:
    assert asked("شنبه هفته بعد ساعت 9") == Asked(weekday=0, next_week=True, minute=540)
    assert asked("منطقه 14") == Asked()
    assert asked("31 مهر").day(at(SUNDAY).date()) == at(SUNDAY).date()


TWO_SPANS = """
[office.region14]
name = "دفتر"
[office.region14.week]
sunday = ["08:00-12:00", "13:00-24:00"]
"""


def two_spans(folder: Path, week: str = TWO_SPANS) -> tuple[Hours, list[str]]:
    texts = FILE.read_text(encoding="utf-8").partition("[texts]")[2]
    path = folder / "hours.toml"
    path.write_text(f"{week}\n[texts]{texts}", encoding="utf-8")
    table, faults = load(path)
    return table, [f"{fault.key}: {fault.reason}" for fault in faults]


@pytest.mark.parametrize(
    ("moment", "piece"),
    [
        ("2026-11-22 11:59", "تا ساعت ۱۲"),
        ("2026-11-22 12:00", "امروز ساعت ۱۳ باز می‌شود (۱ ساعت دیگر)"),
        ("2026-11-22 13:00", "تا ساعت ۲۴ (۱۱ ساعت دیگر)"),
        ("2026-11-23 13:00", "یکشنبه ۸ آذر از ساعت ۸ تا ۱۲ و ۱۳ تا ۲۴"),
    ],
)
def test_a_day_may_have_several_spans(tmp_path: Path, moment: str, piece: str) -> None:
    table, faults = two_spans(tmp_path)
    assert faults == []
    assert piece in describe(table, "", at(moment))


def test_an_office_without_hours_says_so(tmp_path: Path) -> None:
    table, _ = two_spans(tmp_path, '[office.region14]\nname = "دفتر"\n[office.region14.week]\n')
    assert "ثبت نشده" in describe(table, "", at(SUNDAY))


@pytest.mark.parametrize(
    ("week", "fault"),
    [
        ('sunday = ["8-12"]', "office.region14.week.sunday: '8-12' is not a time such as \"08:00-16:30\""),
        ('sunday = ["12:00-08:00"]', "office.region14.week.sunday: has times that overlap or run backwards"),
        (
            'sunday = ["08:00-12:00", "11:00-13:00"]',
            "office.region14.week.sunday: has times that overlap or run backwards",
        ),
        ('sunday = ["08:00-24:30"]', "office.region14.week.sunday: has times that overlap or run backwards"),
        ("sunday = 8", 'office.region14.week.sunday: must be a list of texts such as "08:00-16:30"'),
        ("someday = []", "office.region14.week.someday: is not a day of the week"),
    ],
)
def test_a_hole_in_the_hours_is_named(tmp_path: Path, week: str, fault: str) -> None:
    _, faults = two_spans(tmp_path, f'[office.region14]\nname = "دفتر"\n[office.region14.week]\n{week}')
    assert faults == [fault]


def test_texts_are_checked_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "hours.toml"
    good = FILE.read_text(encoding="utf-8")
    path.write_text(
        good.replace('hours = "{hours} ساعت"', 'hour = "{minute}"').replace("{left}", "{lost}"), encoding="utf-8"
    )
    assert {fault.key for fault in load(path)[1]} == {
        "texts.hours",
        "texts.hour",
        "texts.open_now",
        "texts.opens_today",
    }


def test_a_missing_or_broken_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "hours.toml").write_text("[office", encoding="utf-8")
    assert load(tmp_path / "hours.toml")[1]
    assert load(tmp_path / "none.toml")[1]
