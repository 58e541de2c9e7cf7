"""Who of the staff may see a case, work on it, and speak for it. What they do then is in `handling.py`."""

from dataclasses import replace
from typing import Final, NoReturn

from bot.errors import CitizenError
from bot.services import staff
from bot.services.cases import Case, is_number
from bot.services.quoting import quote
from bot.services.staff import Member
from bot.store import Unit

NAME_SHOWN: Final = 30


def see(unit: Unit, member: Member | None, number: str) -> Case:
    """A case that this member may see, held. Raises `CitizenError`: "not_staff", "not_there", "not_yours"."""
    if member is None:
        raise CitizenError("not_staff")
    found = unit.cases.hold(int(number)) if is_number(number) else None
    if found is None:
        raise CitizenError("not_there")
    if not staff.works_at(unit, member, found.desk_id):
        raise CitizenError("not_yours")
    return found


def work_on(unit: Unit, member: Member, case: Case) -> Case:
    """The case as one that this member works on: theirs, or theirs from now on if nobody's.

    Raises `CitizenError`: "closed", "raised" (the managers have it), "taken" (owner), "was_yours".
    """
    if not case.is_open:
        raise CitizenError("closed")
    if not staff.may(member.role, "manager"):
        if case.raised:
            raise CitizenError("raised")
        if case.owner_id not in {None, member.id}:
            refuse_taken(unit, case)
        if case.owner_id is None and _had_it(unit, member, case):
            raise CitizenError("was_yours")
    return case if case.owner_id is not None else taken_by(unit, member, case)


def taken_by(unit: Unit, member: Member, case: Case) -> Case:
    """Whoever gets a case is not removed before it is theirs: else it would be left with somebody who is not here.

    Raises `CitizenError`: "not_staff".
    """
    if unit.staff.keep(member.id) is None:
        raise CitizenError("not_staff")
    return replace(case, owner_id=member.id)


def refuse_taken(unit: Unit, case: Case) -> NoReturn:
    """Raises `CitizenError`: "taken" (owner), or "taken_nameless" (number) where nobody knows a name."""
    owner = unit.staff.get(case.owner_id) if case.owner_id is not None else None
    name = quote((owner.name or "") if owner is not None else "", NAME_SHOWN)
    if name:
        raise CitizenError("taken", owner=name)
    raise CitizenError("taken_nameless", number=case.owner_id)


def _had_it(unit: Unit, member: Member, case: Case) -> bool:
    """Whether the citizen objected to what this member did: then it is somebody else's, if there is somebody."""
    objected = unit.case_log.last(case.id, "reopened") if case.reopened else None
    if objected is None or objected.before.get("owner") != member.id or case.desk_id is None:
        return False
    return any(other.id != member.id for other in unit.desk_members.of_desk(case.desk_id))


def at_desk(unit: Unit, case: Case, platform: str, chat_id: int) -> None:
    """In a group only its own cases are shown and acted on: whoever is there need not see those of another.

    Raises `CitizenError`: "not_here".
    """
    desk = unit.desks.find(platform, chat_id)
    if desk is None or desk.id != case.desk_id:
        raise CitizenError("not_here")


def ready(unit: Unit, member: Member | None, number: str, action: str) -> Case:
    """A case to which this member may do that now, asked before they are asked for words. Raises as the action does."""
    case = see(unit, member, number)
    if action == "note" or member is None:
        return case
    if case.is_open or action != "say":
        work_on(unit, member, case)
    if action in {"ask", "say"}:
        reachable(case)
    return case


def colleagues(unit: Unit, case: Case) -> list[Member]:
    """To whom a case may be assigned: those of its desk, managers and admins, but not its owner."""
    here = {member.id for member in unit.desk_members.of_desk(case.desk_id)} if case.desk_id is not None else set()
    return [
        member
        for member in unit.staff.all()
        if member.id != case.owner_id and (member.id in here or staff.may(member.role, "manager"))
    ]


def reachable(case: Case) -> None:
    if case.chat_id is None:
        raise CitizenError("nobody_there")
