"""What is said on the occasions of the coming days: the words of `content/` under what staff changed of them.

    of itself ─────────────┐
    waits ──approve──► approved ──its hour──► sent
      │   ◄──words──┘      │          └─ too late ─► missed ──moved to a later day──► as before
      └─ skip ─► skipped ◄─┘

Each text of one date has a key that its announcement carries: "occasion:<id>:<year>:<days before>", the year being of
the calendar in which the occasion has its day. So a lunar month that is moved keeps it: what was decided of a text goes
along, and what was said is said once, on whatever day it falls now.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot import markup
from bot.clock import TEHRAN
from bot.errors import CitizenError
from bot.markup import Span, Spans
from bot.models import AnnouncementState
from bot.services import greetings, jalali, tone
from bot.services.audiences import Audience
from bot.services.greetings import Greetings, Planned
from bot.services.occasions import Calendar
from bot.services.openings import Hours
from bot.store import Unit
from bot.store.announcements import Announcement
from bot.store.greeting_changes import GreetingChange

__all__ = ["Planned", "State", "Text"]

PREFIX: Final = "occasion:"
LAST_HOUR: Final = 21
"""Nothing begins to go out later."""
CLOSES: Final = 22
GRACE: Final = timedelta(minutes=30)
"""So long a text of the last hour has at least."""

_WEEKDAY: Final = re.compile(r"(?<!\w)(?:(?:یک|دو|سه|چهار|پنج)[\s\u200c]?)?شنبه|(?<!\w)جمعه(?!\w)")
_GAPS: Final = re.compile(r"[\s\u200c]")


class State(StrEnum):
    """How a text stands."""

    ALONE = "alone"
    """It goes of itself."""
    WAITING = "waiting"
    """It does not go unless somebody approves it."""
    APPROVED = "approved"
    SKIPPED = "skipped"
    SENT = "sent"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Text:
    """One text of one date, with what staff changed of it and the announcement that was made of it, if any."""

    key: str
    planned: Planned
    change: GreetingChange
    announced: Announcement | None = None

    @property
    def ref(self) -> str:
        """The key as buttons carry it."""
        return self.key.removeprefix(PREFIX).replace(":", ".")

    @property
    def day(self) -> date:
        return self.planned.day

    @property
    def title(self) -> str:
        return self.planned.occasion.title

    @property
    def hour(self) -> int:
        return self.planned.hour if self.change.hour is None else self.change.hour

    @property
    def spans(self) -> Spans:
        """As it is sent. What staff wrote is never read as markup."""
        own = self.change.text
        return markup.spans(self.planned.text) if own is None else (Span("", own),)

    @property
    def photo(self) -> str | None:
        """The key of a picture."""
        return self.change.photo

    @property
    def begins(self) -> datetime:
        """When it is due."""
        return at(self.day, self.hour)

    @property
    def last_start(self) -> datetime:
        """Later than this it does not begin to go out."""
        return max(at(self.day, LAST_HOUR), self.begins + GRACE)

    @property
    def until(self) -> datetime:
        """Later than this nobody gets it."""
        return at(self.day, CLOSES)

    @property
    def kind(self) -> str:
        """How it has to sound: what is civic and falls on a mourned day is no reason to be merry."""
        kind = self.planned.greeting.kind
        return tone.MOURNING if self.planned.mourned and kind != tone.FEAST else kind

    @property
    def names_other_day(self) -> bool:
        """Whether staff wrote a day of the week into it that is not its own, as before its month was moved."""
        named = {_GAPS.sub("", found) for found in _WEEKDAY.findall(self.change.text or "")}
        own = {jalali.WEEKDAYS[jalali.weekday(day)] for day in (self.day, self.planned.dated.day)}
        return bool(named) and not named & {_GAPS.sub("", name) for name in own}

    @property
    def alone(self) -> bool:
        """Whether it needs nobody's approval."""
        return self.planned.alone and not self.names_other_day

    @property
    def state(self) -> State:
        made = self.announced
        if made is not None and not self._is_of_earlier_day(made):
            return State.MISSED if made.state == AnnouncementState.MISSED else State.SENT
        if self.change.skipped_by is not None:
            return State.SKIPPED
        if self.change.approved_by is not None:
            return State.APPROVED
        return State.ALONE if self.alone else State.WAITING

    @property
    def topic(self) -> str:
        return self.planned.greeting.topic

    @property
    def audience(self) -> Audience:
        """Everybody for feasts, mourning and what closes the municipality; whoever chose the topic for all else."""
        greeting = self.planned.greeting
        great = greeting.kind in {tone.FEAST, tone.MOURNING} or self.planned.occasion.holiday
        return Audience(chosen_only=bool(self.planned.before) or not great)

    def _is_of_earlier_day(self, made: Announcement) -> bool:
        """It was missed on a day on which it does not fall any more: the moon was seen later."""
        missed = made.state == AnnouncementState.MISSED
        return missed and made.until is not None and made.until < millis(self.until)


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), TEHRAN)


def millis(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def key_of(calendar: Calendar, planned: Planned) -> str:
    """The same for a text of a date, however the moon moves it."""
    occasion, day = planned.occasion, planned.dated.day
    if occasion.calendar == "lunar":
        found = calendar.lunar.of(day)
        year = found.month.year if found is not None else 0
    else:
        year = jalali.parts(day)[0] if occasion.calendar == "solar" else day.year
    return f"{PREFIX}{occasion.id}:{year}:{planned.before}"


def keyed(found: Greetings, hours: Hours, first: date, days: int) -> tuple[tuple[str, Planned], ...]:
    """What is planned from a day on, for so many days."""
    return tuple((key_of(hours.calendar, one), one) for one in greetings.coming(found, hours, first, days))


def texts(unit: Unit, plans: Iterable[tuple[str, Planned]]) -> list[Text]:
    """What is planned, as it stands."""
    those = tuple(plans)
    keys = [key for key, _ in those]
    changes, made = unit.greeting_changes.find(keys), unit.announcements.of_keys(keys)
    return [Text(key, planned, changes.get(key, GreetingChange(key)), made.get(key)) for key, planned in those]


def coming(unit: Unit, found: Greetings, hours: Hours, today: date) -> list[Text]:
    """All of the coming days, in the order in which they go."""
    return texts(unit, keyed(found, hours, today, greetings.AHEAD))


def find(unit: Unit, found: Greetings, hours: Hours, today: date, ref: str) -> Text:
    """The text that a button names. Raises `CitizenError`: "gone" if its day is over, or there is none."""
    key = PREFIX + ref.replace(".", ":")
    one = ref.partition(".")[0]
    found = replace(found, all=tuple(greeting for greeting in found.all if greeting.occasion == one))
    plans = [plan for plan in keyed(found, hours, today, greetings.AHEAD) if plan[0] == key]
    if not plans:
        raise CitizenError("gone")
    return texts(unit, plans)[0]
