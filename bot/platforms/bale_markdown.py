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
_LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "[": "［", "]": "］", "`": "ˋ"})
_ATOMS = re.compile(r"\n|[^\S\n]+|\S+")
_SPACE = Span("", " ")


def render(spans: Spans) -> str:
    """The text as Bale is to get it."""
    text = "".join(_marked(piece) for piece in _joined(_words(spans)))
    # So many marks that keeping them harmless makes the text too long: then without emphasis, and with none left.
    return text if len(text) <= LONGEST else markup.plain(spans).translate(_LOOKALIKES)


def _words(spans: Spans) -> Iterator[Span]:
    """Words and the white space between them. Marks of bold need white space outside, so a word is bold as a whole."""
    for is_space, atoms in groupby(_atoms(spans), key=lambda atom: atom.text.isspace()):
        word = list(atoms)
        if is_space or all(atom.style != "b" for atom in word):
            yield from word
            continue
        bold = [atom if atom.style == "a" else Span("b", atom.text) for atom in word]
        yield bold[0]
        for before, atom in pairwise(bold):
            if before.style != atom.style:
                yield _SPACE  # between bold and a link
            yield atom


def _atoms(spans: Spans) -> Iterator[Span]:
    for span in spans:
        if span.style == "a":
            yield span
        else:
            yield from (Span(span.style, part) for part in _ATOMS.findall(span.text))


def _joined(words: Iterator[Span]) -> Iterator[Span]:
    """Put neighbours of one style together again. Bold neither begins nor ends with white space, nor spans lines."""
    row = [Span("", ""), *words, Span("", "")]
    for at in range(1, len(row) - 1):
        edge = "b" not in {row[at - 1].style} or row[at + 1].style != "b"
        if row[at].text == "\n" or (row[at].text.isspace() and edge):
            row[at] = Span("", row[at].text)
    for (style, url), group in groupby(row, key=lambda word: (word.style, word.url)):
        yield Span(style, "".join(word.text for word in group), url)


def _marked(span: Span) -> str:
    text = _LINK_OR_BLOCK.sub(rf"\g<0>{_NOTHING}", _EMPHASIS.sub(rf"{_NOTHING}\g<0>{_NOTHING}", span.text))
    if span.style == "b":
        return f"*{text}*"
    if span.style == "a":
        return f"[{text}]({span.url.replace('(', '%28').replace(')', '%29')})"
    return text
