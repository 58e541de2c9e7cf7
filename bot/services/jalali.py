"""Jalali days: read from content and shown in words."""

import re
from datetime import date
from typing import Final

from persiantools.jdatetime import JalaliDate

from bot.dates import MONTHS
from bot.text import persian_digits

__all__ = ["MONTHS", "WEEKDAYS", "day", "day_of", "length", "parts", "weekday", "words"]

WEEKDAYS: Final = ("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه")

_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def day_of(value: object) -> date | None:
    """The day that content writes as "1405-11-22"; None if there is no such day."""
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    return day(*map(int, found.groups())) if found else None


def day(year: int, month: int, number: int) -> date | None:
    """A day of the Jalali calendar; None if there is no such day."""
    try:
        gregorian: date = JalaliDate(year, month, number).to_gregorian()
    except ValueError:
        return None
    return gregorian


def parts(at: date) -> tuple[int, int, int]:
    """Year, month and day in the Jalali calendar."""
    jalali = JalaliDate(at)
    return jalali.year, jalali.month, jalali.day


def length(year: int, month: int) -> int:
    """How many days a month has: Esfand has 30 in a leap year only."""
    return next(number for number in (31, 30, 29) if day(year, month, number))


def weekday(at: date) -> int:
    """Saturday is 0."""
    return (at.weekday() + 2) % 7


def words(at: date, today: date) -> dict[str, str]:
    """Weekday, day, month and year in words; the year only if it is not this one."""
    year, month, number = parts(at)
    shown = {"weekday": WEEKDAYS[weekday(at)], "day": persian_digits(str(number)), "month": MONTHS[month - 1]}
    return shown | ({"year": persian_digits(str(year))} if year != parts(today)[0] else {})
