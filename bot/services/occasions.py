"""The days of the calendar that have a name: which they are, which of them are public holidays, when they come."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, NamedTuple

from bot.knowledge import Fault
from bot.services import jalali, lunar
from bot.services.lunar import Lunar, Shifts
from bot.text import fold_ours

Basis = Literal["solar", "lunar", "gregorian"]

BASES: Final = ("solar", "lunar", "gregorian")
MOODS: Final = ("", "joy", "mourning")
TITLE_LIMIT: Final = 80
LONGEST: Final = {"solar": 31, "lunar": 30, "gregorian": 31}
END: Final = "end"
AHEAD: Final = 5
"""So many Jalali years ahead a date is looked for: one more than between two leap years."""

_KEYS: Final = {"id", "title", "calendar", "month", "day", "holiday", "reason", "names", "mood", "source"}
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NTH: Final = ("first", "second", "third", "fourth")
_RULE: Final = re.compile(rf"({'|'.join((*_NTH, 'last', 'eve of last'))}) ({'|'.join(_WEEKDAYS)})")
_RULE_HINT: Final = 'must be a number, "end", or such as "first thursday", "last friday", "eve of last wednesday"'


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day of the calendar. `reason` stands after «به مناسبت»; `names` are what people call it."""

    id: str
    title: str
    calendar: Basis
    month: int
    day: int | str
    holiday: bool = False
    reason: str = ""
    names: tuple[str, ...] = ()
    mood: str = ""
    source: str = ""

    @property
    def why(self) -> str:
        return self.reason or self.title


class Dated(NamedTuple):
    """An occasion on a day; not `sure` while the moon may move it."""

    day: date
    occasion: Occasion
    sure: bool


@dataclass(frozen=True)
class Calendar:
    """All occasions and the lunar months. Immutable: `shifted` gives another one."""

    occasions: tuple[Occasion, ...] = ()
    lunar: Lunar = field(default_factory=Lunar)

    def shifted(self, shifts: Shifts) -> "Calendar":
        return replace(self, lunar=self.lunar.shifted(shifts)) if shifts else self

    def on(self, day: date) -> tuple[Dated, ...]:
        """What a day is."""
        found = self.lunar.of(day)
        _, month, number = jalali.parts(day)
        fixed = [
            *self._fixed.get(("solar", month, number), ()),
            *self._fixed.get(("gregorian", day.month, day.day), ()),
        ]
        dated = [Dated(day, occasion, sure=True) for occasion in fixed]
        if found is not None:
            by_moon = self._fixed.get(("lunar", found.month.number, found.day), ())
            dated += [Dated(day, occasion, found.sure) for occasion in by_moon]
        return (*dated, *self._by_moon.get(day, ()), *self._by_week(day))

    def holidays(self, day: date) -> tuple[Dated, ...]:
        """The public holidays that fall on a day."""
        return tuple(dated for dated in self.on(day) if dated.occasion.holiday)

    def is_known(self, day: date) -> bool:
        """Whether all holidays of a day are known: the lunar months reach so far."""
        return day < self.lunar.end

    def dates(self, occasion: Occasion, start: date) -> Iterator[Dated]:
        """The dates of an occasion from a day on, as far as they are known."""
        for day, sure in _dates(self.lunar, occasion, start):
            if day >= start:
                yield Dated(day, occasion, sure)

    def next(self, ids: Iterable[str], start: date) -> Dated | None:
        """The first date from a day on of any of these."""
        dated = (next(self.dates(self.by_id[one], start), None) for one in ids)
        return min((one for one in dated if one is not None), key=lambda one: one.day, default=None)

    def named(self, question: str) -> tuple[tuple[str, ...], str]:
        """The occasions that a question in the form of `Text.fold` names, and the question without their name."""
        found = self._pattern.search(question)
        if found is None:
            return (), question
        return self._names[found.group(1)], f"{question[: found.start()]} {question[found.end() :]}"

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        table: dict[str, tuple[str, ...]] = {}
        for occasion in self.occasions:
            for name in (occasion.title, *occasion.names):
                key = fold_ours(name)
                table[key] = (*table.get(key, ()), occasion.id)
        return table

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = sorted(self._names, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:روز )?({'|'.join(names) or '(?!)'})(?!\w{{4}})\w*")

    @cached_property
    def by_id(self) -> dict[str, Occasion]:
        return {occasion.id: occasion for occasion in self.occasions}

    @cached_property
    def _fixed(self) -> dict[tuple[str, int, int], list[Occasion]]:
        table: dict[tuple[str, int, int], list[Occasion]] = {}
        for occasion in self.occasions:
            if isinstance(occasion.day, int):
                table.setdefault((occasion.calendar, occasion.month, occasion.day), []).append(occasion)
        return table

    @cached_property
    def _by_moon(self) -> dict[date, list[Dated]]:
        """The lunar occasions without a number in their month."""
        table: dict[date, list[Dated]] = {}
        for occasion in self.occasions:
            if occasion.calendar == "lunar" and not isinstance(occasion.day, int):
                for dated in self.dates(occasion, date.min):
                    table.setdefault(dated.day, []).append(dated)
        return table

    def _by_week(self, day: date) -> Iterator[Dated]:
        """The solar occasions without a number in their month."""
        year, month, _ = jalali.parts(day)
        for occasion in self._weekly:
            if occasion.month == month and _solar(year, occasion) == day:
                yield Dated(day, occasion, sure=True)

    @cached_property
    def _weekly(self) -> tuple[Occasion, ...]:
        return tuple(one for one in self.occasions if one.calendar == "solar" and not isinstance(one.day, int))


