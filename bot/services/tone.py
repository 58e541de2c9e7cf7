"""How a text may sound on its day: nothing festive in mourning, no grief at a feast, few signs anywhere."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from unicodedata import category

FEAST: Final = "feast"
MOURNING: Final = "mourning"
RELIGIOUS: Final = "religious"
KINDS: Final = (FEAST, MOURNING, RELIGIOUS, "civic", "international")
"""What a day is. Religious: neither a feast nor mourned."""
KIND_OF_MOOD: Final[Mapping[str, str]] = {"joy": FEAST, "mourning": MOURNING}
"""What the mood of an occasion makes of its day."""


class Wrong(NamedTuple):
    """What does not fit: one of the keys of `REASONS`, and what was found."""

    key: str
    fields: Mapping[str, object] = {}


REASONS: Final = {
    "signs": "has {count} signs such as {sign}, more than {most}",
    "call": "has an exclamation mark on a day of mourning",
    "calls": "has more than one exclamation mark",
    "festive": "has a festive word on a day of mourning: {word}",
    "grief": "has a word of grief at a feast: {word}",
}

# Places are called after feasts and martyrs, and so is a month: their names say nothing about a mood.
_PLACES: Final = (
    "خیابان کوچه میدان بلوار بزرگراه اتوبان چهارراه تقاطع پل محله شهرک بوستان پارک برج ایستگاه مترو سالن مجتمع ورزشگاه"
    " استخر سینما بیمارستان درمانگاه مدرسه دبستان دبیرستان فرهنگسرا مسجد حسینیه"
).split()
_BESIDE: Final = ("فرهنگسرای", "سرای محله", "ماه", *"تاریخ سال محل ثبت گواهی".split())
"""«ماه مبارک», «گواهی تولد»."""
_NO_NAME: Final = r"(?<!\w)" + "".join(f"(?<!{word} )" for word in (*_PLACES, *_BESIDE))
_FESTIVE: Final = re.compile(
    _NO_NAME + r"(?:مبارک(?!ه(?!\w)|ی(?!\w)|[ \u200c]?[آا]باد)|تبریک|خجسته|فرخنده|شادباش|شادی|جشن|عید(?!گاه)|ولادت"
    r"|میلاد(?!ی(?!\w))|تولد|چراغانی|خوشحال|خنده|لبخند|خوش بگذر)\w*"
)
_GRIEF: Final = re.compile(_NO_NAME + r"(?:تسلیت|سوگ(?!ند)|عزا|ماتم|شهادت|رحلت|درگذشت|جان باخت)\w*")
_ONE_SPELLING: Final = str.maketrans("يىك", "ییک", "ـ\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652")
"""«عیـــد» is «عید»."""
_FESTIVE_SIGNS: Final = frozenset("🎉🎊🎈🎁🎂🥳🪅🎆🎇🎀🍰🥂🍾🕺💃😀😃😄😁😆😂🤣😊😍🤩😜😎🥰🎶🎵✨🌟💐🌹🌸🌷")
_SIGN: Final = "So"
"""The category in which Unicode has emoji."""


def wrongs(text: str, kind: str) -> Iterator[str]:
    """What does not fit a day of this kind, each as a reason."""
    yield from (REASONS[wrong.key].format_map(wrong.fields) for wrong in heard(text, kind))


def heard(text: str, kind: str) -> Iterator[Wrong]:
    """What does not fit a day of this kind."""
    signs = [letter for letter in text if category(letter) == _SIGN]
    most = 0 if kind in {MOURNING, RELIGIOUS} else 1
    if len(signs) > most:
        yield Wrong("signs", {"count": len(signs), "sign": signs[0], "most": most})
    calls = text.count("!")
    if kind == MOURNING and calls:
        yield Wrong("call")
    elif calls > 1:
        yield Wrong("calls")
    if kind == MOURNING and (word := festive_word(text)):
        yield Wrong("festive", {"word": word})
    if kind == FEAST and (found := _GRIEF.search(text.translate(_ONE_SPELLING))):
        yield Wrong("grief", {"word": found.group()})


def festive_word(text: str) -> str:
    """The first festive word; empty if there is none."""
    found = _FESTIVE.search(text.translate(_ONE_SPELLING))
    return found.group() if found else ""


def festive_sign(text: str) -> str:
    """The first sign of joy; empty if there is none. Others, as of a place or a warning, fit any day."""
    return next((sign for sign in text if sign in _FESTIVE_SIGNS), "")
