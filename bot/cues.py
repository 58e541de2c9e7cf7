"""What a message is, apart from its subject: a greeting, a problem told, a danger, another tongue. Decides nothing."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from bot.lexicon import ARABIC, ARABIC_ONLY, ENGLISH, GREETINGS, THANKS

FOREIGN_SHARE: Final = 0.5

# Beginnings of words, as their endings vary most: what goes wrong in a street, where, and for how long.
_PROBLEM: Final = re.compile(
    r"""(?<!\w)(
        خراب|شکست|سوخته|ترکید|ترک\ (خورد|برداشت)|پاره|کنده|نشست\ کرد|ریخت|میریز|می\ ریز|ول\ (کرد|شد)|گرفته
        |پر\ (از|شده)|پره|سرریز|بوی\ (بد|گند|تعفن|لجن|فاضلاب|زباله|اشغال)|بو\ گرفت|بو\ مید|کثیف|لجن|پشه|موش
        |سوسک|حشر|سگ|لاشه|خشک\ شد|خاموش|تاریک|ظلمات|چاله|چوله|دست\ انداز|کندن|کنده\ کاری|حفاری|مزاحم
        |سر\ ?و\ ?صدا|صداش|صدای|داد\ میزن|داد\ می\ زن|دود|رد\ (شد|شیم|بش)|میترس|می\ ترس|جرات|خطر|معتاد
        |کارتن\ خواب|متکدی|گدا|دست\ ?فروش|سد\ معبر|بساط|با\ سرعت|تند\ می\ ?ر|لق|قفله|نشت|می\ ?چکه|درپوش|دریچه
        |جارو\ نم|جمع\ نم|نمی\ ?(برن|بردن|یان|یاد|سوزه)|نیومد|نیامده|نمیان|زخمی|داغون|ویرون|اذیت|عاجز|کلاف
        |امونمون|امانمان|خفه|هرس|نخاله|مصالح|گودبرداری|فاضلاب|پخش|اب\ (گرفت|زد|افتاد|جمع)|زده\ بالا|میلرزه
        |می\ ?لرز|رها|بی\ ?خواب|نمی\ ?تونیم\ بخواب|بخوابیم|کج\ شد|افتاده|میفته|بیفته|میندازه|می\ ?سوز
        |جلو\w*\ (در|پارکینگ|خونه|خانه)|دوبله|پارک\ (می\ ?کن|کرد)|بدون\ (مجوز|پروانه)|طبقه\ اضافه|پاتوق|شعار
        |زباله|اشغال|نداره|کار\ نمی\ ?کن|درست\ نمی\ ?کن|رسیدگی\ نمی|برداشتن|کندن
    )""",
    re.VERBOSE,
)
_PLACE: Final = re.compile(
    r"""(?<!\w)(
        کوچ|خیابون|خیابان|محل|پارک|بوستان|میدون|میدان|جوب|جوی|جدول|پیاده\ ?رو|بلوار|چهارراه|چارراه|پل|سطل
        |مخزن|درخت|چراغ|تیر|اسفالت|تابلو|ایستگاه|ایسگاه|دیوار|همسایه|پارکینگ|مدرسه|خون(ه|مون|م)|مغازه|نیمکت
        |تاب|سرسره|پله|فواره|لامپ|چمن|باغچه|بلندگو|کارگاه|ساختمو?ا?ن|زمین|وانت|ماشین|موتور|رفتگر|پاکبان
        |در\ چاه|چاه|نرده|گارد|بزرگراه|اتوبان|زیرگذر|شاخه|مسجد|پنجره
    )""",
    re.VERBOSE,
)
_LASTING: Final = re.compile(
    r"""(?<!\w)(
        \w+\ (روز|ماه|هفته|سال|شب|وقت|ساعت)(ه|س|است|هاس|ه\ است)(?!\w)|(چند|دو|سه|یه)\ ?(روز|ماه|هفته|سال|شب)ه
        |\w*(روزه|ماهه|ساله|هاس)(?!\w)|هر\ (شب|روز|دفعه|بار)|همیشه|دوباره|بازم|باز\ هم|مدتی|مدت\ هاست
        |خیلی\ وقته|شبا|شب\ ها|روزا
    )""",
    re.VERBOSE,
)
_ASKED: Final = re.compile(
    r"""(?<!\w)(
        چی|چیه|چیست|چه|چطور\w*|چجور\w*|چگونه|کجا\w*|کدوم\w*|کدام|کی(ه|ا)?|چند\w*|چقد\w*|ایا|چیا|دارین|دارید
        |هست|هستین|هستید|می\ ?شه|میشود|ممکنه
    )(?!\w)""",
    re.VERBOSE,
)
_DANGER: Final = re.compile(
    r"""(?<!\w)(
        (اتیش|اتش)\ (گرفت|زد|سوز|میگیر)|اتش\ ?سوزی\ (شد|داریم|کرد|سر)|حریق\ (شد|داری|گرفت|رخ)|داره\ می\ ?سوزه|خون\ ?ریزی
        |بی\ ?هوش\ (شد|افتاد|ه)|بیهوشه|نفس\ نمی\ ?(کش|تون|یاد)|غش\ کرد(?!م)|سکته\ کرد|بوی?\ گاز|نشت\w*\ گاز|گاز\ نشت
        |برق\ گرفت|زیر\ اوار|چاقو\ (کشی|خورد|زد)|تیر\ ?اندازی|منفجر\ (شد|می)|انفجار\ (شد|رخ|بود)|غرق\ (شد|می)|خودکشی
        |خودشو?\ (رو\ )?(بکشه|پرت|اتیش|بندازه)|مسموم\ شد
        |تصادف\ (شد|کرد)\w*\ .*(زخمی|مجروح|خون|گیر|مصدوم|طرف|امبولانس|کمک)
        |(مجروح|مصدوم|زخمی)\ (داریم|شده|افتاد)|تصادف\ شد|گیر\ (کرد|افتاد)\w*\ .*اسانسور
        |اسانسور\ .*گیر\ (کرد|افتاد)|قلبش\ (گرفت|وایساد|ایستاد)|درد\ زایمان|دزد\ (اومد|امد|تو)
        |کتک(م|ش)?\ (می\ ?زن|زد)|ریزش\ (کرد|ساختمان)|سیم\ برق\ (افتاد|پار|ول)
    )""",
    re.VERBOSE,
)


class Cues(NamedTuple):
    """The signs of a message, as numbers the gate can weigh."""

    problem: float  # 0 none, 1 likely a problem told, 2 surely
    asks: bool
    danger: bool
    ours: bool  # the municipality is named


def cues(folded: str, *, question_mark: bool) -> Cues:
    """Reads a message in the form of `Text.fold`."""
    problems = len(_PROBLEM.findall(folded))
    places = len(_PLACE.findall(folded))
    lasting = bool(_LASTING.search(folded))
    told = (
        min(problems, 2) + (min(places, 2) * 0.5 if problems else 0) + (0.5 if lasting and (problems or places) else 0)
    )
    return Cues(
        min(told, 3.0), question_mark or bool(_ASKED.search(folded)), bool(_DANGER.search(folded)), "شهرداری" in folded
    )


def without_courtesy(words: list[str]) -> list[str]:
    """The words without greeting and thanks at either end; all of them when nothing else is said."""
    start, end = 0, len(words)
    while start < end and (words[start] in GREETINGS or words[start] in THANKS):
        start += 1
    while end > start and words[end - 1] in THANKS:
        end -= 1
    return words[start:end] or words


def is_foreign(words: Sequence[str]) -> bool:
    """Whether the words are of another language than Persian, however written."""
    if not words:
        return False
    if any(word[0] > "\u0700" or (not word.isascii() and word[0] < "\u0600") for word in words):
        return True
    english = sum(word in ENGLISH for word in words)
    arabic = sum(word in ARABIC for word in words)
    if any(word in ARABIC_ONLY for word in words) and arabic >= FOREIGN_SHARE * len(words):
        return True
    return english >= max(FOREIGN_SHARE * len(words), 1)


def is_only_signs(text: str) -> bool:
    """Nothing but emoji and punctuation, with one emoji at least."""
    return any(unicodedata.category(sign) == "So" for sign in text[:200])
