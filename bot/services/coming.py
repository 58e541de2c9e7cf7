"""The coming events: which of them fall into a span of days, and the words in which they are told.

What is over leaves by the clock, at the moment of asking. What staff wrote enters as fields only, never as markup.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from bot import markup
from bot.clock import TEHRAN
from bot.content import Wording, key_of
from bot.incoming import Spot
from bot.markup import Span, Spans
from bot.models import EventTimes
from bot.services import jalali, period
from bot.services.period import Period
from bot.store import Unit
from bot.store.events import Event, Plan
from bot.text import persian_digits

__all__ = [
    "AUDIENCES",
    "KIND_LIMIT",
    "Coming",
    "Event",
    "Plan",
    "Spans",
    "Wanted",
    "has_more",
    "local",
    "read",
    "spot",
    "stacked",
]

AUDIENCES: Final = ("children", "women", "elderly")
"""Whom an event may be for, if not for everybody."""
KIND_LIMIT: Final = 12
"""Letters of the short name of a kind: buttons carry it."""
UNDER_PROGRAM: Final = 3
_TIMES: Final = {int(EventTimes.START): "_start", int(EventTimes.SPAN): "_span"}
DAY: Final = timedelta(days=1)
HORIZON: Final = timedelta(days=60)
"""Nobody plans for later; a program's answer and «what comes next» look so far."""
_FOLDED: Final = str.maketrans("ئؤ", "یو")
MOST: Final = 500
"""Events that a process knows: more than a region has in a year."""


class Wanted(NamedTuple):
    """What a question asks for. `kind` and `audience` may be empty."""

    period: Period
    kind: str = ""
    audience: str = ""

    def to_text(self) -> str:
        """As a button carries it."""
        return f"{self.period.to_text()}-{self.kind}-{self.audience}"

    @classmethod
    def from_text(cls, text: str) -> "Wanted":
        """Raises `ValueError`: whoever writes by themselves what buttons carry gets nothing by it."""
        name, first, days, kind, audience = text.split("-")
        return cls(Period.from_text(name, first, days), kind, audience)


