"""Opening hours: a weekly table for each office, and the sentence that fits the moment and the question.

Does not know holidays by name yet: every sentence about a day says that public holidays are closed.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from persiantools.jdatetime import JalaliDate

from bot.clock import TEHRAN
from bot.knowledge import Fault
from bot.services.when import Asked, asked, at
from bot.text import persian_digits

WEEKDAYS: Final = ("saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday")
DAY: Final = 24 * 60
LOOK_AHEAD: Final = 14
REGION: Final = "region14"

_SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
TEXTS: Final[Mapping[str, frozenset[str]]] = {
    "open_now": frozenset({"office", "end", "left"}),
    "opens_today": frozenset({"office", "start", "end", "left"}),
    "closed_now": frozenset({"office", "next", "spans"}),
    "day_open": frozenset({"office", "day", "spans"}),
    "day_closed": frozenset({"office", "day", "next", "spans"}),
    "today_over": frozenset({"office", "next", "spans"}),
    "time_open": frozenset({"office", "day", "time", "end"}),
    "time_closed": frozenset({"office", "day", "time", "spans"}),
    "holidays": frozenset({"office"}),
    "never": frozenset({"office"}),
    "today": frozenset({"date"}),
    "tomorrow": frozenset({"date"}),
    "after_tomorrow": frozenset({"date"}),
    "date": frozenset({"weekday", "day", "month"}),
    "span": frozenset({"start", "end"}),
    "spans_and": frozenset(),
    "hours_minutes": frozenset({"hours", "minutes"}),
    "hours": frozenset({"hours"}),
    "minutes": frozenset({"minutes"}),
}


class Span(NamedTuple):
    """Open from `start` (included) to `end` (excluded), in minutes of the day."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Office:
    """One office and its week, Saturday first."""

    name: str
    week: tuple[tuple[Span, ...], ...]

    def spans(self, day: date) -> tuple[Span, ...]:
        return self.week[(day.weekday() + 2) % 7]


@dataclass(frozen=True, slots=True)
class Hours:
    """All offices, and the words in which their hours are told."""

    offices: Mapping[str, Office]
    texts: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        return self.texts[key].format(**values)


def describe(hours: Hours, question: str, now: datetime, office: str = REGION) -> str:
    """The sentence of the moment that answers a question in the form of `Text.fold`; an empty one asks about now."""
    place, local, wanted = hours.offices[office], now.astimezone(TEHRAN), asked(question)
    if not any(place.week):
        return hours.say("never", office=place.name)
    if wanted.holiday and not wanted.names_day:
        return hours.say("holidays", office=place.name)
    if wanted.minute is not None:
        return _time_sentence(hours, place, wanted, local)
    day = wanted.day(local.date())
    if day == local.date() and (wanted.offset == 0 or not wanted.names_day):
        return _now_sentence(hours, place, local)
    return _day_sentence(hours, place, day, local)


def is_open(hours: Hours, now: datetime, office: str = REGION) -> bool:
    local = now.astimezone(TEHRAN)
    minute = _minute_of(local)
    return any(span.start <= minute < span.end for span in hours.offices[office].spans(local.date()))


def _now_sentence(hours: Hours, office: Office, local: datetime) -> str:
    today, minute = local.date(), _minute_of(local)
    for span in office.spans(today):
        if minute < span.start:
            left = _duration(hours, local, at(today, span.start, local))
            return hours.say(
                "opens_today", office=office.name, start=_clock(span.start), end=_clock(span.end), left=left
            )
        if minute < span.end:
            left = _duration(hours, local, _end(today, span, local))
            return hours.say("open_now", office=office.name, end=_clock(span.end), left=left)
    key = "today_over" if office.spans(today) else "closed_now"
    return hours.say(key, office=office.name, **_next(hours, office, today, today))


def _day_sentence(hours: Hours, office: Office, day: date, local: datetime) -> str:
    spans, today = office.spans(day), local.date()
    named = _day(hours, day, today)
    if not spans:
        return hours.say("day_closed", office=office.name, day=named, **_next(hours, office, day, today))
    if day == today and _minute_of(local) >= spans[-1].end:
        return hours.say("today_over", office=office.name, **_next(hours, office, day, today))
    return hours.say("day_open", office=office.name, day=named, spans=_spans(hours, spans))


def _time_sentence(hours: Hours, office: Office, wanted: Asked, local: datetime) -> str:
    today = local.date()
    day, minute = wanted.day(today), wanted.minute or 0
    spans = office.spans(day)
    if not spans or (day == today and _minute_of(local) >= spans[-1].end):
        return _day_sentence(hours, office, day, local)
    named = _day(hours, day, today)
    for span in spans:
        if span.start <= minute < span.end:
            return hours.say("time_open", office=office.name, day=named, time=_clock(minute), end=_clock(span.end))
    return hours.say("time_closed", office=office.name, day=named, time=_clock(minute), spans=_spans(hours, spans))


