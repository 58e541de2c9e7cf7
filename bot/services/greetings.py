"""The words for the occasions of the calendar, `content/greetings.toml`: checked, and filled for the days to come.

Nothing is sent from here. What is planned follows the calendar: a lunar month that staff move takes its words along.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Final

from bot.errors import Faults
from bot.services import jalali, tone, topics
from bot.services.occasions import Calendar, Dated, Occasion
from bot.services.offices import REGION
from bot.services.openings import Hours
from bot.services.rows import Check, Key, Row, Sheet, fields_of, is_from, is_text
from bot.text import persian_digits

VARIABLES: Final = ("day", "weekday", "year", "region", "closed")
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "region": (),
    "closed_today": (),
    "closed_until": ("last",),
    "closed_then": (),
    "closed_days": ("first", "last"),
}
"""What stands in `[fields]`, and which fields it has in turn."""
LIMIT: Final = 350
EARLIEST: Final = 7
LATEST: Final = 21
FARTHEST: Final = 30
"""So many days before its occasion a text may go out."""
AHEAD: Final = 60
LONGEST_CLOSED: Final = 14
"""So many days a row of closed days is followed to either side."""

_CLOSED: Final = "{closed}"
_LONGEST: Final = {"day": "۳۱ اردیبهشت", "weekday": "چهارشنبه", "year": "۱۴۰۵"}
_LONGEST_DAY: Final = "چهارشنبه ۳۱ اردیبهشت"


@dataclass(frozen=True, slots=True)
class Before:
    """A text for so many days before the occasion."""

    days: int
    hour: int
    text: str


@dataclass(frozen=True, slots=True)
class Greeting:
    """The text of an occasion, the hour of its day, and those of the days before.

    `alone`: it may go out by itself, if nothing about its day is in doubt.
    """

    occasion: str
    kind: str
    topic: str
    hour: int
    alone: bool
    text: str
    before: tuple[Before, ...] = ()


@dataclass(frozen=True, slots=True)
class Greetings:
    """All of them, in the order of the file. `left_out`: the occasions that have none, and why."""

    all: tuple[Greeting, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """A text, filled, with the day and the hour it is meant for; `before` is 0 on the day of the occasion itself.

    `mourned`: what else is mourned on the day it would go out, to which it may not fit.
    """

    day: date
    hour: int
    before: int
    text: str
    dated: Dated
    greeting: Greeting
    mourned: str = ""

    @property
    def occasion(self) -> Occasion:
        return self.dated.occasion

    @property
    def sure(self) -> bool:
        """Whether no sighting of the moon may still move it."""
        return self.dated.sure

    @property
    def alone(self) -> bool:
        """Whether it may go out without anybody's approval."""
        return self.greeting.alone and self.sure and not self.mourned


def coming(greetings: Greetings, hours: Hours, today: date, days: int = AHEAD) -> list[Planned]:
    """What is to be said from today on, in order. The calendar, moved months and closures are those of `hours`."""
    last = today + timedelta(days=days)
    found = [
        planned
        for greeting in greetings.all
        for dated in _dates(hours.calendar, greeting, today, last)
        for planned in _of(greetings, hours, greeting, dated)
        if today <= planned.day <= last
    ]
    return sorted(found, key=lambda one: (one.day, one.hour))


def _dates(calendar: Calendar, greeting: Greeting, today: date, last: date) -> Iterator[Dated]:
    until = last + timedelta(days=FARTHEST)
    dates = calendar.dates(calendar.by_id[greeting.occasion], today)
    return takewhile(lambda dated: dated.day <= until, dates)


def _of(greetings: Greetings, hours: Hours, greeting: Greeting, dated: Dated) -> Iterator[Planned]:
    """The texts of one date of an occasion."""
    for one in (*greeting.before, Before(0, greeting.hour, greeting.text)):
        day = dated.day - timedelta(days=one.days)
        text = one.text.format_map(_values(greetings, hours, dated.day, day)).strip()
        mourned = "" if greeting.kind == tone.MOURNING else _mourned(hours.calendar, day)
        yield Planned(day, one.hour, one.days, text, dated, greeting, mourned)


def _mourned(calendar: Calendar, day: date) -> str:
    return next((dated.occasion.title for dated in calendar.on(day) if dated.occasion.mood == "mourning"), "")


def _values(greetings: Greetings, hours: Hours, day: date, sent: date) -> dict[str, str]:
    year, _, _ = jalali.parts(day)
    words = jalali.words(day, day)
    return {
        "day": f"{words['day']} {words['month']}",
        "weekday": words["weekday"],
        "year": persian_digits(str(year)),
        "region": greetings.fields["region"],
        "closed": _closed(greetings, hours, day, sent),
    }


def _closed(greetings: Greetings, hours: Hours, day: date, sent: date) -> str:
    """That the municipality is closed on a day, and how long, as said on another; nothing of a usual weekend."""
    planned = hours.plan(REGION, day)
    if planned.spans or not planned.why:
        return ""
    first, last = max(_end(hours, day, -1), sent), _end(hours, day, 1)
    if sent == day:
        key = "closed_today" if last == day else "closed_until"
    else:
        key = "closed_then" if first == last else "closed_days"
    return greetings.fields[key].format(first=_named(first), last=_named(last))


