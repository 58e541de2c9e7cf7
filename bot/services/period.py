"""Whether a question asks what is on, and in which span of days. Reads words only; knows no events."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from bot.clock import TEHRAN
from bot.services import jalali
from bot.services.when import asked


class Period(NamedTuple):
    """From `first` (included) to `until` (excluded). `name`: what it is called, a text of `content/coming.toml`."""

    name: str
    first: datetime
    until: datetime

    def to_text(self) -> str:
        """As a button carries it."""
        return f"{self.name}-{self.first.date().toordinal()}-{(self.until - self.first).days or 1}"

    @classmethod
    def from_text(cls, name: str, first: str, days: str) -> "Period":
        """Raises `ValueError`."""
        day, length = date.fromordinal(int(first)), int(days)
        if name not in NAMES or not 0 < length <= AHEAD_DAYS or abs(day.year - YEARS[0]) > YEARS[1]:
            raise ValueError
        found = _span(name, day, length)
        return found._replace(first=_at(day, EVENING)) if name == "tonight" else found


NAMES: Final = frozenset(
    "today tonight tomorrow after_tomorrow one_day weekend this_week next_week this_month next_month ahead".split()
)
YEARS: Final = (2050, 70)
"""Around which year days are looked at, and how far from it."""
EVENING: Final = 17
AHEAD_DAYS: Final = 60
_WEEK: Final = 7
_THURSDAY: Final = 5
LONGEST: Final = 80

_LATER: Final = r"(بعد|بعدی|دیگه|دیگر|اینده|اتی)"
_NEXT_WEEK: Final = re.compile(rf"(?<!\w)(هفته (ی )?{_LATER}|اون هفته)(?!\w)")
_WEEKEND: Final = re.compile(r"(?<!\w)(اخر|اخرای) ?هفته")
_THIS_WEEK: Final = re.compile(r"(?<!\w)هفته")
_NEXT_MONTH: Final = re.compile(rf"(?<!\w)ماه (ی )?{_LATER}(?!\w)")
_THIS_MONTH: Final = re.compile(r"(?<!\w)(این|همین) ماه(?!\w)")
_TONIGHT: Final = re.compile(r"(?<!\w)امشب(?!\w)")

_CUE: Final = (
    r"چه ?خبر\w*|خبر(ی|ا|ای|ها)?|برنامه\w*|ویژه برنامه\w*|رویداد\w*|مراسم\w*|جشنواره\w*|جشن\w*|کارگاه\w*|اجرا\w*"
    r"|همایش\w*|نمایشگاه\w*|نمایش\w*|کنسرت\w*|تیاتر\w*|مسابقه\w*|دورهمی\w*|تور(ی|ها|های)?"
)
_WEEKDAY: Final = r"(یک|یه|ی|دو|سه|س|چهار|چار|پنج|پن|[1-5])? ?ش[نم]به(ی)?"
_MONTHS: Final = "فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|ابان|اذر|دی|بهمن|اسفند"
_TIME: Final = (
    rf"{_WEEKDAY}|جمعه|امروز|امشب|پس ?فردا|فردا|(این|همین|تو|توی) هفته|هفته (ی )?{_LATER}|هفته جاری|اخر ?هفته"
    rf"|این ماه|ماه {_LATER}|\d{{1,2}} (ام |م )?({_MONTHS})|این روز(ها|ا)"
)
_KIND: Final = (
    r"فرهنگی\w*|هنری|ورزشی|تفریحی|شاد|گردشگری|مذهبی|اموزشی|خانوادگی|کودک\w*|بچه\w*|نوجوان\w*|جوان\w*|بانوان|خانم\w*|زنان"
    r"|سالمند\w*|خانواد\w*|موسیقی|فیلم|کتاب|صنایع|دستی"
)
_BESIDE: Final = (
    r"چه|چی|چیه|چیست|چیا|هست\w*|است|هس|نیست|دارین|دارید|داریم|داره|دارد|میشه|می ?شود|برگزار\w*|می ?کن\w*"
    r"|می ?گیر\w*|می ?ذار\w*|گذاشت\w*|تو|توی|در|محله|محل|مون|مان|ما|منطقه|14|چهارده|شهرداری|شهر|ناحیه|سرای"
    r"|سرا|فرهنگسرا|پارک|بوستان|دور و بر|برای|واسه|برا|ویژه|مخصوص|رو|را|و|یا|هم|ها|های|ا|ی|ای|ایی|که|از|به"
    r"|ایا|یه|یک|کدوم|کدام|کجا\w*|کی|ساعت|چند|لطفا|بگو|بگید|بگین|عمومی|رایگان|خاصی?|جدید|تازه|این|همین|روز"
    r"|شب|صبح|ظهر|عصر|بعد ?از ?ظهر|اینجا|شما|تون|تان|میخوام|می|خوام|بدونم|بدانم|همه|کل|فهرست|لیست|قراره"
    r"|قرار|باشه|باشد|بریم|برم|ببریم|ببرم|کنیم|اند|سلام|دیگه|اطراف|نزدیک"
)
_CUED: Final = re.compile(rf"(?<!\w)({_CUE})(?!\w)")
_TIMED: Final = re.compile(rf"(?<!\w)({_TIME})(?!\w)")
_ONLY: Final = re.compile(rf"({_CUE}|{_TIME}|{_KIND}|{_BESIDE})(?!\w) ?")
# Days that have a name: who asks for their programs asks for the occasion.
_NAMED_DAYS: Final = re.compile(r"(?<!\d)(22|12) بهمن|13 (ابان|فروردین)|(14|15) خرداد|29 اسفند|9 دی(?!\w)")


def is_about_events(folded: str) -> bool:
    """Whether a message asks what is on in these days, and says nothing else: «جمعه مراسمی هست؟»."""
    if len(folded) > LONGEST or not _CUED.search(folded) or not _TIMED.search(folded) or _NAMED_DAYS.search(folded):
        return False
    rest = folded
    while rest:
        found = _ONLY.match(rest)
        if not found:
            return False
        rest = rest[found.end() :]
    return True


def period(question: str, now: datetime) -> Period:
    """The days that a question in the form of `Text.fold` is about; this week if it names none.

    A week goes from Saturday to Friday, a month is a Jalali one.
    """
    today = now.astimezone(TEHRAN).date()
    if _WEEKEND.search(question):
        saturday = _saturday(today) + timedelta(days=_WEEK if _NEXT_WEEK.search(question) else 0)
        return _span("weekend", saturday + timedelta(days=_THURSDAY), 2)
    if _TONIGHT.search(question):
        return _span("tonight", today, 1)._replace(first=_at(today, EVENING))
    wanted = asked(question)
    if wanted.names_day:
        return of_day(wanted.day(today), today)
    if _NEXT_WEEK.search(question):
        return _span("next_week", _saturday(today) + timedelta(days=_WEEK), _WEEK)
    if _NEXT_MONTH.search(question):
        return _month("next_month", *_month_after(*jalali.parts(today)[:2]))
    if _THIS_MONTH.search(question):
        return _month("this_month", *jalali.parts(today)[:2])
    if _THIS_WEEK.search(question) or not question:
        return _span("this_week", _saturday(today), _WEEK)
    return ahead(today)


def of_day(day: date, today: date) -> Period:
    names = {0: "today", 1: "tomorrow", 2: "after_tomorrow"}
    return _span(names.get((day - today).days, "one_day"), day, 1)


def ahead(today: date) -> Period:
    """All that is worth telling now."""
    return _span("ahead", today, AHEAD_DAYS)


def _month(name: str, year: int, month: int) -> Period:
    first = jalali.day(year, month, 1)
    return _span(name, first or date.min, jalali.length(year, month))


def _month_after(year: int, month: int) -> tuple[int, int]:
    return (year, month + 1) if month < 12 else (year + 1, 1)


def _saturday(today: date) -> date:
    return today - timedelta(days=jalali.weekday(today))


def _span(name: str, first: date, days: int) -> Period:
    return Period(name, _at(first), _at(first + timedelta(days=days)))


def _at(day: date, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), TEHRAN)