def _dates(months: Lunar, occasion: Occasion, start: date) -> Iterator[tuple[date, bool]]:
    if occasion.calendar == "lunar":
        # A weekday is counted from the first day of its month or from the last one.
        from_first = isinstance(occasion.day, str) and occasion.day.startswith(_NTH)
        at = occasion.day if isinstance(occasion.day, int) else 1 if from_first else None
        for end, sure in months.dates(occasion.month, at):
            yield _by_rule(occasion.day, end, end), sure
    elif occasion.calendar == "solar":
        year = jalali.parts(start)[0]
        for later in range(AHEAD):
            day = _solar(year + later, occasion)
            if day is not None:
                yield day, True
    else:
        for year in range(start.year, start.year + 2):
            yield date(year, occasion.month, int(occasion.day)), True


def _solar(year: int, occasion: Occasion) -> date | None:
    if isinstance(occasion.day, int):
        return jalali.day(year, occasion.month, occasion.day)
    first = jalali.day(year, occasion.month, 1)
    last = jalali.day(year, occasion.month, jalali.length(year, occasion.month))
    return None if first is None or last is None else _by_rule(occasion.day, first, last)


def _by_rule(rule: int | str, first: date, last: date) -> date:
    """The day of a month that a rule such as "first thursday" means; by a number, or "end", it is the last given."""
    found = _RULE.fullmatch(rule) if isinstance(rule, str) else None
    if found is None:
        return last
    which, weekday = found[1], _WEEKDAYS.index(found[2])
    if which in _NTH:
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * _NTH.index(which))
    day = last - timedelta(days=(last.weekday() - weekday) % 7)
    return day - timedelta(days=1) if which.startswith("eve") else day


def load(folder: Path) -> tuple[Calendar, list[Fault]]:
    """The sound occasions and lunar months of `content/`, and every fault of the others."""
    months, faults = lunar.load(folder / "lunar.toml")
    path = folder / "occasions.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("occasion", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Calendar(lunar=months), [*faults, Fault(path.name, "", str(error))]
    if not isinstance(tables, list):
        return Calendar(lunar=months), [*faults, Fault(path.name, "occasion", "must be written as [[occasion]]")]
    found: dict[str, Occasion] = {}
    for number, table in enumerate(tables, start=1):
        label = str(table.get("id") or f"occasion {number}") if isinstance(table, dict) else f"occasion {number}"
        wrong = list(_wrongs(table))
        if label in found:
            wrong.append(("id", "is used twice"))
        faults.extend(Fault(path.name, f"{label}.{key}", reason) for key, reason in wrong)
        if not wrong:
            found[label] = Occasion(**{**table, "names": tuple(table.get("names", ()))})
    return Calendar(tuple(found.values()), months), faults


def _wrongs(table: object) -> Iterator[tuple[str, str]]:
    if not isinstance(table, dict):
        yield "-", "must be a table"
        return
    yield from ((key, "is not a key of an occasion") for key in sorted(set(table) - _KEYS))
    for key in ("id", "title"):
        if not isinstance(table.get(key), str) or not table[key].strip():
            yield key, "must be a text that is not empty"
    for key in ("title", "reason", "source"):
        if not isinstance(table.get(key, ""), str):
            yield key, "must be a text"
        elif key != "source" and len(table.get(key, "")) > TITLE_LIMIT:
            yield key, f"is longer than {TITLE_LIMIT} characters"
    if not isinstance(table.get("holiday", False), bool):
        yield "holiday", "must be true or false"
    if table.get("mood", "") not in MOODS:
        yield "mood", 'must be "joy" or "mourning"'
    names = table.get("names", [])
    if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
        yield "names", "must be a list of texts, none of them empty"
    yield from _wrong_date(table.get("calendar"), table.get("month"), table.get("day"))


def _wrong_date(basis: object, month: object, day: object) -> Iterator[tuple[str, str]]:
    if basis not in BASES:
        yield "calendar", f"must be one of {', '.join(BASES)}"
        return
    if not isinstance(month, int) or isinstance(month, bool) or not 1 <= month <= lunar.YEAR:
        yield "month", "must be a number from 1 to 12"
        return
    if isinstance(day, str):
        if basis == "gregorian":
            yield "day", "must be a number"
        elif day != END and not _RULE.fullmatch(day):
            yield "day", _RULE_HINT
    elif not isinstance(day, int) or isinstance(day, bool) or not _exists(basis, month, day):
        yield "day", "is no day of that month"


def _exists(basis: str, month: int, day: int) -> bool:
    if basis == "gregorian":
        return 1 <= day <= (date(2001, month % 12 + 1, 1) - timedelta(days=1)).day
    if basis == "solar":
        return 1 <= day <= (31 if month <= 6 else 30)
    return 1 <= day <= lunar.LONG
