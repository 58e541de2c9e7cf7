"""Telephone numbers of Iran as people write them: «۰۹۱۲ ۳۴۵ ۶۷۸۹», «+98 912…», «٣٣٠٠٠٠٠٠»."""

import re
from typing import Final

from bot.text import persian_digits

GAP: Final = "\u00a0"
"""As in codes: groups keep their order in a line from right to left."""
_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)
_BETWEEN: Final = re.compile(r"[\s().\-–_/\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_MOBILE: Final = re.compile(r"(?:\+98|0098|98|0)?(9\d{9})")
# Codes of provinces have three digits, the first of which is 0; the number after them has eight.
_LANDLINE: Final = re.compile(r"(?:\+98|0098|0)([1-8]\d[2-9]\d{7})")
_TEHRAN: Final = re.compile(r"[2-9]\d{7}")


def read(text: str) -> str | None:
    """The number that a message is, beginning with 0; None: it is none. Eight digits are a number of Tehran."""
    plain = _BETWEEN.sub("", text.translate(_DIGITS))
    if mobile := _MOBILE.fullmatch(plain):
        return f"0{mobile[1]}"
    if landline := _LANDLINE.fullmatch(plain):
        return f"0{landline[1]}"
    return f"021{plain}" if _TEHRAN.fullmatch(plain) else None


def shown(phone: str) -> str:
    """A number as citizens read it: «۰۹۱۲ ۳۴۵ ۶۷۸۹»; sent back, it is understood."""
    at = (4, 7) if phone.startswith("09") else (3, 7)
    return persian_digits(GAP.join((phone[: at[0]], phone[at[0] : at[1]], phone[at[1] :])))
