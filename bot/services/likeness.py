"""Which questions ask the same, told by their letters alone: good enough for a person to answer them together.

The words that any question may hold count for nothing, those that name a way of asking («ثبت نام», «قیمت») for little:
what is left is the subject. Of each word every three letters in a row are looked at, so endings and slips do little.

A question joins the group whose first question is most like it, or begins one. So no group ever changes by what comes
after it, and none grows from neighbour to neighbour until everything is in it.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from typing import Final, Generic, NamedTuple, TypeVar

ENOUGH: Final = 0.5
"""So much of what two questions say must be the same; tried out in tests/test_likeness.py."""
WEAK: Final = 0.2
"""What the letters of a way of asking count, beside 1 for those of a subject."""
MOST_WORDS: Final = 40
LONGEST_NUMBER: Final = 4

# In the form of `Text.fold`.
_NOTHING: Final = frozenset(
    """
    از به با در بر برا برای بی تا که و یا را رو ام اش اند ای ها های هایی هام هامون ان این اون همین همون هم نیز یک یه
    من ما شما تو او ایشان اینها اونها خود خودم خودمان مون تون شون مان تان شان مال
    است هست هستم هستید هستند هستش نیست نیستش بود بوده باشه باشد باشم باشید شد شده شدم شود میشه میشود بشه بشم بشود شدن
    می نمی کن کند کنم کنه کنیم کنید کنند کنن میکنم میکنه میکنید میکنند کردن کرد کرده کردم کردید نکن
    داره دارد دارم داری دارید دارند دارن داریم ندارد نداره ندارید داشت داشته
    بده بدم بدید بدهید بدهند میدن میده میدید میدهید دهید دهند دهد دادن داد
    خواهم خوام خواهیم خوایم خواد خواهد خواستم میخوام میخواهم میخواهیم میخوایم میخواد بخوام بخواهم
    باید بایست شاید لازم لازمه نیاز نیازه باز دیگه دیگر فقط خیلی زیاد کمی چند چندتا هر همه هیچ
    چی چیه چیست چیا چه چرا چطور چطوری چگونه چجوری چکار کجا کجاس کجاست کجان کدام کدوم کی کیه ایا مگر مگه
    چقدر چقدره چنده اگر اگه وقتی پس ولی اما چون
    سلام درود خسته نباشید وقت وقتتون بخیر روز صبح عصر شب ممنون مرسی متشکرم تشکر لطفا لطف محبت خواهش بفرمایید
    ببخشید عذر خدمت جناب اقا خانم بابت جهت درباره مورد خصوص راجع
    شهرداری منطقه ناحیه 14 چهارده تهران اینجا اونجا محله محل ما خونه خانه خانمون کوچه خیابان خیابون
    """.split(),
)
_FRAME: Final = frozenset(
    """
    ثبت نام ثبتنام ثبتنامی نامنویسی کلاس کلاسها کلاسهای دوره دورهها اموزش اموزشی سالن خرید فروش
    ساعت زمان تاریخ روزها برنامه شرایط مدارک مراحل نحوه طریقه روش درخواست تقاضا پیگیری دریافت گرفتن بگیرم
    گرفت گرفته بگیریم ادرس نشانی شماره تلفن تماس زنگ بزنم ایستگاه مرکز نزدیک نزدیکترین محلی
    قیمت هزینه نرخ مبلغ تعرفه پول رایگان مجانی ارزان بلیت بلیط تخفیف وام
    بانوان اقایان خانمها کودکان کودک بچه بچهها جوانان سالمندان
    شروع پایان تموم تمام برگزار جدید خراب شکسته خاموش قطع مشکل کار جواب دفتر مسول مسیول مدیر
    نصب جمع عوض جمعاوری رفع بردارید پیدا برگزاری استفاده اجازه مجوز نوبت رزرو
    """.split(),
)


class Shape(NamedTuple):
    """What a question is compared by: every three letters of its subject, and of its way of asking."""

    strong: frozenset[str]
    weak: frozenset[str]


Name = TypeVar("Name", bound=Hashable)


class Likeness(Generic[Name]):
    """Groups by the first question of each. A question that was put in several ways has them in lines."""

    def __init__(self) -> None:
        self._shapes: list[Shape] = []
        self._names: list[Name] = []
        self._where: dict[str, list[int]] = defaultdict(list)
        self._frames: list[int] = []  # groups whose first question names no subject
        self._same: dict[str, int] = {}

    def begin(self, name: Name, folded: str) -> None:
        """A group begins with this question, in the form of `Text.fold`."""
        for way in folded.split("\n"):
            number = len(self._names)
            shape = shape_of(way)
            self._names.append(name)
            self._shapes.append(shape)
            self._same.setdefault(way, number)
            for gram in shape.strong:
                self._where[gram].append(number)
            if not shape.strong:
                self._frames.append(number)

    def find(self, folded: str) -> Name | None:
        """The group that this question belongs to; None: to none of them."""
        found = max(map(self._best, folded.split("\n")))
        return None if found[0] < ENOUGH else self._names[-found[1]]

    def _best(self, folded: str) -> tuple[float, int]:
        """How like the likest is that we know, and its number below zero: of two as like the older one counts."""
        if folded in self._same:
            return 1.0, -self._same[folded]
        shape = shape_of(folded)
        return max(((like(shape, self._shapes[number]), -number) for number in self._near(shape)), default=(0.0, 0))

    def _near(self, shape: Shape) -> Iterable[int]:
        """The groups that may be like enough."""
        if not shape.strong:
            return self._frames
        shared: Counter[int] = Counter()
        for gram in shape.strong:
            shared.update(self._where.get(gram, ()))
        # However alike the ways of asking are: less than half of what is needed in the subject cannot be made up for.
        least = ENOUGH * len(shape.strong) / 2
        return [number for number, count in shared.items() if count >= least]


def like(one: Shape, other: Shape) -> float:
    """How much of what both say is the same, from 0 to 1."""
    strong, weak = len(one.strong & other.strong), len(one.weak & other.weak)
    all_strong, all_weak = len(one.strong | other.strong), len(one.weak | other.weak)
    whole = all_strong + WEAK * all_weak
    return (strong + WEAK * weak) / whole if whole else 0.0


def shape_of(folded: str) -> Shape:
    words = [word for word in folded.split() if word not in _NOTHING and not _is_long_number(word)][:MOST_WORDS]
    strong = frozenset(gram for word in words if word not in _FRAME for gram in _grams(word))
    weak = frozenset(gram for word in words if word in _FRAME for gram in _grams(word))
    return Shape(strong, weak - strong)


def _is_long_number(word: str) -> bool:
    """Of a telephone or a file: it says who asks, not what."""
    return len(word) > LONGEST_NUMBER and word.isdecimal()


def _grams(word: str) -> Iterable[str]:
    padded = f" {word} "
    return (padded[at : at + 3] for at in range(len(padded) - 2))
