"""Staff: who they are, what they may, how they join by a one-time code, and at which desks operators work."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Final, Literal

from bot.dates import day_in_words
from bot.errors import CitizenError
from bot.services import audit
from bot.services.quoting import quote
from bot.store import Unit
from bot.store.citizens import Citizen
from bot.store.desks import Desk
from bot.store.staff import Member

__all__ = [
    "ROLES",
    "Desk",
    "Member",
    "Role",
    "call_oneself",
    "desk",
    "dismiss",
    "forget",
    "invite",
    "join",
    "leave",
    "may",
    "member",
    "place",
    "since",
    "still_here",
    "works_at",
]

Role = Literal["operator", "editor", "manager", "admin"]
ROLES: Final[tuple[Role, ...]] = ("operator", "editor", "manager", "admin")
"""An operator works on the cases of their desks. An editor answers and announces, and sees no cases. A manager may
both, at all desks, gets what is raised, and bans. An admin may everything, and says who works here and where."""
_MAY: Final[Mapping[str, frozenset[str]]] = {
    "operator": frozenset({"operator"}),
    "editor": frozenset({"editor"}),
    "manager": frozenset({"operator", "editor", "manager"}),
    "admin": frozenset(ROLES),
}
GOOD_FOR_MS: Final = 24 * 3600 * 1000
# Neither 0 and O nor 1 and I: people read it to each other on the phone.
LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH: Final = 12
GROUP: Final = 4
NAME_LIMIT: Final = 30
LONGEST_NUMBER: Final = 19
"""Digits; databases take no longer numbers."""


# -- who may what


def member(unit: Unit, citizen: Citizen) -> Member | None:
    """Who the citizen is among the staff; None if they are none."""
    return unit.staff.find(citizen.platform, citizen.user_id)


def may(role: str | None, needed: Role) -> bool:
    """Whether somebody of this role may do what needs that one."""
    return needed in _MAY.get(role or "", ())


def works_at(unit: Unit, member: Member, desk_id: int | None) -> bool:
    """Whether somebody works on the cases of a desk; None: on those that no desk has.

    Managers and admins work on all cases, operators on those of their desks, editors on none.
    """
    if may(member.role, "manager"):
        return True
    return desk_id is not None and may(member.role, "operator") and unit.desk_members.works(desk_id, member.id)


# -- coming and going


def invite(unit: Unit, role: Role, by: Member | None = None, desk_id: int | None = None) -> str:
    """A code with which one person becomes staff of this role within a day. It is told once and not kept.

    An operator may begin at a desk at once. Raises `CitizenError`: "no_desk".
    """
    if desk_id is not None:
        _there(unit, desk_id)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    first_desk = desk_id if role == "operator" else None
    number = unit.staff.invite(_hash(code), role, first_desk, by.id if by else None, GOOD_FOR_MS)
    audit.note(unit, by, "invited", f"invite:{number}", after=_standing(role, first_desk))
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def join(unit: Unit, citizen: Citizen, code: str) -> Member:
    """Become staff by a code, or get another role.

    Raises `CitizenError`: "wrong_code", or "already" if the code gives nothing that they do not have. So nobody loses
    by a code: an admin stays one, and a manager is not made an editor.
    """
    used = unit.staff.use(_hash(code))
    if used is None:
        raise CitizenError("wrong_code")
    known = member(unit, citizen)
    desk_id = used.desk_id if used.desk_id is not None and unit.desks.get(used.desk_id) is not None else None
    if known is not None and used.role in _MAY.get(known.role, ()) and not _brings_desk(unit, known, desk_id):
        raise CitizenError("already")
    joined = unit.staff.join(citizen.platform, citizen.user_id, used.role, citizen.name, used.made_by)
    unit.staff.used(used.id, joined.id)
    unit.bans.lift(citizen.platform, citizen.user_id)
    if joined.role != "operator":
        unit.desk_members.leave_all(joined.id)
    elif desk_id is not None:
        unit.desk_members.add(desk_id, joined.id)
    before = _standing(known.role) if known is not None else None
    audit.note(unit, joined, "joined", f"staff:{joined.id}", before, _standing(joined.role, desk_id))
    return joined


def call_oneself(unit: Unit, who: Member, name: str) -> None:
    """What colleagues call them. Raises `CitizenError`: "no_name" (limit) for none, or one too long."""
    shown = quote(name, NAME_LIMIT + 1)
    if not shown or len(shown) > NAME_LIMIT:
        raise CitizenError("no_name", limit=NAME_LIMIT)
    unit.staff.rename(who.id, shown)


def _brings_desk(unit: Unit, known: Member, desk_id: int | None) -> bool:
    """Whether a code leads an operator to a desk where they do not work yet."""
    return known.role == "operator" and desk_id is not None and not works_at(unit, known, desk_id)


def still_here(unit: Unit, number: str) -> Member:
    """The member that a button names. Raises `CitizenError`: "gone"."""
    found = next((who for who in unit.staff.all() if str(who.id) == number), None)
    if found is None:
        raise CitizenError("gone")
    return found


def dismiss(unit: Unit, member_id: int, by: Member) -> Member:
    """They work with us no more. Raises `CitizenError`: "gone" if so already, "last_admin"."""
    return _end(unit, member_id, by, "dismissed")


def leave(unit: Unit, member: Member) -> None:
    """They do not want to work with us any more. Raises `CitizenError`: as `dismiss`."""
    _end(unit, member.id, member, "left")


def forget(unit: Unit, citizen: Citizen) -> None:
    """Whoever wants to be forgotten is no staff from now on, the last admin too, and has no name here any more."""
    known = member(unit, citizen)
    unit.staff.forget(citizen.platform, citizen.user_id)
    if known is not None:
        unit.announcement_drafts.drop(known.id)
        unit.desk_members.leave_all(known.id)
        audit.note(unit, known, "left", f"staff:{known.id}", before=_standing(known.role))


def _end(unit: Unit, member_id: int, by: Member, action: str) -> Member:
    admins = unit.staff.hold("admin")
    if admins == [member_id]:
        raise CitizenError("last_admin")
    who = unit.staff.get(member_id)
    if who is None or not unit.staff.end(member_id):
        raise CitizenError("gone")
    unit.desk_members.leave_all(member_id)
    audit.note(unit, by, action, f"staff:{member_id}", before=_standing(who.role))
    return who


def since(member: Member) -> str:
    """The day they joined: «۱ آذر ۱۴۰۵»."""
    return day_in_words(member.made_at)


# -- desks


def desk(unit: Unit, number: str) -> Desk:
    """The desk that a button names. Raises `CitizenError`: "no_desk"."""
    return _there(unit, int(number) if number.isdecimal() and len(number) < LONGEST_NUMBER else 0)


def place(unit: Unit, member: Member, desk_id: int, by: Member, *, works: bool) -> None:
    """An operator works at a desk from now on, or not any more. Raises `CitizenError`: "no_operator", "no_desk"."""
    if member.role != "operator":
        raise CitizenError("no_operator")
    _there(unit, desk_id)
    if works and unit.desk_members.add(desk_id, member.id):
        audit.note(unit, by, "placed", f"staff:{member.id}", after={"desk": desk_id})
    elif not works and unit.desk_members.remove(desk_id, member.id):
        audit.note(unit, by, "displaced", f"staff:{member.id}", before={"desk": desk_id})


def _there(unit: Unit, desk_id: int) -> Desk:
    found = unit.desks.get(desk_id)
    if found is None:
        raise CitizenError("no_desk")
    return found


def _standing(role: str, desk_id: int | None = None) -> dict[str, Any]:
    """As what somebody works here, for the audit."""
    return {"role": role} if desk_id is None else {"role": role, "desk": desk_id}


def _hash(code: str) -> str:
    """A code as it is looked up: however it was typed."""
    letters = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