def _end(hours: Hours, day: date, step: int) -> date:
    """The last of the closed days from a day on, or back."""
    for _ in range(LONGEST_CLOSED):
        following = day + timedelta(days=step)
        if hours.plan(REGION, following).spans:
            break
        day = following
    return day


def _named(day: date) -> str:
    words = jalali.words(day, day)
    return f"{words['weekday']} {words['day']} {words['month']}"


def _is_one_of(values: tuple[str, ...]) -> Check:
    return lambda value: "" if value in values else f"is none of {', '.join(values)}"


_GREETING: Final = {
    "occasion": Key(str, needed=True),
    "kind": Key(str, needed=True, check=_is_one_of(tone.KINDS)),
    "topic": Key(str, needed=True, check=_is_one_of(topics.TOPICS)),
    "hour": Key(int, needed=True, check=is_from(EARLIEST, LATEST)),
    "alone": Key(bool, needed=True),
    "text": Key(str, needed=True, check=is_text),
    "before": Key(list),
}
_BEFORE: Final = {
    "days": Key(int, needed=True, check=is_from(1, FARTHEST)),
    "hour": Key(int, check=is_from(EARLIEST, LATEST)),
    "text": Key(str, needed=True, check=is_text),
}


def load(root: Path, calendar: Calendar) -> Greetings:
    """Read `greetings.toml` of a folder of content. Raises `Faults` with every fault found."""
    sheet = Sheet.of_file(root, "greetings", ("fields", "left_out", "greeting"))
    fields, left_out = _fields(sheet), sheet.table("left_out")
    longest = _longest(fields)
    found = [_greeting(sheet, row, calendar, longest) for row in sheet.rows("greeting", _GREETING, "occasion")]
    for occasion in left_out:
        if occasion not in calendar.by_id:
            sheet.wrong(f"left_out.{occasion}", "is no occasion of the calendar")
        elif any(greeting.occasion == occasion for greeting in found):
            sheet.wrong(f"left_out.{occasion}", "has a greeting nevertheless")
    if sheet.faults:
        raise Faults(sheet.faults)
    return Greetings(tuple(found), fields, left_out)


def _fields(sheet: Sheet) -> dict[str, str]:
    """What is put in for `{region}` and `{closed}`; of a faulty text nothing."""
    table = sheet.table("fields")
    for key in sorted(set(table) - set(FIELDS)):
        sheet.wrong(f"fields.{key}", "is not a key here")
    found = dict.fromkeys(FIELDS, "")
    for key, allowed in FIELDS.items():
        text = table.get(key)
        if not isinstance(text, str):
            sheet.wrong(f"fields.{key}", "is missing" if text is None else "must be str")
        elif reason := is_text(text) or _wrong_fields(text, allowed):
            sheet.wrong(f"fields.{key}", reason)
        else:
            found[key] = text
    return found


def _longest(fields: Mapping[str, str]) -> dict[str, str]:
    """The longest that may be put in for each variable."""
    closed = [text.format(first=_LONGEST_DAY, last=_LONGEST_DAY) for key, text in fields.items() if key != "region"]
    return {**_LONGEST, "region": fields["region"], "closed": max(closed, key=len)}


def _greeting(sheet: Sheet, row: Row, calendar: Calendar, longest: Mapping[str, str]) -> Greeting:
    label = f"greeting.{row['occasion']}"
    occasion = calendar.by_id.get(row["occasion"])
    if occasion is None:
        sheet.wrong(f"{label}.occasion", "is no occasion of the calendar")
    elif row["kind"] != (kind := tone.KIND_OF_MOOD.get(occasion.mood, row["kind"])):
        sheet.wrong(f"{label}.kind", f"must be {kind}, as the mood of the occasion says")
    before = sheet.sound(row.get("before", []), f"{label}.before", _BEFORE, "days")
    for where, text in ((label, row["text"]), *((f"{label}.before.{one['days']}", one["text"]) for one in before)):
        for reason in _wrongs(text, row["kind"], longest):
            sheet.wrong(f"{where}.text", reason)
    return Greeting(
        **{key: value for key, value in row.items() if key != "before"},
        before=tuple(Before(**{"hour": row["hour"], **one}) for one in before),
    )


def _wrongs(text: str, kind: str, longest: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a text, beside its type."""
    reason = _wrong_fields(text, VARIABLES)
    if reason:
        yield reason
        return
    if _CLOSED in text and (text.count(_CLOSED) > 1 or not text.rstrip().endswith(f"\n{_CLOSED}")):
        yield f"{_CLOSED} must stand alone on the last line: on most days it is empty"
    filled = text.strip().format_map(longest)
    if len(filled) > LIMIT:
        yield f"may be {len(filled)} characters long, more than {LIMIT}"
    yield from tone.wrongs(filled, kind)


def _wrong_fields(text: str, allowed: tuple[str, ...]) -> str:
    try:
        unknown = sorted(set(fields_of(text)) - set(allowed))
    except ValueError as error:
        return f"has a brace that is no field ({error}); write {{{{ or }}}} for the sign itself"
    return f"{{{unknown[0]}}} is none of {', '.join(allowed) or 'no fields'}" if unknown else ""
