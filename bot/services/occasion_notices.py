"""Greets on occasions, by the clock: what is due and may go becomes an announcement, once, on its own day or never.

What could not go is written down as missed, and managers are told why. What waits for approval is brought to them two
days before and on the eve. May be run again at any moment: all is done in the transaction that writes it down.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Final

from bot import content, outbox
from bot.clock import TEHRAN
from bot.content import Wording
from bot.errors import CitizenError
from bot.markup import Spans
from bot.models import AnnouncementState
from bot.outbox import Button, Keyboard
from bot.services import closures, greetings, leaving, occasion_plans, openings, pictures, staff
from bot.services.by_itself import add_by_itself
from bot.services.closures import Said
from bot.services.contents import Content
from bot.services.greetings import Greetings, Planned
from bot.services.occasion_plans import State, Text, millis
from bot.services.openings import Hours
from bot.store import Unit
from bot.store.outbox import Outgoing
from bot.store.staff import Member

BEHIND: Final = 7
"""So many days back it is looked for what was missed while nobody was there."""
AHEAD: Final = 2
ASKING: Final = 10
"""The hour at which approval is asked for."""
IN_A_ROW: Final = 4


@dataclass(frozen=True, slots=True)
class Plans:
    """What is planned around a day, and what staff had said of hours and months when that was looked up."""

    day: date
    said: Said
    found: tuple[tuple[str, Planned], ...]


@cache
def words() -> Wording:
    return content.load("occasion_notices")


@cache
def _shipped() -> tuple[Greetings, Hours]:
    """For the job, which has no library."""
    hours, _ = openings.load(content.ROOT)
    return greetings.load(content.ROOT, hours.calendar), hours


def standing(unit: Unit) -> tuple[date, Said]:
    """The day it is, and what staff say of hours and months."""
    return local(unit.now).date(), closures.said(unit)


@lru_cache(maxsize=2)
def plans(day: date, said: Said) -> Plans:
    """What is planned around a day. Takes a moment, and stays known until midnight or until staff say otherwise."""
    found, hours = _shipped()
    first = day - timedelta(days=BEHIND)
    return Plans(day, said, occasion_plans.keyed(found, closures.applied(hours, said), first, BEHIND + AHEAD))


def announce(unit: Unit, known: Plans) -> dict[str, int]:
    """Let go what is due, write down what was missed, and ask for what waits; how many of each."""
    counts = {"sent": 0, "missed": 0, "asked": 0}
    now = local(unit.now)
    if (known.day, known.said) != (now.date(), closures.said(unit)):
        return counts  # it turned midnight, or a month was just moved: the next time by the new days
    _adopt_pictures(unit)
    found = occasion_plans.texts(unit, known.found)
    counts["sent"] = sum(_send(unit, text) for text in found if _is_due(text, now))
    counts["missed"] = _miss(unit, [text for text in found if _is_too_late(text, now)], now)
    if ASKING <= now.hour < occasion_plans.LAST_HOUR:
        counts["asked"] = _ask(unit, [text for text in found if _waits(text, now)], now)
    return counts


def local(instant: int) -> datetime:
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(TEHRAN)


# -- what is due


def _is_due(text: Text, now: datetime) -> bool:
    return text.state in {State.ALONE, State.APPROVED} and text.begins <= now <= text.last_start


def _send(unit: Unit, text: Text) -> bool:
    return add_by_itself(
        unit, text.key, _content(unit, text), topic=text.topic, audience=text.audience, until=text.until
    )


def _content(unit: Unit, text: Text) -> Content:
    """A picture that was lost keeps nobody from being greeted."""
    files = unit.files.find([text.photo]) if text.photo is not None else {}
    return Content(text.spans, tuple(files))


def _adopt_pictures(unit: Unit) -> None:
    """What was fetched since it was sent is ours now: its editor's files are forgotten long before its day."""
    for change in unit.greeting_changes.pictured():
        with suppress(CitizenError):
            ours = pictures.published(unit, change.photo or "")
            if ours != change.photo and change.changed_by is not None:
                unit.greeting_changes.keep(replace(change, photo=ours), change.changed_by)


