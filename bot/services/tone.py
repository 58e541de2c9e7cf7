"""How a text may sound on its day: nothing festive in mourning, no grief at a feast, few signs anywhere."""

import re
from collections.abc import Iterator
from typing import Final
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


def wrongs(text: str, kind: str) -> Iterator[str]:
    """What does not fit a day of this kind, each as a reason."""
    signs = [letter for letter in text if category(letter) == _SIGN]
    most = 0 if kind in {MOURNING, RELIGIOUS} else 1
    if len(signs) > most:
        yield f"has {len(signs)} signs such as {signs[0]}, more than {most}"
    calls = text.count("!")
    if kind == MOURNING and calls:
        yield "has an exclamation mark on a day of mourning"
    elif calls > 1:
        yield "has more than one exclamation mark"
    if kind == MOURNING and (found := _FESTIVE.search(text)):
        yield f"has a festive word on a day of mourning: {found.group()}"
    if kind == FEAST and (found := _GRIEF.search(text)):
        yield f"has a word of grief at a feast: {found.group()}"
