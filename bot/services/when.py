"""Which day and which time of day a question is about. Reads words only; knows no opening hours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from persiantools.jdatetime import JalaliDate


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, still without a calendar: an offset, a weekday (Saturday 0) or a Jalali day, and a time."""

    offset: int | None = None
    weekday: int | None = None
    next_week: bool = False
    jalali: tuple[int, int] | None = None  # month, day
    minute: int | None = None  # of the day
    holiday: bool = False

    @property
    def names_day(self) -> bool:
        return self.offset is not None or self.weekday is not None or self.jalali is not None

    def day(self, today: date) -> date:
        """The coming day that is meant; today when nothing else is said."""
        if self.jalali is not None:
            return _coming(self.jalali, today)
        if self.weekday is not None:
            now = (today.weekday() + 2) % 7
            ahead = self.weekday - now + 7 if self.next_week else (self.weekday - now) % 7
            return today + timedelta(days=ahead)
        return today + timedelta(days=self.offset or 0)


_HOURS: Final = "یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده".split()
_NUMBERS: Final = {word: number for number, word in enumerate(_HOURS, start=1)} | {"یه": 1, "چار": 4, "شیش": 6}
_MONTHS: Final = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "ابان",
    "اذر",
    "دی",
    "بهمن",
    "اسفند",
)
_AFTER_SATURDAY: Final = {
    word: days
    for days, words in enumerate(("", "یک یه ی 1", "دو 2", "سه س 3", "چهار چار 4", "پنج پن 5"))
    for word in words.split()
}
_WEEKDAY: Final = re.compile(r"(?<!\w)(یک|یه|ی|دو|سه|س|چهار|چار|پنج|پن|[1-5])? ?ش[نم]به")
_FRIDAY: Final = re.compile(r"(?<!\w)جم[عه]ه")
_WEEKEND: Final = re.compile(r"(?<!\w)(اخر|اخرای) ?هفته")
_NEXT_WEEK: Final = re.compile(r"(?<!\w)هفته (ی )?(بعد|دیگ|اینده|اتی)|(?<!\w)اون ?هفته")
_DATE: Final = re.compile(rf"(?<!\w)(\d{{1,2}}|{'|'.join(_NUMBERS)}) ?(ام |م )?({'|'.join(_MONTHS)})(?!\w)")
_DAYS: Final = (
    (2, re.compile(r"(?<!\w)پس ?فردا")),
    (1, re.compile(r"(?<!\w)فردا")),
    (0, re.compile(r"(?<!\w)(امروز|امشب|الان|الانه|همین حالا|همین الان|اکنون)")),
)
_NUMBER: Final = rf"(\d{{1,2}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
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
_GREETING: Final = re.compile(r"(?<!\w)(وقت|روز|صبح|شب|عصر|ظهر)(تون|تان)? ?(به ?خیر|بخیر|خوش)")
_REGION: Final = re.compile(rf"(?<!\w)(منطقه|ناحیه|پلاک|خیابان) {_NUMBER}(?!\w)")
_HOLIDAY: Final = re.compile(r"تعطیل\w* ?(ی )?رسمی|رسمی تعطیل|روز\w* تعطیل|تعطیلات|ایام تعطیل")
NOON: Final = 12
EARLIEST: Final = 7


def asked(question: str) -> Asked:
    """Reads a question in the form of `Text.fold`."""
    text = _REGION.sub(" ", _GREETING.sub(" ", question))
    minute = _minute(text)
    jalali = _jalali(text)
    weekday = None if jalali else _weekday(text)
    offset = None if jalali or weekday is not None else next((days for days, word in _DAYS if word.search(text)), None)
    return Asked(offset, weekday, bool(_NEXT_WEEK.search(text)), jalali, minute, bool(_HOLIDAY.search(text)))


def _weekday(text: str) -> int | None:
    found = _WEEKDAY.search(text)
    if found:
        return _AFTER_SATURDAY.get(found.group(1), 0)
    if _FRIDAY.search(text):
        return 6
    return 5 if _WEEKEND.search(text) else None


def _jalali(text: str) -> tuple[int, int] | None:
    found = _DATE.search(text)
    if not found:
        return None
    day = _number(found.group(1))
    return (_MONTHS.index(found.group(3)) + 1, day) if 1 <= day <= 31 else None


def _minute(text: str) -> int | None:
    for pattern in _TIMES:
        found = pattern.search(text)
        if found:
            return _clock_time(found, text)
    return next((minute for minute, word in _PARTS if word.search(text)), None)


def _clock_time(found: re.Match[str], text: str) -> int | None:
    groups = found.groupdict()
    hour = _number(
        next(
            group for group in reversed(found.groups()) if group and _is_number(group) and group != groups.get("after")
        )
    )
    if hour > 24:
        return None
    shift = _minutes(groups.get("after")) - _minutes(groups.get("before"))
    return (_hour_of_day(hour, text) * 60 + shift) % (24 * 60)


def _hour_of_day(hour: int, text: str) -> int:
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


def _is_number(word: str) -> bool:
    return word.isdigit() or word in _NUMBERS


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _coming(month_day: tuple[int, int], today: date) -> date:
    year = JalaliDate(today).year
    return next((day for day in _years(month_day, year) if day >= today), today)


def _years(month_day: tuple[int, int], year: int) -> Iterator[date]:
    for later in (0, 1, 2, 3, 4):
        try:
            yield JalaliDate(year + later, *month_day).to_gregorian()
        except ValueError:  # 30 Esfand of a common year
            continue


def at(day: date, minute: int, like: datetime) -> datetime:
    """The instant of a minute of a day, in the zone of `like`."""
    return datetime.combine(day, time(minute // 60, minute % 60), like.tzinfo)
