"""One outbox row as one call of its platform: a text, or what is enclosed with it, looked up and uploaded if need be.

A file is uploaded once for each platform and bot, and sent by the name it got there from then on. Knows nothing of
order, pace or repeats: they are `bot/delivery.py`'s.
"""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from bot.alarms import Alarms
from bot.clock import Clock
from bot.errors import NotKnown, NotYet
from bot.media import Shelf
from bot.models import FileState
from bot.platforms import Platform
from bot.platforms.enclosing import Enclosed, Names
from bot.store import Store, Unit
from bot.store.files import File
from bot.store.outbox import Row

log = logging.getLogger(__name__)

PATIENCE_MS = 60_000
"""A message waits so long for its files to be fetched, and its chat with it; then it goes without them."""

DOUBTED_FROM = 3
"""So many tries make it likely that a platform has forgotten our files and says so in words of a passing trouble."""

Body = dict[str, Any]


class Sender:
    """Sends to one platform. `shelf` is where the contents of files stand."""

    def __init__(self, platform: Platform, store: Store, shelf: Shelf, alarms: Alarms, clock: Clock) -> None:
        self.platform = platform
        self._store = store
        self._shelf = shelf
        self._alarms = alarms
        self._clock = clock

    async def send(self, row: Row, body: Body) -> int:
        """Send what the row holds; the number of the message. Raises `Undelivered`, and `NotYet` if it has to wait."""
        if "files" in body:
            return await self._send_files(row, body)
        if "spot" in body:
            return await self.platform.send_spot(row.chat_id, body)
        if "contact" in body:
            return await self.platform.send_contact(row.chat_id, body)
        return await self.platform.send(row.chat_id, body)

    async def _send_files(self, row: Row, body: Body) -> int:
        found = await self._store.read(lambda unit: unit.files.find(body["files"]))
        files = [found[key] for key in body["files"] if key in found]
        is_young = self._clock.millis() - row.created_at < PATIENCE_MS
        if is_young and any(file.state == FileState.WAITING for file in files):
            raise NotYet
        # In a thread: the folder may be a disk of the network, and it may hang.
        at_hand = await asyncio.to_thread(lambda: [file for file in files if self._is_at_hand(file)])
        if is_young and any(file.there and file not in at_hand for file in files):
            raise NotYet
        enclosed = [self._enclosed(file) for file in at_hand]
        lacking = len(body["files"]) - len(enclosed)
        if lacking and not self.platform.by_key:  # the page shows by itself what is missing
            body = body | {"text": [*body["text"], *self._alarms.missing(lacking, after=bool(body["text"]))]}
        if not enclosed:
            return await self.platform.send(row.chat_id, body)
        known: Names = {}
        if not self.platform.by_key and row.tries < DOUBTED_FROM:
            known = await self._store.read(partial(self._known, hashes=[file.hash for file in enclosed]))
        return await self._hand_over(row.chat_id, body, enclosed, known)

    async def _hand_over(self, chat_id: int, body: Body, files: Sequence[Enclosed], known: Names) -> int:
        try:
            number, names = await self.platform.send_files(chat_id, body, files, known)
        except NotKnown as error:
            log.info("upload_not_known", extra={"platform": self.platform.name, "why": str(error)})
            await self._store.write(partial(self._refused, names=error.names))
            number, names = await self.platform.send_files(chat_id, body, files, {})
        if names:
            await self._note(names)
        return number

    async def _note(self, names: Names) -> None:
        """The message has gone out: whatever happens here must not make it look unsent."""
        try:
            await self._store.write(partial(self._keep, names=names))
        except Exception:
            log.exception("upload_not_noted", extra={"platform": self.platform.name})

    def _is_at_hand(self, file: File) -> bool:
        if self.platform.by_key:
            return True
        if not file.there or file.hash is None:
            return False
        if not self._shelf.path(file.hash).exists():
            log.error("content_missing", extra={"file": file.id, "hash": file.hash})
            return False
        return True

    def _enclosed(self, file: File) -> Enclosed:
        content = file.hash or ""
        return Enclosed(
            key=file.key,
            hash=content,
            kind=file.kind,
            name=file.name or "file",
            mime=file.mime or "application/octet-stream",
            size=file.size or 0,
            path=self._shelf.path(content),
            width=file.width,
            height=file.height,
            seconds=file.seconds,
        )

    def _known(self, unit: Unit, *, hashes: list[str]) -> Names:
        return unit.uploads.find(self.platform.name, self.platform.bot_id, hashes)

    def _keep(self, unit: Unit, *, names: Names) -> None:
        unit.uploads.keep(self.platform.name, self.platform.bot_id, names)

    def _refused(self, unit: Unit, *, names: Names) -> None:
        unit.uploads.refused(self.platform.name, self.platform.bot_id, names)
