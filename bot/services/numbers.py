"""Numbers as people say them."""

import re
from collections.abc import Sequence
from typing import Final

from bot.text import fold_ours, shorten

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


_TENTHS: Final = "ده بیست سی چهل پنجاه شصت هفتاد هشتاد نود".split()
_HUNDREDS: Final = "صد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد".split()
_COUNTS: Final = (
    {"صفر": 0}
    | {word: number for number, word in enumerate(_ONES, start=1)}
    | _SPOKEN
    | {word: number * 10 for number, word in enumerate(_TENTHS, start=1)}
    | {word: number * 100 for number, word in enumerate(_HUNDREDS, start=1)}
    | {"شیصد": 600, "پونصد": 500, "چارصد": 400}
)
_THOUSAND: Final = "هزار"
_GROUPS: Final = re.compile(r"(?<=\d)[,٬،.'](?=\d{3}(?!\d))")
"""Between thousands; a decimal point with three digits behind it is one of them, as in «۱.۵۰۰»."""
_BELOW_ZERO: Final = re.compile(r"(?<![\w-])[-\u2212]\s*\d|(?<!\w)منف[یي](?!\w)")
MOST_DIGITS: Final = 9
BESIDE: Final = 2
"""So many other words may stand beside a number: «۲۵ سال», «حدود پنج نفر»."""


def whole(text: str) -> int | None:
    """The one whole number that a text says, in digits of any script or in words; None if it says none, or several.

    A lone «نه» is a no, not a nine.
    """
    plain = shorten(text)
    words = [part for word in fold_ours(_GROUPS.sub("", plain)).split() for part in _parts(word)]
    at = [number for number, word in enumerate(words) if _part(word) is not None or word == _THOUSAND]
    if not at or words == ["نه"]:
        return None
    said, beside = words[at[0] : at[-1] + 1], len(words) - (at[-1] + 1 - at[0])
    found = _sum(said) if beside <= BESIDE else None
    return -found if found is not None and _BELOW_ZERO.search(plain) else found


def _part(word: str) -> int | None:
    if word.isdecimal():
        return int(word) if len(word) <= MOST_DIGITS else None
    return _COUNTS.get(word)


def _parts(word: str) -> list[str]:
    """A word with the «و» that clings to it taken off: «وپنج», «صدو»; «دو» is none of these."""
    if word not in _COUNTS and word[:1] == "و" and word[1:] in _COUNTS:
        return ["و", word[1:]]
    return [word[:-1], "و"] if word not in _COUNTS and word[-1:] == "و" and word[:-1] in _COUNTS else [word]


def _sum(words: Sequence[str]) -> int | None:
    """What words of a number come to, each smaller than what stands before it: «دو هزار و صد و بیست و پنج»."""
    if _THOUSAND in words:
        cut = words.index(_THOUSAND)
        thousands = _sum(words[:cut]) if cut else 1
        rest = _sum(words[cut + 1 :]) if words[cut + 1 :] else 0
        return None if thousands is None or rest is None or rest >= 1000 else thousands * 1000 + rest
    total, least = 0, 10**MOST_DIGITS
    said = [word for word in words if word != "و"]
    for word in said:
        part = _part(word)
        if part is None or part >= least or (word.isdecimal() and len(said) > 1):
            return None
        total, least = total + part, _step(part)
    return total


def _step(part: int) -> int:
    """What may follow a part of a number must be less than this: tens after hundreds, ones after tens."""
    return 100 if part >= 100 else 10 if part >= 20 else 1
