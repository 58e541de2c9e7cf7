"""The offices of `content/hours.toml`: read, and checked for holes."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from bot.knowledge import Fault
from bot.services import jalali, lunar
from bot.services.days import DAY, Office, Span, Spans, Special, Week
from bot.services.occasions import Calendar

FILE: Final = "hours.toml"
REGION: Final = "region14"
WEEKDAYS: Final = ("saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday")
NOT_A_TIME: Final = 'must be a list of texts such as "08:00-16:30"'
EMPTY: Final[Week] = ((),) * 7

_SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_KEYS: Final = {"name", "names", "week", "special", "closed_on_holidays", "open_on", "sample"}
_SPECIAL_KEYS: Final = {"title", "from", "to", "lunar_month", "occasion", "spans", "week", "even_on_holidays"}


def offices(tables: object, calendar: Calendar) -> tuple[dict[str, Office], list[Fault]]:
    """The offices, and every fault in them. What is faulty counts as closed; do not use it then."""
    if not isinstance(tables, dict) or REGION not in tables:
        return {}, [Fault(FILE, f"office.{REGION}", "is missing")]
    faults: list[Fault] = []
    found = {name: _office(f"office.{name}", table, calendar, faults) for name, table in tables.items()}
    faults += _same_names(found)
    return found, faults


def _office(key: str, table: object, calendar: Calendar, faults: list[Fault]) -> Office:
    if not isinstance(table, dict) or not isinstance(table.get("name"), str) or not isinstance(table.get("week"), dict):
        faults.append(Fault(FILE, key, "needs a name and a week"))
        return Office("", EMPTY)
    faults += [Fault(FILE, f"{key}.{name}", "is not a key of an office") for name in table if name not in _KEYS]
    faults += [Fault(FILE, f"{key}.{name}", reason) for name, reason in _wrong_values(table, calendar)]
    special = table.get("special", [])
    if not isinstance(special, list):
        faults.append(Fault(FILE, f"{key}.special", "must be written as [[office.….special]]"))
        special = []
    days = [_special(f"{key}.special[{number}]", one, calendar, faults) for number, one in enumerate(special, start=1)]
    faults += [Fault(FILE, f"{key}.special", reason) for reason in _overlaps(days)]
    return Office(
        table["name"],
        _week(f"{key}.week", table["week"], faults),
        tuple(name for name in _texts(table.get("names"))),
        tuple(one for one in days if one is not None),
        table.get("closed_on_holidays", True) is not False,
        frozenset(_texts(table.get("open_on"))),
        table.get("sample", False) is True,
    )


def _wrong_values(table: Mapping[str, Any], calendar: Calendar) -> Iterator[tuple[str, str]]:
    for key in ("closed_on_holidays", "sample"):
        if not isinstance(table.get(key, False), bool):
            yield key, "must be true or false"
    for key in ("names", "open_on"):
        values = table.get(key, [])
        if not isinstance(values, list) or len(_texts(values)) != len(values):
            yield key, "must be a list of texts, none of them empty"
    for occasion in _texts(table.get("open_on")):
        if occasion not in calendar.by_id:
            yield "open_on", f"names {occasion!r}, which is no occasion"


def _texts(values: object) -> tuple[str, ...]:
    return tuple(one for one in values if isinstance(one, str) and one.strip()) if isinstance(values, list) else ()


def _same_names(found: Mapping[str, Office]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for name, office in found.items():
        for called in office.names:
            if seen.setdefault(called, name) != name:
                yield Fault(FILE, f"office.{name}.names", f"{called!r} is a name of office.{seen[called]} too")


def _week(key: str, table: Mapping[str, object], faults: list[Fault]) -> Week:
    faults += [Fault(FILE, f"{key}.{day}", "is not a day of the week") for day in table if day not in WEEKDAYS]
    week: list[Spans] = []
    for day in WEEKDAYS:
        spans, reason = day_spans(table.get(day, []))
        if reason:
            faults.append(Fault(FILE, f"{key}.{day}", reason))
        week.append(spans)
    return tuple(week)


def day_spans(values: object) -> tuple[Spans, str]:
    """The times of a day, or the reason why they are none."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return (), NOT_A_TIME
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


def _special(key: str, table: object, calendar: Calendar, faults: list[Fault]) -> Special | None:
    if not isinstance(table, dict):
        faults.append(Fault(FILE, key, "must be a table"))
        return None
    wrong = [Fault(FILE, f"{key}.{name}", reason) for name, reason in _wrong_special(table, calendar)]
    spans, reason = day_spans(table.get("spans", []))
    if reason:
        wrong.append(Fault(FILE, f"{key}.spans", reason))
    week = table.get("week")
    hours = _week(f"{key}.week", week, wrong) if isinstance(week, dict) else ()
    if wrong:
        faults += wrong
        return None
    return Special(
        table["title"],
        jalali.day_of(table.get("from")),
        jalali.day_of(table.get("to", table.get("from"))),
        table.get("lunar_month"),
        table.get("occasion", ""),
        spans,
        hours,
        table.get("even_on_holidays", "occasion" in table),
    )


def _wrong_special(table: Mapping[str, Any], calendar: Calendar) -> Iterator[tuple[str, str]]:
    yield from ((key, "is not a key of special days") for key in table if key not in _SPECIAL_KEYS)
    if not isinstance(table.get("title"), str) or not table["title"].strip():
        yield "title", "must be a text that is not empty"
    if sum(key in table for key in ("from", "lunar_month", "occasion")) != 1:
        yield "from", "needs exactly one of from, lunar_month and occasion"
    if ("spans" in table) == ("week" in table):
        yield "spans", "needs either spans or a week"
    if not isinstance(table.get("week", {}), dict):
        yield "week", "must be a table"
    if not isinstance(table.get("even_on_holidays", False), bool):
        yield "even_on_holidays", "must be true or false"
    yield from _wrong_dates(table, calendar)


def _wrong_dates(table: Mapping[str, Any], calendar: Calendar) -> Iterator[tuple[str, str]]:
    days = {key: jalali.day_of(table[key]) for key in ("from", "to") if key in table}
    for key, day in days.items():
        if day is None:
            yield key, f'{table[key]!r} is no Jalali day such as "1405-11-22"'
    first, last = days.get("from"), days.get("to")
    if first is not None and last is not None and last < first:
        yield "to", "is before the day that it begins with"
    month = table.get("lunar_month", 1)
    if not isinstance(month, int) or isinstance(month, bool) or not 1 <= month <= lunar.YEAR:
        yield "lunar_month", "must be a number from 1 to 12"
    if "occasion" in table and table["occasion"] not in calendar.by_id:
        yield "occasion", f"{table['occasion']!r} is no occasion"


def _overlaps(days: list[Special | None]) -> Iterator[str]:
    ranges = sorted(
        (one.first, one.last, one.title)
        for one in days
        if one is not None and one.first is not None and one.last is not None
    )
    for before, after in pairwise(ranges):
        if after[0] <= before[1]:
            yield f"{before[2]!r} and {after[2]!r} overlap"
