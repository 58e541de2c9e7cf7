"""Fetches in the background the files that somebody keeps; no turn ever waits for it.

claim ─► getFile ─► download to a scratch file ─► checked and cleaned ─► on the shelf, the row is THERE
           │                                             │
           └─ not now: again, after growing pauses       └─ none that we take: MISSING, with the reason
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol

from bot.errors import StoreDown, Undelivered, trace
from bot.media import Cleaned, Cleaner, CleaningFailed, Rejected
from bot.platforms import Platform
from bot.store import Store, Unit
from bot.store.files import LEASE_MS, File

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
AT_ONCE = 8
FIRST_PAUSE_MS = 1_000
LONGEST_PAUSE_MS = 600_000
GIVE_UP_AFTER_MS = 6 * 3600 * 1000
MOST_REFUSALS = 3
"""Telegram says in one breath that a name is wrong or that the file is away for a moment."""
NO_TIME_SECONDS = 280.0
HOLD_SECONDS = LEASE_MS / 1000 / 4


class Writer(Protocol):
    """Writes files of ours that nobody sent, such as a citizen's copy of what is kept of them."""

    def writes(self, file: File) -> bool:
        """Whether a file is one of these."""

    async def write(self, file: File) -> Cleaned:
        """Its content. Raises `Rejected`."""


class Fetching:
    """Fetches from these platforms. Any number of processes may do it side by side."""

    def __init__(
        self, platforms: list[Platform], store: Store, cleaner: Cleaner, writers: Sequence[Writer] = ()
    ) -> None:
        self._platforms = {platform.name: platform for platform in platforms}
        self._writers = writers
        self._store = store
        self._cleaner = cleaner
        self._shelf = cleaner.shelf
        self._tasks: dict[asyncio.Task[None], int] = {}
        self._held_at = 0.0
        self._wanted = asyncio.Event()

    def wake(self) -> None:
        """A turn may have kept a file: look at once instead of at the next tick."""
        self._wanted.set()

    async def run(self) -> None:
        """Claim and fetch until cancelled. What is cut off then is claimed anew when its lease ends.

        Without the database, what is under way goes on.
        """
        try:
            while True:
                self._wanted.clear()
                claimed = []
                with suppress(StoreDown):
                    await self._hold()
                    claimed = await self._claim()
                if not claimed or len(self._tasks) >= AT_ONCE:
                    await self._pause()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pause(self) -> None:
        """A tick, or less where something is wanted or a place becomes free."""
        if len(self._tasks) < AT_ONCE:
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._wanted.wait()
        else:
            await asyncio.wait(self._tasks, timeout=TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)

    async def _hold(self) -> None:
        """What is being fetched stays ours."""
        now = asyncio.get_running_loop().time()
        if self._tasks and now - self._held_at >= HOLD_SECONDS:
            held = sorted(self._tasks.values())
            await self._store.write(lambda unit: unit.files.hold(held))
            self._held_at = now

    async def _claim(self) -> list[File]:
        room = AT_ONCE - len(self._tasks)
        if not room or not self._platforms:
            return []
        files = await self._store.write(lambda unit: unit.files.claim(list(self._platforms), room))
        for file in files:
            task = asyncio.create_task(self._fetch(file))
            self._tasks[task] = file.id
            task.add_done_callback(self._tasks.pop)
        return files

    async def _fetch(self, file: File) -> None:
        """One file, to whatever end."""
        extra = {"file": file.id, "platform": file.platform, "tries": file.tries}
        try:
            async with asyncio.timeout(NO_TIME_SECONDS):
                cleaned = await self._content(file)
            await self._end(partial(_done, file=file, cleaned=cleaned))
        except Rejected as error:
            log.info("file_rejected", extra=extra | {"why": error.reason})
            await self._end(partial(_missing, file=file, why=error.reason))
        except Undelivered as error:
            log.warning("file_not_fetched", extra=extra | {"why": error.reason})
            await self._end(partial(_trouble, file=file, error=error))
        except CleaningFailed as error:
            log.warning("file_not_cleaned", extra=extra | {"why": str(error)})
            retry = Undelivered(str(error), retry_ms=FIRST_PAUSE_MS, ours=True)
            await self._end(partial(_trouble, file=file, error=retry))
        except TimeoutError:
            log.warning("file_not_fetched", extra=extra | {"why": "no time"})
            await self._end(partial(_trouble, file=file, error=Undelivered("no time", retry_ms=FIRST_PAUSE_MS)))
        except Exception as error:
            log.exception("fetch_failed", extra=extra)
            retry = Undelivered(trace(error), retry_ms=FIRST_PAUSE_MS, ours=True)
            await self._end(partial(_trouble, file=file, error=retry))

    async def _content(self, file: File) -> Cleaned:
        """Download and clean, or write what is ours to write. Raises `Undelivered` and `Rejected`."""
        for writer in self._writers:
            if writer.writes(file):
                return await writer.write(file)
        if (file.size or 0) > self._shelf.most_bytes:
            raise Rejected("big")
        with self._shelf.scratch() as scratch:
            platform = self._platforms[file.platform]
            await platform.download(file.source or "", scratch, self._shelf.most_bytes)
            kind = "voice" if file.kind == "voice" else None
            return await self._cleaner.put(scratch, name=file.name or "", kind=kind)

    async def _end(self, work: "partial[None]") -> None:
        """Write down how it ended, as soon as the database takes it: the work is done, or was in vain."""
        while True:
            with suppress(StoreDown):
                return await self._store.write(work)
            await asyncio.sleep(TICK_SECONDS)


def _done(unit: Unit, file: File, cleaned: Cleaned) -> None:
    unit.files.done(file.id, cleaned)


def _missing(unit: Unit, file: File, why: str) -> None:
    unit.files.missing(file.id, why)


def _trouble(unit: Unit, file: File, error: Undelivered) -> None:
    """Again later; not where the platform refuses it again and again, nor after hours of trying."""
    refused = error.retry_ms is None and file.tries >= MOST_REFUSALS
    if refused or unit.now - file.received_at > GIVE_UP_AFTER_MS:
        unit.files.missing(file.id, error.reason)
        return
    pause = min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** min(file.tries, 12))
    unit.files.again(file.id, max(pause, error.retry_ms or 0), error.reason)