def _next(hours: Hours, office: Office, after: date, today: date) -> dict[str, str]:
    """The next working day after a day, in words."""
    day = next(day for ahead in range(1, LOOK_AHEAD) if office.spans(day := after + timedelta(days=ahead)))
    return {"next": _day(hours, day, today), "spans": _spans(hours, office.spans(day))}


def _day(hours: Hours, day: date, today: date) -> str:
    jalali = JalaliDate(day)
    words = hours.say(
        "date",
        weekday=jalali.strftime("%A", locale="fa"),
        day=persian_digits(str(jalali.day)),
        month=jalali.strftime("%B", locale="fa"),
    )
    relative = {0: "today", 1: "tomorrow", 2: "after_tomorrow"}.get((day - today).days)
    return hours.say(relative, date=words) if relative else words


def _spans(hours: Hours, spans: tuple[Span, ...]) -> str:
    return hours.texts["spans_and"].join(
        hours.say("span", start=_clock(span.start), end=_clock(span.end)) for span in spans
    )


def _clock(minute: int) -> str:
    hour, rest = divmod(minute, 60)
    return persian_digits(f"{hour}:{rest:02}" if rest else str(hour))


def _duration(hours: Hours, start: datetime, end: datetime) -> str:
    """Rounded up, so that nobody is promised a minute that is not there... and «0 minutes» is never said."""
    minutes = max(1, -(-int((end - start).total_seconds()) // 60))
    whole, rest = divmod(minutes, 60)
    values = {"hours": persian_digits(str(whole)), "minutes": persian_digits(str(rest))}
    if whole and rest:
        return hours.say("hours_minutes", **values)
    return hours.say(
        "hours" if whole else "minutes",
        **{key: values[key] for key in (("hours",) if whole else ("minutes",))},
    )


def _minute_of(local: datetime) -> int:
    return local.hour * 60 + local.minute


def _end(day: date, span: Span, local: datetime) -> datetime:
    return at(day + timedelta(days=1), 0, local) if span.end == DAY else at(day, span.end, local)


def load(path: Path) -> tuple[Hours, list[Fault]]:
    """The offices and texts of a file, and every fault in it. Faulty days count as closed; do not use it then."""
    faults: list[Fault] = []
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Hours({}, {}), [Fault(path.name, "", str(error))]
    offices = tables.get("office", {})
    if not isinstance(offices, dict) or REGION not in offices:
        faults.append(Fault(path.name, f"office.{REGION}", "is missing"))
        offices = {}
    found = {name: _office(name, table, path.name, faults) for name, table in offices.items()}
    return Hours(found, _texts(tables.get("texts", {}), path.name, faults)), faults


def _office(name: str, table: object, file: str, faults: list[Fault]) -> Office:
    key = f"office.{name}"
    if not isinstance(table, dict) or not isinstance(table.get("name"), str) or not isinstance(table.get("week"), dict):
        faults.append(Fault(file, key, "needs a name and a week"))
        return Office(name, ((),) * 7)
    faults.extend(
        Fault(file, f"{key}.week.{day}", "is not a day of the week") for day in table["week"] if day not in WEEKDAYS
    )
    week: list[tuple[Span, ...]] = []
    for day in WEEKDAYS:
        spans, reason = _day_spans(table["week"].get(day, []))
        if reason:
            faults.append(Fault(file, f"{key}.week.{day}", reason))
        week.append(spans)
    return Office(table["name"], tuple(week))


def _day_spans(values: object) -> tuple[tuple[Span, ...], str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return (), 'must be a list of texts such as "08:00-16:30"'
    spans: list[Span] = []
    for value in values:
        found = _SPAN.fullmatch(value.strip())
        if not found:
            return (), f'{value!r} is not a time such as "08:00-16:30"'
        start_hour, start, end_hour, end = map(int, found.groups())
        spans.append(Span(start_hour * 60 + start, end_hour * 60 + end))
    edges = [edge for span in spans for edge in span]
    if edges != sorted(set(edges)) or (edges and edges[-1] > DAY):
        return (), "has times that overlap or run backwards"
    return tuple(spans), ""


def _texts(texts: object, file: str, faults: list[Fault]) -> dict[str, str]:
    if not isinstance(texts, dict):
        faults.append(Fault(file, "texts", "must be a table"))
        return {}
    faults.extend(Fault(file, f"texts.{key}", reason) for key, reason in _wrong_texts(texts))
    return {key: text for key, text in texts.items() if isinstance(text, str)}


def _wrong_texts(texts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((key, "is missing") for key in TEXTS if key not in texts)
    for key, text in texts.items():
        if key not in TEXTS:
            yield key, "is said nowhere"
        elif not isinstance(text, str) or not _fits(text, TEXTS[key]):
            yield key, f"must be a text with the fields {', '.join(sorted(TEXTS[key])) or 'none'}"


def _fits(text: str, names: frozenset[str]) -> bool:
    try:
        text.format(**dict.fromkeys(names, "x"))
    except (KeyError, IndexError, ValueError, AttributeError):
        return False
    return True
