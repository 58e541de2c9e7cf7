"""Opening hours in words: the sentences that fit a question, its office, and the moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final

from bot.clock import TEHRAN
from bot.services import jalali, lunar
from bot.services.days import DAY, Office, Plan, Span, Spans
from bot.services.hour_words import clock, duration
from bot.services.occasions import Dated
from bot.services.offices import REGION
from bot.services.openings import Hours, is_open, load, weekday_name
from bot.services.when import Asked, asked, at, one_by_one
from bot.text import persian_digits

__all__ = ["Hours", "describe", "is_open", "load", "off_hours_note"]

BRIDGE_AHEAD: Final = 45
"""So many days ahead a working day between two holidays is looked for."""
WEEK: Final = 7


def describe(hours: Hours, question: str, now: datetime, office: str | None = None) -> str:
    """The sentences that answer a question in the form of `Text.fold`; an empty one asks about now."""
    teller = Teller(hours, office or hours.named(question), now.astimezone(TEHRAN))
    if not any(teller.place.week):
        return hours.word("never", office=teller.place.name)
    told = [" ".join(_sentences(teller, one)) for one in one_by_one(question)]
    return " ".join(["\n".join(told), *teller.remark()])


def off_hours_note(hours: Hours, now: datetime, office: str = REGION) -> str:
    """What is said beside a case that comes while nobody works there: who is back when. Nothing while it is open."""
    teller = Teller(hours, office, now.astimezone(TEHRAN))
    return "" if is_open(hours, now, office) else hours.word("off_hours", after=teller.opening())


def _sentences(teller: "Teller", question: str) -> Iterator[str]:
    named, rest = teller.hours.calendar.named(question)
    wanted = asked(rest)
    if named and not wanted.names_day:
        yield from teller.occasion(named, wanted)
    elif wanted.between and not wanted.names_day:
        yield from teller.between()
    elif wanted.holiday and not wanted.names_day:
        yield from teller.holidays()
    elif wanted.week:
        yield from teller.week(wanted)
    elif wanted.every:
        yield from teller.every(wanted)
    elif wanted.lunar is not None:
        yield from teller.moon_day(wanted)
    elif wanted.after is not None:
        later = teller.local + timedelta(minutes=wanted.after)
        yield from teller.time(later.date(), later.hour * 60 + later.minute)
    else:
        yield from _solar_day(teller, wanted)


def _solar_day(teller: "Teller", wanted: Asked) -> Iterator[str]:
    day = wanted.day(teller.today)
    if wanted.jalali is not None and jalali.day(*wanted.month(teller.today), wanted.jalali[1]) is None:
        yield teller.no_such_day(*wanted.month(teller.today))
    elif day < teller.today:
        yield teller.hours.word("past", day=teller.name(day))
    elif wanted.minute is not None:
        yield from teller.time(day, wanted.minute)
    elif day == teller.today and (wanted.offset == 0 or not wanted.names_day):
        yield from teller.now()
    else:
        yield from teller.day(day)


@dataclass(frozen=True)
class Teller:
    """Tells of one office at one instant."""

    hours: Hours
    office: str
    local: datetime

    @cached_property
    def place(self) -> Office:
        return self.hours.offices[self.office]

    @property
    def today(self) -> date:
        return self.local.date()

    @property
    def minute(self) -> int:
        return self.local.hour * 60 + self.local.minute

    def now(self) -> Iterator[str]:
        """How it is at this moment."""
        planned = self.plan(self.today)
        span = next((span for span in planned.spans if self.minute < span.end), None)
        if span is None:
            yield self._closed_now(planned)
        else:
            yield from self._soon(span, planned.spans)
            yield from self._why_other(planned)
            yield from self._tomorrow_closed()
        yield from self._doubts(self.today, planned)

    def _soon(self, span: Span, spans: Spans) -> Iterator[str]:
        """The span that runs now or comes next, and the one after it."""
        if self.minute < span.start:
            left = duration(self.hours.texts, self.local, at(self.today, span.start, self.local))
            yield self._say("opens_today", start=clock(span.start), end=clock(span.end), left=left)
        else:
            left = duration(self.hours.texts, self.local, self._end(span))
            yield self._say("open_now", end=clock(span.end), left=left)
        if span != spans[-1]:
            yield self.hours.word("again", start=clock(spans[spans.index(span) + 1].start))

    def day(self, day: date, title: str = "") -> Iterator[str]:
        """How a day is. `title`: what the citizen called it, if it says more than its date."""
        planned = self.plan(day)
        if not planned.spans:
            yield self._closed(day, planned)
        elif day == self.today and self.minute >= planned.spans[-1].end:
            yield self._closed_now(planned)
            return
        else:
            named = self.hours.word("named_day", day=self.name(day), title=title) if title else self.name(day)
            yield self._say("day_open", day=named, spans=self.spans(planned.spans))
            yield from self._why_other(planned)
        yield from self._doubts(day, planned)

    def time(self, day: date, minute: int) -> Iterator[str]:
        """How it is at a time of a day."""
        spans = self.plan(day).spans
        if not spans or (day == self.today and self.minute >= spans[-1].end):
            yield from self.day(day)
            return
        span = next((span for span in spans if span.start <= minute < span.end), None)
        named = self.name(day)
        if span is not None:
            yield self._say("time_open", day=named, time=clock(minute), end=clock(span.end))
        else:
            yield self._say("time_closed", day=named, time=clock(minute), spans=self.spans(spans))
        yield from self._why_other(self.plan(day))
        yield from self._doubts(day, self.plan(day))

    def occasion(self, ids: tuple[str, ...], wanted: Asked) -> Iterator[str]:
        """How the next day of an occasion is."""
        dated = self.hours.calendar.next(ids, self.today)
        if dated is None:
            yield self.hours.word("no_date", title=self.hours.calendar.by_id[ids[0]].title)
        elif wanted.minute is not None:
            yield from self.time(dated.day, wanted.minute)
        else:
            yield from self.day(dated.day, dated.occasion.why)

    def moon_day(self, wanted: Asked) -> Iterator[str]:
        """How a day of a lunar month is, or the month as a whole."""
        month, number = wanted.lunar or (1, 1)
        within = self.hours.calendar.lunar.of(self.today)
        if number is None and within is not None and within.month.number == month:
            yield from self.now()
        else:
            days = (day for day, _ in self.hours.calendar.lunar.dates(month, number or 1) if day >= self.today)
            day = next(days, None)
            if day is None:
                yield self.hours.word("no_date", title=lunar.MONTHS[month - 1])
                return
            if wanted.minute is not None and number is not None:
                yield from self.time(day, wanted.minute)
            else:
                yield from self.day(day)
        if number is None and not any(one.lunar_month == month for one in self.place.special):
            yield self.hours.word("no_month_hours", month=lunar.MONTHS[month - 1])

    def every(self, wanted: Asked) -> Iterator[str]:
        """How such a weekday usually is, and the coming one if that is otherwise."""
        day = wanted.day(self.today)
        usual, planned = self.place.usual(day), self.plan(day)
        if not usual:
            yield self._say("every_closed", weekday=weekday_name(day), after=self.opening(day))
        else:
            yield self._say("every_open", weekday=weekday_name(day), spans=self.spans(usual))
        if planned.spans and planned.spans != usual:
            yield self.hours.word("but_other", day=self.name(day), spans=self.spans(planned.spans))
        elif usual and not planned.spans:
            yield self.hours.word("but", day=self.name(day), why=self._why(planned))

    def week(self, wanted: Asked) -> Iterator[str]:
        """How this week or a later one differs from the usual one."""
        start = self.today + timedelta(days=WEEK * wanted.weeks - jalali.weekday(self.today))
        named = {0: "this_week", 1: "next_week"}.get(wanted.weeks)
        week = self.hours.word(named) if named else self.hours.word("that_week", day=self.name(start))
        days = [day for ahead in range(WEEK) if (day := start + timedelta(days=ahead)) >= self.today]
        others = [line for day in days if (line := self._other_day(day))]
        yield "\n".join([self._say("week_other" if others else "week_usual", week=week), *others])

    def holidays(self) -> Iterator[str]:
        """How public holidays are, and which is next."""
        yield self._say("holidays" if self.place.closed_on_holidays else "holidays_open")
        for ahead in range(366):
            day = self.today + timedelta(days=ahead)
            for dated in self.hours.calendar.holidays(day)[:1]:
                yield self.hours.word("next_holiday", day=self.name(day), title=dated.occasion.why)
                yield from () if dated.sure else (self.hours.word("moon"),)
                return

    def between(self) -> Iterator[str]:
        """The next working day between two closed ones, of which a holiday or staff close one."""
        for ahead in range(BRIDGE_AHEAD):
            day = self.today + timedelta(days=ahead)
            sides = [self.plan(day + timedelta(days=step)) for step in (-1, 1)]
            spans = self.plan(day).spans
            if spans and not any(side.spans for side in sides) and any(side.why for side in sides):
                yield self._say("between", day=self.name(day), spans=self.spans(spans))
                yield from self._why_other(self.plan(day))
                return
        yield self._say("no_between")

    def no_such_day(self, year: int, month: int) -> str:
        days = persian_digits(str(jalali.length(year, month)))
        return self.hours.word("no_such_day", month=jalali.MONTHS[month - 1], days=days, year=persian_digits(str(year)))

    def opening(self, after: date | None = None) -> str:
        """When it opens next, after a day or after this moment."""
        left = tuple(span for span in self.plan(self.today).spans if span.start > self.minute)
        if after is None and left:
            return self.hours.word("after", next=self.name(self.today), spans=self.spans(left))
        day = self.hours.next_open(self.office, after or self.today)
        if day is None:
            return self.hours.word("no_after")
        return self.hours.word("after", next=self.name(day), spans=self.spans(self.plan(day).spans))

    def remark(self) -> Iterator[str]:
        if self.place.sample:
            yield self._say("sample")

    def plan(self, day: date) -> Plan:
        return self.hours.plan(self.office, day)

    def name(self, day: date) -> str:
        """A day in words: «فردا دوشنبه ۲ آذر»."""
        return self.hours.name_day(day, self.today)

    def spans(self, spans: Spans) -> str:
        return self.hours.texts["spans_and"].join(
            self.hours.word("span", start=clock(span.start), end=clock(span.end)) for span in spans
        )

    def _say(self, key: str, **values: str) -> str:
        return self.hours.word(key, office=self.place.name, **values)

    def _closed_now(self, planned: Plan) -> str:
        if planned.spans:
            return self._say("today_over", after=self.opening(self.today))
        if planned.why:
            return self._say("closed_now_why", why=self._why(planned), after=self.opening(self.today))
        return self._say("closed_now", after=self.opening(self.today))

    def _closed(self, day: date, planned: Plan) -> str:
        after = self.opening(day)
        if not planned.why:
            return self._say("day_closed", day=self.name(day), after=after)
        key = "day_closed_why" if planned.sure else "day_likely_closed"
        return self._say(key, day=self.name(day), why=self._why(planned), after=after)

    def _why(self, planned: Plan) -> str:
        return self.hours.word(f"because_{planned.cause}", reason=planned.why)

    def _why_other(self, planned: Plan) -> Iterator[str]:
        if planned.changed:
            yield self.hours.word("changed", reason=planned.changed)
        if planned.despite:
            yield self.hours.word("despite", reason=planned.despite)

    def _tomorrow_closed(self) -> Iterator[str]:
        """Whoever asks about today may want to come tomorrow instead."""
        day = self.today + timedelta(days=1)
        planned = self.plan(day)
        if planned.why and planned.sure and self.place.usual(day):
            yield self.hours.word("but", day=self.name(day), why=self._why(planned))

    def _doubts(self, day: date, planned: Plan) -> Iterator[str]:
        """What the moon, or a calendar that is not out yet, leaves open."""
        if not self.hours.calendar.is_known(day) and planned.spans:
            yield self.hours.word("no_calendar")
        elif not planned.sure:
            yield self.hours.word("moon")
        elif planned.spans:
            beside = (self._unsure(day + timedelta(days=step)) for step in (-1, 1))
            for dated in [one for one in beside if one is not None][:1]:
                yield self.hours.word("maybe", title=dated.occasion.why, day=self.name(dated.day))

    def _unsure(self, day: date) -> Dated | None:
        """A holiday of this day that the moon may still move."""
        found = self.hours.calendar.holidays(day)
        return next((dated for dated in found if not dated.sure and self.place.closes(dated)), None)

    def _other_day(self, day: date) -> str:
        """A line about a day that differs from the usual week."""
        planned, usual = self.plan(day), self.place.usual(day)
        if planned.spans == usual:
            return ""
        if not planned.spans:
            return self.hours.word("week_day_closed", day=self.name(day), why=self._why(planned))
        return self.hours.word("week_day_other", day=self.name(day), spans=self.spans(planned.spans))

    def _end(self, span: Span) -> datetime:
        if span.end == DAY:
            return at(self.today + timedelta(days=1), 0, self.local)
        return at(self.today, span.end, self.local)
