"""The hours that staff write for an event: «ساعت ۵ تا ۷ عصر», «۱۸:۳۰», «۹ صبح تا ۱ ظهر», in minutes of the day."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bot.errors import CitizenError

HALF_DAY: Final = 12 * 60
DAY: Final = 24 * 60
EARLIEST: Final = 7
"""A smaller hour of which nobody says «صبح» is of the afternoon."""
LONGEST: Final = 60
"""Characters that the times right after a word may take."""
SMALL_HOURS: Final = 6
"""What goes on after midnight ends by this hour."""


class Unclear(ValueError):
    """There is a time that cannot be read."""


class Minutes(NamedTuple):
    """From when to when, counted from the midnight at which the day begins; the next morning is more than a day."""

    start: int | None
    end: int | None


class _Clock(NamedTuple):
    """A time as it was written."""

    hour: int
    minute: int
    part: str

    def options(self) -> tuple[int, ...]:
        """The times that may be meant, the likelier first."""
        minute = self.hour * 60 + self.minute
        if self.part in {"صبح", "بامداد", "قبل از ظهر", "ق ظ"}:
            return (minute % HALF_DAY if self.hour <= 12 else minute,)
        if self.part in {"بعد از ظهر", "بعدازظهر", "ب ظ", "عصر", "غروب"}:
            return (minute if self.hour >= 12 else minute + HALF_DAY,)
        if self.part == "ظهر":
            return (minute if self.hour >= 10 else minute + HALF_DAY,)
        if self.part == "شب":
            return self._of_night(minute)
        if self.hour > 12:
            return (minute,)
        early = (minute, minute + HALF_DAY) if self.hour >= EARLIEST else (minute + HALF_DAY, minute)
        return (minute, minute + DAY) if self.hour == 0 else early

    def _of_night(self, minute: int) -> tuple[int, ...]:
        if self.hour in {0, 12}:
            return (DAY + self.minute,)
        if self.hour < 5:
            return (minute + DAY,)
        return (minute + HALF_DAY if self.hour < 12 else minute,)


_PART: Final = r"صبح|بامداد|قبل از ظهر|بعد ?از ?ظهر|ق ظ|ب ظ|ظهر|عصر|غروب|شب"
_TIME: Final = (
    r"(?:ساعت ?)?(?P<{0}hour>\d{{1,2}})(?: ?[:.] ?(?P<{0}minute>[0-5]\d)(?!\d))?"
    r"(?: ?و ?(?P<{0}more>نیم|ربع|[0-5]?\d دقیقه))?"
    r"(?: ?(?P<{0}part>" + _PART + r")(?!\w))?"
)
_SPAN: Final = re.compile(rf"(?<![\d:.]){_TIME.format('a')} ?(?:تا|الی|-) ?{_TIME.format('b')}(?![\d:.])")
_ONE: Final = re.compile(rf"(?<![\d:.]){_TIME.format('a')}(?![\d:.])")
_NOON: Final = re.compile(r"(?<!\w)(?<!بعد از )ظهر(?!\w)")
_WHOLE: Final = re.compile(r"(?<!\w)(تمام|کل|همه|سراسر) ?ی? ?روز?")
_PARTS: Final = re.compile(rf"(?<!\w)(?:{_PART})(?!\w)")
_BEFORE: Final = re.compile(
    rf"(?<!\d )(?<!\w)(?P<part>{_PART}) (?:ساعت ?)?(?P<time>\d{{1,2}}(?: ?[:.] ?[0-5]\d)?(?: ?و ?(?:نیم|ربع))?)"
    rf"(?![\d:]| ?(?:{_PART}))"
)
"""«صبح ساعت ۹»."""
_UNSAID: Final = re.compile(rf"\d|(?<!\w)({_PART}|ساعت|ربع|وقت)(?!\w)")
"""Of a time that was not read whole: «یه ربع به ۱۰», «اول وقت»."""


def minutes_of(rest: str) -> Minutes:
    """The times in a folded text without its days. Raises `Unclear`, or `CitizenError`: "end_before_start"."""
    text = _BEFORE.sub(r"\g<time> \g<part>", " ".join(_WHOLE.sub(" ", rest).split()))
    found = _SPAN.search(text)
    if found:
        minutes = _span(_clock(found, "a"), _clock(found, "b"))
    elif found := _ONE.search(text):
        minutes = Minutes(_clock(found, "a").options()[0], None)
    elif found := _NOON.search(text):
        minutes = Minutes(HALF_DAY, None)
    else:
        minutes = Minutes(None, None)
    left = text if found is None else text[: found.start()] + " " + text[found.end() :]
    if _UNSAID.search(left):
        raise Unclear
    return minutes


def tonight(rest: str) -> str:
    """The times of «امشب»: of the night, if nothing else is said."""
    return f"شب {rest.strip()}" if re.search(r"\d", rest) and not _PARTS.search(rest) else rest


def told_after(word: str, text: str) -> Iterator[Minutes]:
    """The times right after each such word of a running text, in one spelling; those without sense are left out."""
    for said in re.finditer(rf"(?<!\w){word} ?:? ?", text):
        following = text[said.end() : said.end() + LONGEST]
        found = _SPAN.match(following) or _ONE.match(following)
        try:
            if found:
                start = _clock(found, "a")
                yield _span(start, _clock(found, "b")) if found.re is _SPAN else Minutes(start.options()[0], None)
        except (Unclear, CitizenError):
            continue


def _clock(found: re.Match[str], which: str) -> _Clock:
    hour, more = int(found[f"{which}hour"]), found[f"{which}more"] or ""
    minute = int(found[f"{which}minute"] or 0)
    if more:
        minute += {"نیم": 30, "ربع": 15}.get(more) or int(more.split()[0])
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise Unclear
    return _Clock(hour, minute, " ".join((found[f"{which}part"] or "").split()))


def _span(start: _Clock, end: _Clock) -> Minutes:
    """«۵ تا ۷ عصر», «۹ صبح تا ۱», «۲۲ تا ۱»: what one of them leaves open, the other one says."""
    ends = end.options()
    if end.part and not start.part:
        earlier = [minute for minute in start.options() if minute < ends[0]]
        begins = max(earlier, default=start.options()[0])
    else:
        begins = start.options()[0]
    if end.hour <= SMALL_HOURS:
        ends = (*ends, end.hour * 60 + end.minute + DAY)
    later = [minute for minute in ends if minute > begins]
    if not later:
        raise CitizenError("end_before_start")
    return Minutes(begins, min(later))
