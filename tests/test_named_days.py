"""Dates in running text, and weekdays that do not fit them; as notices of a municipality are really written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.services import named_days
from bot.services.day_words import spelled
from bot.services.lunar import Lunar
from tests.test_calendar import calendar, day

SENT = day("1405-04-05")
"""A Friday; 11 Tir 1405 is a Thursday, 10 Muharram 1448 was the day before."""


def misfits(text: str, sent: date = SENT) -> list[tuple[str, str, str]]:
    return [tuple(one) for one in named_days.misfits(spelled(text), sent, calendar().lunar)]  # type: ignore[misc]  # of three words each


@pytest.mark.parametrize(
    "text",
    [
        "پنجشنبه ۱۱ تیر",
        "پنج‌شنبه ۱۱ تیر ساعت ۱۰",
        "پنج شنبه 11 تیر",
        "۵شنبه ۱۱ تیر",
        "۵‌شنبه ۱۱ تیر",
        "پنجشنبه یازدهم تیرماه ۱۴۰۵",
        "پنجشنبه مورخ ۱۴۰۵/۰۴/۱۱",
        "پنج شنبه ۱۴۰۵/۴/۱۱",
        "۱۱/۰۴/۱۴۰۵ (پنجشنبه)",
        "۱۱ تیر (پنج‌شنبه)",
        "۱۱ تیر، پنجشنبه، ساعت ۱۷",
        "تاریخ: ۱۱ تیر ۱۴۰۵\nروز: پنجشنبه\nساعت: ۱۰",
        "روز: پنجشنبه\nتاریخ: ۱۱ تیر",
        "عصر پنجشنبه ۱۱ تیر",
        "شب جمعه ۱۱ تیر",
        "شب پنجشنبه ۱۱ تیر",
        "پنجشنبه ساعت ۱۰ تا ۱۲، ۱۱ تیر",
        "چهارشنبه و پنجشنبه ۱۰ و ۱۱ تیر",
        "از چهارشنبه ۱۰ تا جمعه ۱۲ تیر",
        "چهارشنبه ۱۰، پنجشنبه ۱۱ و جمعه ۱۲ تیر",
        "روزهای سه‌شنبه تا پنجشنبه ۹ تا ۱۱ تیر",
        "پنجشنبه ۱۱ تا ۱۳ تیر",
        "۱۰ تیر، پنجشنبه ۱۱ تیر",
        "۱۰ تیر چهارشنبه، ۱۱ تیر پنجشنبه، ۱۲ تیر جمعه",
        "پنجشنبه ۱۱ تیر: سفال\nجمعه ۱۲ تیر: نقاشی\nشنبه ۱۳ تیر: قصه",
        "جمعه ۱۷ شهریور ۱۳۵۷",
        "پنجشنبه ۴ تیر، عاشورا",
        "پنجشنبه ۱۰ محرم",
        "پنجشنبه ۴ تیر مصادف با ۱۰ محرم ۱۴۴۸",
        # every week, or a row of days that is not that of the dates
        "یکشنبه‌ها و سه‌شنبه‌ها از ۱۱ تیر",
        "از ۱۱ تیر، شنبه و دوشنبه ساعت ۹ تا ۱۲",
        "کلاس‌ها شنبه و سه‌شنبه، ۱۱ تا ۲۵ تیر",
        "شنبه تا چهارشنبه، ۱۱ تا ۳۰ تیر",
        "هر سه‌شنبه از ۱۱ تیر",
        "ثبت‌نام تا ۱۱ تیر. شنبه تا چهارشنبه ۸ تا ۱۴",
        "مهلت: ۱۱ تیر\nشنبه قرعه‌کشی می‌کنیم",
        "تا ۱۱ تیر، جمعه‌بازار برقرار است",
        "۱۱ تیر بعد از نماز جمعه",
        # places, poles
        "میدان هفتم تیر، سه‌شنبه ساعت ۱۰",
        "خیابان ۱۷ شهریور، شنبه آسفالت می‌شود",
        "شنبه ۱۰ تیر برق جابه‌جا می‌شود",
        "سه‌شنبه در خیابان ۱۵ خرداد",
        # other numbers
        "سه‌شنبه ساعت ۱۰ تا ۱۲",
        "شنبه ۵۰ مهر نماز توزیع می‌شود",
        "شماره ۲۱-۱۱ دی",
        "",
    ],
)
def test_what_is_right_or_says_no_day_is_left_alone(text: str) -> None:
    assert misfits(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("سه‌شنبه ۱۱ تیر", "سه‌شنبه"),
        ("سه شنبه ۱۱ تیر ساعت ۱۷ در بوستان", "سه‌شنبه"),
        ("سه شنبه 11 تیر", "سه‌شنبه"),
        ("سه‌شنبه یازدهم تیرماه", "سه‌شنبه"),
        ("روز سه‌شنبه، مورخ ۱۴۰۵/۰۴/۱۱", "سه‌شنبه"),
        ("سه شنبه ۱۴۰۵/۰۴/۱۱", "سه‌شنبه"),
        ("۱۱ تیر (سه‌شنبه)", "سه‌شنبه"),
        ("۱۱ تیر (سه‌شنبه) و ۱۲ تیر (جمعه)", "سه‌شنبه"),
        ("۱۱ تير، سه‌شنبه", "سه‌شنبه"),
        ("تاریخ: ۱۱ تیر\nروز: سه‌شنبه", "سه‌شنبه"),
        ("چهارشنبه ۱۱ تیر", "چهارشنبه"),  # as it was a year ago
        ("شنبه ۱۱ تیر و جمعه ۱۲ تیر", "شنبه"),
        ("۱۰ تیر، سه‌شنبه ۱۱ تیر", "سه‌شنبه"),
        ("سه‌شنبه ۱۱ و جمعه ۱۲ تیر", "سه‌شنبه"),
        ("سه‌شنبه و جمعه ۱۱ و ۱۲ تیر", "سه‌شنبه"),
        ("دوشنبه شب ۱۱ تیر", "دوشنبه"),
        ("شب سه‌شنبه ۱۱ تیر", "سه‌شنبه"),
    ],
)
def test_a_weekday_that_does_not_fit_is_found(text: str, said: str) -> None:
    assert misfits(text) == [("۱۱ تیر ۱۴۰۵", said, "پنجشنبه")]


@pytest.mark.parametrize(
    ("text", "sent", "found"),
    [
        ("پنجشنبه ۵ آذر ۱۴۰۵", SENT, []),
        ("جمعه ۵ آذر ۱۴۰۵", SENT, [("۵ آذر ۱۴۰۵", "جمعه", "پنجشنبه")]),
        ("جمعه ۱۰ محرم", SENT, [("۱۰ محرم", "جمعه", "پنجشنبه")]),
        ("سه‌شنبه ۱ شوال", day("1405-12-01"), [("۱ شوال", "سه‌شنبه", "چهارشنبه")]),
        # predicted: the moon may move it by a day
        ("سه‌شنبه ۱۰ محرم ۱۴۴۹", day("1406-03-01"), []),
        ("شنبه ۱۰ محرم ۱۴۴۹", day("1406-03-01"), [("۱۰ محرم", "شنبه", "سه‌شنبه")]),
        # a report of what was
        ("پنجشنبه ۱۱ تیر از بوستان بازدید شد", day("1405-05-20"), []),
        ("سه‌شنبه ۱۱ تیر از بوستان بازدید شد", day("1405-05-20"), [("۱۱ تیر ۱۴۰۵", "سه‌شنبه", "پنجشنبه")]),
        # across the turn of the year
        ("سه‌شنبه ۳ فروردین", day("1405-12-20"), []),
        ("دوشنبه ۳ فروردین", day("1405-12-20"), [("۳ فروردین ۱۴۰۶", "دوشنبه", "سه‌شنبه")]),
    ],
)
def test_the_year_is_the_one_that_is_meant(text: str, sent: date, found: list[tuple[str, str, str]]) -> None:
    assert misfits(text, sent) == found


def test_a_moved_month_moves_its_weekdays() -> None:
    moved = calendar().lunar.shifted({(1448, 10): -1})

    assert list(named_days.misfits(spelled("سه‌شنبه ۱ شوال"), day("1405-12-01"), moved)) == []


def test_without_a_table_nothing_is_known_of_lunar_days() -> None:
    assert named_days.named(spelled("۱۰ محرم"), SENT, Lunar()) == []


@pytest.mark.parametrize(
    ("text", "exists"),
    [("۳۱ شهریور", True), ("۳۱ مهر", False), ("۳۰ اسفند ۱۴۰۵", False), ("۳۰ اسفند ۱۴۰۸", True), ("۱۴۰۵/۸/۳۱", False)],
)
def test_a_day_that_does_not_exist_is_told_apart(text: str, exists: bool) -> None:
    (found,) = named_days.named(spelled(text), SENT, calendar().lunar)

    assert bool(found.days) is exists


@given(some.text(alphabet="۰۱۲۳۴۵۶۷۸۹ ,:/-()\nتاوتیرمهرمحرمشنبهجمعهسیکدوپنچازهر\u200c", max_size=200))
def test_whatever_is_written_is_read(text: str) -> None:
    for one in misfits(text):
        assert one[1] != one[2]
