"""Bans: who may not file reports for a while, why, and who said so. Whatever else they ask is answered as ever."""

from typing import Final

from bot.dates import day_in_words
from bot.errors import CitizenError
from bot.services import audit
from bot.services.quoting import quote
from bot.store import Unit
from bot.store.bans import Ban
from bot.store.citizens import Citizen
from bot.store.staff import Member
from bot.text import persian_digits

__all__ = [
    "REASON_LIMIT",
    "Ban",
    "all",
    "ban",
    "checked_reason",
    "key",
    "lift",
    "may_ban",
    "named",
    "shown",
    "since",
    "standing",
    "standing_of",
    "until",
]

DAY_MS: Final = 24 * 3600 * 1000
REASON_LIMIT: Final = 150
LONGEST_DAYS: Final = 366
LONGEST_NUMBER: Final = 19
"""Digits; databases take no longer numbers."""


def standing(unit: Unit, citizen: Citizen) -> Ban | None:
    """What stands against a citizen; None: nothing, or it is over."""
    return unit.bans.find(citizen.platform, citizen.user_id)


def all(unit: Unit, most: int) -> list[Ban]:  # noqa: A001 - read as `bans.all`
    """What stands against anybody, the newest first."""
    return unit.bans.all(most)


def named(unit: Unit, who: str) -> tuple[str, int]:
    """The citizen that a button names, as "telegram.123". Raises `CitizenError`: "unknown" if we know nobody such."""
    platform, user_id = _apart(who)
    if unit.citizens.find(platform, user_id, user_id) is None and unit.bans.find(platform, user_id) is None:
        raise CitizenError("unknown")
    return platform, user_id


def standing_of(unit: Unit, who: str) -> Ban:
    """What stands against the citizen that a button names. Raises `CitizenError`: "gone" if nothing does."""
    platform, user_id = _apart(who)
    found = unit.bans.find(platform, user_id)
    if found is None:
        raise CitizenError("gone")
    return found


def key(one: Ban) -> str:
    """How a button names the citizen."""
    return f"{one.platform}.{one.user_id}"


def shown(who: Ban | str) -> tuple[str, str]:
    """The platform, and the last digits of the citizen's number there: staff need not see more of who it is."""
    platform, user_id = _apart(who if isinstance(who, str) else key(who))
    return platform, persian_digits(f"{user_id % 10_000:04}")


def _apart(who: str) -> tuple[str, int]:
    platform, _, number = who.partition(".")
    return platform, int(number) if number.isdecimal() and len(number) < LONGEST_NUMBER else 0


def checked_reason(text: str) -> str:
    """A reason as the citizen will read it, in one line. Raises `CitizenError`: "no_reason", "too_long"."""
    found = quote(text, REASON_LIMIT * 2)
    if not any(sign.isalnum() for sign in found):
        raise CitizenError("no_reason")
    if len(found) > REASON_LIMIT:
        raise CitizenError("too_long", limit=REASON_LIMIT)
    return found


def may_ban(unit: Unit, platform: str, user_id: int) -> None:
    """Raises `CitizenError`: "is_staff"."""
    if unit.staff.find(platform, user_id) is not None:
        raise CitizenError("is_staff")


def ban(  # noqa: PLR0913, PLR0917 - who, whom, for how long and why
    unit: Unit, member: Member, platform: str, user_id: int, days: int | None, reason: str
) -> Ban:
    """They may file no reports for so many days; None: until it is lifted. One that stands already is replaced.

    Raises `CitizenError`: "is_staff"; "unknown" for days that nobody offers.
    """
    if days is not None and not 0 < days <= LONGEST_DAYS:
        raise CitizenError("unknown")
    may_ban(unit, platform, user_id)
    before = unit.bans.find(platform, user_id)
    made = unit.bans.put(platform, user_id, None if days is None else days * DAY_MS, member.id, reason)
    about = f"citizen:{platform}.{user_id}"
    audit.note(unit, member, "banned", about, _told(before) if before else None, _told(made))
    return made


def lift(unit: Unit, member: Member, platform: str, user_id: int) -> None:
    """They may file reports again. Raises `CitizenError`: "gone" if they may already."""
    before = unit.bans.lift(platform, user_id)
    if before is None:
        raise CitizenError("gone")
    audit.note(unit, member, "unbanned", f"citizen:{platform}.{user_id}", before=_told(before))


def since(one: Ban) -> str:
    """The day it began: «۱ آذر ۱۴۰۵»."""
    return day_in_words(one.at)


def until(one: Ban) -> str | None:
    """The day it ends: «۱ آذر ۱۴۰۵»; None: when it is lifted."""
    return None if one.until is None else day_in_words(one.until)


def _told(one: Ban) -> dict[str, object]:
    return {"until": one.until, "reason": one.reason}
