"""Dates in words."""

from datetime import UTC, datetime

from bot.dates import day_in_words


def millis(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]  # year to minute


def test_a_day_is_said_as_people_say_it() -> None:
    assert day_in_words(millis(2026, 11, 22, 12, 0)) == "۱ آذر ۱۴۰۵"


def test_the_day_is_that_of_tehran() -> None:
    assert day_in_words(millis(2026, 3, 20, 20, 29)) == "۲۹ اسفند ۱۴۰۴"
    assert day_in_words(millis(2026, 3, 20, 20, 31)) == "۱ فروردین ۱۴۰۵"
