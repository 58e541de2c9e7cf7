"""What a day is for an office: its hours, and why they are not the usual ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

from bot.services import jalali
from bot.services.occasions import Calendar, Dated

Kind = Literal["closed", "late", "early", "open"]
Cause = Literal["", "occasion", "closure"]

KINDS: Final[tuple[Kind, ...]] = ("closed", "late", "early", "open")
DAY: Final = 24 * 60


class Span(NamedTuple):
    """Open from `start` (included) to `end` (excluded), in minutes of the day."""

    start: int
    end: int


Spans = tuple[Span, ...]
Week = tuple[Spans, ...]
"""Saturday first."""


@dataclass(frozen=True, slots=True)
class Special:
    """Days with other hours: from a day to a day, a lunar month of every year, or an occasion.

    `spans` count on the days on which the office works anyway, `week` has hours for every day of the week. Public
    holidays stay closed unless the special days are meant for them (`even_on_holidays`).
    """

    title: str
    first: date | None = None
    last: date | None = None
    lunar_month: int | None = None
    occasion: str = ""
    spans: Spans = ()
    week: Week = ()
    even_on_holidays: bool = False

    def covers(self, day: date, calendar: Calendar) -> bool:
        if self.occasion:
            return any(dated.occasion.id == self.occasion for dated in calendar.on(day))
        if self.lunar_month is not None:
            found = calendar.lunar.of(day)
            return found is not None and found.month.number == self.lunar_month
        return self.first is not None and self.last is not None and self.first <= day <= self.last

    def hours(self, day: date, usual: Spans) -> Spans:
        if self.week:
            return self.week[jalali.weekday(day)]
        return self.spans if usual or self.even_on_holidays else ()


@dataclass(frozen=True, slots=True)
class Office:
    """One office, its week and its special days. `sample`: its hours are not known for sure."""

    name: str
    week: Week
    names: tuple[str, ...] = ()
    special: tuple[Special, ...] = ()
    closed_on_holidays: bool = True
    open_on: frozenset[str] = frozenset()
    sample: bool = False

    def usual(self, day: date) -> Spans:
        """The hours of such a weekday, whatever day it is."""
        return self.week[jalali.weekday(day)]

    def closes(self, dated: Dated) -> bool:
        """Whether this occasion closes the office."""
        return dated.occasion.holiday and self.closed_on_holidays and dated.occasion.id not in self.open_on


@dataclass(frozen=True, slots=True)
class Closure:
    """What staff said about some days: closed, opening late, closing early, or open although others are closed.

    No `offices` means all of them. `opens` and `closes` are minutes of the day; the reason is told to everybody.
    """

    id: int
    kind: Kind
    first: date
    last: date
    reason: str
    offices: tuple[str, ...] = ()
    opens: int | None = None
    closes: int | None = None

    def covers(self, office: str, day: date) -> bool:
        return self.first <= day <= self.last and (not self.offices or office in self.offices)


@dataclass(frozen=True, slots=True)
class Plan:
    """A day of an office. `why` it is closed, `changed` why its hours differ, `despite` what it is open nevertheless.

    Not `sure`: the holiday that closes it may be moved by the moon.
    """

    spans: Spans
    why: str = ""
    cause: Cause = ""
    sure: bool = True
    changed: str = ""
    despite: str = ""


def plan(name: str, office: Office, calendar: Calendar, closures: Iterable[Closure], day: date) -> Plan:
    """What a day is for an office. What staff said last about it counts."""
    planned = _planned(office, calendar, day)
    said = max((one for one in closures if one.covers(name, day)), key=lambda one: one.id, default=None)
    if said is None:
        return planned
    if said.kind == "closed":
        return Plan((), said.reason, "closure")
    if said.kind == "open":
        return _opened(office, planned, said, day)
    spans = _within(planned.spans, said)
    if spans == planned.spans:
        return planned
    return Plan(spans, changed=said.reason) if spans else Plan((), said.reason, "closure")


def _opened(office: Office, planned: Plan, said: Closure, day: date) -> Plan:
    spans = planned.spans or office.usual(day)
    if said.opens is not None and said.closes is not None:
        spans = (Span(said.opens, said.closes),)
    return Plan(spans, changed=planned.changed, despite=said.reason or planned.why)


def _within(spans: Spans, said: Closure) -> Spans:
    """The spans without what lies before the opening or after the closing that staff said."""
    opens, closes = said.opens or 0, said.closes or DAY
    cut = (Span(max(span.start, opens), min(span.end, closes)) for span in spans)
    return tuple(span for span in cut if span.start < span.end)


def _planned(office: Office, calendar: Calendar, day: date) -> Plan:
    """What a day is by the calendar alone."""
    usual = office.usual(day)
    special = [one for one in office.special if one.covers(day, calendar)]
    meant = next((one for one in special if one.even_on_holidays), None)
    holidays = [dated for dated in calendar.holidays(day) if office.closes(dated)]
    if holidays and meant is None:
        why = " و ".join(dict.fromkeys(dated.occasion.why for dated in holidays))
        return Plan((), why, "occasion", sure=any(dated.sure for dated in holidays))
    chosen = meant or next(iter(special), None)
    if chosen is None:
        return Plan(usual)
    spans = chosen.hours(day, usual)
    if spans:
        return Plan(spans, changed=chosen.title if spans != usual else "")
    return Plan((), chosen.title if usual else "", "closure" if usual else "")
