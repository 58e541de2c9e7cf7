"""What staff mean by «تعطیل فردا ناحیه ۲ آلودگی هوا»: which days, which offices, which hours, and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from bot.errors import CitizenError
from bot.services import jalali, numbers
from bot.services.days import Kind
from bot.services.openings import Hours
from bot.services.times import hour_of_day
from bot.services.when import MONTHS, SOME_DAY, asked
from bot.text import fold_ours

LONGEST_DAYS: Final = 31
LONGEST_REASON: Final = 100

_MONTH: Final = f"(?:{MONTHS})"
_DATE: Final = rf"{numbers.DAY}(?: ?ام| ?م)? (?:ماه )?{_MONTH}(?: ماه)?(?: 1[34]\d\d)?"
_FROM_TODAY: Final = re.compile(r"پس ?فردا|فردا|امروز")
_WEEK: Final = r"(?: ی)? (?:هفته ی? ?)?(?:بعد|اینده|دیگه)"
_DAY: Final = (
    rf"(?:پس ?فردا|فردا|امروز|{_DATE}|1[34]\d\d \d{{1,2}} \d{{1,2}}|(?:این |همین )?{SOME_DAY}(?:{_WEEK})?)(?!\w)"
)
_ON: Final = r"(?<!\w)(?:(?:در|برای|از) )?(?:روز(?: ?های)? )?"
_RANGE: Final = re.compile(
    rf"{_ON}(?P<first>{_DAY}|{numbers.DAY}) (?:تا|الی)(?: پایان| اخر)?(?: روز)? (?P<last>{_DAY})"
)
_DAYS: Final = re.compile(rf"{_ON}(?P<days>{_DAY}(?:(?: و | ){_DAY})*)")
_CLOCK: Final = rf"(\d{{1,2}}|{'|'.join(numbers.HOURS)})(?: (?:و )?([0-5]\d|نیم|ربع))?"
_PART: Final = r"(?: (?:صبح|ظهر|عصر|بعد ?از ?ظهر))?"
_NO_DATE: Final = rf"(?!\w)(?! ?(?:ام |م )?(?:ماه )?{_MONTH})"
_HOURS: Final = re.compile(rf"(?<!\w)(?:از )?(?:ساعت )?{_CLOCK}{_PART} (?:تا|الی) (?:ساعت )?{_CLOCK}{_PART}{_NO_DATE}")
_HOUR: Final = re.compile(rf"(?<!\w)(?P<side>تا |از )?(?:راس |سر )?ساعت {_CLOCK}{_PART}{_NO_DATE}(?: به بعد)?")
_BARE_HOUR: Final = re.compile(rf"^\s*(?P<side>)(?:کار |از )?{_CLOCK}{_PART}{_NO_DATE}")
_ALL: Final = re.compile(
    r"(?<!\w)(?:(?:همه|تمام)(?: ی)? (?:دفتر ?ها|ناحیه ?ها|نواحی|اداره ?ها|جا)|شهرداری منطقه(?: 14)?|منطقه 14)(?!\w)"
)
_SEVERAL: Final = re.compile(r"(?<!\w)(?:ناحیه|نواحی|ناحیه ?های)(?: ی)? (\d(?:(?: و | )\d(?!\d))+)(?!\w)")
_LEADING: Final = re.compile(r"^(?:[\s:،,\-–(]+|(?:به|بخاطر|خاطر|دلیل|علت|مناسبت|چون|و)(?=\s))+")
# What would be read as markup or as a field of a text.
_UNTOLD: Final = str.maketrans(dict.fromkeys("*[]{}<>_`", ""))


@dataclass(frozen=True, slots=True)
class Draft:
    """What was understood and is not yet declared. No offices: all of them."""

    kind: Kind
    first: date
    last: date
    offices: tuple[str, ...] = ()
    opens: int | None = None
    closes: int | None = None
    reason: str = ""

    def kept(self) -> dict[str, Any]:
        """As a conversation remembers it."""
        days = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        times = {"opens": self.opens, "closes": self.closes}
        return {"kind": self.kind, "offices": list(self.offices), "reason": self.reason} | days | times

    @classmethod
    def again(cls, kept: dict[str, Any]) -> "Draft":
        days = {key: date.fromisoformat(kept[key]) for key in ("first", "last")}
        return cls(**{**kept, **days, "offices": tuple(kept["offices"])})

    def days(self) -> Iterator[date]:
        for ahead in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=ahead)


@dataclass
class _Words:
    """The words of a message; those that were understood are taken out of them."""

    words: list[str]
    folded: str = ""
    owners: list[int] = field(default_factory=list)  # the word of each letter of `folded`
    taken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for number, word in enumerate(self.words):
            piece = fold_ours(word) + " "
            self.folded += piece
            self.owners += [number] * len(piece)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Find a pattern, and take its words out."""
        found = pattern.search(self.folded)
        if found is not None:
            start, end = found.span()
            self.taken |= {self.owners[at] for at in range(start, end) if self.folded[at] != " "}
            self.folded = f"{self.folded[:start]}{' ' * (end - start)}{self.folded[end:]}"
        return found

    def rest(self) -> str:
        return " ".join(word for number, word in enumerate(self.words) if number not in self.taken)


