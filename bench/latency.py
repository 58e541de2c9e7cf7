"""How long a citizen waits for the answer while others write too, at a rate far below the most."""

from functools import partial

from bench.bots import BOTS, answered, running
from bench.questions import questions
from bench.tables import median, rounds, show, spread

CITIZENS = 100
RATE = 40


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    seconds = 5 if quick else 20
    found = await rounds({bot: partial(_run, bot, seconds) for bot in BOTS}, 1 if quick else 2)
    show(
        f"latency: {RATE} messages a second from {CITIZENS} citizens for {seconds} s; ms until the answer is there",
        ["bot", "p50", "p90", "p99", "most", "unanswered"],
        (
            [
                bot,
                *(spread([run[key] * 1000 for run in runs], 1) for key in ("p50", "p90", "p99")),
                f"{median(run['max'] * 1000 for run in runs):.0f}",
                f"{sum(run['unanswered'] for run in runs):.0f}",
            ]
            for bot, runs in found.items()
        ),
    )


async def _run(bot: str, seconds: int) -> dict[str, float]:
    messages = RATE * seconds
    async with running(bot, CITIZENS) as (remote, _):
        await remote.ask("flood", messages=messages, citizens=CITIZENS, texts=questions(messages), rate=RATE)
        stats = await answered(remote)
    return {**stats["latency"], "unanswered": stats["unanswered"]}
