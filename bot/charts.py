"""Results as pictures for a phone: bars from right to left under their labels, in Persian.

Pillow is loaded with the first picture. With raqm, which needs the system's libfribidi, it shapes and orders letters by
itself; without, `bot.lettering` does. The font stands beside this file (Vazirmatn, under the licence in its folder).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.lettering import ZWNJ, seen
from bot.text import persian_digits

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

FONTS: Final = Path(__file__).resolve().parent / "fonts"
WIDTH: Final = 1080
HEIGHT: Final = 1920
"""A picture of `charts` is at most so high: a phone held upright shows the whole of it."""
MARGIN: Final = 56
TEXT_LIMIT: Final = 300
"""Letters of a title, a question or a label; more are cut off."""

PAPER: Final = "#ffffff"
INK: Final = "#13211e"
FAINT: Final = "#566661"
BAR: Final = "#0a7a6b"
TRACK: Final = "#e6edeb"

_INNER: Final = WIDTH - 2 * MARGIN
_FIGURES: Final = 270
"""So much of a line is kept for the figures at its left end: a hundred percent, and some millions."""
_GAP: Final = 28
_THICK: Final = 34
_ROUND: Final = 10
_LABEL_LINES: Final = 3
_LATIN: Final = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer. `percent` is from 0 to 100; the whole width is 100."""

    label: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Panel:
    """A question with its bars; `note` stands small below, such as how many answered."""

    question: str
    bars: Sequence[Bar]
    note: str = ""


def chart(title: str, bars: Sequence[Bar], question: str = "", note: str = "") -> bytes:
    """One picture (PNG) of one question, as high as it must be."""
    desk = _Desk()
    rows = [*desk.heading(title), *_below(desk, Panel(question, bars, note))]
    return desk.png(rows)


def charts(title: str, panels: Sequence[Panel]) -> list[bytes]:
    """Pictures (PNG) of several questions, each with the title, and with its number if there are several.

    A question that goes on in the next picture is repeated there; a bar is never cut.
    """
    desk = _Desk()
    pages = _pages(desk, title, panels)
    if len(pages) == 1:
        return [desk.png([*desk.heading(title), *pages[0]])]
    numbered = (f"{title} ({number}/{len(pages)})" for number in range(1, len(pages) + 1))
    return [desk.png([*desk.heading(head), *rows]) for head, rows in zip(numbered, pages, strict=True)]


def _pages(desk: _Desk, title: str, panels: Sequence[Panel]) -> list[list[_Row]]:
    """The rows of each picture below its title."""
    room = HEIGHT - 2 * MARGIN - sum(row.height for row in desk.heading(f"{title} (99/99)"))
    pages: list[list[_Row]] = [[]]
    used = 0
    for panel in panels:
        heading = desk.question(panel.question)
        head = sum(row.height for row in heading)
        follows = False
        for block in [*(desk.bar(bar) for bar in panel.bars), desk.note(panel.note)]:
            size = sum(row.height for row in block)
            if pages[-1] and used + size + (0 if follows else head) > room:
                pages.append([])
                used, follows = 0, False
            rows = block if follows or not block else [*heading, *block]
            follows = follows or bool(block)
            pages[-1] += rows
            used += sum(row.height for row in rows)
    return pages


def _below(desk: _Desk, panel: Panel) -> Iterator[_Row]:
    yield from desk.question(panel.question)
    for bar in panel.bars:
        yield from desk.bar(bar)
    yield from desk.note(panel.note)


@dataclass(frozen=True, slots=True)
class _Row:
    """A strip of a picture: words at its right end, words at its left end, or a bar of so many percent."""

    height: int
    pen: _Pen | None = None
    right: str = ""
    left: tuple[tuple[_Pen, str], ...] = ()
    filled: int | None = None


