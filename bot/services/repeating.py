"""When an announcement that repeats comes again: every day, week, month or year, by one of the three calendars.

All is counted from the first time: who began on the 31st comes on the last day of a shorter month, and on the 31st
again after it. The hour is that of Tehran.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Final, Literal, get_args

from bot.clock import TEHRAN
from bot.services import jalali
from bot.services.lunar import YEAR, Lunar

Every = Literal["day", "week", "month", "year"]
Basis = Literal["solar", "lunar", "gregorian"]

_DAYS: Final = {"day": 1, "week": 7}
_MONTHS: Final = {"month": 1, "year": 12}
_LONGEST: Final = 31
"""Days of the longest month of any calendar."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """`calendar` counts months and years; days and weeks are the same in all. `until`: the last day, itself included.

    Which day of a lunar month the first one was, the table says as it stands now.
    """

    every: Every
    calendar: Basis = "solar"
    until: date | None = None

    def to_json(self) -> str:
        return json.dumps(
            {"every": self.every, "calendar": self.calendar, "until": self.until and self.until.isoformat()}
        )

    @classmethod
    def from_json(cls, stored: str) -> "Repeat":
        """Raises `ValueError`."""
        found: Any = json.loads(stored)
        if (
            not isinstance(found, dict)
            or found.get("every") not in get_args(Every)
            or found.get("calendar") not in get_args(Basis)
        ):
            raise ValueError("is no repetition")
        until = found.get("until")
        return cls(found["every"], found["calendar"], date.fromisoformat(str(until)) if until else None)


def following(repeat: Repeat, first: datetime, after: datetime, lunar: Lunar) -> datetime | None:
    """The next time strictly after an instant, the first one if that is still to come.

    None: it is over, or lies in lunar months of which nothing is known.
    """
    start = first.astimezone(TEHRAN)
    day_of = _days(repeat, start.date(), lunar)
    gone = (after.astimezone(TEHRAN).date() - start.date()).days
    for number in count(max(0, _passed(repeat, gone))):
        day = day_of(number)
        if day is None or (repeat.until is not None and day > repeat.until):
            return None
        at = datetime.combine(day, start.timetz())
        if at > after:
            return at
    return None


def _passed(repeat: Repeat, days: int) -> int:
    """A number of which it is sure that it has passed after so many days: where to begin looking."""
    if repeat.every in _DAYS:
        return days // _DAYS[repeat.every] - 1
    return days // (_LONGEST * _MONTHS[repeat.every]) - 1


def _days(repeat: Repeat, first: date, lunar: Lunar) -> Callable[[int], date | None]:
    """The day of each time, by its number; the first has 0."""
    if repeat.every in _DAYS:
        step = _DAYS[repeat.every]
        return lambda number: first + timedelta(days=step * number)
    step = _MONTHS[repeat.every]
    if repeat.calendar == "lunar":
        return lambda number: _lunar(first, step * number, lunar)
    by_month = _solar if repeat.calendar == "solar" else _gregorian
    return lambda number: by_month(first, step * number)


def _solar(first: date, months: int) -> date | None:
    year, month, number = jalali.parts(first)
    year, month = _later(year, month, months)
    return jalali.day(year, month, min(number, jalali.length(year, month)))


def _gregorian(first: date, months: int) -> date:
    year, month = _later(first.year, first.month, months)
    following_year, following_month = _later(year, month, 1)
    last = date(following_year, following_month, 1) - timedelta(days=1)
    return date(year, month, min(first.day, last.day))


def _lunar(first: date, months: int, lunar: Lunar) -> date | None:
    """None if the table does not reach so far. Of its last month 29 days are known: a 30th day is not."""
    found = lunar.of(first)
    if found is None:
        return None
    wanted = _later(*found.month.key, months)
    for month, after in zip(lunar.months, (*lunar.months[1:], None), strict=False):
        if month.key == wanted:
            if after is None:
                day = month.first + timedelta(days=found.day - 1)
                return day if day < lunar.end else None
            return month.first + timedelta(days=min(found.day, (after.first - month.first).days) - 1)
    return None


def _later(year: int, month: int, months: int) -> tuple[int, int]:
    """Year and month after so many months."""
    more, index = divmod(month - 1 + months, YEAR)
    return year + more, index + 1
