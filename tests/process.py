"""The service as a process of its own: started, stopped, killed. Speaks to no platform."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from bot.config import PREFIX, ROOT
from tests.postgres import ask

PATIENCE = 60.0
READY_SECONDS = 180.0
"""A start is seconds of work, which on a crowded machine are minutes."""


class Process:
    """One way of starting the service; `log` gathers what all its lives wrote on standard error.

    `database` is a file of SQLite, or the address of another.
    """

    def __init__(self, database: Path | str, log: Path, **settings: object) -> None:
        self.database = database
        self.log = log
        self.program: tuple[str, ...] = ("-m", "bot", "run")
        self.running: asyncio.subprocess.Process | None = None
        self.page = ""
        named = {f"{PREFIX}{key.upper()}": str(value) for key, value in settings.items()}
        url = database if isinstance(database, str) else f"sqlite+aiosqlite:///{database}"
        self.environment = {"DATABASE__URL": url, "WEB__ENABLED": "false", "METRICS__ENABLED": "false"}
        self.environment = {PREFIX + key: value for key, value in self.environment.items()} | named

    async def start(self) -> None:
        """Start; `ready` waits until it serves."""
        with self.log.open("ab") as log:
            self.running = await asyncio.create_subprocess_exec(
                sys.executable,
                *self.program,
                cwd=ROOT,
                env=_inherited() | self.environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )

    async def ready(self) -> None:
        """Wait for the one line that the service prints."""
        stdout = self._process.stdout
        assert stdout is not None
        line = (await asyncio.wait_for(stdout.readline(), READY_SECONDS)).decode()
        assert "is ready" in line, f"{line!r}; {self.words()[-2000:]}"
        self.page = line.partition("Page: ")[2].split()[0]

    async def kill(self) -> None:
        """SIGKILL: nothing more is done, not even what was begun."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def stop(self, seconds: float = PATIENCE) -> int:
        """SIGTERM; the exit status."""
        if self._process.returncode is None:
            self._process.terminate()
        return await asyncio.wait_for(self._process.wait(), seconds)

    async def ended(self) -> int:
        """Wait until it ends by itself; the exit status."""
        return await self._process.wait()

    def words(self) -> str:
        """Everything that was logged so far."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - whatever a database holds
        """Look into the database, beside the process or after its end."""
        if isinstance(self.database, str):
            return ask(self.database, query)
        with closing(sqlite3.connect(self.database, timeout=10)) as connection:
            return connection.execute(query, values).fetchall()

    @property
    def _process(self) -> asyncio.subprocess.Process:
        assert self.running is not None, "not started"
        return self.running


@asynccontextmanager
async def ended(process: Process) -> AsyncIterator[Process]:
    """Whatever happens, no process outlives its test."""
    try:
        yield process
    finally:
        if process.running is not None:
            await process.kill()


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
