"""The index: words (BM25) and pieces of words (TF-IDF), over whole entries and single phrasings. Decides nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from heapq import nlargest
from math import log, sqrt
from operator import add, truediv
from typing import Final, NamedTuple

from bot.knowledge import Entry
from bot.lexicon import STOP
from bot.text import Text
from bot.words import Read, Words

# BM25's usual constants.
K1: Final = 1.2
B: Final = 0.5
MUNICIPALITY: Final = "شهرداری"
KEYWORD_LIMIT: Final = 4
GRAM: Final = 3
# What a stop-word still counts, and what a word counts that no entry has.
STOP_WEIGHT: Final = 0.15
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
    """A part of a question as it is compared: its terms and its pieces with their weights, and their norms."""

    words: dict[str, float]
    length: float
    pieces: dict[str, float]
    norm: float


class Index:
    """Built once from all entries; searching changes nothing in it."""

    def __init__(self, entries: Sequence[Entry], text: Text) -> None:
        self.entries = entries
        phrases = [_phrases(entry, text) for entry in entries]
        bodies = [text.tokens(f"{entry.answer} {' '.join(entry.more)}") for entry in entries]
        counts = Counter(word for group in phrases for phrase in group for word in phrase)
        answered = Counter(word for body in bodies for word in body)
        self.words = Words(dict(counts + answered), text.common)
        self._municipal = [any(MUNICIPALITY in phrase for phrase in group) for group in phrases]
        self._keywords: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            for keyword in entry.keywords:
                self._keywords[tuple(self.words.term(word) for word in text.tokens(keyword))].append(number)
        self._grams: dict[str, tuple[str, ...]] = {}
        self._index_words(phrases, bodies)
        self._index_pieces(phrases)

    def _index_words(self, phrases: list[list[list[str]]], bodies: list[list[str]]) -> None:
        term = self.words.term
        filed = [[[term(word) for word in phrase] for phrase in group] for group in phrases]
        documents = [
            Counter(word for phrase in group for word in phrase) + Counter({term(word): 1 for word in body})
            for group, body in zip(filed, bodies, strict=True)
        ]
        # How rare a word is, is counted where people ask; answers mention many things in passing.
        mentioned = Counter(word for document in documents for word in document)
        asked = Counter(word for group in filed for word in {word for phrase in group for word in phrase})
        containing = {word: asked.get(word) or count for word, count in mentioned.items()}
        total = len(documents)
        self.weights = {word: log(1 + (total - count + 0.5) / (count + 0.5)) for word, count in containing.items()}
        for stem in {term(word) for word in STOP} & self.weights.keys():
            self.weights[stem] *= STOP_WEIGHT
        self.unknown = UNKNOWN_WEIGHT * log(1 + (total + 0.5) / 0.5)
        average = sum(document.total() for document in documents) / max(total, 1)
        self._by_word: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, document in enumerate(documents):
            length = K1 * (1 - B + B * _damped(document.total(), average) / average)
            for word, count in document.items():
                self._by_word[word].append((number, count / (count + length)))
        self._phrase_words: list[dict[str, list[int]]] = []
        self._phrase_lengths: list[list[float]] = []
        for group in filed:
            lengths, places = self._inverted([set(phrase) for phrase in group], self.weights)
            self._phrase_words.append(places)
            self._phrase_lengths.append(lengths)

    def _index_pieces(self, phrases: list[list[list[str]]]) -> None:
        sets = [[{gram for word in phrase for gram in self._pieces(word)} for phrase in group] for group in phrases]
        documents = [Counter(gram for grams in group for gram in grams) for group in sets]
        containing = Counter(gram for document in documents for gram in document)
        total = len(documents)
        self._gram_weights = {gram: log(1 + total / count) for gram, count in containing.items()}
        self._by_gram: dict[str, list[tuple[int, float]]] = defaultdict(list)
        rows = [
            {gram: self._gram_weights[gram] * (1 + log(count)) for gram, count in document.items()}
            for document in documents
        ]
        norms = [sqrt(sum(value * value for value in row.values())) or 1 for row in rows]
        average = sum(norms) / max(total, 1)
        for number, row in enumerate(rows):
            for gram, value in row.items():
                self._by_gram[gram].append((number, value / _damped(norms[number], average)))
        self._phrase_grams: list[dict[str, list[int]]] = []
        self._phrase_norms: list[list[float]] = []
        for group in sets:
            lengths, places = self._inverted(group, self._gram_weights)
            self._phrase_grams.append(places)
            self._phrase_norms.append(lengths)

    @staticmethod
    def _inverted(group: Iterable[set[str]], weights: dict[str, float]) -> tuple[list[float], dict[str, list[int]]]:
        lengths: list[float] = []
        places: dict[str, list[int]] = defaultdict(list)
        for number, items in enumerate(group):
            lengths.append(sqrt(sum(weights[item] ** 2 for item in items)) or 1)
            for item in items:
                places[item].append(number)
        return lengths, dict(places)

    def _pieces(self, word: str) -> tuple[str, ...]:
        grams = self._grams.get(word)
        if grams is None:
            padded = f" {word} "
            grams = tuple({padded[i : i + GRAM] for i in range(len(padded) - GRAM + 1)})
            if len(self._grams) < 50_000:
                self._grams[word] = grams
        return grams

    def search(self, whole: Part, parts: Sequence[Part] = (), always: Sequence[int] = ()) -> list[Match]:
        """The entries that fit best by any view, and those that are always weighed, in no order."""
        terms = self._terms(whole)
        by_words, spoken = self._whole_words(terms.words)
        by_pieces = self._whole_pieces(terms)
        chosen = self._best_of(by_words, by_pieces, SHORTLIST) | set(always)
        compared = [(part.weight, self._terms(part)) for part in parts]
        for _, part in compared:
            chosen |= self._best_of(self._whole_words(part.words)[0], self._whole_pieces(part), PART_SHORTLIST)
        named = self._named(whole.reads)
        matches: list[Match] = []
        for number in chosen:
            phrase = self._likeness(number, terms)
            likest = phrase
            for weight, part in compared:
                found = self._likeness(number, part)
                likest = Likeness(*(max(old, weight * new) for old, new in zip(likest, found, strict=True)))
            matches.append(
                Match(
                    number,
                    by_words[number],
                    by_pieces[number],
                    spoken[number],
                    phrase,
                    likest,
                    self._municipal[number],
                    number in named,
                )
            )
        return matches

    @staticmethod
    def _best_of(by_words: list[float], by_pieces: list[float], count: int) -> set[int]:
        mixed = list(map(add, by_words, by_pieces))
        return {number for number in nlargest(count, range(len(mixed)), mixed.__getitem__) if mixed[number] > 0}

    def _terms(self, part: Part) -> _Terms:
        words = self.weigh(part.reads, part.focus)
        pieces, norm = self._piece_weights(part.reads, part.focus)
        return _Terms(words, sqrt(sum(weight * weight for weight in words.values())) or 1, pieces, norm)

    def _likeness(self, number: int, terms: _Terms) -> Likeness:
        lengths = self._phrase_lengths[number]
        dots = _dots(self._phrase_words[number], len(lengths), terms.words, self.weights)
        cosines = list(map(truediv, dots, lengths))
        inside = max(map(truediv, cosines, lengths), default=0.0)
        norms = self._phrase_norms[number]
        pieces = _dots(self._phrase_grams[number], len(norms), terms.pieces, self._gram_weights)
        return Likeness(
            max(cosines, default=0.0) / terms.length,
            max(map(truediv, pieces, norms), default=0.0) / terms.norm,
            min(max(dots, default=0.0) / terms.length**2, 1.0),
            min(inside, 1.0),
        )

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
        for read, attention in zip(reads, focus, strict=True):
            for word in read.surface.split():
                for gram in self._pieces(word):
                    weight = self._gram_weights.get(gram)
                    if weight is None:
                        strange[gram] = attention
                    elif known.get(gram, 0.0) < weight * attention:
                        known[gram] = weight * attention
        square = (
            sum(weight * weight for weight in known.values())
            + sum(weight * weight for weight in strange.values()) * (UNKNOWN_GRAM * log(1 + len(self.entries))) ** 2
        )
        return known, sqrt(square) or 1

    def _whole_words(self, weighted: dict[str, float]) -> tuple[list[float], list[float]]:
        """BM25 of every entry, and how much of the question each speaks of."""
        scores = [0.0] * len(self.entries)
        spoken = [0.0] * len(self.entries)
        total = sum(weighted.values()) or 1
        for term, weight in weighted.items():
            share = weight / total
            for number, value in self._by_word.get(term, ()):
                scores[number] += share * value
                spoken[number] += share
        return scores, spoken

    def _whole_pieces(self, terms: _Terms) -> list[float]:
        scores = [0.0] * len(self.entries)
        for gram, weight in terms.pieces.items():
            share = weight / terms.norm
            for number, value in self._by_gram[gram]:
                scores[number] += value * share
        return scores


def _dots(places: dict[str, list[int]], count: int, items: dict[str, float], weights: dict[str, float]) -> list[float]:
    """The product of the question with each phrasing of one entry."""
    scores = [0.0] * count
    for item in items.keys() & places.keys():
        product = items[item] * weights[item]
        for number in places[item]:
            scores[number] += product
    return scores


def _damped(length: float, average: float) -> float:
    """An entry with many phrasings is hardly less likely for it: above the average, the square root counts."""
    return sqrt(length * average) if length > average else length


def _phrases(entry: Entry, text: Text) -> list[list[str]]:
    groups = (text.tokens(phrase) for phrase in (entry.title, *entry.phrasings, *entry.keywords))
    return [group for group in groups if group]
