"""Turns a second, flat out: many citizens ask at once, and everything they get is stored."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

from bench import machine
from bench.bots import BOTS, ECHO, OURS, answered, running
from bench.questions import questions
from bench.tables import median, rounds, show, spread

CITIZENS = 200
FEW = 20
REPEATED = f"{OURS}, only {FEW} different questions"


class Run(NamedTuple):
    """One run: turns a second until the last answer, processor time a turn, messages that got no answer."""

    rate: float
    cpu_ms: float
    lost: int


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    messages = 400 if quick else 2000
    cases: dict[str, Callable[[], Awaitable[Run]]] = {
        bot: partial(_run, bot, questions(messages), messages) for bot in BOTS
    }
    cases[REPEATED] = partial(_run, OURS, questions(FEW), messages)
    found = await rounds(cases, 1 if quick else 3)
    base = median(run.rate for run in found[ECHO])
    show(
        f"turns: {messages} messages of {CITIZENS} citizens at once",
        ["bot", "turns/s", f"ratio to {ECHO}", "processor ms/turn", "unanswered"],
        (
            [
                name,
                spread([run.rate for run in runs]),
                f"{median(run.rate for run in runs) / base:.2f}",
                spread([run.cpu_ms for run in runs], 2),
                str(sum(run.lost for run in runs)),
            ]
            for name, runs in found.items()
        ),
    )


async def _run(bot: str, texts: list[str], messages: int) -> Run:
    async with running(bot, CITIZENS) as (remote, pid):
        before = machine.cpu_seconds(pid)
        await remote.ask("flood", messages=messages, citizens=CITIZENS, texts=texts)
        stats = await answered(remote)
        used = machine.cpu_seconds(pid) - before
    count = stats["latency"]["count"]
    return Run(count / stats["latency"]["max"], used * 1000 / count, stats["unanswered"])
