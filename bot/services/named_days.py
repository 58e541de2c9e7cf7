"""The dates in a running text, solar and lunar, and the weekdays that are said beside them and do not fit.

All positions are those in the text as `day_words.spelled` gives it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from bot.services import jalali, lunar, when
from bot.services.day_words import MONTHS, ORDER, TO
from bot.services.lunar import Lunar
from bot.text import persian_digits

AHEAD: Final = timedelta(days=366)
"""A date without its year lies no farther ahead…"""
GONE: Final = timedelta(days=270)
"""…nor longer ago: a text of last year that is used again names the days of a year ago, and they are what is wrong."""
RECENT: Final = timedelta(days=60)
"""A day that is not longer ago is likelier meant than the coming one."""
LATEST_YEAR: Final = 1440
"""A later year is a lunar one."""
MOST_BETWEEN: Final = 60
"""Characters between a date and its weekday."""


class Named(NamedTuple):
    """A date that a text names, and where. `days`: which it may be, the likeliest first; none: there is no such day."""

    words: str
    days: tuple[date, ...]
    start: int
    end: int
    by_moon: bool


class Misfit(NamedTuple):
    """A weekday that is none of its date: the date in words, the weekday that is said, and the right one."""

    day: str
    said: str
    weekday: str


class _Weekdays(NamedTuple):
    """Weekdays in a row. `eve`: the evening before, as in «شب جمعه», or that evening itself."""

    numbers: tuple[int, ...]
    eve: bool
    start: int
    end: int


_LINK: Final = r" ?(?:و|تا|الی|لغایت|،|,|-) ?(?:روز )?"
_NUMBER: Final = r"\d{1,2}(?: ?(?:ام|م)(?!\w))?"
_MONTH: Final = rf"(?:{'|'.join((*MONTHS, *when.LUNAR))})(?: ?ماه)?(?!\w)"
_PLACE: Final = (
    r"(?:خیابان|خ|میدان|بزرگراه|اتوبان|بلوار|کوچه|ایستگاه|مترو|پل|بوستان|پارک|محله|شهرک|ورزشگاه|سالن|بیمارستان|مدرسه"
    r"|سرای|چهارراه|تقاطع|مسجد|حسینیه|مجتمع|پایگاه|دانشگاه|انقلاب|عملیات|قیام)ی?"
)
_IN_PLACE: Final = re.compile(rf"(?<!\w){_PLACE} (?:شهدای )?$")
_OF_PLACE: Final = re.compile(r" (?:شمالی|جنوبی|شرقی|غربی|برق|چراغ)(?!\w)")
_WRITTEN: Final = re.compile(
    rf"(?<![\w/.:-])(?<!ساعت )(?P<numbers>{_NUMBER}(?:(?: ?(?:و|تا|الی|لغایت) ?|-){_NUMBER}){{0,9}})"
    rf"{ORDER}(?P<month>{_MONTH})"
    r"(?: ?(?:سال )?(?P<year>1[34]\d\d)(?!\d))?"
    r"|(?<![\d/.-])(?P<y>1[34]\d\d) ?[/.-] ?(?P<m>\d{1,2}) ?[/.-] ?(?P<d>\d{1,2})(?![\d/])"
    r"|(?<![\d/.-])(?P<d2>\d{1,2})/(?P<m2>\d{1,2})/(?P<y2>1[34]\d\d)(?![\d/])"
)
_SERIES: Final = re.compile(rf"(w\d {_NUMBER})(?={_LINK}w\d {_NUMBER} ?(?:ام |م )?({_MONTH}))")
"""«سه‌شنبه ۱۱ و چهارشنبه ۱۲ تیر»: the month is said once."""
_WEEKDAYS: Final = re.compile(
    r"(?<!نماز )(?<!امام )(?P<eve>(?<!\w)شب )?(?P<every>(?<!\w)(?:هر|همه) (?:روز )?)?"
    rf"(?P<days>w\d(?:{_LINK}w\d)*)(?!\w)"
    r"(?P<many> ?(?:ها|های|هایی|هر هفته|سوری|بازار)(?!\w))?"
)
_FILLING: Final = (
    r"روز|روزهای|مورخ|مورخه|به|در|تاریخ|مصادف با|برابر با|یعنی|همین|این|هفته|جاری|اینده|اتی|صبح|ظهر|عصر|شب|بعد از ظهر"
    r"|ساعت \d{1,2}(?::\d\d)?(?: (?:تا|الی) \d{1,2}(?::\d\d)?)?"
)
_NUMBER_BEFORE: Final = re.compile(r"(?<!\d)([1-5]) \Z")
_TO: Final = re.compile(TO)
_STOP: Final = re.compile(r"(?<!\d)\.|\.(?!\d)|[!؟?\n]")
_WEEK: Final = timedelta(days=7)
_BETWEEN: Final = re.compile(rf"(?:[ ،,()«»:-]|\n(?= ?(?:روز|تاریخ) ?:)|(?<!\w)(?:{_FILLING})(?!\w))*")


def named(spelled: str, sent: date, months: Lunar) -> list[Named]:
    """The dates that a text names, in their order. Numbers that are no days, and names of places, are left out."""
    return [
        one
        for found in _WRITTEN.finditer(spelled)
        if not _is_place(spelled, found)
        for one in _read(found, sent, months)
    ]


def sentences(spelled: str) -> Iterator[tuple[int, int]]:
    """Where each sentence, or line, of a text begins and ends."""
    start = 0
    for stop in _STOP.finditer(spelled):
        yield start, stop.start()
        start = stop.end()
    yield start, len(spelled)


def misfits(spelled: str, sent: date, months: Lunar) -> Iterator[Misfit]:
    """The weekdays that do not fit the date beside them. One that fits any date beside it is taken to be meant so."""
    text = _with_months(spelled)
    groups = [tuple(group) for _, group in groupby(named(text, sent, months), key=lambda one: one.start)]
    claimed: set[Named] = set()
    for weekdays in _weekdays(text):
        before = [one for group in groups if _touches(text, group[0].end, weekdays.start) for one in group]
        after = [one for group in groups if _touches(text, weekdays.end, group[0].start) for one in group]
        if len(weekdays.numbers) > 1:
            yield from _in_a_row(text, weekdays, after or before)
            continue
        said = (weekdays, *_numbered(text, weekdays))
        near = [one for one in (*before, *after) if one not in claimed]
        fitting = [one for one in near if any(_fits(either, one) for either in said)]
        left = [one for one in _nearer_first(text, weekdays, before, after) if one not in claimed]
        if fitting:
            claimed.add(fitting[0])
        elif left:
            claimed.add(left[0])
            yield _misfit(weekdays.numbers[0], left[0])


def _with_months(text: str) -> str:
    """«سه‌شنبه ۱۱ و چهارشنبه ۱۲ تیر» with the month said twice."""
    while (fuller := _SERIES.sub(r"\1 \2", text)) != text:
        text = fuller
    return text


def _is_place(text: str, found: re.Match[str]) -> bool:
    return bool(
        _IN_PLACE.search(text[max(0, found.start() - 30) : found.start()]) or _OF_PLACE.match(text, found.end())
    )


def _read(found: re.Match[str], sent: date, months: Lunar) -> Iterator[Named]:
    if found["month"]:
        month = re.sub(r" ?ماه$", "", found["month"])
        year = int(found["year"]) if found["year"] else None
        numbers = [int(number) for number in re.findall(r"\d+", found["numbers"])]
    else:
        year, month = int(found["y"] or found["y2"]), found["m"] or found["m2"]
        numbers = [int(found["d"] or found["d2"])]
        if year > LATEST_YEAR or not 1 <= int(month) <= 12:
            return
    for number in numbers:
        if not 1 <= number <= 31:
            continue
        if month.isdecimal() or month in MONTHS:
            solar = int(month) if month.isdecimal() else MONTHS.index(month) + 1
            words, days = _solar(number, solar, year, sent)
            yield Named(words, days, found.start(), found.end(), by_moon=False)
        else:
            words, days = _lunar(number, when.lunar_month(month), year, sent, months)
            if days:  # what the table does not know may still be
                yield Named(words, days, found.start(), found.end(), by_moon=True)


def _solar(number: int, month: int, year: int | None, sent: date) -> tuple[str, tuple[date, ...]]:
    """The day in words, and which it may be."""
    if year is not None:
        found = jalali.day(year, month, number)
        days = (found,) if found else tuple[date, ...]()
    else:
        this, *_ = jalali.parts(sent)
        possible = (jalali.day(this + more, month, number) for more in (-1, 0, 1))
        days = _likeliest([day for day in possible if day is not None], sent)
    shown = year or (jalali.parts(days[0])[0] if days else "")
    return persian_digits(f"{number} {jalali.MONTHS[month - 1]} {shown}".strip()), days


def _lunar(number: int, month: int, year: int | None, sent: date, months: Lunar) -> tuple[str, tuple[date, ...]]:
    """As `_solar`, as far as the table goes. While the moon may move a day, its neighbours fit as well."""
    days: list[date] = []
    for one in months.months:
        day = one.first + timedelta(days=number - 1)
        found = months.of(day)
        if one.number == month and year in {None, one.year} and found is not None and found.month.key == one.key:
            days += [day] if found.sure else [day, day - timedelta(days=1), day + timedelta(days=1)]
    chosen = tuple(days) if year is not None else _likeliest(days, sent)
    return persian_digits(f"{number} {lunar.MONTHS[month - 1]}"), chosen


def _likeliest(days: Sequence[date], sent: date) -> tuple[date, ...]:
    """Of the dates of several years those that may be meant, the likeliest first."""
    gone = [day for day in days if timedelta(0) < sent - day <= GONE]
    ahead = [day for day in days if timedelta(0) <= day - sent <= AHEAD]
    recent = [day for day in gone if sent - day <= RECENT]
    return (*recent, *ahead, *(day for day in gone if day not in recent))


def _weekdays(text: str) -> Iterator[_Weekdays]:
    """Single days and rows of them, without those that come every week."""
    for found in _WEEKDAYS.finditer(text):
        if not found["every"] and not found["many"]:
            numbers = tuple(int(number) for number in re.findall(r"w(\d)", found["days"]))
            yield _Weekdays(numbers, bool(found["eve"]), found.start("days"), found.end("days"))


def _numbered(text: str, weekdays: _Weekdays) -> Iterator[_Weekdays]:
    """«۵ شنبه» may be Thursday; of «۹ تا ۵ شنبه» it is Saturday."""
    number = _NUMBER_BEFORE.search(text, max(0, weekdays.start - 3), weekdays.start)
    if number and weekdays.numbers == (0,):
        yield weekdays._replace(numbers=(int(number[1]),))


def _touches(text: str, end: int, start: int) -> bool:
    """Whether nothing stands between but what may stand between a weekday and its date."""
    return 0 <= start - end <= MOST_BETWEEN and _BETWEEN.fullmatch(text, end, start) is not None


def _in_a_row(text: str, weekdays: _Weekdays, days: list[Named]) -> Iterator[Misfit]:
    """«شنبه و یکشنبه ۱۰ و ۱۱ تیر». Of «شنبه و سه‌شنبه، ۱۱ تا ۲۵ تیر» nothing is known: that is every week."""
    if len(days) != len(weekdays.numbers) or not all(one.days for one in days):
        return
    are_span, days_are_span = (bool(_TO.search(text, one.start, one.end)) for one in (weekdays, days[0]))
    if are_span == days_are_span and days[-1].days[0] - days[0].days[0] < _WEEK:
        for said, one in zip(weekdays.numbers, days, strict=True):
            if not _fits(weekdays._replace(numbers=(said,)), one):
                yield _misfit(said, one)


def _fits(weekdays: _Weekdays, one: Named) -> bool:
    """No such day: something else is wrong, and that is said."""
    later = (0, 1) if weekdays.eve else (0,)
    return not one.days or any(
        jalali.weekday(day + timedelta(days=more)) == weekdays.numbers[0] for day in one.days for more in later
    )


def _nearer_first(text: str, weekdays: _Weekdays, before: list[Named], after: list[Named]) -> list[Named]:
    if not before or not after:
        return [*before, *after]
    opened = "(" in text[before[0].end : weekdays.start]
    return (
        [*before, *after]
        if opened or weekdays.start - before[0].end < after[0].start - weekdays.end
        else [*after, *before]
    )


def _misfit(said: int, one: Named) -> Misfit:
    return Misfit(one.words, jalali.WEEKDAYS[said], jalali.WEEKDAYS[jalali.weekday(one.days[0])])
