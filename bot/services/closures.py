"""Closures: what staff say about some days, from the first word until it is live everywhere, and back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from bot.errors import CitizenError
from bot.services import audit, lunar
from bot.services.closing_words import Draft
from bot.services.days import Closure, Kind
from bot.services.hour_words import clock
from bot.services.lunar import Month
from bot.services.occasions import Dated
from bot.services.openings import Hours
from bot.services.when import asked
from bot.store import Unit
from bot.store.closures import ClosureRow
from bot.store.lunar_shifts import Shift
from bot.text import fold_ours

SUBJECT: Final = "hours"
"""Under which processes load anew what is said here."""
MONTHS_AHEAD: Final = 3


@dataclass(frozen=True, slots=True)
class Said:
    """All that staff have said and not undone: what `Hours.with_days` takes."""

    closures: tuple[Closure, ...]
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A closure in words."""

    offices: str
    days: str
    time: str
    reason: str


def said(unit: Unit) -> Said:
    """What staff have said and nobody has undone, long ago too: there is little of it."""
    rows = unit.closures.in_force(date.min)
    return Said(tuple(_closure(row) for row in rows), tuple(unit.lunar_shifts.in_force()))


def applied(hours: Hours, found: Said) -> Hours:
    """The hours with all of it."""
    return hours.with_days(found.closures, {shift.key: shift.days for shift in found.shifts})


def names_day(hours: Hours, text: str) -> bool:
    """Whether a day stands in what follows «تعطیل» and nothing is asked; otherwise it was hardly meant as one."""
    ids, rest = hours.calendar.named(fold_ours(text))
    return not text.rstrip().endswith(("؟", "?")) and (bool(ids) or asked(rest).names_day)


def remembered(memory: dict[str, Any]) -> Draft:
    """What waits to be confirmed. Raises `CitizenError`: "forgotten"."""
    if "kind" not in memory:
        raise CitizenError("forgotten")
    return Draft.again(memory)


def declare(unit: Unit, draft: Draft, by: int) -> int:
    """Make it so, in every process within a second; returns the number by which it is undone."""
    row = ClosureRow(0, draft.kind, draft.first, draft.last, draft.reason, draft.offices, draft.opens, draft.closes)
    number = unit.closures.add(row, by)
    audit.note(unit, by, "closure_declared", f"closure:{number}", after=draft.kept())
    unit.revisions.bump(SUBJECT)
    return number


def undo(unit: Unit, number: str, by: int) -> None:
    """Take it back. Raises `CitizenError`: "gone"."""
    found = {str(row.id): row for row in unit.closures.in_force(date.min)}.get(number)
    if found is None or not unit.closures.undo(found.id, by):
        raise CitizenError("gone")
    before = {"kind": found.kind, "first": found.first.isoformat(), "last": found.last.isoformat()}
    audit.note(unit, by, "closure_undone", f"closure:{found.id}", before)
    unit.revisions.bump(SUBJECT)


def coming(unit: Unit, today: date) -> list[Closure]:
    """What holds today or later, the nearest first."""
    found = [_closure(row) for row in unit.closures.in_force(today)]
    return sorted(found, key=lambda one: (one.first, one.id))


def shown(hours: Hours, one: Draft | Closure, today: date) -> Shown:
    """A closure in the words of the offices' hours."""
    names = [hours.offices[name].name for name in one.offices if name in hours.offices]
    first, last = hours.name_day(one.first, today), hours.name_day(one.last, today)
    return Shown(
        offices=hours.texts["spans_and"].join(names) if one.offices else hours.word("all_offices"),
        days=first if one.first == one.last else hours.word("days", first=first, last=last),
        time=_time(hours, one.opens, one.closes),
        reason=one.reason or hours.word("no_reason"),
    )


def _time(hours: Hours, opens: int | None, closes: int | None) -> str:
    if opens is not None and closes is not None:
        return hours.word("span", start=clock(opens), end=clock(closes))
    minute = closes if opens is None else opens
    return hours.word("usual_time") if minute is None else clock(minute)


def _closure(row: ClosureRow) -> Closure:
    return Closure(row.id, cast("Kind", row.kind), row.first, row.last, row.reason, row.offices, row.opens, row.closes)


def months(hours: Hours, today: date) -> tuple[Month, ...]:
    """The lunar months that begin next."""
    return hours.calendar.lunar.coming(today, MONTHS_AHEAD)


def title(month: int) -> str:
    """The name of a lunar month."""
    return lunar.MONTHS[month - 1]


def move_month(unit: Unit, hours: Hours, key: tuple[int, int], days: int, by: int) -> int:
    """Begin a lunar month a day later (1) or earlier (-1). Raises `CitizenError`: "moved_already", "no_room"."""
    may_move(unit, hours, key, days)
    number = unit.lunar_shifts.add(*key, days, by)
    audit.note(unit, by, "month_moved", f"month:{number}", after={"year": key[0], "month": key[1], "days": days})
    unit.revisions.bump(SUBJECT)
    return number


def may_move(unit: Unit, hours: Hours, key: tuple[int, int], days: int) -> None:
    """Raises what `move_month` would."""
    if any(shift.key == key for shift in unit.lunar_shifts.in_force()):
        raise CitizenError("moved_already")
    if days not in {-1, 1} or not hours.calendar.lunar.has_room(*key, days):
        raise CitizenError("no_room")


def move_back(unit: Unit, number: str, by: int) -> None:
    """Take a move back. Raises `CitizenError`: "gone"."""
    moved = {str(shift.id): shift for shift in unit.lunar_shifts.in_force()}.get(number)
    if moved is None or not unit.lunar_shifts.undo(moved.id, by):
        raise CitizenError("gone")
    before = {"year": moved.year, "month": moved.month, "days": moved.days}
    audit.note(unit, by, "month_moved_back", f"month:{moved.id}", before)
    unit.revisions.bump(SUBJECT)


def moved_months(unit: Unit) -> list[Shift]:
    """The months that staff have moved."""
    return unit.lunar_shifts.in_force()


def holidays_of(hours: Hours, key: tuple[int, int], days: int) -> Iterator[Dated]:
    """The public holidays of a lunar month, as they fall once it is moved so."""
    calendar = hours.calendar.shifted({key: days} if days else {})
    for occasion in calendar.occasions:
        if occasion.holiday and occasion.calendar == "lunar":
            for dated in calendar.dates(occasion, date.min):
                found = calendar.lunar.of(dated.day)
                if found is not None and found.month.key == key:
                    yield dated
