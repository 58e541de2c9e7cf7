"""The bots that are measured beside each other: the service and the stock echo, each with its own Bot API server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from bench.databases import durable_postgres
from bench.processes import bot_api, python, ready, service
from bot.clock import Clock
from bot.models import RowState, inbox, outbox
from bot.store import Store, Unit
from tests.botapi.remote import Remote

OURS = "Hamyar 14"
ECHO = "stock echo, one at a time"
ECHO_CONCURRENT = "stock echo, concurrent_updates(True)"
BOTS = (OURS, ECHO, ECHO_CONCURRENT)
_LOOK_SECONDS = 0.1
_STUCK_SECONDS = 10.0
_QUIET_SECONDS = 0.5


@asynccontextmanager
async def ours_running(
    workers: int, engine: str, citizens: int
) -> AsyncIterator[tuple[Remote, list[asyncio.subprocess.Process]]]:
    """The service on this engine, in so many processes, when it has answered every citizen once."""
    async with bot_api() as remote, AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="hamyar14-bench-")))
        server = stack.enter_context(durable_postgres(engine))
        url = f"sqlite+aiosqlite:///{folder / 'bench.db'}" if server is None else server.url(server.new_database())
        processes = [await stack.enter_async_context(service(remote.url, url)) for _ in range(workers)]
        for process in processes:
            await ready(process)
        await _greet(remote, citizens)
        yield remote, processes
        await _check_stored(remote, url)


@asynccontextmanager
async def running(bot: str, citizens: int) -> AsyncIterator[tuple[Remote, int]]:
    """A bot that has answered every citizen once: its server and its process. Of ours, the database is checked too."""
    if bot == OURS:
        async with ours_running(1, "sqlite", citizens) as (remote, (process,)):
            yield remote, process.pid
        return
    options = ["--concurrent"] if bot == ECHO_CONCURRENT else []
    async with bot_api() as remote, python("-m", "bench.echo", remote.url, *options) as process:
        await _greet(remote, citizens)
        yield remote, process.pid


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


async def _check_stored(remote: Remote, url: str) -> None:
    """A turn counts only if all of it is in the database: the message as handled, the answer as sent."""
    stats = await remote.stats()
    store = Store(url, Clock())
    try:
        async with asyncio.timeout(_STUCK_SECONDS):
            while await store.read(_counts) != (stats["queued"], 0, 0):
                await asyncio.sleep(_LOOK_SECONDS)  # the last marks are on their way
    finally:
        await store.close()


def _counts(unit: Unit) -> tuple[int, ...]:
    """(handled, not handled, unsent)."""
    counts = (
        select(func.count()).where(inbox.c.state == RowState.DONE),
        select(func.count()).where(inbox.c.state != RowState.DONE),
        select(func.count()).where(outbox.c.state != RowState.DONE),
    )
    return tuple(unit._connection.execute(count).scalar_one() for count in counts)
