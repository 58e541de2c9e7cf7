"""Turns a second on each database, and with a second process beside the first."""

from functools import partial

from bench import machine
from bench.bots import answered, ours_running
from bench.questions import questions
from bench.tables import median, rounds, show, spread
from bench.turns import CITIZENS, Run

CASES = {
    "SQLite, one process": (1, "sqlite"),
    "PostgreSQL, one process": (1, "postgresql"),
    "PostgreSQL, two processes": (2, "postgresql"),
}


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    messages = 400 if quick else 2000
    found = await rounds({name: partial(_run, *case, messages) for name, case in CASES.items()}, 1 if quick else 3)
    base = median(run.rate for run in found["SQLite, one process"])
    show(
        f"engines: {messages} messages of {CITIZENS} citizens at once",
        ["database", "turns/s", "ratio to SQLite", "processor ms/turn, ours", "unanswered"],
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


async def _run(workers: int, engine: str, messages: int) -> Run:
    async with ours_running(workers, engine, CITIZENS) as (remote, processes):
        for process, processor in zip(processes, (machine.CLIENT, machine.SERVER), strict=False):
            machine.pin(process.pid, processor)
        before = sum(machine.cpu_seconds(process.pid) for process in processes)
        await remote.ask("flood", messages=messages, citizens=CITIZENS, texts=questions(messages))
        stats = await answered(remote)
        used = sum(machine.cpu_seconds(process.pid) for process in processes) - before
    count = stats["latency"]["count"]
    return Run(count / stats["latency"]["max"], used * 1000 / count, stats["unanswered"])
