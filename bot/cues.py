"""What a message is, apart from its subject: a greeting, a problem told, a danger, another tongue. Decides nothing."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from bot.lexicon import ARABIC, ARABIC_ONLY, ENGLISH, GREETINGS, THANKS

FOREIGN_SHARE: Final = 0.5
# So much of a problem is told that it is a complaint, however desperate the words.
SURELY: Final = 1.5

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
        |بی\ ?هوش\ (شد|افتاد|ه)|بیهوشه|نفس\ نمی\ ?(کش|تون|یاد)|غش\ کرد(?!م)|سکته\ کرد|بوی?\ گاز
        |تکو?ا?ن\ نمی\ ?(خور|ده)|(تو|توی|داخل)\ (اب|استخر|چاه|کانال|رودخو?ا?نه)\ (افتاد|پرت\ شد)
        |نشت\w*\ گاز|گاز\ نشت
        |(نفر|بچه|پسر|دختر|مرد|کارگر|ادم|مادر|پدر|راننده|عابر)\w*\ (\w+\ )?زیرش(ه|ن|ونه?)(?!\w)
        |زیر\ (دیوار|ماشین|اتوبوس|سقف)\ (مون|مان|گیر|له\ شد)
        |برق\ گرفت|زیر\ اوار|چاقو\ ?(کشی|کشید|خورد|زد)|تیر\ ?اندازی|منفجر\ (شد|می)|انفجار\ (شد|رخ|بود)|غرق\ (شد|می)
        |خودکشی|خودشو?\ (رو\ )?(بکشه|پرت|اتیش|بندازه)|مسموم\ شد
        |تصادف\ (شد|کرد)\w*\ .*(زخمی|مجروح|خون|گیر|مصدوم|طرف|امبولانس|کمک)
        |(مجروح|مصدوم|زخمی)\ (داریم|شده|افتاد)|تصادف\ شد|گیر\ (کرد|افتاد)\w*\ .*اسانسور
        |اسانسور\ .*گیر\ (کرد|افتاد)|قلبش\ (گرفت|وایساد|ایستاد)|درد\ زایمان|دزد\ (اومد|امد|تو)
        |کتک(م|ش)?\ (می\ ?زن|زد)|ریزش\ (کرد|ساختمان)|سیم\ برق\ (افتاد|پار|ول)
    )""",
    re.VERBOSE,
)
_PAST: Final = re.compile(
    r"(?<!\w)(دیروز|پریروز|دیشب|پریشب|پارسال|(هفته|ماه|سال|روز|شب) ?(ی )?(پیش|قبل|گذشته)|قبلا"
    r"|هر (روز|شب|هفته|دفعه|بار)|همیشه|چند بار|تا حالا)"
)
_NOW: Final = re.compile(r"(?<!\w)(الان|کمک|فوری|فورا|زود|همین لحظه|به دادم|بدو)(?!\w)")
# Who speaks of ending their life gets help, whatever else the words are near to.
_DESPAIR: Final = re.compile(
    r"""(?<!\w)(
        (می\ ?خوا\w*|دلم\ می\ ?خوا\w*|کاش\w*|ارزو\w*)\ (\w+\ ){0,2}(بمیرم|می\ ?مردم|نباشم|نبودم|مرگ)
        |(خودم|خودمو)\ (رو\ |را\ )?(می\ ?کشم|بکشم|می\ ?کشتم|خلاص|بندازم|پرت\ کنم|دار\ بزنم|حلق\ اویز|از\ بین)
        |(نمی\ ?خوا\w*|نمی\ ?تو\w*|نمی\ ?کشم)\ (\w+\ ){0,2}(زنده|زندگی\ (کنم|بکنم|رو))
        |(سیر|بیزار|بریدم|خسته|ناامید)\w*\ (\w+\ )?از\ زندگی
        |از\ (این\ )?زندگی\w*\ (خودم\ )?(سیر|بیزار|بریدم|خسته|ناامید)
        |(به\ )?زندگی(م|مو|ام)?\ (رو\ |را\ )?(خاتمه|پایان|تموم|تمام)|امید\w*\ (به|برای)\ (زندگی|زنده)
        |(قرص|رگ)\w*\ (\w+\ )?(بخورم|بزنم)\ (\w+\ )?(بمیرم|راحت|تموم)
    )""",
    re.VERBOSE,
)
_RUDE: Final = re.compile(
    r"""(?<!\w)(
        بی\ ?(شرف|شعور|ناموس|پدر|وجدان|غیرت|لیاقت|عرضه|خاصیت|ادب|شخصیت|همه\ چیز)|احمق|الاغ|اولاغ|نفهم|خنگ|کثافت
        |عوضی|گمشو|گم\ شو|خفه\ شو|چرت|پرت\ و\ پلا|مزخرف|زر\ نزن|لعنت|حروم ?زاده|حرامزاده|پدر ?سگ|پفیوز|بیشعور|بیشرف
        |اشغال\ ?(ها|عوضی)$|گاو|حمال|عنتر|پررو|پست\ فطرت|ننگ|خاک\ تو\ سر|خاک\ بر\ سر|مرده\ ?شور|گور\ بابا|دروغ\ ?گو
    )""",
    re.VERBOSE,
)
# Nothing but days, times and «open»: words that mean the opening hours when no other subject stands beside them.
_OPENNESS: Final = (
    r"باز(ه|ید|ین|ن|یم)?|باز (است|هست\w*|میشه|می ?کن\w*|می ?باش\w*|می ?ش\w*|شد\w*)|وا(زه|زین|ست)"
    r"|بست(ه|س|ست|ین|ید|ه ای(د|ن))|تعطیل\w*|ساعت\w* (ی )?(کار|کاری|کاریش|اداری)"
)
_DAY: Final = r"(یک|یه|ی|دو|سه|س|چهار|چار|پنج|پن|[1-5])? ?ش[نم]به|جمعه|پس ?فردا|فردا|امروز|امشب|اخر ?هفته|روز\w* تعطیل"
_BESIDE_TIMES: Final = (
    r"الان|هم|ها|های|ا|چی|چطور|چه|روز|روزا|روزها|روزای|ساعت|ساعتی|تا|کی|چند|از|هست|هستی[دن]|است|که|رو|را|به|در|ایا|یا|نه|و|شما"
    r"|اداره|ادارتون|شهرداری\w*|منطقه|ناحیه|14|چهارده|اونجا|هنوز|دیگه|کسی|دارین|دارید|میشه|می"
    r"|صبح|صبحا|ظهر|عصر|عصرا|شب|بعد ?از ?ظهر"
    r"|چرا|چنده|اید|می ?ش\w*|شد\w*|می ?رسم|برسم|می ?رسیم|اونجام|همین|بعدی|بعدش|هستین|کاری|بین تعطیل\w*"
    r"|عاشورا|تاسوعا|اربعین|عید|نوروز|رسمی|22|بهمن|رمضان|ماه|بین|التعطیلین|این|هفته|اینده|بعد|برای|واسه|هستن|خب|پس|میام|بیام|کار"
)
_TIMES: Final = re.compile(rf"(?<!\w)({_OPENNESS}|{_DAY}|الان (\w+ )?هست\w*|تا کی هست\w*)(?!\w)")
_ONLY_TIMES: Final = re.compile(rf"({_OPENNESS}|{_DAY}|{_BESIDE_TIMES})(?!\w) ?")
# What stands beside a date, once the hours are the subject already.
_BESIDE_DATES: Final = (
    r"\d{1,2}|فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|ابان|اذر|دی|بهمن|اسفند|ام|م|اول|دوم|سوم|چهارم|پنجم|ششم|هفتم"
    r"|هشتم|نهم|دهم|یک|یه|دو|سه|چهار|چار|پنج|شش|شیش|هفت|هشت|ده|یازده|دوازده|نیم|ربع|دهه|فطر|قربان|غدیر|مبعث|یلدا"
    r"|نیمه|شعبان|رجب|محرم|صفر|سیزده|بدر|چهارشنبه ?سوری|شهادت|ولادت|رحلت|وفات|میلاد|امام|حضرت|علی|حسین|فاطمه|زهرا|رضا"
    r"|صادق|زمان|قدر|احیا|جمهوری|انقلاب|نفت|هفته|چطوره|چطورین|چیه|طور|غروب|بعدازظهر|بعدش|قبل|دقیقه"
)
_ONLY_DAYS: Final = re.compile(rf"({_OPENNESS}|{_DAY}|{_BESIDE_TIMES}|{_BESIDE_DATES})(?!\w) ?")
_DATES: Final = re.compile(
    rf"(?<!\w)({_DAY}|\d{{1,2}} \w+|ساعت|صبح|ظهر|عصر|شب|هفته|عید|نوروز|عاشورا|تاسوعا|اربعین|رمضان|قدر|یلدا|مبعث|غدیر"
    r"|محرم|شهادت|ولادت|سیزده)(?!\w)"
)
_NAMES_OPENNESS: Final = re.compile(rf"(?<!\w)({_OPENNESS}|شهرداری\w*|اداره|ادارتون|هستید|هستین|کاری?)(?!\w)")
# Whoever asks for the address and names no other (of e-mail, of a page) wants to come.
_PLACE_ASKED: Final = re.compile(r"(?<!\w)(ادرس|نشانی|نشونی|لوکیشن)")
_ONLY_PLACE: Final = re.compile(
    r"(ادرس\w*|نشانی\w*|نشونی\w*|لوکیشن\w*|شهرداری\w*|شما|تون|تان|منطقه|14|چهارده|محله|ما|مون|کجا\w*|چی|چیه|چیست"
    r"|رو|را|و|به|من"
    r"|بده|بدید|بدین|بدهید|بگو|بگید|بگین|بگویید|بفرست\w*|میخوام|می|خوام|خواهم|لطفا"
    r"|اداره|ساختمان|ساختمون|دقیق|کامل|هست|است|این|اون)(?!\w) ?"
)
BARE_LONGEST: Final = 60
_HELP: Final = re.compile(r"(منو|منوی اصلی|کمک|راهنما|راهنمایی|فهرست|شروع|menu|help|start)( لطفا| کن| میخوام)?")