class Occurrence(NamedTuple):
    """An event on a day of it, or on all of them if they are whole days."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Coming:
    """What staff have entered, and the words. Immutable: a change makes another one."""

    words: Wording = field(default_factory=lambda: Wording("coming"))
    events: tuple[Event, ...] = ()

    # -- finding

    def find(self, event_id: int, now: datetime) -> Event | None:
        """An event that is not over."""
        known = (event for event in self.events if event.id == event_id)
        return next((event for event in known if now < local(event.plan.ends_at)), None)

    def wanted(self, question: str, now: datetime, kinds: Iterable[str]) -> Wanted:
        """What a question in the form of `Text.fold` asks for."""
        return Wanted(period.period(question, now), self._group(question, kinds), self._group(question, AUDIENCES))

    def select(self, wanted: Wanted, now: datetime) -> list[Event]:
        """What is asked for and not over, in order."""
        return [
            event
            for event in in_order(self.events, max(wanted.period.first, now), wanted.period.until)
            if (not wanted.kind or event.plan.kind == wanted.kind)
            and (not wanted.audience or event.plan.audience == wanted.audience)
        ]

    def following(self, wanted: Wanted, now: datetime) -> Event | None:
        """What comes next after these days, of what is asked for if there is any of it."""
        days = period.ahead(now.astimezone(TEHRAN).date())
        exact = self.select(wanted._replace(period=days), now)
        return next((event for event in (*exact, *self.select(Wanted(days), now)) if not event.cancelled), None)

    def of_program(self, program: str, now: datetime) -> list[Event]:
        """What comes of a program; what was cancelled too."""
        return in_order((event for event in self.events if event.plan.program == program), now, now + HORIZON)

    def _group(self, question: str, groups: Iterable[str]) -> str:
        """The first of these groups that a question names; "" for none."""
        written = question.split()
        return next((group for group in groups if self._names(group, written)), "")

    def _names(self, group: str, written: list[str]) -> bool:
        beginnings = tuple(key_of(word).translate(_FOLDED) for word in self.words.words.get(group, ()))
        return any(word.startswith(beginnings) for word in written)

    # -- telling

    def line(self, event: Event, now: datetime) -> Spans:
        """An event in two lines."""
        plan, when = event.plan, self.when(event.plan, now.astimezone(TEHRAN).date())
        if event.cancelled:
            reason = self._say("reason", reason=event.reason) if event.reason else ()
            return stacked([self._say("line_cancelled", title=plan.title, when=when), reason], "\n")
        return self._say("line", title=plan.title, when=when, place=plan.place)

    def numbered(self, events: Sequence[Event], now: datetime) -> Spans:
        """Several events, one under the other."""
        return stacked(
            self._say("number", number=number) + self.line(event, now) for number, event in enumerate(events, start=1)
        )

    def beneath(self, answer: str, program: str, now: datetime) -> Spans:
        """The answer about a program with what comes of it."""
        shown = markup.spans(answer.strip("\n"))
        found = [self.line(event, now) for event in self.of_program(program, now)[:UNDER_PROGRAM]]
        return stacked([shown, stacked([self._say("under_program"), found[0]], "\n"), *found[1:]]) if found else shown

    def whole(self, event: Event, now: datetime) -> Spans:
        """All that is known of an event."""
        audience = event.plan.audience
        whom = self._say("for_audience", audience=self.whom(audience)) if audience in AUDIENCES else ()
        return stacked([self.line(event, now), whom], "\n")

    def whom(self, audience: str) -> str:
        """What an audience is called."""
        return self.words.button(audience)

    def when(self, plan: Plan, today: date | None = None) -> str:
        """Weekday, day and time in words; the year only if it is another than that of `today`, if given."""
        each = list(occurrences(plan))
        first, last = each[0].start.date(), each[-1].start.date()
        if plan.times == EventTimes.DAYS:
            last = each[-1].end.date() - DAY
        key = ("days" if last > first else "day") + _TIMES.get(plan.times, "")
        fields = {"start": clock(each[0].start), "end": clock(each[0].end)}
        return markup.plain(self._say(key, day=self._day(first, today), last=self._day(last, today), **fields))

    def called(self, named: Period, now: datetime) -> str:
        """A span of days in words."""
        today = now.astimezone(TEHRAN).date()
        first, last = named.first.date(), named.until.date() - DAY
        fields = {"first": self._day(first, today), "last": self._day(last, today)}
        return markup.plain(self._say(f"period_{named.name}", **fields))

    def _day(self, day: date, today: date | None) -> str:
        # Seen from another year, a day is told with its own.
        words = jalali.words(day, today or day - 400 * DAY)
        return markup.plain(self._say("date_of_year" if "year" in words else "date", **words))

    def _say(self, key: str, **fields: object) -> Spans:
        return self.words.text(key, **fields)


def occurrences(plan: Plan) -> Iterator[Occurrence]:
    """Every time it takes place: an event of several days with hours begins and ends on each of them."""
    start, end = local(plan.starts_at), local(plan.ends_at)
    if plan.times == EventTimes.DAYS:
        yield Occurrence(start, end)
        return
    days, length = divmod(end - start, DAY)
    for number in range(days + 1):
        yield Occurrence(start + number * DAY, start + number * DAY + length)


def in_order(events: Iterable[Event], first: datetime, until: datetime) -> list[Event]:
    """Those that take place between two instants, by when they do."""
    found = [(at, event.id, event) for event in events if (at := _first_within(event.plan, first, until)) is not None]
    return [event for _, _, event in sorted(found, key=lambda one: one[:2])]


def _first_within(plan: Plan, first: datetime, until: datetime) -> datetime | None:
    return next((max(at.start, first) for at in occurrences(plan) if at.start < until and at.end > first), None)


def stacked(parts: Iterable[Spans], gap: str = "\n\n") -> Spans:
    """Texts one below the other; empty ones take no room."""
    shown: list[Span] = []
    for part in parts:
        shown += [Span("", gap), *part] if shown and part else part
    return tuple(shown)


def spot(plan: Plan) -> Spot | None:
    """Where it is on the map, if that was said."""
    return None if plan.lat is None or plan.lon is None else Spot(plan.lat, plan.lon)


def has_more(event: Event) -> bool:
    """Whether there is more to show of it than a list does."""
    plan = event.plan
    return not event.cancelled and any(one is not None for one in (plan.photo, plan.link, plan.lat))


def clock(at: datetime) -> str:
    """A time of the day: «۱۷», «۱۸:۳۰»."""
    return persian_digits(f"{at.hour}:{at.minute:02}" if at.minute else str(at.hour))


def read(unit: Unit) -> tuple[Event, ...]:
    """What is not over yet, as `Coming.events`. All of it: a process may read once and run for months."""
    return tuple(unit.events.ahead(unit.now, MOST))


def local(millis: int) -> datetime:
    """An instant of the database as Tehran's clocks show it."""
    return datetime.fromtimestamp(millis / 1000, TEHRAN)
