"""How staff write days, in one spelling: weekdays as `w0` (Saturday) to `w6`, numbers in digits, months as below."""

import re
from typing import Final

from bot.services import jalali

_DIGITS: Final = {sign: str(number % 10) for number, sign in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")}
_LETTERS: Final = dict(zip("آأإٱيىكةۀؤئ", "ااااییکههوی", strict=True))
_UNSEEN: Final[dict[str, str]] = dict.fromkeys(
    "ـ\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0654\u200e\u200f\u2066\u2067\u2068\u2069", ""
)
_SIGNS: Final = {"\u200c": " ", "\u00a0": " ", "\t": " ", "–": "-", "—": "-"}
_SAME: Final = str.maketrans(_DIGITS | _LETTERS | _UNSEEN | _SIGNS)
_ONES: Final = "یک دو سه چهار پنج شش هفت هشت نه".split()
_UNITS: Final = {word: number for number, word in enumerate(_ONES, start=1)} | {"اول": 1, "سو": 3}
_TEENS: Final = "ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده".split()
_NUMBERS: Final = (
    {f"بیست و {word}": 20 + number for word, number in _UNITS.items()}
    | {f"سی و {word}": 30 + number for word, number in _UNITS.items() if number == 1}
    | {"بیست": 20, "سی": 30}
    | {word: number for number, word in enumerate(_TEENS, start=10)}
    | _UNITS
)
_WORDS: Final = "|".join(sorted(_NUMBERS, key=len, reverse=True)).replace(" و ", " ?و ?")
_NUMBER_WORD: Final = re.compile(rf"(?<!\w)({_WORDS})(م|ام| ام)?(?!\w)")
_JOINED: Final = re.compile(r" ?و ?")
_WEEKDAYS: Final = {word: number for number, word in enumerate(["", *_ONES[:5]])}
_WEEKDAY: Final = re.compile(r"(?<!\w)(?:(یک|دو|سه|چهار|پنج)? ?|([1-5]))شنبه(?!\w)")
_FRIDAY: Final = re.compile(r"(?<!\w)جمعه(?!\w)")
_GLUED: Final = re.compile(r"(?<=\d)\u200c(?=شنبه)")
"""«۵‌شنبه» is Thursday; «۱۰ تا ۵ شنبه» is not."""
_SPACES: Final = re.compile(r" {2,}")

MONTHS: Final = tuple(month.translate(_SAME) for month in jalali.MONTHS)
TO: Final = r"(?:تا|الی|لغایت|-)"
ORDER: Final = r" ?(?:ام |م )?"
"""What may stand between the number of a day and its month."""


def spelled(text: str) -> str:
    """One spelling. Signs and ends of lines stay."""
    folded = _SPACES.sub(" ", _GLUED.sub("", text).translate(_SAME))
    folded = _WEEKDAY.sub(lambda found: f" w{found[2] or _WEEKDAYS[found[1] or '']} ", folded)
    folded = _FRIDAY.sub(" w6 ", folded)
    folded = _NUMBER_WORD.sub(lambda found: str(_number(found[1])), folded)
    return _SPACES.sub(" ", folded).strip()


def _number(word: str) -> int:
    return _NUMBERS.get(word) or _NUMBERS[_JOINED.sub(" و ", word, count=1)]