# -- what was missed


def _is_too_late(text: Text, now: datetime) -> bool:
    """What was missed on an earlier day, and has a later one since, is not told again."""
    is_open = text.state in {State.ALONE, State.APPROVED, State.WAITING}
    return is_open and text.announced is None and now > text.last_start


def _miss(unit: Unit, late: list[Text], now: datetime) -> int:
    """What was planned before there was anything to announce with was not missed, but for what is of today."""
    since = unit.announcements.first_made() if late else None
    lines: list[Spans] = []
    for text in late:
        if text.day == now.date() or (since is not None and millis(text.last_start) > since):
            why = _why(unit, text)
            if add_by_itself(
                unit,
                text.key,
                Content(text.spans),
                topic=text.topic,
                audience=text.audience,
                until=text.until,
                state=AnnouncementState.MISSED,
            ):
                lines.append(words().text(f"missed_{why}", what=_called(text), day=day_named(text.day, now)))
    tell_missed(unit, lines)
    return len(lines)


def tell_missed(unit: Unit, lines: list[Spans]) -> None:
    """Tell managers and admins, in one message."""
    if not lines:
        return
    told = sum(lines, words().text("missed"))
    for member in leaving.managers(unit):
        _tell(unit, member, told, Keyboard(inline=[[Button(words().button("room"), "calendar:room")]]))


def _why(unit: Unit, text: Text) -> str:
    if text.state == State.WAITING:
        return "unapproved"
    by_moon = text.planned.occasion.calendar == "lunar"
    return "moved" if by_moon and unit.lunar_shifts.changed_since(millis(text.last_start)) else "down"


# -- what waits


def _waits(text: Text, now: datetime) -> bool:
    return text.state == State.WAITING and 0 < (text.day - now.date()).days <= AHEAD


def _ask(unit: Unit, waiting: list[Text], now: datetime) -> int:
    """Bring it to editors, managers and admins: one message a day."""
    if not waiting:
        return 0
    told = words().text("ask")
    for number, text in enumerate(waiting, start=1):
        told += words().text(
            "ask_line", number=number, day=day_named(text.day, now), hour=text.hour, what=_called(text)
        )
        told += _doubt(text)
    buttons = [
        Button(words().button("one", number=number), f"calendar:text:{text.ref}")
        for number, text in enumerate(waiting, start=1)
    ]
    rows = [buttons[at : at + IN_A_ROW] for at in range(0, len(buttons), IN_A_ROW)]
    name = f"approvals:{now.date().isoformat()}"
    asked = 0
    for member in unit.staff.all():
        if staff.may(member.role, "editor") and not unit.outbox.was_said(member.platform, member.user_id, name):
            _tell(unit, member, told, Keyboard(inline=rows), name)
            asked += 1
    return asked


def _doubt(text: Text) -> Spans:
    """Why it does not go of itself, where that is not plain."""
    if text.names_other_day:
        return words().text("doubt_day")
    if not text.planned.sure:
        return words().text("doubt_moon")
    return words().text("doubt_mourned", title=text.planned.mourned) if text.planned.mourned else ()


def _called(text: Text) -> str:
    return words().button("reminder", title=text.title) if text.planned.before else text.title


def day_named(day: date, now: datetime) -> str:
    """«فردا دوشنبه ۲ آذر»."""
    return _shipped()[1].name_day(day, now.date())


def _tell(unit: Unit, member: Member, text: Spans, keyboard: Keyboard, logical: str | None = None) -> None:
    for body in outbox.bodies(text, keyboard):
        unit.outbox.add(Outgoing(member.platform, member.user_id, "send", body, logical), claimed=False)
