"""Tells the other processes on the same database that there is something new, so that nobody waits for the next tick.

A hint and no more: it is sent after the commit, may be lost, and whoever hears it looks into the tables as they would
have done a second later anyway. Names: `inbox`, `outbox:<platform>:<chat>`, `page:<visitor>`. With SQLite there are no
other processes.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import asyncpg
from sqlalchemy import URL

log = logging.getLogger(__name__)

CHANNEL = "hamyar14"
CONNECT_SECONDS = 5
PAUSE_SECONDS = 2.0
MOST_BYTES = 7_500
"""A notification of PostgreSQL holds fewer than 8,000 bytes (postgresql.org/docs/15/sql-notify.html)."""
MOST_WAITING = 5_000

Heard = Callable[[str], None]


class Bells:
    """Bells of a single process: nobody else is there to hear them."""

    def __init__(self) -> None:
        self._heard: dict[str, Heard] = {}

    def on(self, kind: str, heard: Heard) -> None:
        """Call `heard` with what follows `kind:` whenever another process rings."""
        self._heard[kind] = heard

    def ring(self, name: str) -> None:
        """Let the other processes know. Returns at once."""

    async def open(self) -> None:
        """Begin to listen."""

    async def close(self) -> None:
        """Hear nothing more. Safe to call twice."""


class PostgresBells(Bells):
    """Over LISTEN and NOTIFY, on a connection of its own that is made again when it breaks."""

    def __init__(self, url: URL) -> None:
        super().__init__()
        self._url = url
        self._waiting: dict[str, None] = {}
        self._rung = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def ring(self, name: str) -> None:
        if len(self._waiting) < MOST_WAITING:
            self._waiting[name] = None
            self._rung.set()

    async def open(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._serve_forever(), name="bells")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _serve_forever(self) -> None:
        while True:
            try:
                await self._serve()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("bells_silent", extra={"why": type(error).__name__})
            except Exception:  # a mistake of ours: still nobody else would begin again
                log.exception("bells_failed")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _serve(self) -> None:
        """Listen, and send what is rung, until the connection breaks."""
        _, where = self._url.get_dialect()().create_connect_args(self._url)
        connection = await asyncpg.connect(**where, timeout=CONNECT_SECONDS, command_timeout=CONNECT_SECONDS)
        try:
            connection.add_termination_listener(lambda _: self._rung.set())
            await connection.add_listener(CHANNEL, self._hear)
            while not connection.is_closed():
                await self._rung.wait()
                self._rung.clear()
                while self._waiting and not connection.is_closed():
                    await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, self._take())
        finally:
            with suppress(Exception):
                await connection.close(timeout=1)

    def _take(self) -> str:
        """As many names as one notification holds."""
        taken: list[str] = []
        room = MOST_BYTES
        for name in list(self._waiting):
            room -= len(name) + 1
            if room < 0:
                break
            del self._waiting[name]
            taken.append(name)
        return "\n".join(taken)

    def _hear(self, connection: object, sender: int, _channel: str, names: object) -> None:
        if isinstance(connection, asyncpg.Connection) and sender == connection.get_server_pid():
            return
        for name in str(names).split("\n"):
            kind, _, rest = name.partition(":")
            if kind in self._heard:
                self._heard[kind](rest)
