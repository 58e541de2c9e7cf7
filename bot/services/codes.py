"""Tracking codes: nine digits that nobody can guess, the last of which shows a mistyped one.

The last digit is that of H. Michael Damm («Total anti-symmetrische Quasigruppen», dissertation, Marburg 2004): it finds
every single wrong digit and every two neighbours in the wrong order.
"""

import secrets
from typing import Final

from bot.text import fold_ours, persian_digits

DIGITS: Final = 9
LONGEST: Final = 120
"""Characters of a message that may be a code and nothing else."""
GAP: Final = "\u00a0"
"""A space that holds the groups together: with a plain one, a line from right to left would show the last first."""
# The quasigroup of order 10 that Damm gives.
_TABLE: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
# What may stand beside a code that is all the message says; in the form of `fold_ours`.
_BESIDE: Final = frozenset(
    """
    کد کدم کدش کدمو شماره شمارم پیگیری پیگیریم پیگیریش رهگیری رهگیریم گزارش گزارشم درخواست درخواستم شکایت شکایتم پرونده
    من ما این اینه همینه هست است هستش ه رو را و با به برای سلام لطفا ممنون مرسی وضعیت وضعیتش code kod peygiri peigiri
    rahgiri shomare salam
    """.split()
)


def new() -> int:
    """A new code. Whether it is in use already is for the table of cases to say."""
    first = 10_000_000 + secrets.randbelow(90_000_000)
    return first * 10 + _check(str(first))


def shown(code: int) -> str:
    """A code in groups of three Persian digits, easy to read out; copied and sent back, it is understood."""
    digits = persian_digits(str(code))
    return GAP.join(digits[at : at + 3] for at in range(0, DIGITS, 3))


def read(text: str) -> int | None:
    """The code, if a message is one and says nothing else: «کد پیگیری: ۱۲۳-۴۵۶-۷۸۹»."""
    digits = _digits(text)
    return int(digits) if digits and _is_sound(digits) else None


def is_mistyped(text: str) -> bool:
    """Whether a message looks like a code and nothing else, but is none that we ever gave."""
    digits = _digits(text)
    return bool(digits) and not _is_sound(digits)


def _digits(text: str) -> str:
    """The nine digits that are all a message says; empty if it says anything else."""
    if len(text) > LONGEST:
        return ""
    words = fold_ours(text).split()
    numbers = [at for at, word in enumerate(words) if word.isdecimal()]
    digits = "".join(words[at] for at in numbers)
    together = bool(numbers) and numbers[-1] - numbers[0] == len(numbers) - 1
    beside = (word for word in words if not word.isdecimal())
    return digits if together and len(digits) == DIGITS and all(word in _BESIDE for word in beside) else ""


def _is_sound(digits: str) -> bool:
    return digits[0] != "0" and _check(digits) == 0


def _check(digits: str) -> int:
    """The digit that makes these sound; 0 if they are."""
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][int(digit)]
    return interim
