"""What becomes of cases when staff leave, work elsewhere, or a desk is closed: open ones are nobody's again."""

from typing import Any

from bot.models import CaseState
from bot.services import staff
from bot.services.cases import Change
from bot.services.handling import left
from bot.services.staff import Member
from bot.store import Unit
from bot.store.case_log import Happened


def leave_all(unit: Unit, by: Member | None, gone: Member) -> list[Change]:
    """A member works here no more: what was theirs is nobody's."""
    return [left(unit, by, case) for case in unit.cases.of_member(gone.id)]


def leave_desks(unit: Unit, by: Member | None, member: Member) -> list[Change]:
    """A member has another role, or works at fewer desks: what was theirs where they work no more is nobody's."""
    return [
        left(unit, by, case)
        for case in unit.cases.of_member(member.id)
        if not staff.works_at(unit, member, case.desk_id)
    ]


def orphan(unit: Unit, by: Member | None, desk_id: int) -> int:
    """A desk was closed: its open cases have none, and are nobody's. How many they are; managers are to be told.

    The closed ones go on naming it.
    """
    stood = unit.cases.leave_desk(desk_id)
    gone = {number: _difference(desk_id, state, owner_id) for number, state, owner_id in stood}
    who = None if by is None else by.id
    unit.case_log.add_all(
        {
            number: Happened("orphaned", member_id=who, public=False, before=was, after=became)
            for number, (was, became) in gone.items()
        }
    )
    unit.audit.note_all(who, "case_orphaned", {f"case:{number}": change for number, change in gone.items()})
    return len(gone)


def _difference(desk_id: int, state: CaseState, owner_id: int | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is another than before, as it was and as it is."""
    was: dict[str, Any] = {"desk_id": desk_id}
    was |= {"owner_id": owner_id} if owner_id is not None else {}
    became: dict[str, Any] = dict.fromkeys(was)
    if state == CaseState.TAKEN:
        was["state"], became["state"] = state, CaseState.NEW
    return was, became


def managers(unit: Unit) -> list[Member]:
    """Those who work on what no desk has."""
    return [member for member in unit.staff.all() if staff.may(member.role, "manager")]
