"""Weighs what was found: how likely each entry is the one that was meant, and how likely none of them is.

A softmax over the entries that came near and «none of them». The weights are fitted, never set by hand:
`python -m tests.questions.fit` finds them and writes them here.
"""

from collections.abc import Iterator, Sequence
from math import exp, log
from operator import mul
from typing import Final, NamedTuple

from bot.cues import Cues
from bot.knowledge import Entry
from bot.search import Match

COMPLAINTS: Final = "contact.complaints"
EMERGENCY: Final = "service.emergency"
INSULT: Final = "chat.insult"
# These may be meant without a word in common with their phrasings.
ALWAYS: Final = frozenset({COMPLAINTS, EMERGENCY, INSULT})
OVERVIEW: Final = ".overview"
EXACT: Final = 0.95


class Asked(NamedTuple):
    """What is known of a question besides its matches."""

    cues: Cues
    known: float  # share of its weight that any entry speaks of
    length: int  # terms


class Features(NamedTuple):
    """What speaks for an entry. `Likeness` and `Match` say what the first ones mean."""

    words: float
    pieces: float
    spoken: float
    phrase_words: float
    phrase_pieces: float
    part_words: float
    part_pieces: float
    part_covered: float
    part_inside: float
    # Long questions share words with many entries: the same measure says less.
    words_when_long: float
    pieces_when_long: float
    # Close likeness says more than twice as much as half of it.
    words_squared: float
    pieces_squared: float
    exact: float
    named: float
    redirect: float
    chat: float
    topic_unspoken: float  # a topic that says nothing of much that was asked: near our subjects, but not ours
    complaint: float
    complaint_of_problem: float
    complaint_though_asked: float
    complaint_told: float  # a problem, and no question
    redirect_told: float
    other_though_ours: float  # the municipality is named, and this entry is not about it
    insult_when_rude: float
    # An overview shares its words with each of its parts: for what asks of a part, it is the wrong answer.
    overview: float
    overview_when_long: float
    overview_covered: float


class Nothing(NamedTuple):
    """What speaks for none of the entries."""

    always: float
    known: float
    length: float
    ours: float


WEIGHTS: Final = Features(
    words=0.94,
    pieces=0.99,
    spoken=-0.58,
    phrase_words=-0.66,
    phrase_pieces=0.98,
    part_words=0.93,
    part_pieces=2.35,
    part_covered=-1.80,
    part_inside=1.27,
    words_when_long=4.56,
    pieces_when_long=4.52,
    words_squared=-0.40,
    pieces_squared=1.29,
    exact=1.15,
    named=0.63,
    redirect=-0.93,
    chat=-0.99,
    topic_unspoken=-2.22,
    complaint=0.61,
    complaint_of_problem=0.33,
    complaint_though_asked=-0.60,
    complaint_told=1.13,
    redirect_told=-1.03,
    other_though_ours=-1.77,
    insult_when_rude=1.73,
    overview=-0.42,
    overview_when_long=-0.34,
    overview_covered=1.03,
)
NOTHING_WEIGHTS: Final = Nothing(
    always=2.30,
    known=1.14,
    length=0.29,
    ours=-0.03,
)


def features(entry: Entry, match: Match, asked: Asked) -> Features:
    cues, phrase, part = asked.cues, match.phrase, match.part
    complaint = entry.id == COMPLAINTS
    redirect = entry.kind == "redirect"
    overview = entry.id.endswith(OVERVIEW)
    long = log(1 + asked.length)
    told = cues.problem * (not cues.asks)
    return Features(
        words=match.words,
        pieces=match.pieces,
        spoken=match.spoken,
        phrase_words=phrase.words,
        phrase_pieces=phrase.pieces,
        part_words=part.words,
        part_pieces=part.pieces,
        part_covered=part.covered,
        part_inside=part.inside,
        words_when_long=match.words * long,
        pieces_when_long=match.pieces * long,
        words_squared=phrase.words**2,
        pieces_squared=phrase.pieces**2,
        exact=phrase.words > EXACT and phrase.pieces > EXACT,
        named=match.named,
        redirect=redirect,
        chat=entry.kind == "chat",
        topic_unspoken=(entry.kind == "topic") * (1 - match.spoken),
        complaint=complaint,
        complaint_of_problem=complaint * cues.problem,
        complaint_though_asked=complaint * cues.asks * long,
        complaint_told=complaint * told,
        redirect_told=redirect * told,
        other_though_ours=cues.ours and entry.kind != "topic" and not match.municipal,
        insult_when_rude=(entry.id == INSULT) * cues.rude,
        overview=overview,
        overview_when_long=overview * long,
        overview_covered=overview * phrase.covered,
    )


def nothing(asked: Asked) -> Nothing:
    return Nothing(always=1.0, known=asked.known, length=log(1 + asked.length), ours=asked.cues.ours)


def chances(entries: Sequence[Entry], matches: Sequence[Match], asked: Asked) -> list[tuple[float, Entry]]:
    """The chance of each entry, best first. What they lack to one is the chance that none is meant."""
    scores = [_dot(WEIGHTS, features(entries[match.entry], match, asked)) for match in matches]
    none = _dot(NOTHING_WEIGHTS, nothing(asked))
    top = max(none, *scores) if scores else none
    weights = [exp(score - top) for score in scores]
    total = sum(weights) + exp(none - top)
    found = [(weight / total, entries[match.entry]) for weight, match in zip(weights, matches, strict=True)]
    return sorted(found, key=lambda pair: (-pair[0], pair[1].id))


def _dot(weights: tuple[float, ...], values: tuple[float, ...]) -> float:
    products: Iterator[float] = map(mul, weights, values)
    return sum(products)
