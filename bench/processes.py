"""The processes of a measurement: the Bot API server, the service, the stock bots. Each is ended with its block."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import TemporaryFile

from bench import machine
from bench.questions import ROOT
from tests.botapi.remote import Remote, started

TOKEN = "100:TEST"  # noqa: S105 - of the fake server
NO_PACE = 1_000_000
FIRST_CHAT = 1000
_READY_SECONDS = 60
_STOP_SECONDS = 15


@asynccontextmanager
async def bot_api(*options: str) -> AsyncIterator[Remote]:
    """A Bot API server of its own, on the server's processor."""
    async with started(*options) as remote:
        machine.pin(remote.pid, machine.SERVER)
        yield remote


@asynccontextmanager
async def python(*arguments: str, env: dict[str, str] | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python …` on the client's processor, its output to be read; what it complains about is shown if it fails."""
    with TemporaryFile() as complaints:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, stderr=complaints, cwd=ROOT, env=env
        )
        machine.pin(process.pid, machine.CLIENT)
        try:
            yield process
        except BaseException:
            complaints.seek(0)
            print(complaints.read().decode()[-3000:], file=sys.stderr)
            raise
        finally:
            await _end(process)


@asynccontextmanager
async def service(
    api_url: str, database: str, page: int | None = None, more: dict[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The real service on the database at this address, its pace lifted; `page` is the port of its page, if any.

    `more`: settings that are others here, such as {"TELEGRAM__PACE": "30"}.
    """
    async with python("-m", "bot", "run", env=_settings(api_url, database, page, more or {})) as process:
        yield process


async def ready(process: asyncio.subprocess.Process) -> None:
    """Wait until the service says that it has started."""
    if process.stdout is None:
        raise AssertionError
    line = await asyncio.wait_for(process.stdout.readline(), _READY_SECONDS)
    assert b"is ready" in line, line


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _settings(api_url: str, database: str, page: int | None, more: dict[str, str]) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("HAMYAR14_")}
    ours = {
        "TELEGRAM__TOKEN": TOKEN,
        "TELEGRAM__API_URL": api_url,
        "TELEGRAM__PACE": str(NO_PACE),
        "TELEGRAM__CHAT_PACE": str(NO_PACE),
        "DATABASE__URL": database,
        "WEB__ENABLED": str(page is not None).lower(),
        "WEB__PORT": str(page or 0),
    }
    return others | {f"HAMYAR14_{name}": value for name, value in (ours | more).items()}


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
