"""Tidies an announcement, when staff ask for it: half-spaces, spaces, letters and digits as print has them.

Stricter than `bot.tidy`, on which it is built: whatever somebody taps, dials or copies stays as it was written, digits
too, and a second time changes nothing.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot import tidy
from bot.errors import Unprepared

ROUNDS: Final = 5
"""A line that is not at rest after so many stays as it was written, and so does one of which nothing would be left."""

_DIGIT: Final = r"[0-9۰-۹٠-٩]"
_LETTER: Final = r"[\u0620-\u064a\u066e-\u06d3]"
_DATE: Final = rf"{_DIGIT}{{4}}[/.-]{_DIGIT}{{1,2}}[/.-]{_DIGIT}{{1,2}}(?!{_DIGIT})"
_KEPT: Final = re.compile(
    r"\bhttps?://\S+|\bwww\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,200}|(?<!\w)[@/]\w{1,64}"
    r"|(?<![\w#])#\w[\w\u200c]{0,100}"
    # Numbers of telephones and accounts, codes: seven digits or more, in groups or not.
    rf"|(?<!{_DIGIT})(?!{_DATE})\+?{_DIGIT}{{7,}}(?:-{_DIGIT}+)*"
    rf"|(?<!{_DIGIT})(?!{_DATE})(?:\+|\(?[0۰٠]){_DIGIT}{{1,4}}\)?[ \u00a0-]?{_DIGIT}{{3,}}(?:[ \u00a0-]{_DIGIT}{{2,}})*"
    rf"|(?<!{_DIGIT})(?:{_DIGIT}{{3}}[ \u00a0-]){{2}}{_DIGIT}{{3}}(?!{_DIGIT})"
    rf"|(?<!{_DIGIT})(?:{_DIGIT}{{4}}[ \u00a0-]){{3}}{_DIGIT}{{4}}(?!{_DIGIT})"
    # Latin words, and what stands between them.
    r"|(?<!\w)[A-Za-z](?:[ -~]*[0-9A-Za-z])?(?!\w)"
    rf"|(?<={_LETTER})/(?={_LETTER})"
)
_FORMS: Final = r"(?:ها|های|هایی|هایم|هایت|هایش|هایمان|هایتان|هایشان|ترین)(?!\w)"
_APART: Final = re.compile(rf"(?<={_LETTER}) (?={_FORMS})")
_MISSING: Final = re.compile(rf"\w{{1,40}} {_FORMS}|(?<![\w\u200c])(?<!ماه )(?<!{_DIGIT} )ن?م[یيى] {_LETTER}{{2,}}")
"""Where a half-space belongs beyond doubt; tidying knows more places."""
_FOREIGN: Final = re.compile(r"\w{0,40}[يىك]\w{0,40}")


def tidied(text: str) -> str:
    """The text as a careful writer would have typed it. Raises `Unprepared` until what it needs is loaded."""
    if not tidy.is_ready():
        raise Unprepared(tidy.load)
    return "".join(_at_rest(line) for line in text.splitlines(keepends=True))


def untidy(text: str) -> str:
    """A place that `tidied` would mend, where nobody doubts it; empty if there is none. Needs nothing to be loaded."""
    if not re.search(_LETTER, text):
        return ""
    return next((place for line in text.splitlines() for place in _places(line)), "")


def _at_rest(line: str) -> str:
    before = line
    for _ in range(ROUNDS):
        after = "".join(piece if kept else _mended(piece) for piece, kept in _pieces(before))
        if after == before:
            return after if after.strip() else line
        before = after
    return line


def _mended(piece: str) -> str:
    return _APART.sub("\u200c", tidy.tidied(piece))


def _places(line: str) -> Iterator[str]:
    for piece, kept in _pieces(line):
        if kept:
            continue
        for guarded in tidy.GUARDED.finditer(piece):
            if tidy.NUMBER.fullmatch(guarded[0]) and re.search(r"[0-9٠-٩]", guarded[0]):
                yield guarded[0]
        words = tidy.GUARDED.sub("\x00", piece)
        yield from (found[0] for pattern in (_FOREIGN, _MISSING) for found in pattern.finditer(words))


def _pieces(line: str) -> Iterator[tuple[str, bool]]:
    """The line in pieces, and which of them stay."""
    at = 0
    for kept in _KEPT.finditer(line):
        yield line[at : kept.start()], False
        yield kept[0], True
        at = kept.end()
    yield line[at:], False
