"""Quiet hours, in which nothing is announced to a citizen unless it is urgent: what they are, and how they are written.

Hours of the day in Tehran, from and until, over midnight where the second is the lower one: (22, 7).
"""

import re
from datetime import datetime, time, timedelta
from typing import Final, Literal

from bot.clock import TEHRAN
from bot.errors import CitizenError
from bot.services import dated

QUIET_FROM: Final = 22
QUIET_UNTIL: Final = 7
READY: Final = ((21, 8), (23, 8), (0, 7))
"""What is offered beside the usual ones."""
HALF_DAY: Final = 12
DAY: Final = 24
_NIGHT_ENDS: Final = 5
"""«۳ شب» is of the small hours, «۹ شب» of the evening."""
_DAWN: Final = 4
"""From here on an hour is told as one of the morning."""
_EVENING: Final = 7
"""From so early an hour on, what begins is of the evening if nobody says more."""

_NOON: Final = ("ظهر", "بعدازظهر")

Quiet = tuple[int, int]

_MIDNIGHT: Final = re.compile(r"(?<!\w)نیمه ?شب(?!\w)")
_PART_FIRST: Final = re.compile(r"(?<!\w)(صبح|شب) ?(?:ساعت ?)?(\d{1,2})(?![\d:])")
_HOUR: Final = (
    r"(?P<{0}>\d{{1,2}})(?: ?: ?(?P<{0}minute>\d\d)(?!\d)|(?P<{0}more> ?و ?(?:نیم|ربع)))?"
    r" ?(?P<{0}part>صبح|بامداد|ظهر|بعد ?از ?ظهر|عصر|غروب|شب)?(?!\w)"
)
_SPAN: Final = re.compile(rf"(?<![\d:]){_HOUR.format('a')} ?(?:تا|الی|-) ?(?:ساعت ?)?{_HOUR.format('b')}(?![\d:])")


def of(quiet: Quiet | None) -> Quiet:
    """The hours that hold for somebody who chose these, or none."""
    return (QUIET_FROM, QUIET_UNTIL) if quiet is None else quiet


def is_quiet(quiet: Quiet | None, now: datetime) -> bool:
    """Whether now is within these hours; None: the usual ones."""
    since, until = of(quiet)
    hour = now.astimezone(TEHRAN).hour
    return since <= hour < until if since <= until else hour >= since or hour < until


def ends(quiet: Quiet | None, now: datetime) -> datetime:
    """When the quiet hours that it is now end; now itself if it is none of them."""
    if not is_quiet(quiet, now):
        return now
    here = now.astimezone(TEHRAN)
    end = datetime.combine(here.date(), time(of(quiet)[1]), TEHRAN)
    return end if end > here else end + timedelta(days=1)


def read(text: str) -> Quiet:
    """What somebody wrote: «۲۳ تا ۸», «از ده شب تا هفت صبح». Parts of an hour are quiet, too.

    Raises `CitizenError`: "no_hours".
    """
    folded = _PART_FIRST.sub(r"\2 \1", _MIDNIGHT.sub("12 شب", dated.fold(text)))
    found = _SPAN.search(folded)
    if found is None:
        raise CitizenError("no_hours")
    # Who writes «۸ تا ۱۶» counts the hours of a whole day.
    since, _ = _hour(found, "a", evening=int(found["b"]) <= HALF_DAY)
    until, begun = _hour(found, "b", evening=False)
    # «۲ تا ۴ بعد از ظهر», «۱۲ ظهر تا ۴»: a nap, not half a day.
    if not found["apart"] and _part(found, "b") in {*_NOON, "عصر"} and since < until - HALF_DAY:
        since += HALF_DAY
    elif not found["bpart"] and _part(found, "a") in _NOON and since - HALF_DAY < until < HALF_DAY:
        until += HALF_DAY
    if begun:
        until = (until + 1) % DAY
    if since == until:
        raise CitizenError("no_hours")
    return since, until


def part_of_day(hour: int) -> Literal["morning", "noon", "afternoon", "evening"]:
    """What people call the part of the day in which an hour is, as `read` takes it."""
    if hour < _DAWN or hour >= _EVENING + HALF_DAY:
        return "evening"
    if hour < HALF_DAY:
        return "morning"
    return "noon" if hour == HALF_DAY else "afternoon"


def _hour(found: re.Match[str], which: str, *, evening: bool) -> tuple[int, bool]:
    """The whole hour, and whether a part of the next one is meant, too. `evening`: of what begins the quiet hours."""
    hour, minute = int(found[which]), int(found[f"{which}minute"] or 0)
    if hour > DAY or minute > 59:
        raise CitizenError("no_hours")
    return _of_day(hour, _part(found, which), evening=evening), bool(minute or found[f"{which}more"])


def _part(found: re.Match[str], which: str) -> str:
    return (found[f"{which}part"] or "").replace(" ", "")


def _of_day(hour: int, part: str, *, evening: bool) -> int:
    """The hour of the day that is meant by what may be said of both halves of it."""
    if hour > HALF_DAY:
        return hour % DAY
    if not part and evening:
        part = "شب" if hour == HALF_DAY or hour >= _EVENING else "صبح"
    if part in {"صبح", "بامداد"}:
        return hour % HALF_DAY
    if part == "شب":
        return hour % HALF_DAY if hour < _NIGHT_ENDS or hour == HALF_DAY else hour + HALF_DAY
    if part:  # of the afternoon
        return hour % HALF_DAY + HALF_DAY if hour < HALF_DAY - 1 else hour
    return hour
