"""Files of visitors: taken in piece by piece, cleaned and stored before they are confirmed, and shown to nobody else.

The cheap checks come first, and what is too much is refused without being read to its end.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from bot.clock import Clock
from bot.config import Web
from bot.media import Cleaned, Cleaner, CleaningFailed, Rejected
from bot.platforms.web import file_body
from bot.store import Store, Unit
from bot.store.files import File
from web.guard import Limits, address, check_origin, key_of
from web.limits import Limit
from web.refusal import No
from web.room import Room
from web.uploading import Unfinished, receive

log = logging.getLogger(__name__)

DAY_SECONDS = 24 * 3600
MOST_WAITING = 16
"""So many uploads may wait to be cleaned; the next one is asked to come again."""
BUSY_SECONDS = 5
AT_ONCE_OF_VISITOR = 3
AT_ONCE_OF_ADDRESS = 16
CLEANED_OF_ADDRESS = 3
"""So many of one address are cleaned or wait for it; the others of it wait for these."""
FULL_SECONDS = 60
LOOKS_PER_MESSAGE = 20
"""So many files may be looked at for each message that is allowed: a talk may hold many pictures."""
LONGEST_NAME = 200
_SHOWN = ("image/", "video/", "audio/")
_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=31536000, immutable",
}


class Files:
    """The routes of files."""

    def __init__(self, store: Store, settings: Web, cleaner: Cleaner, room: Room, clock: Clock) -> None:
        self._store = store
        self._cleaner = cleaner
        self._shelf = cleaner.shelf
        self._room = room
        self._trusted_proxy = settings.trusted_proxy
        self._often = Limits(
            Limit(settings.files_per_minute, 60, clock),
            Limit(settings.address_files_per_minute, 60, clock),
        )
        self._bytes = Limits(
            Limit(settings.megabytes_per_day * 2**20, DAY_SECONDS, clock),
            Limit(settings.address_megabytes_per_day * 2**20, DAY_SECONDS, clock),
        )
        self._looks = Limits(
            Limit(settings.messages_per_minute * LOOKS_PER_MESSAGE, 60, clock),
            Limit(settings.address_messages_per_minute * LOOKS_PER_MESSAGE, 60, clock),
        )
        self._waiting = 0
        self._under_way: Counter[str] = Counter()
        self._lines: dict[str, asyncio.Semaphore] = {}

    # -- taking in

    async def take(self, request: Request) -> Response:
        """POST /api/files?name=…&kind=…: the body is the file."""
        check_origin(request)
        whence = address(request, trusted_proxy=self._trusted_proxy)
        key = key_of(request)
        self._often.allow(key, whence)
        if key is None:
            raise No(401, "cookie")
        size = _size(request, self._shelf.most_bytes)
        await self._check_room()
        visitor_id = await self._store.read(lambda unit: unit.web.visitor(key))
        if visitor_id is None:  # whoever has not said a word yet has a cookie made up, or comes again in a moment
            raise No(401, "cookie")
        with self._one_of_few(key, whence), self._counted(key, whence, size), self._shelf.scratch() as source:
            await receive(request, source, size)
            async with self._lines.setdefault(whence, asyncio.Semaphore(CLEANED_OF_ADDRESS)):
                cleaned = await self._clean(request, source)
        # What it has grown by counts too, over the limit if need be: it lies there already.
        self._bytes.give_back(key, whence, min(0, size - await asyncio.to_thread(self._kept, cleaned)))
        file = await self._store.write(lambda unit: unit.files.upload("web", visitor_id, cleaned))
        return JSONResponse({"ok": True, "file": file_body(file)})

    async def _clean(self, request: Request, source: Path) -> Cleaned:
        """In a process of its own, of which there are few.

        What is wrong with a file is named by `bot.media`: big, kind, pixels, broken or empty.
        """
        await self._check_room()
        name = request.query_params.get("name", "")[:LONGEST_NAME]
        kind = "voice" if request.query_params.get("kind") == "voice" else None
        self._waiting += 1
        try:
            return await self._cleaner.put(source, name=name, kind=kind)
        except CleaningFailed as error:
            log.warning("upload_not_cleaned", extra={"why": str(error)})
            raise No(503, "busy", wait=BUSY_SECONDS) from None
        except Rejected as rejected:
            raise No(413 if rejected.reason == "big" else 400, rejected.reason) from None
        finally:
            self._waiting -= 1

    async def _check_room(self) -> None:
        if self._waiting >= MOST_WAITING:
            raise No(503, "busy", wait=BUSY_SECONDS)
        if await self._room.is_full():
            log.warning("upload_refused", extra={"why": "the disk is nearly full"})
            raise No(503, "busy", wait=FULL_SECONDS)

    def _kept(self, cleaned: Cleaned) -> int:
        """Bytes that a file takes from now on; a small one may have become a large one."""
        preview = self._shelf.path(cleaned.preview).stat().st_size if cleaned.preview else 0
        return cleaned.size + preview

    @contextmanager
    def _one_of_few(self, *who: str) -> Iterator[None]:
        """Nobody holds more than a few uploads open: each costs a place on the disk and, if it is slow, time."""
        for name, most in zip(who, (AT_ONCE_OF_VISITOR, AT_ONCE_OF_ADDRESS), strict=True):
            if self._under_way[name] >= most:
                raise No(429, "slow", wait=BUSY_SECONDS)
        self._under_way.update(who)
        try:
            yield
        finally:
            self._under_way -= Counter(who)
            for name in who:
                if not self._under_way[name]:
                    self._lines.pop(name, None)

    @contextmanager
    def _counted(self, key: str, whence: str, size: int) -> Iterator[None]:
        """Counted before they come. What never came, over a line that broke, is given back."""
        self._bytes.allow(key, whence, size, "quota")
        try:
            yield
        except Unfinished as broken:
            self._bytes.give_back(key, whence, size - broken.received)
            raise

    # -- showing

    async def show(self, request: Request) -> Response:
        """GET /api/files/{key}: the file, to the visitor whose it is."""
        file = await self._theirs(request)
        mime = file.mime or ""
        shown = mime.startswith(_SHOWN)
        return await self._answer(file.hash, mime, None if shown else file.name or "file")

    async def preview(self, request: Request) -> Response:
        """GET /api/files/{key}/preview: a photo in small."""
        file = await self._theirs(request)
        return await self._answer(file.preview or file.hash, "image/jpeg", None)

    async def _theirs(self, request: Request) -> File:
        """Whoever may not see a file is not told that there is one."""
        check_origin(request)
        key, name = key_of(request), request.path_params["key"]
        self._looks.allow(key, address(request, trusted_proxy=self._trusted_proxy))
        if key is None:
            raise HTTPException(404)

        def look(unit: Unit) -> File | None:
            visitor_id = unit.web.visitor(key)
            return None if visitor_id is None else unit.files.find_theirs("web", visitor_id, [name]).get(name)

        file = await self._store.read(look)
        if file is None or not file.there:
            raise HTTPException(404)
        return file

    async def _answer(self, content: str | None, mime: str, save_as: str | None) -> Response:
        path = self._shelf.path(content or "-")
        if not await asyncio.to_thread(path.is_file):
            raise HTTPException(404)
        # The type is the one found by its content; only pictures, films and sounds are shown, the rest is saved.
        return FileResponse(
            path,
            headers=_HEADERS,
            media_type=mime or "application/octet-stream",
            filename=save_as,
            content_disposition_type="attachment",
        )


def _size(request: Request, most: int) -> int:
    """Bytes that will come; whoever does not say is counted as sending all that is allowed."""
    told = request.headers.get("content-length", "")
    size = int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else most
    if size > most:
        raise No(413, "big")
    if size == 0:
        raise No(400, "empty")
    return size
