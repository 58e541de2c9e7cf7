"""Dates in words."""

from datetime import UTC, date, datetime

import pytest

from bot.dates import date_in_words, day_in_words, instant_in_words, read_date, written


def millis(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]  # year to minute


def test_a_day_is_said_as_people_say_it() -> None:
    assert day_in_words(millis(2026, 11, 22, 12, 0)) == "۱ آذر ۱۴۰۵"


def test_the_day_is_that_of_tehran() -> None:
    assert day_in_words(millis(2026, 3, 20, 20, 29)) == "۲۹ اسفند ۱۴۰۴"
    assert day_in_words(millis(2026, 3, 20, 20, 31)) == "۱ فروردین ۱۴۰۵"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1406/01/15", date(2027, 4, 4)),
        ("۱۴۰۶/۱/۱۵", date(2027, 4, 4)),
        (" ١٤٠٦-١-١٥ ", date(2027, 4, 4)),
        ("۱۵ فروردین ۱۴۰۶", date(2027, 4, 4)),
        ("15 فروردين ماه 1406", date(2027, 4, 4)),
        ("۱ آبان ۱۴۰۶", date(2027, 10, 23)),
        ("۱ ابان ۱۴۰۶", date(2027, 10, 23)),
        ("30 اسفند 1403", date(2025, 3, 20)),
    ],
)
def test_a_jalali_date_is_read_however_it_is_written(text: str, day: date) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "فردا",
        "2027/04/04",
        "1406/13/01",
        "1406/12/30",
        "۳۱ مهر ۱۴۰۶",
        "۱۵ فروردین",
        "1406/1",
        "۱۵ فروردین ۱۴۰۶ صبح",
    ],
)
def test_what_is_no_jalali_date_is_none(text: str) -> None:
    assert read_date(text) is None


def test_a_day_without_a_year_is_the_next_one() -> None:
    today = date(2026, 11, 22)

    assert read_date("۱ آذر", today) == today
    assert read_date("۳۰ آبان", today) == date(2027, 11, 21)
    assert read_date("۳۰ اسفند", today) == date(2030, 3, 20)


def test_a_date_is_written_as_it_is_read() -> None:
    assert read_date(written(date(2027, 4, 4))) == date(2027, 4, 4)
    assert date_in_words(date(2027, 4, 4)) == "۱۵ فروردین ۱۴۰۶"


def test_an_instant_is_said_with_its_minute() -> None:
    assert instant_in_words(millis(2026, 11, 22, 6, 35)) == "۱ آذر ۱۴۰۵، ۱۰:۰۵"
