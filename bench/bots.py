"""The bots that are measured beside each other: the service and the stock echo, each with its own Bot API server."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.processes import bot_api, python, ready, service
from tests.botapi.remote import Remote

OURS = "Hamyar 14"
ECHO = "stock echo, one at a time"
ECHO_CONCURRENT = "stock echo, concurrent_updates(True)"
BOTS = (OURS, ECHO, ECHO_CONCURRENT)
_LOOK_SECONDS = 0.1
_STUCK_SECONDS = 10.0
_QUIET_SECONDS = 0.5


@asynccontextmanager
async def running(bot: str, citizens: int) -> AsyncIterator[tuple[Remote, int]]:
    """A bot that has answered every citizen once: its server and its process. Of ours, the database is checked too."""
    async with bot_api() as remote:
        if bot != OURS:
            options = ["--concurrent"] if bot == ECHO_CONCURRENT else []
            async with python("-m", "bench.echo", remote.url, *options) as process:
                await _greet(remote, citizens)
                yield remote, process.pid
            return
        with TemporaryDirectory(prefix="hamyar14-bench-") as folder:
            async with service(remote.url, Path(folder)) as process:
                await ready(process)
                await _greet(remote, citizens)
                yield remote, process.pid
            await _check_stored(remote, Path(folder) / "bench.db")


async def answered(remote: Remote) -> dict[str, Any]:
    """Wait until every message has its answer, or none has come for some time; then the server's figures."""
    loop = asyncio.get_running_loop()
    moved, sent = loop.time(), -1
    while True:
        stats = await remote.stats()
        if stats["sent"] != sent:
            moved, sent = loop.time(), stats["sent"]
        quiet = loop.time() - moved
        done = not stats["unanswered"] and not stats["flooding"]
        if (done and quiet > _QUIET_SECONDS) or quiet > _STUCK_SECONDS:
            return stats
        await asyncio.sleep(_LOOK_SECONDS)


async def _greet(remote: Remote, citizens: int) -> None:
    """Everyone writes once before the measurement, so that it has no first meetings and no cold code."""
    await remote.ask("flood", messages=citizens, citizens=citizens)
    stats = await answered(remote)
    assert not stats["unanswered"], stats
    await remote.ask("reset")


async def _check_stored(remote: Remote, database: Path) -> None:
    """A turn counts only if all of it is in the database: the message as handled, the answer as sent."""
    stats = await remote.stats()
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        (handled,) = connection.execute("SELECT count(*) FROM inbox WHERE state = 1").fetchone()
        (other,) = connection.execute("SELECT count(*) FROM inbox WHERE state <> 1").fetchone()
        (unsent,) = connection.execute("SELECT count(*) FROM outbox WHERE state <> 1").fetchone()
    assert (handled, other, unsent) == (stats["queued"], 0, 0), (handled, other, unsent, stats)
