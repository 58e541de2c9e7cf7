"""Desks: the groups where staff work with the bot. What it knows of one; what happens when a group moves or ends."""

from dataclasses import replace

from bot.dates import day_in_words
from bot.errors import CitizenError
from bot.outbox import Address
from bot.services import audit
from bot.store import Unit
from bot.store.desks import Desk, shown_title
from bot.store.staff import Member

__all__ = [
    "Desk",
    "all",
    "called",
    "close",
    "cover",
    "for_category",
    "here",
    "home_of",
    "lost",
    "make",
    "moved",
    "open_in",
    "place",
    "since",
    "toggle",
]

TELL_AGAIN_MS = 24 * 3600 * 1000


def make(unit: Unit, at: Address, title: str, by: Member) -> Desk:
    """The group is a desk from now on, in the topic of that address; it takes all that no other desk takes."""
    desk = unit.desks.make(at.platform, at.chat_id, title, at.thread_id, by.id)
    audit.note(unit, by, "desk_made", _about(desk), after={"title": desk.title})
    return desk


def here(unit: Unit, platform: str, chat_id: int) -> Desk:
    """The desk in this group. Raises `CitizenError`: "no_desk"."""
    desk = unit.desks.find(platform, chat_id)
    if desk is None:
        raise CitizenError("no_desk")
    return desk


def since(desk: Desk) -> str:
    """The day it was made a desk, in words."""
    return day_in_words(desk.made_at)


def called(unit: Unit, desk: Desk, title: str) -> Desk:
    """The desk under the name that its group has now."""
    if not title or shown_title(title) == desk.title:
        return desk
    unit.desks.rename(desk.id, title)
    return replace(desk, title=shown_title(title))


def place(unit: Unit, desk: Desk, thread_id: int | None, by: Member) -> Desk:
    """What is written to the desk stands in this topic of its forum from now on."""
    unit.desks.place(desk.id, thread_id)
    audit.note(unit, by, "desk_placed", _about(desk), {"topic": desk.thread_id}, {"topic": thread_id})
    return replace(desk, thread_id=thread_id)


def toggle(unit: Unit, desk: Desk, category: str, by: Member) -> Desk:
    """Take a category, or take it no more. A desk that names none takes all that no other desk takes."""
    named = set(desk.covers or ()) ^ {category}
    return cover(unit, desk, tuple(sorted(named)) or None, by)


def cover(unit: Unit, desk: Desk, categories: tuple[str, ...] | None, by: Member) -> Desk:
    """The desk takes these categories from now on; None: all that no other desk takes."""
    unit.desks.cover(desk.id, categories)
    audit.note(unit, by, "desk_covers", _about(desk), {"covers": desk.covers}, {"covers": categories})
    return replace(desk, covers=categories)


def close(unit: Unit, desk_id: int, by: Member | None = None) -> Desk | None:
    """The group is no desk any more, and nobody works there; what it was, None if it was none already."""
    desk = unit.desks.get(desk_id)
    if desk is not None:
        unit.desks.close(desk_id)
        audit.note(unit, by, "desk_closed", _about(desk), before={"title": desk.title, "covers": desk.covers})
    return desk


def _about(desk: Desk) -> str:
    return f"desk:{desk.id}"


def all(unit: Unit) -> list[Desk]:  # noqa: A001 - read as `desks.all`
    """Every desk, the oldest first."""
    return unit.desks.all()


def for_category(unit: Unit, category: str) -> Desk | None:
    """The desk that takes a category: who names it goes before who takes the rest, the older before the younger.

    One that the bot cannot write to takes it only where there is no other. It is not closed until the transaction ends,
    so what goes there now is among what it leaves behind.
    """
    takes = [desk for desk in unit.desks.keep_all() if desk.covers is None or category in desk.covers]
    return min(takes, key=lambda desk: (desk.lost_at is not None, desk.covers is None, desk.id), default=None)


def home_of(unit: Unit, desk_id: int | None, category: str) -> int | None:
    """The desk where a case is worked on that opens again: its own, or if that is closed who takes the category now."""
    if desk_id is not None and unit.desks.keep(desk_id) is not None:
        return desk_id
    taker = for_category(unit, category)
    return None if taker is None else taker.id


def open_in(unit: Unit, platform: str, chat_id: int) -> Desk | None:
    """The desk in a group that somebody has just spoken in: if it was lost, it is found again."""
    desk = unit.desks.hold(platform, chat_id)
    if desk is not None and desk.lost_at is not None:
        unit.desks.found(platform, desk.chat_id)
    return desk


def moved(unit: Unit, platform: str, old: int, new: int) -> None:
    """A group became a supergroup and has another number: its desk, its places and what waits for it go along.

    Told by the old group, the new one, and the error of a send, in any order: the second time changes nothing. If
    somebody made a desk of the new one meanwhile, the old desk stays nevertheless: it has cases and people.
    """
    before, after = (unit.desks.find(platform, number) for number in (old, new))
    if before is not None and before.chat_id == old and after is not None and after.id != before.id:
        unit.cases.hand_on(after.id, before.id)
        close(unit, after.id)
    unit.desks.move(platform, old, new)
    unit.outbox.move_chat(platform, old, new)
    unit.places.move_chat(platform, old, new)


def lost(unit: Unit, platform: str, chat_id: int, why: str) -> Desk | None:
    """The bot cannot write to this chat any more. The desk there, if operators are to be told.

    Where it hears but cannot answer, a desk is lost and found with every word; that is told once a day at the most.
    """
    desk = unit.desks.lose(platform, chat_id)  # first the desk, as in `moved`: two at once must not wait crosswise
    unit.outbox.drop_chat(platform, chat_id, why)
    if desk is None or (desk.told_at is not None and unit.now - desk.told_at < TELL_AGAIN_MS):
        return None
    unit.desks.told(platform, chat_id)
    return desk
