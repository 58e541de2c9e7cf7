"""The index: words (BM25) and pieces of words (TF-IDF), over whole entries and single phrasings. Decides nothing."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import log, sqrt
from operator import truediv
from typing import Final, NamedTuple

from bot.collection import STOP_WEIGHT, Collection
from bot.filing import Places, pieces
from bot.knowledge import Entry
from bot.lexicon import STOP
from bot.postings import Sought, Weighed, best
from bot.text import Text
from bot.words import Read

KEYWORD_LIMIT: Final = 4
# What a word counts that no entry has.
UNKNOWN_WEIGHT: Final = 0.6
UNKNOWN_GRAM: Final = 0.7
# The trust in the second best reading of a slip.
SECOND: Final = 0.4
# So many entries pass to the comparison phrasing by phrasing.
SHORTLIST: Final = 10
PART_SHORTLIST: Final = 4


class Likeness(NamedTuple):
    """How the likest phrasing of an entry fits a question or a part of it, by measures between 0 and 1."""

    words: float = 0.0  # the cosine of their words
    pieces: float = 0.0  # the cosine of their pieces of words
    covered: float = 0.0  # how much of the question the phrasing says
    inside: float = 0.0  # how much of the phrasing the question says


class Match(NamedTuple):
    """How an entry fits a question, by measures between 0 and 1."""

    entry: int
    words: float
    pieces: float
    spoken: float  # how much of the question the entry speaks of anywhere
    phrase: Likeness  # for the whole question
    part: Likeness  # for the part of the question that fits best
    municipal: bool  # the entry's phrasings name the municipality
    named: bool  # a keyword of the entry stands in the question


class Part(NamedTuple):
    """Some of a question's words, how much each counts, and how much the part as a whole."""

    reads: Sequence[Read]
    focus: Sequence[float]
    weight: float = 1.0


class _Terms(NamedTuple):
    """A part of a question as it is compared: what its terms and its pieces count, and their norms."""

    shares: list[tuple[str, float]]  # each term's share of the weight
    words: list[tuple[str, float]]  # each term known, by its weight here times its weight
    length: float
    pieces: list[tuple[str, float]]
    norm: float


class _Fit(NamedTuple):
    """How a whole entry fits a part of a question."""

    words: float
    pieces: float
    spoken: float


class _Measures(NamedTuple):
    """The lengths of an entry's phrasings, in words and in pieces of words."""

    words: list[float]
    pieces: list[float]


