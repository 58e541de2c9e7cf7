"""Dates as people in Iran write them: Jalali, in words, with Persian digits."""

from datetime import UTC, datetime

from persiantools.jdatetime import JalaliDate

from bot.clock import TEHRAN


def day_in_words(millis: int) -> str:
    """The day of an instant in Tehran: «۱ آذر ۱۴۰۵»."""
    day = datetime.fromtimestamp(millis / 1000, UTC).astimezone(TEHRAN).date()
    return str(JalaliDate(day).strftime("%-d %B %Y", locale="fa"))