def understand(text: str, kind: Kind, hours: Hours, today: date) -> Draft:
    """Read what stands after the word «تعطیل», «شروع», «پایان» or «باز».

    Raises `CitizenError`: "no_day", "no_such_day", "past", "backwards", "apart", "too_long", "no_time", "no_hours",
    "odd_time".
    """
    words = _Words(text.split())
    offices = _offices(words, hours)
    kind, opens, closes = _times(words, kind)
    first, last = _days(words, hours, today)
    draft = Draft(kind, first, last, offices, opens, closes, tidy_reason(words.rest()))
    _check(draft, hours, today)
    return draft


def with_reason(draft: Draft, text: str) -> Draft:
    return replace(draft, reason=tidy_reason(text))


def tidy_reason(text: str) -> str:
    """A reason as it is told to everybody: one short line of plain words."""
    line = _LEADING.sub("", " ".join(text.translate(_UNTOLD).split()))
    line = line[:LONGEST_REASON].strip(" .،؛:")
    return line.rstrip(")") if line.count(")") > line.count("(") else line


def _offices(words: _Words, hours: Hours) -> tuple[str, ...]:
    """The offices that are named; none: all of them."""
    if words.take(_ALL):
        return ()
    several = _SEVERAL.search(words.folded)
    if several is not None:
        named = [hours.office(f"ناحیه {number}") for number in re.findall(r"\d", several.group(1))]
        if None not in named:
            words.take(_SEVERAL)
            return tuple(dict.fromkeys(name for name in named if name is not None))
    found: list[str] = []
    for called, name in hours.names:
        if words.take(re.compile(rf"(?<!\w)(?:و )?{re.escape(called)}(?!\w)")):
            found.append(name)
    return tuple(name for name in hours.offices if name in found)


def _times(words: _Words, kind: Kind) -> tuple[Kind, int | None, int | None]:
    """The kind, and the hours that belong to it: «تعطیل تا ساعت ۱۰» is a late start."""
    if kind == "open":
        found = words.take(_HOURS)
        if found is None:
            return kind, None, None
        return kind, _minute(found, 1), _minute(found, 3)
    found = words.take(_HOUR) or (words.take(_BARE_HOUR) if kind != "closed" else None)
    if found is None:
        if kind != "closed":
            raise CitizenError("no_time")
        return kind, None, None
    minute = _minute(found, 2)
    if kind == "closed":
        side = (found["side"] or "").strip()
        if not side:
            raise CitizenError("no_time")
        kind = "late" if side == "تا" else "early"
    return (kind, minute, None) if kind == "late" else (kind, None, minute)


def _minute(found: re.Match[str], group: int) -> int:
    hour = numbers.hour(found.group(group))
    past = found.group(group + 1)
    rest = {"نیم": 30, "ربع": 15, None: 0}.get(past)
    minute = hour_of_day(min(hour, 24), found.group()) * 60 + (int(past) if rest is None and past else rest or 0)
    return min(minute, 24 * 60)


def _days(words: _Words, hours: Hours, today: date) -> tuple[date, date]:
    ranged = words.take(_RANGE)
    if ranged is not None:
        return _ends(ranged["first"], ranged["last"], today)
    found = words.take(_DAYS)
    if found is not None:
        days = [_day(one, today) for one in re.findall(_DAY, found["days"])]
        if any(after - before != timedelta(days=1) for before, after in pairwise(days)):
            raise CitizenError("apart")
        return days[0], days[-1]
    ids, _ = hours.calendar.named(words.folded)
    dated = hours.calendar.next(ids, today) if ids else None
    if dated is None:
        raise CitizenError("no_day")
    return dated.day, dated.day


def _ends(first: str, last: str, today: date) -> tuple[date, date]:
    """Both ends of «از ۱ تا ۴ فروردین»; the last day is looked for from the first one on."""
    if re.fullmatch(numbers.DAY, first):
        month = re.search(_MONTH, last)
        if month is None:
            raise CitizenError("no_day")
        first = f"{first} {last[month.start() :]}"
    begins = _day(first, today)
    ends = _day(last, today if _FROM_TODAY.fullmatch(last) else begins)
    if ends < begins:
        raise CitizenError("backwards")
    return begins, ends


def _day(said: str, today: date) -> date:
    wanted = asked(said)
    if wanted.jalali is not None and jalali.day(*wanted.month(today), wanted.jalali[1]) is None:
        raise CitizenError("no_such_day")
    return wanted.day(today)


def _check(draft: Draft, hours: Hours, today: date) -> None:
    if draft.last < draft.first:
        raise CitizenError("backwards")
    if draft.first < today:
        raise CitizenError("past")
    if (draft.last - draft.first).days >= LONGEST_DAYS:
        raise CitizenError("too_long")
    offices = draft.offices or tuple(hours.offices)
    if draft.kind in {"late", "early"} and not any(_matters(draft, hours, name) for name in offices):
        raise CitizenError("odd_time")
    if draft.kind != "open":
        return
    if draft.opens is not None and draft.closes is not None:
        if draft.opens >= draft.closes:
            raise CitizenError("backwards")
    elif any(not hours.offices[name].usual(day) for day in draft.days() for name in offices):
        raise CitizenError("no_hours")


def _matters(draft: Draft, hours: Hours, office: str) -> bool:
    """Whether the hour lies within those of the office on any of the days."""
    minute = draft.opens if draft.opens is not None else draft.closes
    spans = [planned for day in draft.days() if (planned := hours.plan(office, day).spans)]
    return minute is not None and any(one[0].start < minute < one[-1].end for one in spans)
