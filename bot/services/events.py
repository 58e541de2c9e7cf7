"""Events of the programs: what staff may enter, and how it is changed, cancelled and brought back."""

import re
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Final
from unicodedata import category

from bot.errors import CitizenError
from bot.models import EventTimes
from bot.services import audit, pictures
from bot.services.coming import local
from bot.services.dated import Dated
from bot.store import Unit
from bot.store.events import Event, Plan

__all__ = [
    "Event",
    "Plan",
    "add",
    "ahead",
    "cancel",
    "change",
    "checked_when",
    "find",
    "hold",
    "line",
    "restore",
]

SUBJECT: Final = "events"
TITLE_LIMIT: Final = 80
PLACE_LIMIT: Final = 120
REASON_LIMIT: Final = 150
LONGEST: Final = timedelta(days=60)
FARTHEST: Final = timedelta(days=366)
LARGEST: Final = 2**62
"""No event has such a number, and no database takes much larger ones."""
MOST_AHEAD: Final = 500
"""Events that are not over: room for ten times what a region has."""

_ZWNJ: Final = "\u200c"


def add(unit: Unit, plan: Plan, by: int, now: datetime) -> Event:
    """Publish an event. Raises `CitizenError`, see `_check`, or "too_many"."""
    _check(plan, now)
    if len(ahead(unit, now)) >= MOST_AHEAD:
        raise CitizenError("too_many")
    event = unit.events.add(_with_photo_kept(unit, plan), by)
    audit.note(unit, by, "event_added", f"event:{event.id}", after={"title": plan.title})
    unit.revisions.bump(SUBJECT)
    return event


def hold(unit: Unit, event_id: int, was: Plan, now: datetime) -> None:
    """Let nobody else change an event until this turn ends.

    Raises `CitizenError`: "gone"; "changed_meanwhile" if it is not as it `was` when the change began.
    """
    unit.events.hold(event_id)
    if find(unit, event_id, now).plan != was:
        raise CitizenError("changed_meanwhile")


def change(unit: Unit, event_id: int, plan: Plan, by: int, now: datetime) -> Event:
    """Publish it anew, all of it. Raises `CitizenError`, see `_check`, or "gone"."""
    _check(plan, now)
    before = find(unit, event_id, now).plan
    event = unit.events.change(event_id, _with_photo_kept(unit, plan), by)
    if event is not None:
        about = f"event:{event_id}"
        audit.note(unit, by, "event_changed", about, *audit.difference(asdict(before), asdict(event.plan)))
    return _changed(unit, event)


def cancel(unit: Unit, event_id: int, reason: str, by: int, now: datetime) -> Event:
    """It does not take place: whoever asks is told so until it would be over. Raises `CitizenError`: "gone"."""
    find(unit, event_id, now)
    event = _changed(unit, unit.events.cancel(event_id, line(reason, REASON_LIMIT) if reason else "", by))
    audit.note(unit, by, "event_cancelled", f"event:{event_id}", after={"reason": event.reason})
    return event


def restore(unit: Unit, event_id: int, by: int, now: datetime) -> Event:
    """It takes place after all. Raises `CitizenError`: "gone"."""
    find(unit, event_id, now)
    event = _changed(unit, unit.events.restore(event_id, by))
    audit.note(unit, by, "event_restored", f"event:{event_id}")
    return event


def find(unit: Unit, event_id: int, now: datetime) -> Event:
    """An event that is not over. Raises `CitizenError`: "gone"."""
    event = unit.events.find(event_id) if event_id < LARGEST else None
    if event is None or event.plan.ends_at <= _millis(now):
        raise CitizenError("gone")
    return event


def ahead(unit: Unit, now: datetime) -> list[Event]:
    """What is not over, cancelled or not, the earliest first."""
    return unit.events.ahead(_millis(now), MOST_AHEAD)


def _changed(unit: Unit, event: Event | None) -> Event:
    if event is None:
        raise CitizenError("gone")
    unit.revisions.bump(SUBJECT)
    return event


# -- what may be said


def line(text: str, most: int) -> str:
    """Words in one line, without signs that nobody sees. Raises `CitizenError`: "empty", "too_wordy"."""
    shown = "".join(sign for sign in text[: most * 4] if sign == _ZWNJ or category(sign) != "Cf")
    words = " ".join("".join(" " if category(sign)[0] in "CZ" and sign != _ZWNJ else sign for sign in shown).split())
    if not re.search(r"\w", words):
        raise CitizenError("empty")
    if len(words) > most:
        raise CitizenError("too_wordy", most=most)
    return words


def checked_when(dated: Dated, now: datetime) -> Dated:
    """Raises `CitizenError`: "past", "too_long", "too_far"."""
    if dated.end <= now:
        raise CitizenError("past")
    if dated.end - dated.start > LONGEST:
        raise CitizenError("too_long", days=LONGEST.days)
    if dated.start - now > FARTHEST:
        raise CitizenError("too_far")
    return dated


def _check(plan: Plan, now: datetime) -> None:
    """Raises `CitizenError`: what `checked_when` raises, and "unfinished" for what lacks a title, a time or a place."""
    if not plan.title or not plan.place or plan.ends_at <= plan.starts_at:
        raise CitizenError("unfinished")
    checked_when(Dated(EventTimes(plan.times), local(plan.starts_at), local(plan.ends_at)), now)


def _with_photo_kept(unit: Unit, plan: Plan) -> Plan:
    """Raises `CitizenError`: "photo_lost"."""
    return plan if plan.photo is None else replace(plan, photo=pictures.published(unit, plan.photo))


def _millis(now: datetime) -> int:
    return int(now.timestamp() * 1000)
