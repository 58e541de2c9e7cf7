"""Lists of open cases for a member of the staff, page by page: a page begins after the last case of the one before."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.errors import CitizenError
from bot.services import staff
from bot.services.cases import Case, is_number
from bot.services.staff import Desk, Member
from bot.store import Unit
from bot.store.cases import ORDINARY

__all__ = [
    "MOST_COUNTED",
    "Page",
    "Waiting",
    "desks_of",
    "mine",
    "of_desk",
    "overdue",
    "raised",
    "unassigned",
    "waiting",
]

A_PAGE: Final = 5
MOST_COUNTED: Final = 99
"""More are not counted: the menu of staff asks each time."""
Mark = tuple[int, int]
"""Where a page ends: what the list is sorted by, and the number of the case."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases; `after`: with which the next page begins, as it stands in a button; empty: there is none."""

    cases: list[Case]
    after: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many open cases nobody of the member's desks has taken, are theirs, are the managers' to look at."""

    unassigned: int
    mine: int
    raised: int


def waiting(unit: Unit, member: Member) -> Waiting:
    """What waits for a member. None of the numbers is larger than `MOST_COUNTED`."""
    free = 0
    for desk_id in _numbers(unit, member):
        free += unit.cases.count_unassigned(desk_id, MOST_COUNTED - free)
        if free >= MOST_COUNTED:
            break
    high = unit.cases.count_raised(MOST_COUNTED) if staff.may(member.role, "manager") else 0
    return Waiting(free, unit.cases.count_owned(member.id, MOST_COUNTED), high)


def desks_of(unit: Unit, member: Member) -> list[Desk]:
    """The desks at which a member works, the oldest first."""
    every = unit.desks.all()
    if staff.may(member.role, "manager"):
        return every
    theirs = set(unit.desk_members.of_member(member.id))
    return [desk for desk in every if desk.id in theirs]


def unassigned(unit: Unit, member: Member, after: str) -> Page:
    """Cases that nobody has taken: the urgent ones first, then the oldest."""
    mark = _need(after)
    found = [case for desk in _numbers(unit, member) for case in unit.cases.unassigned(desk, mark, A_PAGE + 1)]
    return _page(sorted(found, key=_by_need), _by_need)


def mine(unit: Unit, member: Member, after: str) -> Page:
    """Cases that the member has taken, in the same order."""
    return _page(unit.cases.owned(member.id, _need(after), A_PAGE + 1), _by_need)


def overdue(unit: Unit, member: Member, after: str) -> Page:
    """Cases that should be dealt with by now, the latest first."""
    everywhere = staff.may(member.role, "manager")
    desks = None if everywhere else unit.desk_members.of_member(member.id)
    return _page(unit.cases.overdue(desks, unit.now, _mark(after), A_PAGE + 1), lambda case: (case.due_at, case.id))


def raised(unit: Unit, member: Member, after: str) -> Page:
    """Cases that citizens objected to twice. Raises `CitizenError`: "managers_only"."""
    if not staff.may(member.role, "manager"):
        raise CitizenError("managers_only")
    return _page(unit.cases.raised(_mark(after)[1], A_PAGE + 1), lambda case: (0, case.id))


def of_desk(unit: Unit, member: Member, desk: str, after: str) -> Page:
    """All open cases of a desk. Raises `CitizenError`: "not_yours"."""
    number = int(desk) if is_number(desk) else 0
    if number not in {one.id for one in desks_of(unit, member)}:
        raise CitizenError("not_yours")
    return _page(unit.cases.of_desk(number, _mark(after)[1], A_PAGE + 1), lambda case: (0, case.id))


def _numbers(unit: Unit, member: Member) -> list[int | None]:
    """The desks at which a member works; None among them: cases that no desk has."""
    if staff.may(member.role, "manager"):
        return [*(desk.id for desk in unit.desks.all()), None]
    return list(unit.desk_members.of_member(member.id))


def _page(found: list[Case], mark: Callable[[Case], Mark]) -> Page:
    shown = found[:A_PAGE]
    if len(found) <= A_PAGE:
        return Page(shown, "")
    first, number = mark(shown[-1])
    return Page(shown, f"{first}.{number}")


def _by_need(case: Case) -> Mark:
    return case.priority, case.id


def _mark(after: str) -> Mark:
    """Where a page begins; at the beginning for whatever is no mark."""
    first, _, number = after.partition(".")
    return (int(first), int(number)) if is_number(first) and is_number(number) else (-1, 0)


def _need(after: str) -> Mark:
    """The same for lists by need, whose first part is small whatever a forged button says."""
    priority, number = _mark(after)
    return min(priority, ORDINARY + 1), number
