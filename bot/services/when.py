"""Which day and which time of day a question is about. Reads words only; knows no opening hours."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.services import jalali, numbers
from bot.services.times import after_now, clock_time, unclocked, untimed


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, still without a calendar: an offset, a weekday (Saturday 0), a Jalali or a lunar day; a time.

    `weeks`: of the week after so many; `later`: not the coming one but the one after; `coming`: not today;
    `every`: all such weekdays; `after`: so many minutes from now; `between`: a working day between two holidays.
    """

    offset: int | None = None
    weekday: int | None = None
    weeks: int = 0
    jalali: tuple[int, int] | None = None  # month, day
    year: int | None = None
    lunar: tuple[int, int | None] | None = None  # month, day
    minute: int | None = None  # of the day
    after: int | None = None
    holiday: bool = False
    later: bool = False
    coming: bool = False
    every: bool = False
    between: bool = False
    week: bool = False

    @property
    def names_day(self) -> bool:
        return any(one is not None for one in (self.offset, self.weekday, self.jalali, self.lunar))

    def day(self, today: date) -> date:
        """The coming day that is meant; today when nothing else is said, or when there is no such day."""
        if self.jalali is not None:
            return self._jalali_day(today) or today
        if self.weekday is None:
            return today + timedelta(days=self.offset or 0)
        now = jalali.weekday(today)
        if self.weeks:
            return today + timedelta(days=self.weekday - now + 7 * self.weeks)
        ahead = (self.weekday - now) % 7
        if self.later or (self.coming and not ahead):
            ahead += 7
        return today + timedelta(days=ahead)

    def month(self, today: date) -> tuple[int, int]:
        """Year and month of the Jalali day that is meant."""
        month, number = self.jalali or (1, 1)
        year, *rest = jalali.parts(today)
        return self.year or (year if [month, number] >= rest else year + 1), month

    def _jalali_day(self, today: date) -> date | None:
        year, month = self.month(today)
        return jalali.day(year, month, self.jalali[1]) if self.jalali else None


_SOLAR: Final = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر ابان اذر دی بهمن اسفند".split()
MONTHS: Final = "|".join(_SOLAR)
LUNAR: Final = (
    "محرم",
    "صفر",
    r"ربیع ?(?:ال)? ?اول",
    r"ربیع ?(?:ال)? ?(?:ثانی|دوم|اخر)",
    r"جمادی ?(?:ال)? ?(?:اول|اولی)",
    r"جمادی ?(?:ال)? ?(?:ثانی|ثانیه|دوم|اخر)",
    "رجب",
    "شعبان",
    "رمض[او]ن",
    "شوال",
    r"ذی ?(?:ال)? ?قعده",
    r"ذی ?(?:ال)? ?حجه",
)
_AFTER_SATURDAY: Final = {
    word: days
    for days, words in enumerate(("", "یک یه ی 1", "دو 2", "سه س 3", "چهار چار 4", "پنج پن 5"))
    for word in words.split()
}
_WEEKDAY: Final = re.compile(r"(?<!\w)(یک|یه|ی|دو|سه|س|چهار|چار|پنج|پن|[1-5])? ?ش[نم]به")
_FRIDAY: Final = re.compile(r"(?<!\w)جم[عه]ه")
_WEEKEND: Final = re.compile(r"(?<!\w)(اخر|اخرای) ?هفته")
SOME_DAY: Final = r"(?:(?:(?:یک|یه|ی|دو|سه|س|چهار|چار|پنج|پن|[1-5]) ?)?ش[نم]به|جم[عه]ه)"
_NEXT: Final = r"(?:بعد|دیگه|دیگ|اینده|اتی)"
_NEXT_WEEK: Final = re.compile(rf"(?<!\w)هفته (ی )?{_NEXT}|(?<!\w)اون ?هفته")
_WEEKS: Final = re.compile(rf"(?<!\w)(2|3|دو|سه) هفته (?:ی )?{_NEXT}")
_THIS_WEEK: Final = re.compile(r"(?<!\w)(این|همین) ?هفته")
_NOT_THIS: Final = re.compile(rf"(?<!\w)(?:این|همین) {SOME_DAY}\w*(?: ی)? (?:\w+ )?نه(?!\w)|(?<!\w)نه (?:این|همین)")
_COMING: Final = re.compile(rf"{SOME_DAY}(?: ی)? {_NEXT}")
_EVERY: Final = re.compile(rf"{SOME_DAY} ?(?:ها|ا)(?!\w)|{SOME_DAY} ?(?:هام|هارو|هاهم)(?!\w)|(?<!\w)هر {SOME_DAY}")
_ORDER: Final = r" ?(?:ام |م |مین )?(?:روز )?(?:ماه )?"
_ONE_DAY: Final = rf"(?:(?<!\w)پس ?فردا|(?<!\w)فردا|(?<!\w)امروز|(?<!\w){SOME_DAY})(?: ?ها)?(?!\w)"
_SEVERAL: Final = re.compile(rf"{_ONE_DAY}(?: ?(?:و|یا) ?{_ONE_DAY})+")
MOST_DAYS: Final = 3
_DATE: Final = re.compile(rf"(?<!\w)({numbers.DAY}){_ORDER}({MONTHS})(?: ماه)?(?: سال)?(?: (1[34]\d\d))?(?!\w)")
_FULL_DATE: Final = re.compile(r"(?<!\w)(1[34]\d\d) (\d{1,2}) (\d{1,2})(?!\w)")
_MOON: Final = re.compile(rf"(?<!\w)({numbers.DAY}){_ORDER}({'|'.join(LUNAR)})(?!\w{{3}})")
_MOON_MONTH: Final = re.compile(r"(?<!\w)(?:ماه (محرم|صفر|رمض[او]ن|رجب|شعبان)|(رمض[او]ن))(?!\w{3})")
_DAYS: Final = (
    (2, re.compile(r"(?<!\w)پس ?فردا")),
    (1, re.compile(r"(?<!\w)فردا")),
    (0, re.compile(r"(?<!\w)(امروز|امشب|الان|الانه|همین حالا|همین الان|اکنون)")),
)
_GREETING: Final = re.compile(
    r"(?<!\w)(وقت|روز|صبح|شب|عصر|ظهر)(تون|تان)? ?(به ?خیر|بخیر|خوش)"
    r"|(?<!\w)(عید|سال نو|نوروز)\w* (?:شما )?(?:هم )?مبارک\w*"
)
_REGION: Final = re.compile(rf"(?<!\w)(منطقه|ناحیه|پلاک|خیابان) (?:ی )?{numbers.HOUR}(?!\w)")
_HOLIDAY: Final = re.compile(r"تعطیل\w* ?(ی )?رسمی|رسمی تعطیل|روز\w* تعطیل|تعطیلات|ایام تعطیل")
_CAUSE: Final = re.compile(
    r"(?<!\w)(?:به ?خاطر|به ?دلیل|به ?علت|چون)?(?: |^)(?:الودگی|برف|سرما|گرما|باران|بارون|یخبندان)\w*(?: هوا\w*)?"
)
_BETWEEN: Final = re.compile(r"بین ?(?:ال)? ?(?:دو )?تعطیل")


