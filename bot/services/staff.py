"""Staff: who they are, what they may, and how they join by a one-time code."""

import hashlib
import secrets
from typing import Final, Literal

from bot.errors import CitizenError
from bot.store import Unit
from bot.store.citizens import Citizen
from bot.store.staff import Member

__all__ = ["ROLES", "Member", "Role", "dismiss", "invite", "join", "may", "member", "still_here"]

Role = Literal["editor", "admin"]
ROLES: Final[tuple[str, ...]] = ("editor", "admin")
"""Each may what those before it may: an editor answers and announces, an admin also says who works here."""
GOOD_FOR_MS: Final = 24 * 3600 * 1000
# Neither 0 and O nor 1 and I: people read it to each other on the phone.
LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH: Final = 12
GROUP: Final = 4


def member(unit: Unit, citizen: Citizen) -> Member | None:
    """Who the citizen is among the staff; None if they are none."""
    return unit.staff.find(citizen.platform, citizen.user_id)


def may(role: str | None, needed: Role) -> bool:
    """Whether somebody of this role may do what needs that one."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(needed)


def invite(unit: Unit, role: Role, by: int | None = None) -> str:
    """A code with which one person becomes staff of this role within a day. It is told once and not kept."""
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    unit.staff.invite(_hash(code), role, by, GOOD_FOR_MS)
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def join(unit: Unit, citizen: Citizen, code: str) -> Member:
    """Become staff by a code. Raises `CitizenError`: "wrong_code", or "already" for a role they have or exceed."""
    used = unit.staff.use(_hash(code))
    if used is None:
        raise CitizenError("wrong_code")
    known = member(unit, citizen)
    if known is not None and ROLES.index(used.role) <= ROLES.index(known.role):
        raise CitizenError("already")
    joined = unit.staff.join(citizen.platform, citizen.user_id, used.role, citizen.name, used.made_by)
    unit.staff.used(used.id, joined.id)
    return joined


def still_here(unit: Unit, number: str) -> Member:
    """The member that a button names. Raises `CitizenError`: "gone"."""
    found = next((who for who in unit.staff.all() if str(who.id) == number), None)
    if found is None:
        raise CitizenError("gone")
    return found


def dismiss(unit: Unit, member_id: int) -> Member:
    """They work with us no more. Raises `CitizenError`: "gone" if so already, "last_admin"."""
    admins = unit.staff.hold("admin")
    if admins == [member_id]:
        raise CitizenError("last_admin")
    who = unit.staff.get(member_id)
    if who is None or not unit.staff.end(member_id):
        raise CitizenError("gone")
    return who


def _hash(code: str) -> str:
    """A code as it is looked up: however it was typed."""
    letters = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
