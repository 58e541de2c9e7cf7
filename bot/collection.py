"""All entries, filed and counted. After a change it is made from the one before: only new entries cost much."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from math import log, sqrt
from operator import mul
from typing import Final, NamedTuple

from bot.filing import Filed, Sheet, file, sheet
from bot.knowledge import Entry
from bot.lexicon import STOP
from bot.postings import Postings
from bot.text import Text
from bot.words import Words

# BM25's usual constants.
K1: Final = 1.2
B: Final = 0.5
# What a stop-word still counts.
STOP_WEIGHT: Final = 0.15
# More empty slots than this, beside twice the entries, are not carried along.
HOLES: Final = 64


class Lists(NamedTuple):
    """Which entries hold which words and pieces of words. Entries go by slots, which they keep as long as they stay."""

    slot_of: Mapping[str, int]
    by_word: Postings
    by_piece: Postings
    asked: Mapping[str, int]  # how many entries are asked for with a term

    def changed(self, old: Mapping[str, Filed], new: Mapping[str, Filed]) -> "Lists":
        """The lists of other entries than those of which these were made."""
        slots = _slots(new, self.slot_of)
        gone = [(self.slot_of[name], filed) for name, filed in old.items() if new.get(name) is not filed]
        come = [(slots[name], filed) for name, filed in new.items() if old.get(name) is not filed]
        asked = Counter(self.asked)
        asked.update(chain.from_iterable(filed.words for _, filed in come))
        for _, filed in gone:
            _take(asked, filed.words)
        # Of a filing that changed with other entries' words the pieces stay the same.
        same = {id(filed.sheet) for _, filed in gone} & {id(filed.sheet) for _, filed in come}
        return Lists(
            slots,
            self.by_word.changed(
                ((slot, filed.counts) for slot, filed in gone), ((slot, filed.counts) for slot, filed in come)
            ),
            self.by_piece.changed(
                ((slot, _often(filed)) for slot, filed in gone if id(filed.sheet) not in same),
                ((slot, _often(filed)) for slot, filed in come if id(filed.sheet) not in same),
            ),
            asked,
        )


NO_LISTS: Final = Lists({}, Postings(), Postings(), {})


class Collection:
    """What is known of all entries together. Immutable; their ids differ.

    With `before`, the collection of earlier entries, whatever both have in common is taken over from there. The result
    is the same as without, to the last digit of every score. `before` is not changed and may be searched meanwhile.
    """

    def __init__(self, entries: Sequence[Entry], text: Text, before: "Collection | None" = None) -> None:
        old: Mapping[str, Filed] = before.by_id if before else {}
        sheets = {entry.id: _sheet(entry, text, old.get(entry.id)) for entry in entries}
        self.words: Words = _words(sheets, old, text, before.words if before else None)
        self.by_id: dict[str, Filed] = {name: _filed(one, old.get(name), self.words) for name, one in sheets.items()}
        lists = before.lists if before else NO_LISTS
        if max(lists.slot_of.values(), default=0) > 2 * len(sheets) + HOLES:
            lists, old = NO_LISTS, {}
        self.lists: Lists = lists.changed(old, self.by_id)
        self.slots = [self.lists.slot_of[name] for name in self.by_id]
        self.places = [0] * (max(self.slots, default=-1) + 1)
        for place, slot in enumerate(self.slots):
            self.places[slot] = place
        self._weigh()

    def _weigh(self) -> None:
        filed = list(self.by_id.values())
        self.filed = dict(zip(self.slots, filed, strict=True))
        total = len(filed)
        # How rare a word is, is counted where people ask; answers mention many things in passing.
        containing = {
            word: self.lists.asked.get(word) or len(posting.slots) for word, posting in self.lists.by_word.lists.items()
        }
        self.weights = {word: log(1 + (total - times + 0.5) / (times + 0.5)) for word, times in containing.items()}
        for stem in {self.words.term(word) for word in STOP} & self.weights.keys():
            self.weights[stem] *= STOP_WEIGHT
        average = sum(one.length for one in filed) / max(total, 1)
        self.lengths = {
            slot: K1 * (1 - B + B * _damped(one.length, average) / (average or 1)) for slot, one in self.filed.items()
        }
        self.piece_weights = {
            piece: log(1 + total / len(posting.slots)) for piece, posting in self.lists.by_piece.lists.items()
        }
        most = max((len(one.sheet.phrases) for one in filed), default=0)
        self.often = [0.0, *(1 + log(times) for times in range(1, most + 1))]
        norms = [_norm(one, self.piece_weights, self.often) for one in filed]
        average = sum(norms) / max(total, 1)
        self.norms = {slot: _damped(norm, average) for slot, norm in zip(self.slots, norms, strict=True)}


def _sheet(entry: Entry, text: Text, old: Filed | None) -> Sheet:
    if old is not None and (old.sheet.entry is entry or old.sheet.entry == entry):
        return old.sheet
    return sheet(entry, text)


def _filed(new: Sheet, old: Filed | None, words: Words) -> Filed:
    if old is not None and old.sheet is new and (not words.moved or words.moved.isdisjoint(new.said())):
        return old
    return file(new, words.term)


def _words(sheets: Mapping[str, Sheet], old: Mapping[str, Filed], text: Text, before: Words | None) -> Words:
    counts = Counter(before.counts if before else {})
    for name, new in sheets.items():
        if name not in old or old[name].sheet is not new:
            counts.update(new.said())
    for name, filed in old.items():
        if sheets.get(name) is not filed.sheet:
            _take(counts, filed.sheet.said())
    return Words(counts, text.common, before)


def _take(counts: Counter[str], items: Iterable[str]) -> None:
    for item in items:
        if counts[item] == 1:
            del counts[item]
        else:
            counts[item] -= 1


def _slots(new: Iterable[str], old: Mapping[str, int]) -> dict[str, int]:
    """Every entry keeps its slot; new ones take those that are free."""
    slots = {name: old[name] for name in new if name in old}
    taken = set(slots.values())
    free = (slot for slot in count() if slot not in taken)
    slots.update((name, next(free)) for name in new if name not in old)
    return slots


def _often(filed: Filed) -> dict[str, int]:
    return {piece: len(phrases) for piece, phrases in filed.sheet.pieces.items()}


def _norm(filed: Filed, weights: Mapping[str, float], often: Sequence[float]) -> float:
    values = [weights[piece] * often[len(phrases)] for piece, phrases in filed.sheet.pieces.items()]
    return sqrt(sum(map(mul, values, values))) or 1.0


def _damped(length: float, average: float) -> float:
    """An entry with many phrasings is hardly less likely for it: above the average, the square root counts."""
    return sqrt(length * average) if length > average else length
