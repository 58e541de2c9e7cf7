"""Delivery alone: what waits in the outbox goes out to a server that takes 50 ms a call, 64 calls at once."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.processes import bot_api, python
from bench.sender import IN_FLIGHT
from bench.tables import median, rounds, show, spread

LATENCY = 0.05
WAYS = {"our delivery": "ours", "bare aiohttp": "bare"}


async def measure(quick: bool) -> None:  # noqa: FBT001 - all cases have this signature
    messages = 1000 if quick else 3000
    found = await rounds({name: partial(rate, way, messages) for name, way in WAYS.items()}, 1 if quick else 5)
    base = median(found["bare aiohttp"])
    show(
        f"delivery: {messages} messages, {LATENCY * 1000:.0f} ms a call, {IN_FLIGHT} at once"
        f" (at most {IN_FLIGHT / LATENCY:.0f}/s)",
        ["sender", "messages/s", "ratio"],
        ([name, spread(rates), f"{median(rates) / base:.2f}"] for name, rates in found.items()),
    )


async def rate(way: str, messages: int) -> float:
    """Messages a second that `bench/sender.py` sends in this way."""
    # A message goes only to a chat that the server knows: everyone has written once. Nobody fetches that.
    options = ["--latency", str(LATENCY), "--messages", str(messages), "--citizens", str(messages)]
    with TemporaryDirectory(prefix="hamyar14-bench-") as folder:
        database = str(Path(folder) / "bench.db")
        async with (
            bot_api(*options) as remote,
            python("-m", "bench.sender", way, remote.url, str(messages), database) as process,
        ):
            output, _ = await process.communicate()
            assert process.returncode == 0, way
            stats = await remote.stats()
    assert stats["sent"] == messages, stats
    return messages / float(output)
