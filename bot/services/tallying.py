"""Counts made into results: shares that add up, means, who came along and who left, nobody to be known by.

Only counts come in, never an answer of somebody: what a table holds as (question, value, count).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.services.questionnaire import MANY, NUMBER, SCALE, STEPS, Question

FEWEST: Final = 10
"""A group of fewer people is not shown by itself."""
REST: Final = ""
"""The value under which small groups are counted together; no option has this id."""


@dataclass(frozen=True, slots=True)
class Share:
    value: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Left:
    """Of those who were asked a question, how many went no further."""

    question: str
    asked: int
    left: int
    percent: int


def shares(question: Question, counts: Mapping[str, int], answered: int) -> list[Share]:
    """Each value with its count and its percentage of the `answered`, in the order in which they are offered.

    Of many options each is a part of all who answered, so these may add up to more than 100; all others add up to 100.
    Values that are no longer offered come last: they were given.
    """
    offered = [option.id for option in question.options]
    if question.kind == SCALE:
        offered = [str(step) for step in range(1, STEPS + 1)]
    elif question.kind == NUMBER:
        offered = sorted(counts, key=int)
    values = [*offered, *sorted(set(counts) - set(offered))]
    found = [counts.get(value, 0) for value in values]
    parts = [percent(count, answered) for count in found] if question.kind == MANY else percents(found)
    return [Share(*row) for row in zip(values, found, parts, strict=True)]


def percents(counts: Sequence[int]) -> list[int]:
    """Whole percentages that add up to 100: what rounding down leaves goes to the largest remainders.

    Of equal remainders the earlier one gets it. All zero if nothing was counted.
    """
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    parts = [count * 100 // total for count in counts]
    order = sorted(range(len(counts)), key=lambda at: (-(counts[at] * 100 % total), at))
    for at in order[: 100 - sum(parts)]:
        parts[at] += 1
    return parts


def percent(part: int, whole: int) -> int:
    """A part in whole percent, such as who answered of who was asked; halves go up. Zero of nothing."""
    return (part * 200 + whole) // (whole * 2) if whole else 0


def folded(counts: Mapping[str, int], fewest: int = FEWEST) -> dict[str, int]:
    """The groups, small ones together under `REST`, which comes last.

    A rest that were small itself would give away whom it hides, so the next smallest groups join it until it is large
    enough. Groups of nobody are left out.
    """
    ordered = sorted((group for group in counts if counts[group]), key=lambda group: (counts[group], group))
    rest = 0
    hidden = set()
    for group in ordered:
        if counts[group] >= fewest and (rest == 0 or rest >= fewest):
            break
        hidden.add(group)
        rest += counts[group]
    shown = {group: count for group, count in counts.items() if count and group not in hidden}
    return shown | ({REST: rest} if rest else {})


def mean(counts: Mapping[str, int]) -> float | None:
    """The mean of numbers that were given so often; None if none was."""
    total = sum(counts.values())
    return sum(int(value) * count for value, count in counts.items()) / total if total else None


def drop_off(asked: Sequence[str], answered: Mapping[str, int], stopped: Mapping[str, int]) -> list[Left]:
    """Where people left, in the order of the questions `asked`.

    `answered`: how many answered or passed over each; `stopped`: for how many who have not finished it is the next
    question. On a branch only those count who came to it.
    """
    found = []
    for question in asked:
        left = stopped.get(question, 0)
        reached = answered.get(question, 0) + left
        found.append(Left(question, reached, left, percent(left, reached)))
    return found
