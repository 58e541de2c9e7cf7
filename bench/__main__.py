"""The command line: runs the chosen cases one after the other and prints their tables."""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable

from bench import (
    announcements,
    answers,
    cases,
    delivery,
    engines,
    latency,
    machine,
    recipients,
    rows,
    start,
    surveys,
    text,
    turns,
)

Case = Callable[[bool], Awaitable[None]]
CASES: dict[str, Case] = {
    "turns": turns.measure,
    "engines": engines.measure,
    "rows": rows.measure,
    "latency": latency.measure,
    "delivery": delivery.measure,
    "start": start.measure,
    "text": text.measure,
    "answers": answers.measure,
    "cases": cases.measure,
    "announcements": announcements.measure,
    "recipients": recipients.measure,
    "surveys": surveys.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="case", help=f"of {', '.join(CASES)}; without, all")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and messages: only to see that it runs")
    options = parser.parse_args()
    if unknown := set(options.cases) - CASES.keys():
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    asyncio.run(_run([name for name in CASES if not options.cases or name in options.cases], quick=options.quick))


async def _run(names: list[str], *, quick: bool) -> None:
    began = time.monotonic()
    machine.pin(0, machine.SERVER)
    print(machine.describe())
    for name in names:
        await CASES[name](quick)
    print(f"\n{time.monotonic() - began:.0f} s, load average at the end {machine.load()}")


if __name__ == "__main__":
    main()
