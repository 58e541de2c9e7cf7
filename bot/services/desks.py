"""Desks: the groups where staff work with the bot. What it knows of one; what happens when a group moves or ends."""

from dataclasses import dataclass

from bot.dates import day_in_words
from bot.store import Unit
from bot.store.desks import Desk

TELL_AGAIN_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class About:
    """What a desk is. `title`: the group's name; `since`: the day it was made a desk."""

    title: str
    since: str


def about(unit: Unit, platform: str, chat_id: int) -> About | None:
    """What the bot knows of the desk in this group; None if it is none."""
    desk = unit.desks.find(platform, chat_id)
    return None if desk is None else About(desk.title, day_in_words(desk.made_at))


def open_in(unit: Unit, platform: str, chat_id: int) -> Desk | None:
    """The desk in a group that somebody has just spoken in: if it was lost, it is found again."""
    desk = unit.desks.hold(platform, chat_id)
    if desk is not None and desk.lost_at is not None:
        unit.desks.found(platform, desk.chat_id)
    return desk


def moved(unit: Unit, platform: str, old: int, new: int) -> None:
    """A group became a supergroup and has another number: its desk, its places and what waits for it go along.

    Told by the old group, the new one, and the error of a send, in any order: the second time changes nothing.
    """
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
