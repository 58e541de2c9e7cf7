"""Dates as people in Iran write them: Jalali, in words, with Persian digits."""

import re
from datetime import UTC, date, datetime
from typing import Final

from persiantools.jdatetime import JalaliDate

from bot.clock import TEHRAN
from bot.text import persian_digits

MONTHS: Final = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
# Letters that keyboards give for the same one; half-spaces and signs of direction may stand anywhere.
_ONE_SPELLING: Final = str.maketrans("يىكآأإ", "ییکااا", "\u200c\u200e\u200f\u2066\u2067\u2068\u2069")
_NUMBERS: Final = re.compile(r"(\d{4})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})")
_NAMES: Final = tuple(name.translate(_ONE_SPELLING) for name in MONTHS)
_WORDS: Final = re.compile(rf"(\d{{1,2}})\s*(?:ام|م)?\s*({'|'.join(_NAMES)})\s*(?:ماه)?\s*(\d{{4}})?")


def day_in_words(millis: int) -> str:
    """The day of an instant in Tehran: «۱ آذر ۱۴۰۵»."""
    return date_in_words(datetime.fromtimestamp(millis / 1000, UTC).astimezone(TEHRAN).date())


def date_in_words(day: date) -> str:
    """«۱ آذر ۱۴۰۵»."""
    jalali = JalaliDate(day)
    return persian_digits(f"{jalali.day} {MONTHS[jalali.month - 1]} {jalali.year}")


def written(day: date) -> str:
    """As it stands in the content: 1405/09/01."""
    jalali = JalaliDate(day)
    return f"{jalali.year:04}/{jalali.month:02}/{jalali.day:02}"


def read_date(text: str, today: date | None = None) -> date | None:
    """The Jalali date that somebody wrote: «۱۴۰۶/۱/۱۵», «۱۵ فروردین ۱۴۰۶»; None: it is none.

    With `today`, a day and a month alone are the next such day.
    """
    plain = text.strip().translate(_ONE_SPELLING)
    if found := _NUMBERS.fullmatch(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = _WORDS.fullmatch(plain)
    if found is None:
        return None
    day, month = int(found[1]), _NAMES.index(found[2]) + 1
    if found[3]:
        return _day(int(found[3]), month, day)
    if today is None:
        return None
    year = JalaliDate(today).year
    # 30 Esfand is not in every year.
    coming = (_day(year + later, month, day) for later in range(5))
    return next((found for found in coming if found is not None and found >= today), None)


def _day(year: int, month: int, day: int) -> date | None:
    """None: there is no such day, or no living person has anything to do there."""
    if not 1300 <= year < 1500:
        return None
    try:
        found: date = JalaliDate(year, month, day).to_gregorian()
    except ValueError:
        return None
    return found
