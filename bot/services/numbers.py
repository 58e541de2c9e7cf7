"""Numbers as people say them."""

import re
from typing import Final

_ONES: Final = "یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده".split()
_TENS: Final = {"بیست": 20, "سی": 30}
_SPOKEN: Final = {"یه": 1, "چار": 4, "شیش": 6, "پونزده": 15, "شونزده": 16, "هیفده": 17, "هیجده": 18, "هژده": 18}

HOURS: Final = {word: number for number, word in enumerate(_ONES[:12], start=1)} | {
    word: number for word, number in _SPOKEN.items() if number < 12
}


def _days() -> dict[str, int]:
    """One to thirty-one, each as a count and as an order, without spaces: «بیستویک», «بیستویکم»."""
    counts = {word: number for number, word in enumerate(_ONES, start=1)} | _SPOKEN | _TENS
    for ten, value in _TENS.items():
        for number, word in enumerate(_ONES[:9], start=1):
            if value + number <= 31:
                counts[f"{ten}و{word}"] = value + number
    ordered = {f"{word}م": number for word, number in counts.items()}
    return counts | ordered | {"اول": 1, "سوم": 3, "بیستوسوم": 23, "سیام": 30, "سیویکم": 31, "سیم": 30}


DAYS: Final = _days()

_DAY_WORDS: Final = "|".join(
    word.replace("و", " ?و ?", 1) if word.startswith(("بیستو", "سیو")) else word.replace("سیام", "سی ?ام")
    for word in sorted(DAYS, key=len, reverse=True)
)
DAY: Final = rf"(?:\d{{1,2}}|{_DAY_WORDS})"
"""A regular expression for the number of a day, in the form of `Text.fold`."""


def day(said: str) -> int:
    """The number of a day that `DAY` has found."""
    return int(said) if said.isdigit() else DAYS[re.sub(" ", "", said)]


HOUR: Final = rf"(?:\d{{1,2}}|{'|'.join(sorted(HOURS, key=len, reverse=True))})"


def hour(said: str) -> int:
    """The number of an hour that `HOUR` has found."""
    return int(said) if said.isdigit() else HOURS[said]


def is_hour(said: str) -> bool:
    return said.isdigit() or said in HOURS
