"""What is kept of one entry: its words, the terms they are filed under, its pieces of words. Depends on no other entry.

All of it is immutable, so an index made after a change takes it over from the one before.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from bot.knowledge import Entry
from bot.text import Text

MUNICIPALITY: Final = "شهرداری"
GRAM: Final = 3
PIECES_KEPT: Final = 50_000

Places = dict[str, tuple[int, ...]]
"""In which phrasings an item stands: their numbers, ascending."""


class _Numbers(dict[int, tuple[int, ...]]):
    """The numbers of a mask's bits. Most items stand in one phrasing only: thousands of entries share few of these."""

    def __missing__(self, mask: int) -> tuple[int, ...]:
        numbers = tuple(number for number in range(mask.bit_length()) if mask >> number & 1)
        if len(self) < PIECES_KEPT:
            self[mask] = numbers
        return numbers


_numbers: Final = _Numbers()


class Sheet(NamedTuple):
    """An entry in words, as they are written."""

    entry: Entry
    phrases: tuple[tuple[str, ...], ...]
    body: tuple[str, ...]
    keywords: tuple[tuple[str, ...], ...]
    pieces: Places
    municipal: bool  # its phrasings name the municipality

    def said(self) -> Iterator[str]:
        """Every word of the entry as often as it stands there."""
        return chain(chain.from_iterable(self.phrases), self.body)


class Filed(NamedTuple):
    """An entry in terms: what `Words` makes of its words."""

    sheet: Sheet
    counts: dict[str, int]  # how often each term is said; all of the answer's once
    length: int
    words: Places
    keywords: tuple[tuple[str, ...], ...]


def sheet(entry: Entry, text: Text) -> Sheet:
    groups = (_words(phrase, text) for phrase in (entry.title, *entry.phrasings, *entry.keywords))
    phrases = tuple(group for group in groups if group)
    return Sheet(
        entry,
        phrases,
        _words(f"{entry.answer} {' '.join(entry.more)}", text),
        tuple(_words(keyword, text) for keyword in entry.keywords),
        _places(chain.from_iterable(map(pieces, phrase)) for phrase in phrases),
        any(MUNICIPALITY in phrase for phrase in phrases),
    )


def file(sheet: Sheet, term: Callable[[str], str]) -> Filed:
    phrases = [tuple(map(term, phrase)) for phrase in sheet.phrases]
    counts = Counter(chain.from_iterable(phrases))
    counts.update(dict.fromkeys(map(term, sheet.body), 1))
    return Filed(
        sheet,
        dict(counts),
        counts.total(),
        _places(phrases),
        tuple(tuple(map(term, keyword)) for keyword in sheet.keywords),
    )


@lru_cache(PIECES_KEPT)
def pieces(word: str) -> tuple[str, ...]:
    """The pieces of a word, each once: a slip leaves most of them as they are."""
    padded = f" {word} "
    return tuple(dict.fromkeys(sys.intern(padded[i : i + GRAM]) for i in range(len(padded) - GRAM + 1)))


def _words(text_of_entry: str, text: Text) -> tuple[str, ...]:
    return tuple(map(sys.intern, text.tokens(text_of_entry)))


def _places(groups: Iterable[Iterable[str]]) -> Places:
    # Always in the order in which they are met: sums over them must not depend on how an index came about.
    masks: dict[str, int] = {}
    for number, group in enumerate(groups):
        bit = 1 << number
        for item in group:
            masks[item] = masks.get(item, 0) | bit
    return dict(zip(masks, map(_numbers.__getitem__, masks.values()), strict=True))