class Cues(NamedTuple):
    """The signs of a message, as numbers the gate can weigh."""

    problem: float  # 0 none, 1 likely a problem told, 2 surely
    asks: bool
    rude: bool  # insults, and tells no problem
    ours: bool  # the municipality is named


def cues(folded: str, *, question_mark: bool) -> Cues:
    """Reads a message in the form of `Text.fold`."""
    problem = _problem(folded)
    return Cues(
        problem=problem,
        asks=question_mark or asks(folded),
        rude=not problem and bool(_RUDE.search(folded)),
        ours="شهرداری" in folded,
    )


def is_danger(folded: str) -> bool:
    """Whether a life is in danger now; what happened yesterday or happens every day is a complaint."""
    return bool(_DANGER.search(folded)) and (not _PAST.search(folded) or bool(_NOW.search(folded)))


def is_despair(folded: str) -> bool:
    """Whether somebody speaks of ending their life, rather than of a street nobody can live in."""
    return bool(_DESPAIR.search(folded)) and _problem(folded) < SURELY


def asks(folded: str) -> bool:
    """Whether the words ask, without any question mark."""
    return bool(_ASKED.search(folded))


def _problem(folded: str) -> float:
    problems, places = len(_PROBLEM.findall(folded)), len(_PLACE.findall(folded))
    if not problems:
        return 0.5 if places and _LASTING.search(folded) else 0.0
    return min(min(problems, 2) + min(places, 2) * 0.5 + (0.5 if _LASTING.search(folded) else 0), 3.0)


