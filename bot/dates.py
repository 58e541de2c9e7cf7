"""Dates as people in Iran write them: Jalali, in words, with Persian digits."""

from datetime import UTC, datetime

from persiantools.jdatetime import JalaliDate

from bot.clock import TEHRAN
from bot.text import persian_digits


def day_in_words(millis: int) -> str:
    """The day of an instant in Tehran: «۱ آذر ۱۴۰۵»."""
    day = datetime.fromtimestamp(millis / 1000, UTC).astimezone(TEHRAN).date()
    jalali = JalaliDate(day)
    return persian_digits(f"{jalali.day} {jalali.strftime('%B', locale='fa')} {jalali.year}")
