"""Whether a text invites to what is over when it goes out: a day that has passed, an hour of that very day.

Reports of what was are left alone, and so is what began and still goes on.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.services import hour_spans
from bot.services.hour_words import clock
from bot.services.named_days import Named, sentences

LONG_AGO: Final = timedelta(days=400)
"""An older day is told as history."""

_FUTURE: Final = "خواهد خواهند خواهیم"
_WAS: Final = re.compile(
    r"(?<!\w)" + "".join(f"(?<!{word} )" for word in _FUTURE.split()) + r"(?:شد|شدند|شده|بود|بودند|گرفت|گرفتند|گرفته"
    r"|یافت|یافته|کرد|کردند|کرده|کردیم|داشت|داشتند|رسید|رسیده|امد|امدند|گذشت|گذشته|رفت|دادند|مصوب|مصوبه)(?!\w)"
    r"|سالروز|سالگرد|گرامی|یادبود|یادواره|گزارش (?:تصویری|خبری|ویدی)|تصاویر|عکس ?های"
)
_WILL: Final = re.compile(
    r"(?<!\w)می ?(?:شود|گردد|باشد|کنیم|گیرد|یابد|توانید|بینیم)|خواه(?:د|ند|یم)(?!\w)|دعوت|ثبت ?نام|مهلت|منتظر|بیایید"
    r"|تشریف|حضور شما"
)
_SINCE: Final = re.compile(r"(?<!\w)از (?:(?:روز|تاریخ|ابتدای|اول|مورخ|w\d) ?|[,،] ?)*$")
_FROM_HOUR: Final = re.compile(r"(?<!\w)از (?:حدود )?ساعت")
_TODAY: Final = re.compile(r"(?<!\w)(?:امروز|امشب)(?!\w)")
_LATER: Final = re.compile(r"(?<!\w)(?:پس ?فردا|فردا|تا اطلاع)(?!\w)")


def over(plain: str, dates: list[Named], sent: datetime) -> Iterator[tuple[str, str]]:
    """What is over, as "day_over" with the day and "hour_over" with the hour, in words.

    `plain` is the text as `day_words.spelled` gives it, `dates` those in it, `sent` is of Tehran.
    """
    if _WAS.search(plain) and not _WILL.search(plain):
        return
    for start, end in sentences(plain):
        sentence = plain[start:end]
        if _WAS.search(sentence) or _LATER.search(sentence):
            continue
        inside = [one for one in dates if start <= one.start < end and one.days and not one.by_moon]
        latest = max(inside, key=lambda one: one.days[0], default=None)
        ago = sent.date() - latest.days[0] if latest else timedelta(0)
        if latest and timedelta(0) < ago <= LONG_AGO:
            if not _SINCE.search(plain[start : latest.start]):
                yield "day_over", latest.words
        elif not ago and (latest or _TODAY.search(sentence)):
            yield from _hour_over(sentence, sent)


def _hour_over(sentence: str, sent: datetime) -> Iterator[tuple[str, str]]:
    """The last hour of a sentence about the day itself, if it has passed."""
    told = list(hour_spans.told_after("ساعت", sentence))
    ends = [minutes.end or minutes.start or 0 for minutes in told]
    goes_on = _FROM_HOUR.search(sentence) and any(minutes.end is None for minutes in told)
    if ends and not goes_on and max(ends) <= sent.hour * 60 + sent.minute:
        yield "hour_over", clock(max(ends))
