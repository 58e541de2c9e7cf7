"""Lists of which entries hold an item. Entries go by slots: numbers that they keep while others come and go."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heappushpop, nlargest, nsmallest
from operator import attrgetter
from typing import Final, NamedTuple

# Lists are read until what is left counts less than this much of the least good score among the best.
ENOUGH: Final = 0.5
# Looking for the best so far costs as much as reading so far.
LOOK: Final = 2_000
# More than additions in another order may differ.
SLACK: Final = 1e-9


class Posting(NamedTuple):
    """The slots that hold an item, and how often each. Compact, and nothing the garbage collector must look into."""

    slots: "array[int]"
    counts: "array[int]"


class Weighed(NamedTuple):
    """A posting as it counts while nothing changes: a value for each slot, and the greatest of them."""

    slots: "array[int]"
    values: "array[float]"
    most: float


class Sought(NamedTuple):
    """A posting as it counts in a question."""

    bound: float  # what it gives an entry at most
    share: float
    posting: Weighed


Row = tuple[int, Mapping[str, int]]
"""A slot and how often it holds each of its items."""


class Postings:
    """Immutable: a change makes new ones, which share what did not change."""

    def __init__(self, lists: dict[str, Posting] | None = None) -> None:
        self.lists = lists or {}

    def changed(self, gone: Iterable[Row], come: Iterable[Row]) -> "Postings":
        """Without some rows and with others. A slot may go and come again, with other items."""
        lists = self.lists.copy()
        own: set[str] = set()
        leaving: dict[str, set[int]] = defaultdict(set)
        for slot, row in gone:
            for item in row:
                leaving[item].add(slot)
        for item, slots in leaving.items():
            own.add(item)
            left = _without(lists.pop(item), slots)
            if left.slots:
                lists[item] = left
        for slot, row in come:
            for item, count in row.items():
                posting = lists.get(item)
                if posting is None:
                    own.add(item)
                    posting = lists[item] = Posting(array("i"), array("i"))
                elif item not in own:
                    own.add(item)
                    posting = lists[item] = Posting(posting.slots[:], posting.counts[:])
                posting.slots.append(slot)
                posting.counts.append(count)
        return Postings(lists)


def _without(posting: Posting, gone: set[int]) -> Posting:
    kept = [pair for pair in zip(posting.slots, posting.counts, strict=True) if pair[0] not in gone]
    return Posting(array("i", [slot for slot, _ in kept]), array("i", [count for _, count in kept]))


def best(count: int, sought: Iterable[Sought], score: Callable[[int], float], places: Sequence[int]) -> list[int]:
    """The slots of the greatest scores; of equal scores, those of the first places. None that scores nothing.

    `score` must be what the lists add up to. They are read from the weightiest on, until what is left could bring
    nobody new among the best: common items, whose lists are the longest, count for least and are mostly left out.
    """
    lists = sorted(sought, key=attrgetter("bound"), reverse=True)
    left = sum([one.bound for one in lists])
    sums = [0.0] * len(places)
    least, read = 0.0, 0
    for bound, share, posting in lists:
        if left <= ENOUGH * least:
            floor = max(least - left - SLACK, 0.0)
            near = [slot for slot, known in enumerate(sums) if known > floor]
            near.sort(key=sums.__getitem__, reverse=True)
            found = _scored(near, count, sums, left, score)
            break
        for slot, value in zip(posting.slots, posting.values, strict=True):
            sums[slot] += share * value
        left -= bound
        read += len(posting.slots)
        if read > LOOK and read > len(sums):
            read = 0
            greatest = _greatest(count, sums)
            least = min(map(score, greatest[:count])) if len(greatest) >= count else 0.0
    else:
        found = [(sums[slot], slot) for slot in _greatest(count, sums)]
    return [slot for _, _, slot in nsmallest(count, [(-exact, places[slot], slot) for exact, slot in found])]


def _greatest(count: int, sums: Sequence[float]) -> list[int]:
    """The slots of the greatest sums, more than asked for where the last are equal, fewer where there is nothing."""
    least = nlargest(count, sums)[-1] if sums else 0.0
    return [slot for slot, known in enumerate(sums) if known >= least and known > 0]


def _scored(
    near: Iterable[int], count: int, sums: Sequence[float], left: float, score: Callable[[int], float]
) -> list[tuple[float, int]]:
    """The scores of the best, and of some others. The sums of those near fall; a score is up to `left` more."""
    top = [0.0] * count
    found: list[tuple[float, int]] = []
    for slot in near:
        if sums[slot] + left + SLACK < top[0]:
            break
        exact = score(slot)
        heappushpop(top, exact)
        found.append((exact, slot))
    return found
