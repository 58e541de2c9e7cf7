"""How a text may sound on its day: nothing festive in mourning, no grief at a feast, few signs anywhere."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from unicodedata import category

FEAST: Final = "feast"
MOURNING: Final = "mourning"
RELIGIOUS: Final = "religious"
KINDS: Final = (FEAST, MOURNING, RELIGIOUS, "civic", "international")
"""What a day is. Religious: neither a feast nor mourned."""

_FESTIVE: Final = re.compile(
    r"(?<!\w)(?:مبارک|تبریک|خجسته|فرخنده|شادباش|شادی|جشن|عید|ولادت|میلاد|تولد|چراغانی|خوشحال|خنده|لبخند|خوش بگذر)\w*"
)
_GRIEF: Final = re.compile(r"(?<!\w)(?:تسلیت|سوگ|عزا|ماتم|شهادت|رحلت|درگذشت|جان باخت)\w*")
_SIGN: Final = "So"
"""The category in which Unicode has emoji."""


_REASONS: Final = {
    "signs": "has {found} signs such as {sign}, more than {most}",
    "call": "has an exclamation mark on a day of mourning",
    "calls": "has more than one exclamation mark",
    "festive": "has a festive word on a day of mourning: {found}",
    "grief": "has a word of grief at a feast: {found}",
}


class Wrong(NamedTuple):
    """What does not fit: one of `signs` (so many), `call`, `calls`, `festive` (the word), `grief` (the word)."""

    key: str
    found: str = ""
    sign: str = ""
    most: int = 0


def heard(text: str, kind: str) -> Iterator[Wrong]:
    """What does not fit a day of this kind."""
    signs = [letter for letter in text if category(letter) == _SIGN]
    most = 0 if kind in {MOURNING, RELIGIOUS} else 1
    if len(signs) > most:
        yield Wrong("signs", str(len(signs)), signs[0], most)
    calls = text.count("!")
    if kind == MOURNING and calls:
        yield Wrong("call")
    elif calls > 1:
        yield Wrong("calls")
    if kind == MOURNING and (found := _FESTIVE.search(text)):
        yield Wrong("festive", found.group())
    if kind == FEAST and (found := _GRIEF.search(text)):
        yield Wrong("grief", found.group())


def wrongs(text: str, kind: str) -> Iterator[str]:
    """The same, each as a reason for whoever writes the content."""
    for wrong in heard(text, kind):
        yield _REASONS[wrong.key].format(found=wrong.found, sign=wrong.sign, most=wrong.most)
