"""When staff want an announcement sent, as they type it: «الان», «فردا ساعت ۹», «شنبه ۱۸:۳۰», «۱۵ آذر ۱۰ صبح»."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from bot.clock import TEHRAN
from bot.errors import CitizenError
from bot.services.dated import FILLING, WEEK, days_of, fold, names_weekday
from bot.services.hour_spans import Unclear, minutes_of
from bot.services.quiet import is_quiet
from bot.services.times import after_now

FARTHEST: Final = timedelta(days=366)

_NOW: Final = re.compile(r"(?:همین |هم )?(?:الان|حالا|اکنون|لحظه)|فوری|فورا|بلافاصله")
_BESIDE: Final = re.compile(
    r"(?<!\w)(?:را|رو|لطفا|بفرست\w*|ارسال|شود|شه|کن\w*|منتشر|برود|بره|برای|در|سر|راس|حدود)(?!\w)"
)
_HOUR: Final = re.compile(r"(?<!\w)(?:ساعت|صبح|ظهر|عصر|غروب|شب|بعد ?از ?ظهر)(?!\w)|\d:\d")
"""Only with this a number is an hour where no day is said."""
_BESIDE_HOUR: Final = re.compile(
    r"(?<!\w)(?:ساعت|قبل از ظهر|بعد ?از ?ظهر|صبح|بامداد|ظهر|عصر|غروب|شب|نیم|ربع|دقیقه"
    r"|و|یه|تا|الی|از|به|این|همین|همه|پیام|برای\w*)(?!\w)|\d"
)
_GONE: Final = re.compile(r"(?<!\w)(?:دیروز|دیشب|پریروز|پریشب)(?!\w)")
_EVERY: Final = re.compile(r"(?<!\w)هر ?(?:روز|هفته|ماه|سال|صبح|شب|w\d)(?!\w)")


class SendingTime(NamedTuple):
    """When it goes out; `now`: at once. `quiet`: in the hours in which most citizens are not written to."""

    at: datetime
    quiet: bool
    now: bool = False


def read(text: str, now: datetime) -> SendingTime:
    """What was written, as an instant.

    A day without its year is the coming one, an hour without a day is one of today, and one that may be of the morning
    or the afternoon the likelier one: show what was understood. Raises `CitizenError`: "no_day", "several_days",
    "no_such_day", "other_weekday", "no_hour", "unclear_time", "past", "too_far", "every" for more than one time.
    """
    now = now.astimezone(TEHRAN)
    folded = " ".join(_BESIDE.sub(" ", fold(text)).split())
    if _EVERY.search(folded):
        raise CitizenError("every")
    if _NOW.fullmatch(folded):
        return SendingTime(now, is_quiet(None, now), now=True)
    minutes = after_now(folded)
    at = now + timedelta(minutes=minutes) if minutes is not None else _at(folded, now)
    if at < now.replace(second=0, microsecond=0):
        raise CitizenError("past")
    if at - now > FARTHEST:
        raise CitizenError("too_far")
    return SendingTime(at, is_quiet(None, at))


def _at(folded: str, now: datetime) -> datetime:
    day, rest, is_said = _day(folded, now.date())
    try:
        minutes = minutes_of(FILLING.sub(" ", rest))
    except (Unclear, CitizenError):
        raise CitizenError("unclear_time" if re.search(r"\d", rest) else "no_hour") from None
    if minutes.start is None:
        raise CitizenError("no_hour" if is_said else "no_day")
    if minutes.end is not None:
        raise CitizenError("unclear_time")
    at = datetime.combine(day, time(), TEHRAN) + timedelta(minutes=minutes.start)
    return at + WEEK if at < now and names_weekday(folded) else at


def _day(folded: str, today: date) -> tuple[date, str, bool]:
    """The day, what is left of the text, and whether a day was said."""
    try:
        first, last, rest = days_of(folded, today)
    except CitizenError as error:
        # Any other word may be a day that is not known here, as in «نوروز ساعت ۹»: that is not today.
        if error.key == "no_day" and _HOUR.search(folded) and not re.search(r"\w", _BESIDE_HOUR.sub(" ", folded)):
            return today, folded, False
        raise CitizenError("past") if _GONE.search(folded) and _HOUR.search(folded) else _refusal(error) from None
    if first != last:
        raise CitizenError("several_days")
    return first, rest, True


def _refusal(error: CitizenError) -> CitizenError:
    """What was refused, as it is said here: where one day is wanted, the order of several does not matter."""
    if error.key == "other_weekday":
        return CitizenError("other_weekday", day=error.fields["day"], weekday=error.fields["weekday"])
    if error.key in {"no_day", "no_such_day"}:
        return CitizenError("no_day" if error.key == "no_day" else "no_such_day")
    return CitizenError("several_days")
