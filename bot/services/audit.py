"""What staff did: each action of theirs notes itself in the transaction that does it, and admins read it by pages.

What stands there stays for ever, after "delete me" too; so it holds numbers and what staff published, never a
citizen's words. Who did it is a number, whose name is kept with the staff alone and forgotten there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.dates import date_in_words, instant_in_words
from bot.store import Unit
from bot.store.audit import Deed
from bot.store.staff import Member

__all__ = ["Deed", "Page", "day", "difference", "look", "note", "when"]

PAGE: Final = 10

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was done, the newest first. `older`: before which number the next page begins; None: no more."""

    deeds: list[Deed]
    older: int | None


def note(  # noqa: PLR0913, PLR0917 - what a row of the table holds
    unit: Unit,
    member: Member | int | None,
    action: str,
    about: str,
    before: State | None = None,
    after: State | None = None,
) -> None:
    """Write down what a member of staff did; None: the command line.

    `about`: a kind and a number, such as "case:12". `action` has its words in `content/audit.toml`, as `did_<action>`.
    """
    unit.audit.note(member.id if isinstance(member, Member) else member, action, about, before, after)


def difference(before: State, after: State) -> tuple[State, State]:
    """What is not the same in both, as it was and as it is."""
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return {key: before.get(key) for key in changed}, {key: after.get(key) for key in changed}


def look(unit: Unit, member_id: int | None = None, before: int | None = None) -> Page:
    """A page of what was done: by everybody or by one of the staff, before the row of a number or the last of all."""
    found = unit.audit.latest(PAGE + 1, before) if member_id is None else unit.audit.by(member_id, PAGE + 1, before)
    shown = found[:PAGE]
    return Page(shown, shown[-1].id if len(found) > PAGE else None)


def when(deed: Deed) -> str:
    """«۱ آذر ۱۴۰۵، ۱۰:۰۵»."""
    return instant_in_words(deed.at)


def day(written: str) -> str:
    """A day as a deed holds it, in words: «۱ آذر ۱۴۰۵»."""
    return date_in_words(date.fromisoformat(written))
