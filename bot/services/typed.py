"""What staff type for an announcement and its buttons say, as it is kept: cleaned, taken apart, checked."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

from bot.dates import read_date
from bot.errors import CitizenError
from bot.services import proofreading

TEXT_MOST: Final = proofreading.MOST
"""Letters."""
LONGEST_NUMBER: Final = 18
"""Digits; databases take hardly longer numbers."""
YEARS_MOST: Final = 5
MOST_LISTED: Final = 20
_BETWEEN: Final = re.compile(r"[،,؛\n]| و ")
_KEPT: Final = {"\n", "\u200c", "\u200d"}
"""Among the signs that nobody sees, those that words and emoji are made of."""
_LOST: Final = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_ADDRESS: Final = re.compile(
    r"\S+://\S+|(?<!\S)www\.\S+|(?<!\S)(?:[a-z0-9-]{1,63}\.){1,9}[a-z]{2,63}(?:/\S*)?(?!\S)", re.IGNORECASE
)
_MARKS: Final = re.compile(r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f]{3,}")
"""More marks on one letter than any word has: they climb over the lines around."""


def cleaned(text: str) -> str:
    """A text without signs that nobody sees. Raises `CitizenError`: "empty", "too_long" (limit, length)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\t", " ")
    shown = "".join(sign for sign in plain if sign in _KEPT or unicodedata.category(sign) not in _LOST)
    lines = "\n".join(line.rstrip() for line in _MARKS.sub("", shown).split("\n"))
    whole = re.sub(r"\n{3,}", "\n\n", lines).strip()
    if not any(sign.isalnum() for sign in whole):
        raise CitizenError("empty")
    if len(whole) > TEXT_MOST:
        raise CitizenError("too_long", limit=TEXT_MOST, length=len(whole))
    return whole


def link_of(text: str) -> tuple[str, str]:
    """(label, address) of «ثبت‌نام https://…», in either order; each may be missing."""
    found = _ADDRESS.search(text)
    if found is None:
        return "", text.strip()
    label = " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
    return label.strip(" |:-–—،"), found[0].strip("()[]<>«»|،")


def listed(text: str) -> list[str]:
    """What is named in a list: «دولاب، شکیب و نبرد». Some names are everyday words, and are known only when alone."""
    return [name for name in _BETWEEN.split(text) if name.strip()][:MOST_LISTED]


def last_day(text: str, today: date) -> date:
    """Until when something is repeated. Raises `CitizenError`: "bad_date", "date_passed"."""
    found = read_date(text, today)
    if found is None or found > today + timedelta(days=366 * YEARS_MOST):
        raise CitizenError("bad_date")
    if found < today:
        raise CitizenError("date_passed")
    return found


def number(written: str) -> int:
    """The number that a button names; 0 for what is none."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < LONGEST_NUMBER else 0
