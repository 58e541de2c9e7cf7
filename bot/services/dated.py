"""The days and times that staff write for an event: «۱۵ آذر ساعت ۱۷», «فردا ۱۸:۳۰ تا ۲۰», «۱۰ تا ۱۲ آذر»."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from bot.clock import TEHRAN
from bot.errors import CitizenError
from bot.models import EventTimes
from bot.services import jalali
from bot.services.day_words import MONTHS, ORDER, TO, spelled
from bot.services.hour_spans import Minutes, Unclear, minutes_of, tonight
from bot.text import persian_digits

LONGEST: Final = 200
ASSUMED_MINUTES: Final = 120
"""So long an event lasts whose end nobody says."""
WEEK: Final = timedelta(days=7)


class Dated(NamedTuple):
    """When something is: `times` says what of it was said. The end is not part of it."""

    times: EventTimes
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class _Named:
    """A day as it was written; what it leaves open is filled in later. `ahead`: so many days from today."""

    month: int | None = None
    number: int = 0
    year: int | None = None
    weekday: int | None = None
    ahead: int | None = None


_PAUSES: Final = str.maketrans("،,؛", "   ")
_NEXT_WEEK: Final = re.compile(r"(?<!\w)هفته (ی )?(بعد|بعدی|دیگه|دیگر|اینده|اتی)(?!\w)")
_MONTH: Final = rf"(?:{'|'.join(MONTHS)})(?: ?ماه)?(?!\w)"
_MENTION: Final = re.compile(
    rf"(?<![\d/.-])(?P<y>1[34]\d\d) ?[/.-] ?(?P<m>\d{{1,2}}) ?[/.-] ?(?P<d>\d{{1,2}})(?!\d)"
    rf"|(?<!\w)(?P<bare>\d{{1,2}}){ORDER}{TO} ?(?=\d{{1,2}}{ORDER}{_MONTH})"
    rf"|(?<!\w)(?P<number>\d{{1,2}}){ORDER}(?P<month>{'|'.join(MONTHS)})(?: ?ماه)?(?!\w)"
    r"(?: (?:سال )?(?P<year>1[34]\d\d)(?!\d))?"
    r"|(?<!\w)(?P<ahead>پس ?فردا|فردا|امروز|امشب)(?!\w)"
    r"|\bw(?P<weekday>\d)\b"
)
_AHEAD: Final = {"امروز": 0, "امشب": 0, "فردا": 1, "پسفردا": 2}
_BETWEEN: Final = re.compile(rf" ?{TO} ?(?:روز )?")
FILLING: Final = re.compile(
    r"(?<!\w)(روز|روزهای|های|ها|مورخ|تاریخ|در|(?<!بعد )(?<!قبل )از|ماه|سال|این|هفته|هر|همین|برای)(?!\w)"
)


def read(text: str, now: datetime) -> Dated:
    """What was written, as days and times.

    A day without its year is the coming one, an hour that may be of the morning or the afternoon the likelier one: show
    what was understood. Raises `CitizenError`: "no_day", "several_days", "no_such_day", "other_weekday",
    "unclear_time", "end_before_start".
    """
    folded = fold(text)
    first, last, rest = days_of(folded, now.astimezone(TEHRAN).date())
    try:
        minutes = minutes_of(FILLING.sub(" ", rest))
    except Unclear:
        raise CitizenError("unclear_time") from None
    found = _put_together(first, last, minutes)
    if found.end <= now and names_weekday(folded):
        return Dated(found.times, found.start + WEEK, found.end + WEEK)
    return found


def names_weekday(folded: str) -> bool:
    """Whether a weekday is all that is said of the day. Said on that very day, when it is over: the next one."""
    mentions = [mention["weekday"] for mention in _MENTION.finditer(folded)]
    return len(mentions) == 1 and mentions[0] is not None


def _put_together(first: date, last: date, minutes: Minutes) -> Dated:
    if minutes.start is None:
        return Dated(EventTimes.DAYS, _at(first, 0), _at(last + timedelta(days=1), 0))
    if minutes.end is None:
        return Dated(EventTimes.START, _at(first, minutes.start), _at(last, minutes.start + ASSUMED_MINUTES))
    return Dated(EventTimes.SPAN, _at(first, minutes.start), _at(last, minutes.end))


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), TEHRAN) + timedelta(minutes=minute)


def fold(text: str) -> str:
    """In one spelling and one line, without what only parts words."""
    return " ".join(spelled(text[:LONGEST].translate(_PAUSES)).split())


def days_of(folded: str, today: date) -> tuple[date, date, str]:
    """First and last day that a folded text names, and what is left of it. Raises `CitizenError` as `read` does."""
    found = list(_MENTION.finditer(folded))
    rest = _NEXT_WEEK.sub(" ", _MENTION.sub(" ", folded))
    if any(mention["ahead"] == "امشب" for mention in found):
        rest = tonight(rest)
    checks = [mention for mention in found if mention["weekday"] and _stands_beside_date(mention, found, folded)]
    named = [mention for mention in found if mention not in checks]
    if not named:
        raise CitizenError("no_day")
    if len(named) > 2 or (len(named) == 2 and not _is_range(named[0], named[1], checks, folded)):
        raise CitizenError("several_days")
    if len(named) == 2:
        rest = re.sub(rf"^ ?{TO} | {TO} ?$", " ", rest, count=1) if not named[0]["bare"] else rest
    weeks = 1 if _NEXT_WEEK.search(folded) else 0
    days = _resolved([_named(mention) for mention in named], today, weeks)
    for check in checks:
        _check_weekday(int(check["weekday"]), days)
    if days[-1] < days[0]:
        raise CitizenError("end_before_start")
    return days[0], days[-1], rest


def _named(mention: re.Match[str]) -> _Named:
    if mention["y"]:
        return _Named(int(mention["m"]), int(mention["d"]), int(mention["y"]))
    if mention["bare"]:
        return _Named(None, int(mention["bare"]))
    if mention["month"]:
        year = int(mention["year"]) if mention["year"] else None
        return _Named(MONTHS.index(mention["month"]) + 1, int(mention["number"]), year)
    if mention["ahead"]:
        return _Named(ahead=_AHEAD[mention["ahead"].replace(" ", "")])
    return _Named(weekday=int(mention["weekday"]))


def _resolved(named: list[_Named], today: date, weeks: int) -> list[date]:
    """The days in the calendar: each the coming one, the last one after the first."""
    first, last = named[0], named[-1]
    if last is first:
        return [_day(first, today, weeks)]
    if first.month is None and first.weekday is None and first.ahead is None:
        if first.number > last.number:
            raise CitizenError("end_before_start")
        first = _Named(last.month, first.number, last.year)
    if last.year is not None and first.month is not None and first.year is None and last.month is not None:
        first = _Named(first.month, first.number, last.year - (first.month > last.month))
    start = _day(first, today, weeks)
    return [start, _day(last, today if last.ahead is not None else start, 0)]


def _day(named: _Named, today: date, weeks: int) -> date:
    if named.ahead is not None:
        return today + timedelta(days=named.ahead)
    if named.weekday is not None:
        now = jalali.weekday(today)
        ahead = named.weekday - now + 7 if weeks else (named.weekday - now) % 7
        return today + timedelta(days=ahead)
    month = named.month or 0
    for year in _years(named, today):
        found = jalali.day(year, month, named.number)
        if found is not None and (named.year is not None or found >= today):
            return found
    raise CitizenError("no_such_day")


def _years(named: _Named, today: date) -> Iterator[int]:
    year = jalali.parts(today)[0]
    yield from (named.year,) if named.year is not None else (year, year + 1)


def _stands_beside_date(weekday: re.Match[str], mentions: list[re.Match[str]], folded: str) -> bool:
    """«جمعه ۱۵ آذر» is one day: the weekday says it again."""
    for other in mentions:
        if other["y"] or other["month"] or other["bare"]:
            between = folded[min(weekday.end(), other.end()) : max(weekday.start(), other.start())]
            if not FILLING.sub("", between).strip():
                return True
    return False


def _is_range(first: re.Match[str], last: re.Match[str], checks: list[re.Match[str]], folded: str) -> bool:
    if first["bare"]:
        return True
    between = folded[first.end() : last.start()]
    for check in checks:
        between = between.replace(check[0], " ")
    return re.fullmatch(rf"\s*{TO}\s*(روز\s*)?", between) is not None


def _check_weekday(said: int, days: list[date]) -> None:
    if all(jalali.weekday(day) != said for day in days):
        year, month, number = jalali.parts(days[0])
        day = persian_digits(f"{number} {jalali.MONTHS[month - 1]} {year}")
        raise CitizenError("other_weekday", day=day, weekday=jalali.WEEKDAYS[jalali.weekday(days[0])])
