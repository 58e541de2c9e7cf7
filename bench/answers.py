"""What the knowledge costs as it grows: a question, a change of one entry, and a question while changes are made."""

import asyncio
import gc
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import cycle
from typing import NamedTuple

from bench import machine
from bench.entries import Author
from bench.questions import ROOT
from bench.tables import share, show, spread
from bot import knowledge
from bot.answers import Answers
from bot.clock import Clock
from bot.knowledge import Entry
from bot.services import hours
from bot.text import Text

MANY = 5_000
# Between two questions of somebody while changes are made, in seconds.
PAUSE = 0.005


class Known(NamedTuple):
    """The content alone, then with made-up entries; what making that took: seconds, processor time, MiB."""

    few: Answers
    many: Answers
    seconds: float
    used: float
    memory: float


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    machine.pin(0, machine.CLIENT)
    author = Author()
    made = author.entries(500 if quick else MANY)
    known = _known(made)
    now, entries = Clock().now(), list(known.many.entries.values())
    real, strange = _questions(), [author.question(entry) for entry in made[::4]]
    rows = [
        [f"{len(known.few.entries)} entries, the questions of the tests", *_asked(known.few, real, now)],
        [f"{len(entries)} entries, the questions of the tests", *_asked(known.many, real, now)],
        [f"{len(entries)} entries, questions for the made-up ones", *_asked(known.many, strange, now)],
    ]
    changes = dict(_changes(entries, author.entry(MANY)))
    rounds = range(1 if quick else 5)
    times = {name: [_timed(known.many, changed) for _ in rounds] for name, changed in changes.items()}
    meanwhile, count = await _while_changing(known.many, list(changes.values()), [*real, *strange], now)
    rows.append([f"{len(entries)} entries, all of these while {count} changes are made", *_shares(meanwhile)])
    machine.pin(0, machine.SERVER)
    head = ["", "p50", "p99", "most", "processor, p50", "processor, p99"]
    show("answers: ms for a question that was not asked before", head, rows)
    show(
        f"answers: seconds until {len(entries)} entries answer; MiB they take: {known.memory:.0f}",
        ["", "seconds", "of the processor"],
        [
            ["from nothing", f"{known.seconds:.2f}", f"{known.used:.2f}"],
            *([name, *(spread(column, 2) for column in zip(*found, strict=True))] for name, found in times.items()),
        ],
    )


def _known(made: Iterable[Entry]) -> Known:
    table, _ = hours.load(ROOT / "content")
    content, _ = knowledge.load(ROOT / "content")
    text = Text()
    few = Answers(content, table, text)
    gc.collect()
    before, _ = machine.memory(os.getpid())
    began, used = time.perf_counter(), time.thread_time()
    many = Answers([*content, *made][:MANY], table, text)
    seconds, used = time.perf_counter() - began, time.thread_time() - used
    gc.collect()
    return Known(few, many, seconds, used, machine.memory(os.getpid())[0] - before)


def _changes(entries: list[Entry], new: Entry) -> Iterator[tuple[str, list[Entry]]]:
    middle = len(entries) // 2
    other = replace(entries[middle], title=new.title, phrasings=new.phrasings, answer=new.answer)
    yield "one added", [*entries, new]
    yield "one changed", [*entries[:middle], other, *entries[middle + 1 :]]
    yield "one removed", [*entries[:middle], *entries[middle + 1 :]]


def _questions() -> list[str]:
    files = sorted((ROOT / "tests" / "questions").glob("*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(json.loads(line)["q"] for line in lines))


def _timed(known: Answers, entries: Sequence[Entry]) -> tuple[float, float]:
    """Seconds, and seconds of processor time."""
    began, used = time.perf_counter(), time.thread_time()
    known.changed(entries)
    return time.perf_counter() - began, time.thread_time() - used


def _cost(known: Answers, question: str, now: datetime) -> tuple[float, float]:
    """Milliseconds, and milliseconds of processor time."""
    began, used = time.perf_counter(), time.thread_time()
    known.reply(question, now)
    return (time.perf_counter() - began) * 1000, (time.thread_time() - used) * 1000


def _asked(known: Answers, questions: Iterable[str], now: datetime) -> list[str]:
    return _shares([_cost(known, question, now) for question in questions])


def _shares(costs: Iterable[tuple[float, float]]) -> list[str]:
    taken, used = (sorted(column) for column in zip(*costs, strict=True))
    return [*(f"{share(taken, percent):.2f}" for percent in (50, 99)), f"{taken[-1]:.1f}"] + [
        f"{share(used, percent):.2f}" for percent in (50, 99)
    ]


async def _while_changing(
    known: Answers, states: Sequence[list[Entry]], questions: Sequence[str], now: datetime
) -> tuple[list[tuple[float, float]], int]:
    """What questions cost on the event loop while one change after the other is made in a thread, and how many were."""
    known = known.changed(known.entries.values())  # remembers no reply
    stopped = False

    def change() -> int:
        for made, state in enumerate(cycle(states)):
            if stopped:
                return made
            known.changed(state)
        return 0

    changing = asyncio.create_task(asyncio.to_thread(change))
    costs = []
    for question in questions:
        costs.append(_cost(known, question, now))
        await asyncio.sleep(PAUSE)
    stopped = True
    return costs, await changing
