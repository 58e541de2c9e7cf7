"""When the offices are open: their weeks, the calendar and what staff have said, as one immutable value."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from bot.clock import TEHRAN
from bot.knowledge import Fault
from bot.services import jalali, occasions, offices
from bot.services.days import Closure, Office, Plan, Span, plan
from bot.services.hour_words import texts_of
from bot.services.lunar import Shifts
from bot.services.occasions import Calendar
from bot.services.offices import REGION
from bot.services.when import plainly
from bot.text import fold_ours

_OPENNESS: Final = re.compile(r"(?<!\w)(?:باز|بست|تعطیل|هست)|ساعت کاری")
LONGEST_QUESTION: Final = 150
"""A longer message says more than days and times."""
LOOK_AHEAD: Final = 60
"""So many days ahead the next opening is looked for."""


@dataclass(frozen=True)
class Hours:
    """All offices, the calendar, what staff have said about some days, and the words in which hours are told.

    Immutable: `with_days` gives another one.
    """

    offices: Mapping[str, Office]
    texts: Mapping[str, str]
    calendar: Calendar = field(default_factory=Calendar)
    closures: tuple[Closure, ...] = ()
    shipped: Calendar | None = None  # the calendar as content has it, once months were moved

    def word(self, key: str, **values: str) -> str:
        return self.texts[key].format(**values)

    def with_days(self, closures: Iterable[Closure], shifts: Shifts) -> "Hours":
        """With what staff say now, in place of what they said before: closures in force, and lunar months moved."""
        shipped = self.shipped or self.calendar
        return replace(self, calendar=shipped.shifted(shifts), closures=tuple(closures), shipped=shipped)

    def plan(self, office: str, day: date) -> Plan:
        """What a day is for an office."""
        return plan(office, self.offices[office], self.calendar, self._said.get(day, ()), day)

    def next_open(self, office: str, after: date) -> date | None:
        """The first working day after a day; None if none is near."""
        days = (after + timedelta(days=ahead) for ahead in range(1, LOOK_AHEAD))
        return next((day for day in days if self.plan(office, day).spans), None)

    def named(self, question: str) -> str:
        """The office that a question in the form of `Text.fold` names; the municipality itself if none."""
        return next((office for name, office in self.names if f" {name} " in f" {question} "), REGION)

    def office(self, called: str) -> str | None:
        """The office of this very name."""
        return next((office for name, office in self.names if name == fold_ours(called)), None)

    def plainly(self, question: str) -> str:
        """A question in which whatever names a day is just a day. Other occasions name one beside «باز» only."""
        if len(question) > LONGEST_QUESTION:
            return question
        ids, rest = self.calendar.named(question)
        if any(self.calendar.by_id[one].holiday for one in ids) or (ids and _OPENNESS.search(rest)):
            question = f"{rest} فردا"
        return plainly(question)

    @property
    def samples(self) -> tuple[str, ...]:
        """The offices whose hours are not known for sure."""
        return tuple(f"office.{name}" for name, office in self.offices.items() if office.sample)

    def clearer(self, understood: str, written: str) -> str:
        """The words that say which day is meant: as understood, or as written where understanding lost an occasion."""
        lost = self.calendar.named(written)[0] and not self.calendar.named(understood)[0]
        return written if lost else understood

    def name_day(self, day: date, today: date) -> str:
        """A day in words: «فردا دوشنبه ۲ آذر»."""
        values = jalali.words(day, today)
        words = self.word("date_year" if "year" in values else "date", **values)
        relative = {0: "today", 1: "tomorrow", 2: "after_tomorrow"}.get((day - today).days)
        return self.word(relative, date=words) if relative else words

    @cached_property
    def _said(self) -> dict[date, list[Closure]]:
        """The closures by their days."""
        table: dict[date, list[Closure]] = {}
        for closure in self.closures:
            for ahead in range((closure.last - closure.first).days + 1):
                table.setdefault(closure.first + timedelta(days=ahead), []).append(closure)
        return table

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Folded names, the longest first, each with its office."""
        names = [(fold_ours(called), name) for name, office in self.offices.items() for called in office.names]
        return tuple(sorted(names, key=lambda pair: -len(pair[0])))


def is_open(hours: Hours, now: datetime, office: str = REGION) -> bool:
    return span_at(hours, office, now.astimezone(TEHRAN)) is not None


def span_at(hours: Hours, office: str, local: datetime) -> Span | None:
    """The span of time in which an office is open at an instant of Tehran's time."""
    minute = local.hour * 60 + local.minute
    spans = hours.plan(office, local.date()).spans
    return next((span for span in spans if span.start <= minute < span.end), None)


def load(folder: Path) -> tuple[Hours, list[Fault]]:
    """Offices, calendar and texts of `content/`, and every fault in them. Faulty days count as closed."""
    calendar, faults = occasions.load(folder)
    path = folder / offices.FILE
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Hours({}, {}, calendar), [*faults, Fault(path.name, "", str(error))]
    found, wrong_offices = offices.offices(tables.get("office", {}), calendar)
    texts, wrong_texts = texts_of(tables.get("texts", {}), path.name)
    return Hours(found, texts, calendar), [*faults, *wrong_offices, *wrong_texts]


def weekday_name(day: date) -> str:
    return jalali.WEEKDAYS[jalali.weekday(day)]
