"""Persian text: one form for search, the words in it, digits for the eye. The only module that knows hazm."""

import re
import unicodedata
import warnings
from collections.abc import Callable
from typing import Final, NamedTuple

# Longer messages are cut in the middle: a question stands at the beginning or at the end.
LIMIT: Final = 1500
# A letter run longer than this is no word; cutting it bounds every later step (hazm itself is quadratic on such runs).
RUN_LIMIT: Final = 40
# Words rarer than this in hazm's corpus count are as often slips as words.
COMMON: Final = 1000

ZWNJ: Final = "\u200c"

_PERSIAN_DIGITS = str.maketrans("0123456789٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹" * 2)
_UNTOUCHED = re.compile(r"https?://\S+|(?<![\w@.])[\w.+-]{1,64}@[\w.-]{1,200}|(?<!\w)@\w{1,64}|\bwww\.\S+")
_CODE = re.compile(r"(?<!\w)R14-?[0-9A-Z]{4,8}(?!\w)", re.IGNORECASE)
_DOLLAR = re.compile(r"(?<=[A-Za-z])\$|\$(?=[A-Za-z])")
# In Finglish an ع: «sa'at».
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])['’](?=[A-Za-z])")
_REPEATS = re.compile(r"([^\W\d])\1{2,}")
_WORDS = re.compile(r"[^\W\d_]{1,40}|\d+")
_SENTENCES = re.compile(r"[^.!?؟\n\r؛…]+[?؟]?")

# hazm 0.12.1 lost two of the ligatures, and neither version knows the signs of Quran and blessing.
_LIGATURES = {
    "ﻻ": "لا", "ﻼ": "لا", "ﻷ": "لا", "ﻸ": "لا", "ﻹ": "لا", "ﻺ": "لا", "ﻵ": "لا", "ﻶ": "لا",
    "ﷲ": "الله", "﷼": "ریال", "ﷺ": "", "ﷻ": "",
}  # fmt: skip
# What people do not tell apart when they type.
_FOLDS = {**dict(zip("آأإٱةۀۂؤئىيك", "ااااهههویییک", strict=True)), "ء": "", "ـ": ""}
_ARABIC_BLOCKS = ((0x0600, 0x0700), (0x0750, 0x0780), (0x08A0, 0x0900), (0xFB50, 0xFE00), (0xFE70, 0xFEFD))
# Signs before this are kept in the table; rarer ones are looked up each time, so that no text makes it grow for ever.
_TABLE_END = 0x3000


def persian_digits(text: str) -> str:
    """Digits as a Persian reader expects them. Not for links, e-mail addresses and codes."""
    return text.translate(_PERSIAN_DIGITS)


class Sentence(NamedTuple):
    """One sentence in the form of `Text.fold`, and whether a question mark ends it."""

    words: str
    asks: bool


class Letters(dict[int, str]):
    """A table for `str.translate`: every sign in the form it is searched by; what is no letter or digit is a space."""

    def __missing__(self, point: int) -> str:
        sign = chr(point)
        category = unicodedata.category(sign)
        if category in {"Cf", "Cs", "Mn", "Me"} and sign != ZWNJ:
            form = ""
        elif category[0] == "L":
            form = unicodedata.normalize("NFKC", sign).lower()
            form = form if form == sign else form.translate(self)
        elif category == "Nd":
            form = str(unicodedata.decimal(sign))
        else:
            form = " "
        if point < _TABLE_END:
            self[point] = form
        return form


_OURS: Final = Letters()
_OURS.update({ord(sign): form for sign, form in _FOLDS.items()} | {ord(ZWNJ): " "})


class Text:
    """Loads hazm once. Building one takes a second or two; using it takes microseconds."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import hazm  # noqa: PLC0415 - takes seconds: only who needs Persian text pays for it

            normalizer = hazm.Normalizer(
                correct_spacing=False,
                persian_style=False,
                decrease_repeated_chars=False,
                seperate_mi=False,
            )
        self._letters = _letters(normalizer.normalize)
        common = " ".join(word for word, count, *_ in hazm.words_list() if count >= COMMON)
        self.common = frozenset(common.translate(self._letters).split())

    def fold(self, text: str) -> str:
        """The one form in which texts are compared: letters and digits in single words, all else a space."""
        return self._words(self._cut_out(text))

    def tokens(self, text: str) -> list[str]:
        return self.fold(text).split()

    def sentences(self, text: str) -> list[Sentence]:
        """The sentences of a message, each in the form of `fold`, none of them empty."""
        found: list[Sentence] = []
        for part in _SENTENCES.findall(self._cut_out(text)):
            words = self._words(part)
            if words:
                found.append(Sentence(words, part.endswith(("?", "؟"))))
        return found

    def _words(self, text: str) -> str:
        return " ".join(_WORDS.findall(_REPEATS.sub(r"\1", text.translate(self._letters))))

    def _cut_out(self, text: str) -> str:
        left = shorten(text)
        # Most texts hold none of these signs, and seeing that is much quicker than looking for the whole.
        if "@" in left or "://" in left or "www." in left:
            left = _UNTOUCHED.sub(" ", left)
        if "14" in left:
            left = _CODE.sub(" ", left)
        if "'" in left or "’" in left:
            left = _APOSTROPHE.sub("", left)
        return _DOLLAR.sub("sh", left) if "$" in left else left


def fold_ours(text: str) -> str:
    """As `Text.fold`, for the plain Persian of our own content: needs no hazm."""
    return " ".join(_WORDS.findall(text.translate(_OURS)))


def shorten(text: str) -> str:
    """A text that can be worked on in bounded time: its beginning and its end."""
    if len(text) <= LIMIT:
        return text
    return f"{text[: LIMIT * 2 // 3]} {text[-LIMIT // 3 :]}"


def holds_code(text: str) -> bool:
    """Whether the text names a tracking code."""
    return _CODE.search(shorten(text)) is not None


def _letters(normalize: Callable[[str], str]) -> Letters:
    """Read hazm's letter rules out, once: each is about one sign only, so no message needs to pass through hazm."""
    table = Letters()
    for start, end in _ARABIC_BLOCKS:
        for point in range(start, end):
            if unicodedata.category(chr(point))[0] in "LN":
                letters = unicodedata.normalize("NFKC", _LIGATURES.get(chr(point), chr(point)))
                table[point] = _form(normalize(letters))
    table.update({ord(sign): form for sign, form in _FOLDS.items()})
    table[ord(ZWNJ)] = " "
    return table


def _form(letters: str) -> str:
    folded = "".join(_FOLDS.get(letter, letter) for letter in unicodedata.normalize("NFKC", letters))
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in folded).lower()
