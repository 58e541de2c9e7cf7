"""Tidies text that staff compose: half-spaces, spaces, quotes and digits as print has them. hazm's full rules, guarded.

hazm takes codes, numbers, dates, links and e-mail addresses apart, so they never reach it; neither do the marks of
emphasis. What comes back with other letters than went in is not taken.
"""

import re
import threading
import unicodedata
import warnings
from collections.abc import Callable
from functools import cache
from typing import Final

from bot.text import persian_digits

# Longer than any word: hazm's rules are slow on such runs.
_RUN: Final = re.compile(r"\w{41,}")
GUARDED: Final = re.compile(
    r"\[[^\]\n]{1,200}\]\([^)\s]{1,500}\)"  # a link with its title
    r"|\*\*|`"
    r"|[0-9#*]\ufe0f?\u20e3"  # the picture of a key
    r"|(?<![\w#])#\w[\w\u200c]{0,100}"
    r"|\bhttps?://\S+|\bwww\.\S+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,200}|@\w{1,64}"
    r"|(?<!\w)/\w{1,64}"
    r"|(?<!\w)[+*#]?\w{0,40}?[0-9۰-۹٠-٩][\w٫٬.,/:*#+-]*"  # whatever holds a digit
    r"|(?<!\w)\w{0,40}?[A-Za-z][\w.\-/]*"
)
NUMBER: Final = re.compile(r"\+?[0-9٠-٩][0-9۰-۹٠-٩.,/:-]*")
_CLOSING: Final = "،؛؟!"
"""No space stands before these, not even behind a number."""
_ONE_FORM: Final = str.maketrans("يىكٱأإۀةؤئ", "ییکاااههوی", "ـ\u0654")
_LOADING: Final = threading.Lock()


def tidied(text: str) -> str:
    """The text with the spaces and signs that a careful writer would have put. Takes a second or two the first time."""
    return "\n".join(_line(line) for line in text.split("\n"))


def is_ready() -> bool:
    """Whether what `tidied` needs is loaded."""
    return bool(_loaded.cache_info().currsize)


def load() -> None:
    """Load what `tidied` needs; return when it is there."""
    _normalizer()


def warm() -> None:
    """Load what `tidied` needs in the background: somebody is about to write, and nobody should wait for it."""
    if not is_ready() and not _LOADING.locked():
        threading.Thread(target=load, name="tidy", daemon=True).start()


def _line(line: str) -> str:
    found: list[str] = []
    at = 0
    for guarded in GUARDED.finditer(line):
        kept = persian_digits(guarded[0]) if NUMBER.fullmatch(guarded[0]) else guarded[0]
        found += [_piece(line[at : guarded.start()]), kept]
        at = guarded.end()
    return "".join([*found, _piece(line[at:])])


def _piece(piece: str) -> str:
    """A piece without anything to guard. The space around it stays: what stands beside it decides about that."""
    core = piece.strip()
    if not core or _RUN.search(core):
        return piece
    tidy = persian_digits(_normalizer()(core)).strip()
    if _letters(tidy) != _letters(core):
        return piece
    start = piece.index(core[0])
    before = "" if core[0] in _CLOSING else piece[:start]
    return before + tidy + piece[start + len(core) :]


def _letters(text: str) -> str:
    """What must not be changed: letters and digits, whatever keyboard they were typed on."""
    plain = unicodedata.normalize("NFKC", text).translate(_ONE_FORM)
    return "".join(sign for sign in plain if sign.isalnum())


def _normalizer() -> Callable[[str], str]:
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Callable[[str], str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import hazm  # noqa: PLC0415 - takes seconds and memory: only who edits pays for it

        # Diacritics tell words apart for the eye, and repeats may be meant: only spaces and signs are tidied.
        normalizer = hazm.Normalizer(remove_diacritics=False, decrease_repeated_chars=False, persian_numbers=False)
    normalize: Callable[[str], str] = normalizer.normalize
    return normalize
