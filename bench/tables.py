"""Rounds and tables: cases take turns in random order, so that what else the machine does hits all of them alike."""

import random
import statistics
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

Result = TypeVar("Result")


async def rounds(cases: dict[str, Callable[[], Awaitable[Result]]], count: int) -> dict[str, list[Result]]:
    """Run every case once in each round."""
    found: dict[str, list[Result]] = {name: [] for name in cases}
    for _ in range(count):
        for name in random.sample(list(cases), len(cases)):
            found[name].append(await cases[name]())
    return found


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def spread(values: Sequence[float], digits: int = 0) -> str:
    """The median, with the least and the most where there are several."""
    if len(values) == 1:
        return f"{values[0]:.{digits}f}"
    return f"{median(values):.{digits}f} [{min(values):.{digits}f}..{max(values):.{digits}f}]"


def share(ordered: Sequence[float], percent: float) -> float:
    """The value that so many percent of them do not exceed."""
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]


def show(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as Markdown, so that it can go into the README as it is."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    print(f"\n### {title}\n")
    for number, line in enumerate(lines):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
