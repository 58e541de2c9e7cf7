"""Steers a fake Bot API that runs in another process: starts it, talks to /control/, ends it."""

import asyncio
import base64
import json
import math
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.botapi.answers import JSON
from tests.botapi.files import Kind

_ROOT = Path(__file__).parents[2]
_START_SECONDS = 20
_LOOK_SECONDS = 0.1


class Remote:
    """The control API as calls: `await remote.ask("flood", messages=10)`."""

    def __init__(self, url: str, pid: int, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.pid = pid
        self._session = session

    async def ask(self, what: str, **asked: Any) -> Any:  # noqa: ANN401 - JSON in both directions
        """One control request; what the server refuses is an AssertionError."""
        async with self._session.post(f"{self.url}/control/{what}", json=asked) as answer:
            told = await answer.json()
        if answer.status != 200:
            raise AssertionError(told["error"])
        return told

    async def send_media(self, user_id: int, kind: Kind, content: bytes, **more: Any) -> int:  # noqa: ANN401 - handed on as it is
        """A file of a citizen; the update's number comes back."""
        encoded = base64.b64encode(content).decode()
        told = await self.ask("send_media", user_id=user_id, kind=kind, content=encoded, **more)
        return int(told["update_id"])

    async def send_album(self, user_id: int, contents: Sequence[bytes], **more: Any) -> list[int]:  # noqa: ANN401 - handed on as it is
        encoded = [base64.b64encode(content).decode() for content in contents]
        told = await self.ask("send_album", user_id=user_id, contents=encoded, **more)
        return list(told["update_ids"])

    async def stats(self) -> JSON:
        told: JSON = await self.ask("stats")
        return told

    async def until_answered(self, seconds: float) -> JSON:
        """Wait until nothing that a citizen sent is without its answer."""
        stats: JSON = {}
        for _ in range(math.ceil(seconds / _LOOK_SECONDS)):
            stats = await self.stats()
            if not stats["unanswered"] and not stats["flooding"]:
                return stats
            await asyncio.sleep(_LOOK_SECONDS)
        raise AssertionError(f"{stats['unanswered']} messages without an answer after {seconds} s: {stats}")


@asynccontextmanager
async def started(*options: str) -> AsyncIterator[Remote]:
    """Start a server with these options of the command line, and end it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.botapi", *options, stdout=asyncio.subprocess.PIPE, cwd=_ROOT
    )
    try:
        if process.stdout is None:
            raise AssertionError
        line = await asyncio.wait_for(process.stdout.readline(), _START_SECONDS)
        told = json.loads(line)
        async with aiohttp.ClientSession() as session:
            yield Remote(told["url"], told["pid"], session)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
