"""Has files cleaned in processes of their own (`bot/media/worker.py`), a few at once; what takes too much is ended.

put ─► a place is free ─► a process that waits, or a new one ─► its answer ─► it waits for the next file
                                                                  └─ none in time, or it died: killed, "broken"
"""

import asyncio
import json
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.media.shelf import Cleaned, Shelf
from bot.media.sort import Rejected

AT_ONCE = 2
"""Each takes a core, and memory up to its limit."""
START_SECONDS = 30
WALL_SECONDS = 30
READY = b"ready\n"
"""The first line of a process."""
FILES_EACH = 200
"""A process is replaced then: what decoders lose of memory does not add up."""
ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
"""Of the environment. All the rest, tokens and passwords among it, stays here."""


class CleaningFailed(Exception):
    """Nothing is known of the file: the process did not start, or the disk is full. To be tried again."""


class Cleaner:
    """The way to `shelf` for files of strangers. Starts nothing before the first one comes."""

    def __init__(self, shelf: Shelf, at_once: int = AT_ONCE) -> None:
        self.shelf = shelf
        self._places = asyncio.Semaphore(at_once)
        self._idle: list[_Worker] = []
        self._closed = False

    async def put(self, source: Path, *, name: str, kind: str | None = None) -> Cleaned:
        """As `Shelf.put`. Raises `Rejected` and `CleaningFailed`. Cancelled, it leaves nothing running."""
        async with self._places:
            worker = self._waiting() or await _Worker.start(self.shelf)
            try:
                async with asyncio.timeout(WALL_SECONDS):
                    answer = await worker.ask(_question(source, name, kind))
            except TimeoutError:
                await worker.end()
                raise Rejected("broken") from None
            except BaseException:
                await worker.end()
                raise
            await self._back(worker, answer)
        return _read(answer)

    async def close(self) -> None:
        """End the processes that wait. Safe to call twice."""
        self._closed = True
        while self._idle:
            await self._idle.pop().end()

    def _waiting(self) -> "_Worker | None":
        """One that waits for a file. A process that somebody ended meanwhile is none."""
        while self._idle:
            worker = self._idle.pop()
            if worker.lives:
                return worker
        return None

    async def _back(self, worker: "_Worker", answer: dict[str, Any] | None) -> None:
        if answer is None or worker.files >= FILES_EACH or self._closed:
            await worker.end()
        else:
            self._idle.append(worker)


class _Worker:
    """One process. `files`: how many it has been asked for."""

    def __init__(self, shelf: Shelf, mark: str, process: asyncio.subprocess.Process) -> None:
        self._shelf = shelf
        self._mark = mark
        self._process = process
        self.files = 0

    @classmethod
    async def start(cls, shelf: Shelf) -> "_Worker":
        """Start one that is ready. Raises `CleaningFailed`."""
        mark = secrets.token_hex(8)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.media.worker", str(shelf.folder.absolute()), str(shelf.most_bytes), mark,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,  # it would tell of names and contents
                cwd=ROOT,
                env={name: os.environ[name] for name in KEPT if name in os.environ},
            )  # fmt: skip
        except OSError as error:
            raise CleaningFailed(f"no process: {error.strerror}") from None
        worker = cls(shelf, mark, process)
        try:
            async with asyncio.timeout(START_SECONDS):
                ready = await worker._line()
        except TimeoutError:
            ready = b""
        except BaseException:
            await worker.end()
            raise
        if ready != READY:
            await worker.end()
            raise CleaningFailed("the process did not start")
        return worker

    @property
    def lives(self) -> bool:
        return self._process.returncode is None

    async def ask(self, asked: dict[str, object]) -> dict[str, Any] | None:
        """Its answer about a file. None: it died of it. Raises `CleaningFailed`: it was dead before."""
        self.files += 1
        asking = self._process.stdin
        if asking is None:
            return None
        asking.write(json.dumps(asked).encode() + b"\n")
        try:
            await asking.drain()
        except ConnectionError:
            raise CleaningFailed("the process was gone") from None
        line = await self._line()
        answer: dict[str, Any] | None = json.loads(line) if line.endswith(b"\n") else None
        return answer

    async def end(self) -> None:
        """Kill it, whatever it does, and remove what it had begun to write."""
        with suppress(ProcessLookupError):
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._line()
        await self._process.wait()
        self._shelf.sweep(self._mark)

    async def _line(self) -> bytes:
        return b"" if self._process.stdout is None else await self._process.stdout.readline()


def _question(source: Path, name: str, kind: str | None) -> dict[str, object]:
    return {"source": str(source.absolute()), "name": name, "kind": kind}


def _read(answer: dict[str, Any] | None) -> Cleaned:
    if answer is None:
        raise Rejected("broken")
    if "cleaned" in answer:
        return Cleaned(**answer["cleaned"])
    if "rejected" in answer:
        raise Rejected(answer["rejected"])
    raise CleaningFailed(answer["failed"])
