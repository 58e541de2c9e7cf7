"""Iran's lunar calendar: a table of months, official or predicted, which staff can move by a day."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from bot.knowledge import Fault
from bot.services.jalali import day_of

MONTHS: Final = (
    "محرم",
    "صفر",
    "ربیع‌الاول",
    "ربیع‌الثانی",
    "جمادی‌الاول",
    "جمادی‌الثانی",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذی‌القعده",
    "ذی‌الحجه",
)
SHORT: Final = 29
LONG: Final = 30
YEAR: Final = 12


class Month(NamedTuple):
    """One month: its first day, and whether that is sure (official, or moved by staff) rather than predicted."""

    year: int
    number: int
    first: date
    sure: bool

    @property
    def key(self) -> tuple[int, int]:
        return self.year, self.number

    @property
    def title(self) -> str:
        return MONTHS[self.number - 1]


class Found(NamedTuple):
    """A day in a lunar month. `sure`: no sighting of the moon is waited for."""

    month: Month
    day: int
    last: bool
    sure: bool


Shifts = Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class Lunar:
    """The months in order, without a gap. Of the last one only 29 days are known."""

    months: tuple[Month, ...] = ()

    @property
    def end(self) -> date:
        """The first day of which nothing is known any more."""
        return self.months[-1].first + timedelta(days=SHORT) if self.months else date.min

    @cached_property
    def _days(self) -> dict[date, Found]:
        return {day: found for number in range(len(self.months)) for day, found in self._month(number)}

    def of(self, day: date) -> Found | None:
        """Where a day lies; None outside the table."""
        return self._days.get(day)

    def dates(self, number: int, day: int | None) -> Iterator[tuple[date, bool]]:
        """Each date of a day of a month in the table, with whether it is sure. Day None: the last one."""
        for index, month in enumerate(self.months):
            if month.number != number:
                continue
            following = self.months[index + 1] if index + 1 < len(self.months) else None
            for at, found in self._month(index):
                if day is None and found.last and following is not None:
                    yield at, found.sure and following.sure
                elif found.day == day:
                    yield at, found.sure

    def coming(self, today: date, count: int) -> tuple[Month, ...]:
        """The months that begin after a day."""
        return tuple(month for month in self.months if month.first > today)[:count]

    def shifted(self, shifts: Shifts) -> "Lunar":
        """With some months begun a day earlier or later; a month that would get too short or long moves the next one.

        A shift that the month before has no room for is left out: no month has 31 days.
        """
        moved: list[Month] = []
        for month in self.months:
            by = shifts.get(month.key, 0)
            wanted = month.first + timedelta(days=by)
            first = _within(moved[-1].first, wanted) if moved else wanted
            moved.append(month._replace(first=first, sure=first == wanted if by else month.sure and first == wanted))
        return Lunar(tuple(moved))

    def has_room(self, year: int, number: int, by: int) -> bool:
        """Whether the month can begin so many days later: neither it nor the one before gets an impossible length."""
        for before, month in pairwise(self.months):
            if month.key == (year, number):
                return SHORT <= (month.first - before.first).days + by <= LONG
        return False

    def _month(self, index: int) -> Iterator[tuple[date, Found]]:
        month = self.months[index]
        following = self.months[index + 1] if index + 1 < len(self.months) else None
        length = (following.first - month.first).days if following else SHORT
        for number in range(1, length + 1):
            # Every month has a 29th day; whether it has a 30th is seen when the next one begins.
            sure = month.sure and (number <= SHORT or (following is not None and following.sure))
            yield month.first + timedelta(days=number - 1), Found(month, number, number == length, sure)


def _within(before: date, wanted: date) -> date:
    return min(max(wanted, before + timedelta(days=SHORT)), before + timedelta(days=LONG))


def load(path: Path) -> tuple[Lunar, list[Fault]]:
    """The months of a file up to the first fault, and all faults."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Lunar(), [Fault(path.name, "", str(error))]
    faults = [
        Fault(path.name, key, "is not a key of this file") for key in tables if key not in {"official_until", "year"}
    ]
    until = _month_key(tables.get("official_until"))
    if until is None:
        faults.append(Fault(path.name, "official_until", 'must be a lunar month such as "1448-10"'))
    years = tables.get("year")
    if not isinstance(years, dict) or not years:
        return Lunar(), [*faults, Fault(path.name, "year", "is missing")]
    months: list[Month] = []
    for name, table in years.items():
        reason = _add(months, name, table, until or (0, 0), last=name == list(years)[-1])
        if reason:
            return Lunar(tuple(months)), [*faults, Fault(path.name, f"year.{name}", reason)]
    return Lunar(tuple(months)), faults


def _add(months: list[Month], name: str, table: object, until: tuple[int, int], *, last: bool) -> str:
    """Put a year behind the others; the reason if that cannot be."""
    wanted = YEAR - 1 if last else YEAR
    first = day_of(table.get("first")) if isinstance(table, dict) else None
    lengths = table.get("lengths") if isinstance(table, dict) else None
    if not name.isdecimal() or first is None:
        return 'needs a first day in Jalali, such as first = "1405-03-26"'
    if not isinstance(lengths, list) or len(lengths) not in {YEAR, wanted} or set(lengths) - {SHORT, LONG}:
        return f"needs {wanted} lengths, each {SHORT} or {LONG}"
    year = int(name)
    if months:
        expected = months.pop()
        if expected.key != (year, 1) or expected.first != first:
            return "does not begin where the year before ends"
    for number, begins in enumerate(_starts(first, lengths), start=1):
        key = (year, number) if number <= YEAR else (year + 1, 1)
        months.append(Month(*key, begins, key <= until))
    return ""


def _starts(first: date, lengths: Iterable[int]) -> Iterator[date]:
    yield first
    for length in lengths:
        first += timedelta(days=length)
        yield first


def _month_key(value: object) -> tuple[int, int] | None:
    if not isinstance(value, str):
        return None
    year, _, month = value.partition("-")
    if not (year.isdecimal() and month.isdecimal() and 1 <= int(month) <= YEAR):
        return None
    return int(year), int(month)