def is_about_times(folded: str) -> bool:
    """Whether a message says nothing but days and times, or whether something is open: «جمعه», «الان بازه؟»."""
    return bool(_TIMES.search(folded)) and _only(_ONLY_TIMES, folded)


def is_about_days(folded: str) -> bool:
    """Whether a message says nothing but a day, a date, an occasion or a time: «۲۲ بهمن چطور؟», «و عید فطر؟»."""
    return bool(_DATES.search(folded)) and _only(_ONLY_DAYS, folded)


def names_openness(folded: str) -> bool:
    """Whether a message speaks of an office being open, not only of a day."""
    return bool(_NAMES_OPENNESS.search(folded))


def is_about_place(folded: str) -> bool:
    """Whether a message asks for the address and says nothing else: «آدرستون کجاست»."""
    return bool(_PLACE_ASKED.search(folded)) and _only(_ONLY_PLACE, folded)


def _only(word: re.Pattern[str], folded: str) -> bool:
    """Whether a short message is made of such words alone."""
    rest = folded
    while rest and len(folded) <= BARE_LONGEST:
        found = word.match(rest)
        if not found:
            return False
        rest = rest[found.end() :]
    return not rest


def is_call_for_help(folded: str) -> bool:
    """Whether a message is nothing but the word by which help or the menu is called."""
    return bool(_HELP.fullmatch(folded))


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
