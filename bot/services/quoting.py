"""What a citizen wrote, as it is shown to others: one plain line of bounded length that no client makes a link of."""

import re
import unicodedata
from typing import Final

ZWNJ: Final = "\u200c"
MOST_MARKS: Final = 2
"""Marks on one letter: more of them climb over the lines around."""
# Clients make links of what looks like one. With a space inside it can still be read.
_TAPPED: Final = re.compile(r"://|(?<=\w)\.(?=[^\W\d])|(?<!\w)[/@#](?=\w)|(?<=\w)@(?=\w)")
_PRIVATE: Final = re.compile(r"\S+@\S+|https?://\S+|\+?\d[\d\s-]{5,}\d")
_HELLO: Final = re.compile(
    r"^(?:(?:سلام|درود|با سلام|وقت ?(?:تون|تان)? ?بخیر|(?:صبح|عصر|روز|شب) ?بخیر|خسته نباشید|ببخشید|لطفا|لطفاً|و|ممنون)"
    r"(?=\W|$)[\s.،,!؛]*)+"
)


def quote(text: str, most: int) -> str:
    """The text in one line of at most so many characters."""
    lines = (line.strip() for line in text[: most * 4].splitlines())
    plain = "".join(map(_shown, " / ".join(filter(None, lines))))
    plain = _TAPPED.sub(lambda sign: f"{sign[0]} " if sign[0] != "://" else ": ", " ".join(plain.split()))
    return cut(_few_marks(plain), most)


def cut(text: str, most: int) -> str:
    """The beginning of a line, up to the end of a word where there is one."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    whole, _, rest = kept.rpartition(" ")
    return f"{whole if whole and len(rest) < most // 2 else kept}…"


def title_of(text: str, most: int) -> str:
    """What a question may be called: without its greeting."""
    line = quote(text, most * 4)
    return cut(_HELLO.sub("", line) or line, most).rstrip("؟? .")


def phrasing_of(text: str, most: int) -> str:
    """A question as a way of asking that is kept: without what only its asker is known by. Maybe nothing is left."""
    return cut(quote(_PRIVATE.sub(" ", text[: most * 4]), most * 2), most).strip(" …")


def _shown(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    # Unseen signs: they turn the direction of what stands around, or hide something.
    return "" if category[0] == "C" and sign != ZWNJ else sign


def _few_marks(text: str) -> str:
    found: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            found.append(sign)
    return "".join(found)