class _Pen:
    """One size and weight of letters in one colour."""

    def __init__(self, weight: str, size: int, colour: str) -> None:
        from PIL import ImageFont, features  # noqa: PLC0415 - see above

        self.shapes = features.check("raqm")
        engine = ImageFont.Layout.RAQM if self.shapes else ImageFont.Layout.BASIC
        self._font = ImageFont.truetype(str(FONTS / f"Vazirmatn-{weight}.ttf"), size, layout_engine=engine)
        self._colour = colour
        self.height = round(size * 1.6)

    def width(self, line: str) -> float:
        if self.shapes:
            return self._font.getlength(line, direction="rtl", language="fa")
        return self._font.getlength(seen(line))

    def draw(self, canvas: ImageDraw, line: str, at: tuple[float, float], *, from_right: bool = True) -> None:
        """Draw a line that stands on this height and ends at this place, or begins there."""
        anchor = "rs" if from_right else "ls"
        if self.shapes:
            canvas.text(at, line, self._colour, self._font, anchor=anchor, direction="rtl", language="fa")
        else:
            canvas.text(at, seen(line), self._colour, self._font, anchor=anchor)

    def lines(self, text: str, width: float, most: int) -> list[str]:
        """The text in at most so many lines; what is left over ends in «…»."""
        found = [""]
        for piece in (piece for word in _plain(text).split() for piece in self._pieces(word, width)):
            longer = f"{found[-1]} {piece}".strip()
            if self.width(longer) <= width:
                found[-1] = longer
            else:
                found.append(piece)
                if len(found) > most:
                    break
        if len(found) > most:
            last = found[most - 1]
            while last and self.width(f"{last}…") > width:
                last = last[:-1]
            found[most - 1 :] = [f"{last.rstrip()}…"]
        return found

    def _pieces(self, word: str, width: float) -> Iterator[str]:
        """A word that is wider than a line, cut where it must be."""
        while self.width(word) > width:
            # The first length that is too wide; one letter goes in any case.
            wide = bisect_right(range(2, len(word)), width, key=lambda length: self.width(word[:length]))
            yield word[: wide + 1]
            word = word[wide + 1 :]
        yield word


class _Desk:
    """The pens, and what is drawn with them."""

    def __init__(self) -> None:
        self._title = _Pen("Bold", 52, INK)
        self._question = _Pen("Bold", 42, INK)
        self._label = _Pen("Regular", 38, INK)
        self._percent = _Pen("Bold", 40, BAR)
        self._count = _Pen("Regular", 34, FAINT)

    def heading(self, title: str) -> list[_Row]:
        return [*self._words(self._title, title, 4), _Row(16)]

    def question(self, question: str) -> list[_Row]:
        return [_Row(24), *self._words(self._question, question, 6), _Row(16)] if question else []

    def note(self, note: str) -> list[_Row]:
        return [_Row(8), *self._words(self._count, note, 4)] if note else []

    def bar(self, bar: Bar) -> list[_Row]:
        figures = (
            (self._percent, f"٪{persian_digits(str(bar.percent))}"),  # seen at the left of the number
            (self._count, persian_digits(f"{bar.count:,}".replace(",", "٬"))),
        )
        first, *others = self._label.lines(bar.label, _INNER - _FIGURES, _LABEL_LINES)
        height = self._label.height
        more = [_Row(height, self._label, line) for line in others]
        filled = max(bar.percent, 1) if bar.count else 0  # whoever answered is seen
        return [_Row(height, self._label, first, figures), *more, _Row(_THICK + 6, filled=filled), _Row(26)]

    def png(self, rows: Sequence[_Row]) -> bytes:
        """The rows below each other, as a picture."""
        from PIL import Image, ImageDraw  # noqa: PLC0415 - see above

        picture = Image.new("RGB", (WIDTH, 2 * MARGIN + sum(row.height for row in rows)), PAPER)
        canvas = ImageDraw.Draw(picture)
        top = MARGIN
        for row in rows:
            _draw(canvas, row, top)
            top += row.height
        target = BytesIO()
        picture.save(target, "PNG")
        return target.getvalue()

    def _words(self, pen: _Pen, text: str, most: int) -> list[_Row]:
        return [_Row(pen.height, pen, line) for line in pen.lines(text, _INNER, most)]


def _draw(canvas: ImageDraw, row: _Row, top: int) -> None:
    base = top + row.height * 11 // 16
    if row.pen is not None:
        row.pen.draw(canvas, row.right, (WIDTH - MARGIN, base))
    start: float = MARGIN
    for pen, words in row.left:
        pen.draw(canvas, words, (start, base), from_right=False)
        start += pen.width(words) + _GAP
    if row.filled is not None:
        bottom = top + _THICK
        canvas.rounded_rectangle((MARGIN, top, WIDTH - MARGIN, bottom), _ROUND, TRACK)
        if row.filled:
            begin = WIDTH - MARGIN - max(2 * _ROUND, _INNER * min(row.filled, 100) // 100)
            canvas.rounded_rectangle((begin, top, WIDTH - MARGIN, bottom), _ROUND, BAR)


def _plain(text: str) -> str:
    """A text as it can be drawn: without unseen signs, which turn the direction, and without emoji.

    Digits are Persian, but for those of Latin words and codes.
    """
    kept = (
        " " if sign.isspace() else sign
        for sign in text[:TEXT_LIMIT]
        if sign == ZWNJ or sign.isspace() or not _is_undrawn(unicodedata.category(sign))
    )
    words = "".join(kept).split()
    return " ".join(word if _LATIN.search(word) else persian_digits(word) for word in words)


def _is_undrawn(category: str) -> bool:
    return category[0] == "C" or category in {"So", "Sk", "Me"}
