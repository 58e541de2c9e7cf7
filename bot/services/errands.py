"""What a member of the staff is about to say of a case: which of the actions that need words, and for which day.

An errand stands in buttons and in the names of messages as `fixed`, or with its day as `planned-20261201`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.clock import TEHRAN
from bot.dates import date_in_words
from bot.errors import CitizenError
from bot.services import codes, dated
from bot.services.cards import WORDED, Cards
from bot.services.cases import Case
from bot.services.quoting import quote
from bot.services.replies import Replies, Reply
from bot.store import Unit

__all__ = [
    "OFFERED_DAYS",
    "Errand",
    "as_written",
    "end_of",
    "filled",
    "in_words",
    "plan_for",
    "read",
    "replies_for",
    "write_day",
]

OFFERED_DAYS: Final = {"tomorrow": 1, "after_tomorrow": 2, "in_a_week": 7}
FURTHEST_DAYS: Final = 366
NAME_SHOWN: Final = 30
_STATES: Final = {"ask": "asked"}
"""Ready-made replies are sorted by the state that they lead to; most actions are called as theirs."""


@dataclass(frozen=True, slots=True)
class Errand:
    """An action of `WORDED`; `day`: of something planned, once it is known."""

    action: str
    day: date | None = None

    @property
    def needs_day(self) -> bool:
        return self.action == "planned" and self.day is None


def read(written: str, now: datetime) -> Errand:
    """The errand that a button or a message of ours names. Raises `CitizenError`: "no_errand", or as `plan_for`."""
    action, _, day = written.partition("-")
    if action not in WORDED or (day and action != "planned"):
        raise CitizenError("no_errand")
    return plan_for(now, written=day) if day else Errand(action)


def as_written(errand: Errand) -> str:
    """As it stands in a button: see `read`."""
    return errand.action if errand.day is None else f"{errand.action}-{write_day(errand.day)}"


def write_day(day: date) -> str:
    return day.strftime("%Y%m%d")


def in_words(day: date) -> str:
    """«۱ آذر ۱۴۰۵»."""
    return date_in_words(day)


def plan_for(now: datetime, *, text: str = "", written: str = "") -> Errand:
    """Something planned for the day that was typed as people do, or that stands on a button.

    Raises `CitizenError`: "no_day", "past_day", "far_day".
    """
    day = _day(written) if written else _typed(text, now)
    today = now.astimezone(TEHRAN).date()
    if day < today:
        raise CitizenError("past_day")
    if day > today + timedelta(days=FURTHEST_DAYS):
        raise CitizenError("far_day")
    return Errand("planned", day)


def end_of(day: date) -> int:
    """The last minute of a day in Tehran, in milliseconds."""
    return int(datetime.combine(day, time(23, 59), TEHRAN).timestamp() * 1000)


def replies_for(replies: Replies, case: Case, errand: Errand) -> list[Reply]:
    """The ready-made replies that fit, the best first."""
    return replies.of(case.category, _STATES.get(errand.action, errand.action))


def filled(unit: Unit, cards: Cards, case: Case, errand: Errand, reply: Reply) -> str:
    """A ready-made reply as the citizen will read it."""
    desk = unit.desks.get(case.desk_id) if case.desk_id is not None else None
    values: Mapping[str, str] = {
        "name": quote(case.name or "", NAME_SHOWN),
        "code": codes.shown(case.code),
        "category": cards.category(case),
        "unit": "" if desk is None else desk.title,
        "date": "" if errand.day is None else date_in_words(errand.day),
    }
    return reply.fill(values)


def _typed(text: str, now: datetime) -> date:
    """The last day that is meant, of whatever can be understood as one."""
    try:
        found = dated.read(text, now)
    except CitizenError:
        raise CitizenError("no_day") from None
    return (found.end - timedelta(minutes=1)).astimezone(TEHRAN).date()


def _day(written: str) -> date:
    try:
        return datetime.strptime(written, "%Y%m%d").replace(tzinfo=TEHRAN).date()
    except ValueError:
        raise CitizenError("no_day") from None