class Index:
    """Built once from all entries; searching changes nothing that is found in it, only how fast.

    With `before`, an index of earlier entries, it is built many times faster and finds the very same.
    """

    def __init__(self, entries: Sequence[Entry], text: Text, before: "Index | None" = None) -> None:
        self.entries = entries
        self.collection: Collection = Collection(entries, text, before.collection if before else None)
        self.words = self.collection.words
        self.weights = self.collection.weights
        self.unknown = UNKNOWN_WEIGHT * log(1 + (len(entries) + 0.5) / 0.5)
        self._strange = UNKNOWN_GRAM * log(1 + len(entries))
        self._keywords: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, slot in enumerate(self.collection.slots):
            for keyword in self.collection.filed[slot].keywords:
                self._keywords[keyword].append(number)
        # Filled when first asked for: a change makes all of them new, and few are asked for until the next.
        self._by_word: dict[str, Weighed] = {}
        self._by_piece: dict[str, Weighed] = {}
        self._measures: dict[int, _Measures] = {}

    def search(self, whole: Part, parts: Sequence[Part] = (), always: Sequence[int] = ()) -> list[Match]:
        """The entries that fit best by any view, and those that are always weighed, in their order."""
        slots, places = self.collection.slots, self.collection.places
        terms = self._terms(whole)
        fits: dict[int, _Fit] = {}
        chosen = {*self._best(terms, SHORTLIST, fits), *(slots[number] for number in always)}
        compared = [(part.weight, self._terms(part)) for part in parts]
        for _, part in compared:
            chosen.update(self._best(part, PART_SHORTLIST, {}))
        named = self._named(whole.reads)
        matches: list[Match] = []
        for number, slot in sorted((places[slot], slot) for slot in chosen):
            phrase = self._likeness(slot, terms)
            likest = phrase
            for weight, part in compared:
                found = self._likeness(slot, part)
                likest = Likeness(*[max(old, weight * new) for old, new in zip(likest, found, strict=True)])
            fit = fits.get(slot) or self._fit(slot, terms)
            municipal = self.collection.filed[slot].sheet.municipal
            matches.append(Match(number, *fit, phrase, likest, municipal, number in named))
        return matches

    def _best(self, terms: _Terms, count: int, fits: dict[int, _Fit]) -> list[int]:
        """The slots of the entries that fit best as a whole; `fits` keeps what was measured on the way."""

        def score(slot: int) -> float:
            fit = fits.get(slot)
            if fit is None:
                fit = fits[slot] = self._fit(slot, terms)
            return fit.words + fit.pieces

        return best(count, self._sought(terms), score, self.collection.places)

    def _sought(self, terms: _Terms) -> Iterator[Sought]:
        for word, share in terms.shares:
            posting = self._word_posting(word)
            if posting is not None:
                yield Sought(share * posting.most, share, posting)
        for piece, product in terms.pieces:
            posting = self._piece_posting(piece)
            share = product / terms.norm
            yield Sought(share * posting.most, share, posting)

    def _word_posting(self, word: str) -> Weighed | None:
        known = self._by_word.get(word)
        if known is None and word in self.weights:
            slots, counts = self.collection.lists.by_word.lists[word]
            lengths = self.collection.lengths
            values = array("d", [count / (count + lengths[slot]) for slot, count in zip(slots, counts, strict=True)])
            known = self._by_word[word] = Weighed(slots, values, max(values))
        return known

    def _piece_posting(self, piece: str) -> Weighed:
        known = self._by_piece.get(piece)
        if known is None:
            slots, counts = self.collection.lists.by_piece.lists[piece]
            often, norms = self.collection.often, self.collection.norms
            values = array("d", [often[count] / norms[slot] for slot, count in zip(slots, counts, strict=True)])
            known = self._by_piece[piece] = Weighed(slots, values, max(values))
        return known

    def _fit(self, slot: int, terms: _Terms) -> _Fit:
        filed, length, often = self.collection.filed[slot], self.collection.lengths[slot], self.collection.often
        counts, places = filed.counts, filed.sheet.pieces
        said = [(share, counts[word]) for word, share in terms.shares if word in counts]
        alike = sum([product * often[len(places[piece])] for piece, product in terms.pieces if piece in places])
        return _Fit(
            sum([share * (count / (count + length)) for share, count in said]),
            alike / (self.collection.norms[slot] * terms.norm),
            sum([share for share, _ in said]),
        )

    def _terms(self, part: Part) -> _Terms:
        words = self.weigh(part.reads, part.focus)
        total = sum(words.values()) or 1
        found, norm = self._piece_weights(part.reads, part.focus)
        weights = self.collection.piece_weights
        return _Terms(
            [(word, weight / total) for word, weight in words.items()],
            [(word, weight * self.weights[word]) for word, weight in words.items() if word in self.weights],
            sqrt(sum([weight * weight for weight in words.values()])) or 1,
            [(piece, weight * weights[piece]) for piece, weight in found.items()],
            norm,
        )

    def _likeness(self, slot: int, terms: _Terms) -> Likeness:
        filed = self.collection.filed[slot]
        measures = self._measures.get(slot) or self._measured(slot)
        dots = _dots(filed.words, len(measures.words), terms.words)
        cosines = list(map(truediv, dots, measures.words))
        inside = max(map(truediv, cosines, measures.words), default=0.0)
        found = _dots(filed.sheet.pieces, len(measures.pieces), terms.pieces)
        return Likeness(
            max(cosines, default=0.0) / terms.length,
            max(map(truediv, found, measures.pieces), default=0.0) / terms.norm,
            min(max(dots, default=0.0) / terms.length**2, 1.0),
            min(inside, 1.0),
        )

    def _measured(self, slot: int) -> _Measures:
        filed = self.collection.filed[slot]
        count = len(filed.sheet.phrases)
        measures = self._measures[slot] = _Measures(
            _lengths(filed.words, count, self.weights),
            _lengths(filed.sheet.pieces, count, self.collection.piece_weights),
        )
        return measures

    def _named(self, reads: Sequence[Read]) -> set[int]:
        terms = [term for read in reads for term in read.terms]
        return {
            number
            for start in range(len(terms))
            for end in range(start + 1, min(start + KEYWORD_LIMIT, len(terms)) + 1)
            for number in self._keywords.get(tuple(terms[start:end]), ())
        }

    def known_share(self, weighted: dict[str, float]) -> float:
        """How much of what was asked is spoken of in any entry."""
        return sum(weight for term, weight in weighted.items() if term in self.weights) / (sum(weighted.values()) or 1)

    def weigh(self, reads: Sequence[Read], focus: Sequence[float]) -> dict[str, float]:
        """The terms of a question and what each counts."""
        weighted: dict[str, float] = {}
        for read, attention in zip(reads, focus, strict=True):
            for term in read.terms:
                weight = self.weights.get(term)
                if weight is None:
                    weight = self.unknown * (STOP_WEIGHT if term in STOP or term[0] == "~" else 1)
                else:
                    weight *= read.trust
                weighted[term] = max(weight * attention, weighted.get(term, 0.0))
            if read.other in self.weights:
                weight = self.weights[read.other] * SECOND * attention
                weighted[read.other] = max(weight, weighted.get(read.other, 0.0))
        return weighted

    def _piece_weights(self, reads: Sequence[Read], focus: Sequence[float]) -> tuple[dict[str, float], float]:
        known: dict[str, float] = {}
        strange: dict[str, float] = {}
        weights = self.collection.piece_weights
        for read, attention in zip(reads, focus, strict=True):
            for word in read.surface.split():
                for piece in pieces(word):
                    weight = weights.get(piece)
                    if weight is None:
                        strange[piece] = attention
                    elif known.get(piece, 0.0) < weight * attention:
                        known[piece] = weight * attention
        square = (
            sum(weight * weight for weight in known.values())
            + sum(weight * weight for weight in strange.values()) * self._strange**2
        )
        return known, sqrt(square) or 1


def _dots(places: Places, count: int, products: Sequence[tuple[str, float]]) -> list[float]:
    """The product of the question with each phrasing of one entry."""
    scores = [0.0] * count
    for item, product in products:
        if item in places:
            for number in places[item]:
                scores[number] += product
    return scores


def _lengths(places: Places, count: int, weights: Mapping[str, float]) -> list[float]:
    squares = [0.0] * count
    for item, numbers in places.items():
        square = weights[item] ** 2
        for number in numbers:
            squares[number] += square
    return [sqrt(square) or 1 for square in squares]
