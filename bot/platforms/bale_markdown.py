"""Bale's Markdown: `*bold*` and `[title](url)`, read in every text whether it was meant or not.

There is no documented escape, so plain text is kept from being read as marks by an invisible character: only where a
mark could be one, since it would break an address or a number that somebody copies.
"""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from bot import markup
from bot.markup import Span, Spans

LONGEST = 4096
_NOTHING = "\u200b"  # zero width space: no white space to a reader of marks
# Marks count at the edge of a word; between two letters, as in an address, they are letters themselves.
_EMPHASIS = re.compile(r"(?<![^\W_])[*_]|[*_](?![^\W_])")
_LINK_OR_BLOCK = re.compile(r"\](?=\()|`(?=`)")
_BRACKETS = str.maketrans("[]", "［］")
_LOOKALIKES = _BRACKETS | str.maketrans("*_`", "∗ˍˋ")
_ATOMS = re.compile(r"\s+|\S+")
_EMPTY = Span("", "")


def render(spans: Spans) -> str:
    """The text as Bale is to get it."""
    # A bracket left open somewhere before a link of ours would be taken for the beginning of its title.
    brackets = _BRACKETS if any(span.style == "a" for span in spans) else {}
    text = "".join(_marked(piece._replace(text=piece.text.translate(brackets))) for piece in _joined(_words(spans)))
    # So many marks that keeping them harmless makes the text too long: then without emphasis, and with none left.
    return text if len(text) <= LONGEST else markup.plain(spans).translate(_LOOKALIKES)


def _words(spans: Spans) -> Iterator[Span]:
    """Words and the white space between them. Marks of bold need white space outside, so a word is bold as a whole."""
    for is_space, atoms in groupby(_atoms(spans), key=lambda atom: atom.text.isspace()):
        word = list(atoms)
        if is_space:
            text = "".join(atom.text for atom in word)
            yield Span("b" if "\n" not in text and all(atom.style == "b" for atom in word) else "", text)
        elif all(atom.style != "b" for atom in word):
            yield from word
        else:
            yield from _bold(word)


def _bold(word: list[Span]) -> Iterator[Span]:
    for before, atom in pairwise([_EMPTY, *word]):
        if "a" in {before.style, atom.style} and before is not _EMPTY:
            yield Span("", " ")  # a link beside something bold
        yield atom if atom.style == "a" else Span("b", atom.text)


def _atoms(spans: Spans) -> Iterator[Span]:
    for span in spans:
        if span.style == "a":
            yield span
        else:
            yield from (Span(span.style, part) for part in _ATOMS.findall(span.text))


def _joined(words: Iterator[Span]) -> Iterator[Span]:
    """Put neighbours of one style together again; bold neither begins nor ends with white space."""
    row = [_EMPTY, *words, _EMPTY]
    for at in range(1, len(row) - 1):
        if row[at].text.isspace() and not row[at - 1].style == row[at + 1].style == "b":
            row[at] = Span("", row[at].text)
    for style, group in groupby(row, key=lambda word: word.style):
        if style == "a":
            yield from group
        else:
            yield Span(style, "".join(word.text for word in group))


def _marked(span: Span) -> str:
    text = _LINK_OR_BLOCK.sub(rf"\g<0>{_NOTHING}", _EMPHASIS.sub(rf"{_NOTHING}\g<0>{_NOTHING}", span.text))
    if span.style == "b":
        return f"*{text}*"
    if span.style == "a":
        return f"[{text}]({span.url.replace('(', '%28').replace(')', '%29')})"
    return text
