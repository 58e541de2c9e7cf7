"""Telephone numbers and other numbers of people, hidden from staff who need not see them.

Digits with nothing more between them than spaces, dashes, dots, slashes and the like are one number, since that is
how people write telephone numbers. Seven digits or more are hidden, whatever they are: a mobile, a landline, a national
id, a card. So two long numbers side by side are hidden as one, and so is a price of seven digits without commas: what
was hidden in vain can be asked for, what was seen cannot be unseen.

These stay, since no number of a person can stand in them:

* A Jalali date with its separators («۱۴۰۵/۰۹/۰۱», «۱/۹/۱۴۰۵»): no telephone number of Tehran begins with such a year.
* Times («۱۰:۳۰»), lists («۱۲، ۱۴ و ۱۶») and prices with commas («۱٬۵۰۰٬۰۰۰»): neither colon nor comma joins digits.
* Nine digits right after «کد»: a tracking code, by which staff find the case that is meant. A mobile number has ten or
  eleven digits, one of a line eight or eleven, a national id ten; and «کد ملی» is not «کد».
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from bot.text import persian_digits

FEWEST: Final = 7
HIDDEN: Final = "°°°"
"""Of the few signs that hold digits together: around bullets, a line from right to left shows the end first."""

# Unseen signs may stand between digits too, and what makes a key of each («0️⃣»).
_BETWEEN: Final = (
    r"[ \t\u00a0\u2000-\u200f\u202a-\u202f\u2060-\u2069\ufe0f\u20e3\ufeff\u0640\-\u2010-\u2015\u2212.·/\u2044\\()_*+~]"
)
_YEAR: Final = r"1[34]\d\d"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE: Final = rf"(?:{_YEAR}[/.\-]{_MONTH}[/.\-]{_DAY}|{_DAY}[/.\-]{_MONTH}[/.\-]{_YEAR})(?!\d)"
_SPACE: Final = r"[ \u00a0\u200b-\u200f\u2066-\u2069\-]{0,3}"
_CODE: Final = (
    rf"(?<!\w)[کك]د(?:{_SPACE}(?:پ[یي]گ[یي]ر[یي]|رهگ[یي]ر[یي]|پرونده|گزارش))?(?:{_SPACE}(?:من|شما))?{_SPACE}:?{_SPACE}"
    rf"[1-9]\d\d{_SPACE}\d{{3}}{_SPACE}\d{{3}}(?!\d)(?!{_BETWEEN}++(?!{_DATE})\d)"
)
_NUMBER: Final = re.compile(
    rf"{_CODE}|(?<!\d){_DATE}|(?P<number>[+(\u2066-\u2068]{{0,3}}\d(?:(?:{_BETWEEN}++(?!{_DATE}))?\d)*+[\ufe0f\u20e3]*)"
)
_MOBILE: Final = re.compile(r"(?:00)?(?:98)?0?(9\d{9})")


class Found(NamedTuple):
    """A number of a person: mobile, national_id, or number (any other long one), and where in the text it stands."""

    kind: str
    start: int
    end: int


def scan(text: str) -> Iterator[Found]:
    """The long numbers of a text, as `mask_phones` hides them, each with what it is likely to be."""
    for found, digits in _numbers(text):
        yield Found(_kind(digits), found.start(), found.end())


def is_national_id(digits: str) -> bool:
    """Whether ten digits from 0 to 9 end in the check digit of a national id of Iran."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    rest = sum(int(digit) * (10 - at) for at, digit in enumerate(digits[:9])) % 11
    return int(digits[9]) == (rest if rest < 2 else 11 - rest)


def mask_phones(text: str) -> str:
    """The text with every long number hidden but for its ends, by which the same number can be known again."""
    parts: list[str] = []
    at = 0
    for found, digits in _numbers(text):
        parts += [text[at : found.start()], _masked(digits)]
        at = found.end()
    return "".join(parts) + text[at:]


def without_person(text: str, name: str | None) -> str:
    """The text without long numbers and without a citizen's name, be it the whole of it or one of its words."""
    words = [name or "", *(word for word in (name or "").split() if len(word) > 2)]
    named = "|".join(re.escape(word.strip()) for word in words if word.strip())
    found = re.sub(rf"(?<!\w)(?:{named})(?!\w)", HIDDEN, text) if named else text
    return mask_phones(found)


def _numbers(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """The long numbers, each where it stands and as plain digits."""
    for found in _NUMBER.finditer(_in_plain_digits(text)):
        digits = "".join(sign for sign in found["number"] or "" if sign.isdecimal())
        if len(digits) >= FEWEST:
            yield found, digits


def _kind(digits: str) -> str:
    if _MOBILE.fullmatch(digits):
        return "mobile"
    return "national_id" if is_national_id(digits) else "number"


def _masked(digits: str) -> str:
    """A mobile number as people know each other's; of anything else too little to guess the rest."""
    mobile = _MOBILE.fullmatch(digits)
    if mobile is not None:
        return persian_digits(f"0{mobile[1][:3]}{HIDDEN}{mobile[1][-4:]}")
    return persian_digits(f"{digits[:2]}{HIDDEN}{digits[-2:]}")


def _in_plain_digits(text: str) -> str:
    """The text, sign by sign, with 0 to 9 for the digits of every script, in circles and raised ones too."""
    return "".join(str(unicodedata.digit(sign, sign)) for sign in text)
