"""Weighs what was found: how likely each entry is the one that was meant, and how likely none of them is.

A softmax over the entries that came near and «none of them». The weights were fitted on questions that the entries' own
phrasings and the development questions make (`tests/questions`), never by hand.
"""

from collections.abc import Sequence
from math import exp, log
from typing import Final, NamedTuple

from bot.cues import Cues
from bot.knowledge import Entry
from bot.search import Match

COMPLAINTS: Final = "contact.complaints"
EXACT: Final = 0.95
EMERGENCY: Final = "service.emergency"


class Asked(NamedTuple):
    """What is known of a question besides its matches."""

    cues: Cues
    known: float  # share of its weight that any entry speaks of
    length: int  # terms


# One weight for each value of `features`, and for each of `none`.
ENTRY_WEIGHTS: Final = (
    -3.02,
    -2.37,
    6.10,
    2.79,
    7.13,
    2.19,
    2.39,
    -1.61,
    4.42,
    1.11,
    0.64,
    0.81,
    0.21,
    0.29,
    -0.49,
    1.12,
    -0.13,
    -2.27,
    6.23,
)
NONE_WEIGHTS: Final = (4.30, 0.44, 0.24)


def features(entry: Entry, match: Match, asked: Asked) -> tuple[float, ...]:
    complaint = entry.id == COMPLAINTS
    redirect = entry.kind == "redirect"
    long = log(1 + asked.length)
    told = asked.cues.problem * (not asked.cues.asks)
    return (
        match.words,
        match.phrase_words,
        match.pieces,
        match.phrase_pieces,
        match.words * long,
        match.pieces * long,
        match.phrase_words**2,
        match.phrase_pieces**2,
        match.phrase_words > EXACT and match.phrase_pieces > EXACT,
        match.named,
        redirect,
        entry.kind == "chat",
        complaint,
        complaint * asked.cues.problem,
        complaint * asked.cues.asks * long,
        complaint * told,
        redirect * told,
        (asked.cues.ours and entry.kind != "topic" and not match.municipal),
        (entry.id == EMERGENCY) * asked.cues.danger,
    )


def none(asked: Asked) -> tuple[float, ...]:
    return (1.0, asked.known, log(1 + asked.length))


def chances(
    entries: Sequence[Entry], matches: Sequence[Match], asked: Asked
) -> tuple[list[tuple[float, Entry]], float]:
    """The chance of each entry, best first, and the chance that none is meant."""
    scores = [_dot(ENTRY_WEIGHTS, features(entries[match.entry], match, asked)) for match in matches]
    nothing = _dot(NONE_WEIGHTS, none(asked))
    top = max(nothing, *scores) if scores else nothing
    weights = [exp(score - top) for score in scores]
    rest = exp(nothing - top)
    total = sum(weights) + rest
    ranked = sorted(
        ((weight / total, entries[match.entry]) for weight, match in zip(weights, matches, strict=True)),
        key=lambda pair: -pair[0],
    )
    return ranked, rest / total


def _dot(weights: tuple[float, ...], values: tuple[float, ...]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))
