"""Times of day in a question: «ساعت ۵», «یه ربع به چهار», «ظهر», «نیم ساعت دیگه»."""

import re
from typing import Final

from bot.services import numbers

NOON: Final = 12
EARLIEST: Final = 7
"""A smaller hour without a word for the part of the day is one of the afternoon."""

_NUMBER: Final = f"({numbers.HOUR})"
_PART: Final = r"(صبح|ظهر|بعد ?از ?ظهر|عصر|غروب|شب)"
# Tried in this order: the clearest first. A bare number is no time (it may be the number of the region).
_TIMES: Final = (
    re.compile(rf"(?<!\w)(?P<before>ربع|نیم ساعت|\d{{1,2}} دقیقه) به {_NUMBER}(?!\w)"),
    re.compile(rf"(?<!\w)ساعت(ای|های)? {_NUMBER}(?!\w)(?: و)?(?: (?P<after>نیم|ربع|[0-5]\d)(?!\w))?"),
    re.compile(rf"(?<!\w){_NUMBER} ?و ?(?P<after>نیم|ربع)(?!\w)"),
    re.compile(rf"(?<!\w){_NUMBER}(?: (?P<after>[0-5]\d))? (?={_PART})"),
    re.compile(
        rf"(?<!\w)(?:تا|از|بعد از|قبل از|حدود|راس|سر) {_NUMBER}(?: (?P<after>[0-5]\d)(?!\w))?"
        r"(?= (?:می ?رسم|می ?ام|بیام|باز|هست|می ?تونم|برسم|میشه))"
    ),
)
_PARTS: Final = (
    (13 * 60, re.compile(r"(?<!\w)بعد ?از ?ظهر")),
    (12 * 60, re.compile(r"(?<!\w)ظهر")),
    (17 * 60, re.compile(r"(?<!\w)(عصر|غروب)")),
    (21 * 60, re.compile(r"(?<!\w)(شب|امشب|نصف ?شب|نیمه ?شب)(?!\w)")),
)
_LATER: Final = r"(?:دیگه|دیگ|دیگر|بعد)(?!\w)"
_AFTER: Final = (
    (re.compile(rf"(?<!\w)(?:یه |یک )?(?P<half>نیم) ?ساعت {_LATER}"), 0),
    (re.compile(rf"(?<!\w)(?:یه |یک )?ربع(?: ساعت)? {_LATER}"), 15),
    (re.compile(rf"(?<!\w)(?P<minutes>\d{{1,3}}|ده|بیست|سی|چهل|پنج|پانزده) دقیقه(?: ی)? {_LATER}"), 0),
    (re.compile(rf"(?<!\w)(?P<hours>{numbers.HOUR}) ساعت(?: و (?P<and>نیم|ربع))? {_LATER}"), 0),
)
_TENS: Final = {"پنج": 5, "ده": 10, "پانزده": 15, "بیست": 20, "سی": 30, "چهل": 40}


def after_now(text: str) -> int | None:
    """In how many minutes: «نیم ساعت دیگه», «۲ ساعت بعد»."""
    for pattern, fixed in _AFTER:
        found = pattern.search(text)
        if found:
            groups = found.groupdict()
            minutes = fixed + (30 if groups.get("half") else 0)
            if groups.get("minutes"):
                minutes += _TENS.get(groups["minutes"]) or int(groups["minutes"])
            if groups.get("hours"):
                minutes += numbers.hour(groups["hours"]) * 60 + _minutes(groups.get("and"))
            return minutes
    return None


def unclocked(text: str, instead: str = " ") -> str:
    """The words without those of «in … from now»: «یک ساعت بعد» names no day."""
    for pattern, _ in _AFTER:
        text = pattern.sub(instead, text)
    return text


def untimed(text: str, instead: str) -> str:
    """The words without a time of day."""
    for pattern in _TIMES:
        text = pattern.sub(instead, text)
    return text


def clock_time(text: str) -> int | None:
    """The minute of the day that is named."""
    for pattern in _TIMES:
        found = pattern.search(text)
        if found:
            return _read(found, text)
    return next((minute for minute, word in _PARTS if word.search(text)), None)


def _read(found: re.Match[str], text: str) -> int | None:
    groups = found.groupdict()
    said = (group for group in reversed(found.groups()) if group and numbers.is_hour(group))
    hour = numbers.hour(next(group for group in said if group != groups.get("after")))
    if hour > 24:
        return None
    shift = _minutes(groups.get("after")) - _minutes(groups.get("before"))
    return (hour_of_day(hour, text) * 60 + shift) % (24 * 60)


def hour_of_day(hour: int, text: str) -> int:
    """«۵» is in the afternoon, «۵ صبح» is not."""
    if "صبح" in text or hour > NOON:
        return hour % 24
    if hour == NOON:
        return 0 if re.search(r"12 شب|دوازده شب|نصف ?شب|نیمه ?شب", text) else NOON
    late = re.search(_PART, text)
    return hour + NOON if late or hour < EARLIEST else hour


def _minutes(word: str | None) -> int:
    if not word:
        return 0
    if word.startswith("نیم"):
        return 30
    return 15 if word == "ربع" else int(word.split()[0])