def one_by_one(question: str) -> list[str]:
    """A question about several days, as a question about each: «پنجشنبه و جمعه بازین»."""
    found = _SEVERAL.search(question)
    if found is None:
        return [question]
    days = [day.group() for day in re.finditer(_ONE_DAY, found.group())][:MOST_DAYS]
    return [f"{question[: found.start()]}{day}{question[found.end() :]}" for day in days]


def plainly(question: str) -> str:
    """A question in which every date and span of time is just a day, to see what else it is about."""
    text = tidy(question)
    for named in (_FULL_DATE, _DATE, _MOON, _MOON_MONTH, _WEEKS, _NEXT_WEEK, _THIS_WEEK):
        text = named.sub(" فردا ", text)
    text = untimed(unclocked(text, " فردا "), " فردا ")
    if "تعطیل" in text:
        text = _CAUSE.sub(" ", text)
    return " ".join(text.split())


def tidy(question: str) -> str:
    """A question in the form of `Text.fold` without greetings and the numbers of places: no days, no hours."""
    return _REGION.sub(" ", _GREETING.sub(" ", question))


def asked(question: str) -> Asked:
    """Reads a question in the form of `Text.fold`."""
    text = tidy(question)
    solar, year = _jalali(text)
    moon = _moon(text) if solar is None else None
    dated = solar is not None or moon is not None
    rest = unclocked(text)
    weekday = None if dated else _weekday(rest)
    offset = None if dated or weekday is not None else next((days for days, word in _DAYS if word.search(rest)), None)
    after = after_now(text)
    return Asked(
        offset=offset,
        weekday=weekday,
        weeks=_weeks(rest),
        jalali=solar,
        year=year,
        lunar=moon,
        minute=clock_time(text) if after is None else None,
        after=after,
        holiday=bool(_HOLIDAY.search(text)),
        later=bool(_NOT_THIS.search(rest)),
        coming=bool(_COMING.search(rest)),
        every=weekday is not None and bool(_EVERY.search(rest)),
        between=bool(_BETWEEN.search(text)),
        week=weekday is None and offset is None and not dated and bool(_THIS_WEEK.search(rest) or _weeks(rest)),
    )


def _weeks(text: str) -> int:
    found = _WEEKS.search(text)
    if found:
        return numbers.hour(found.group(1))
    return int(bool(_NEXT_WEEK.search(text)))


def _weekday(text: str) -> int | None:
    found = _WEEKDAY.search(text)
    if found:
        return _AFTER_SATURDAY.get(found.group(1), 0)
    if _FRIDAY.search(text):
        return 6
    return 5 if _WEEKEND.search(text) else None


def _jalali(text: str) -> tuple[tuple[int, int] | None, int | None]:
    """Month and day, and the year if it is said."""
    full = _FULL_DATE.search(text)
    if full:
        year, month, number = map(int, full.groups())
        return ((month, number), year) if 1 <= month <= 12 and 1 <= number <= 31 else (None, None)
    found = _DATE.search(text)
    if not found:
        return None, None
    number = numbers.day(found.group(1))
    said_year = int(found.group(3)) if found.group(3) else None
    return ((_SOLAR.index(found.group(2)) + 1, number), said_year) if 1 <= number <= 31 else (None, None)


def _moon(text: str) -> tuple[int, int | None] | None:
    found = _MOON.search(text)
    if found:
        number = numbers.day(found.group(1))
        return (lunar_month(found.group(2)), number) if 1 <= number <= 30 else None
    month = _MOON_MONTH.search(text)
    return (lunar_month(month.group(1) or month.group(2)), None) if month else None


def lunar_month(name: str) -> int:
    """The number of a month whose name `LUNAR` has found."""
    return next(number for number, month in enumerate(LUNAR, start=1) if re.fullmatch(month, name))


def at(day: date, minute: int, like: datetime) -> datetime:
    """The instant of a minute of a day, in the zone of `like`."""
    return datetime.combine(day, time(minute // 60, minute % 60), like.tzinfo)
