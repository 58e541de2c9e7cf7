"""What a visitor writes or presses: checked, stored as an update in the inbox, and only then confirmed.

The page names each message (`client_id`) and sends it again until it is answered; the name makes the update's
number, so a repeat is one row. Knows nothing of what is said.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot import metrics
from bot.albums import WHOLE
from bot.clock import Clock
from bot.config import Web
from bot.errors import StoreDown
from bot.platforms.web import file_body, plain, press_id
from bot.store import Store, Unit
from bot.store.files import File
from bot.store.inbox import Received
from bot.store.web import WebMessage
from web.guard import Limits, address, allow, check_origin, give_cookie, key_of, neighbourhood, read_json
from web.limits import Limit
from web.refusal import No
from web.said import Said, understand

BOT_ID = 0


class Arrivals:
    """The route that writes."""

    def __init__(self, store: Store, settings: Web, clock: Clock, tell: Callable[[int], None]) -> None:
        self._store = store
        self._trusted_proxy = settings.trusted_proxy
        self._tell = tell
        self._limits = Limits(
            Limit(settings.messages_per_minute, 60, clock),
            Limit(settings.address_messages_per_minute, 60, clock),
        )
        self._new_visitors = Limit(settings.address_visitors_per_hour, 3600, clock)

    async def receive(self, request: Request) -> Response:
        """POST /api/messages. The cheap checks come first."""
        check_origin(request)
        whence = address(request, trusted_proxy=self._trusted_proxy)
        key = key_of(request)
        self._limits.allow(key, whence)
        if key is None:
            return self._cookie_first(request)
        said = understand(await read_json(request))
        if await self._store.read(lambda unit: unit.web.visitor(key)) is None:
            allow(self._new_visitors, neighbourhood(whence))
        visitor_id, row = await self._store.write(lambda unit: _store(unit, key, said))
        self._tell(visitor_id)
        known = {"id": row.id, "at": row.created_at} if row else {}
        return JSONResponse({"ok": True, **known})

    def _cookie_first(self, request: Request) -> Response:
        """Whoever has no cookie gets one and asks again, so a browser that keeps none makes no visitors."""
        response = JSONResponse({"ok": False, "error": "cookie", "wait": 0}, 401)
        give_cookie(request, response)
        return response


def update_id(visitor_id: int, client_id: str) -> int:
    """The same for the same message, and positive."""
    digest = hashlib.sha256(f"{visitor_id} {client_id}".encode()).digest()
    return (int.from_bytes(digest[:8]) >> 2) or 1


def _store(unit: Unit, key: str, said: Said) -> tuple[int, WebMessage | None]:
    visitor_id = unit.web.visitor(key) or unit.web.meet(key)
    unit.chats.lock("web", visitor_id)
    if said.press is not None:
        _store_press(unit, visitor_id, said, said.press)
        return visitor_id, None
    return visitor_id, _store_message(unit, visitor_id, said)


def _store_message(unit: Unit, visitor_id: int, said: Said) -> WebMessage | None:
    found = unit.files.find_theirs("web", visitor_id, said.files)
    files = [found[key] for key in said.files if key in found]
    row = unit.web.arrived(visitor_id, said.client_id, orjson.dumps(_body(said, files)).decode())
    if row is None:
        row = unit.web.find_sent(visitor_id, said.client_id)
        if row is None:  # the visitor was pruned at this very instant: the page comes again, as somebody new
            raise StoreDown("the visitor has just been forgotten")
        return row
    if len(files) < len(said.files) or (files and not unit.files.said(files)):
        raise No(400, "lost")
    if not _into_inbox(unit, visitor_id, said, _updates(visitor_id, row, said, files)):
        # Sent again after the talk was deleted: it was dealt with then, and must not come back.
        unit.web.drop(visitor_id, row.id)
        return None
    metrics.UPDATES.labels("web").inc()
    return row


def _body(said: Said, files: list[File]) -> dict[str, Any]:
    """What the page shows of it; see `bot/platforms/web.py`."""
    body: dict[str, Any] = {}
    if said.text or not (files or said.place or said.contact):
        body["text"] = said.text
    if said.start:
        body["start"] = True
    if files:
        body["files"] = [file_body(file) for file in files]
    if said.place:
        body["place"] = dict(zip(("lat", "lon"), said.place, strict=True))
    if said.contact:
        body["contact"] = dict(zip(("phone", "name"), said.contact, strict=True))
    return body


def _updates(visitor_id: int, row: WebMessage, said: Said, files: list[File]) -> list[dict[str, Any]]:
    """The message as the Bot API has it: several files are several updates of one group, the first with the words."""
    if said.place:
        contents: list[dict[str, Any]] = [{"location": {"latitude": said.place[0], "longitude": said.place[1]}}]
    elif said.contact:
        contents = [{"contact": {"phone_number": said.contact[0], "first_name": said.contact[1]}}]
    elif files:
        contents = [_file_content(file) for file in files]
        if said.text:
            contents[0]["caption"] = said.text
    else:
        contents = [{"text": said.text}]
    group = {"media_group_id": str(update_id(visitor_id, said.client_id))} if len(contents) > 1 else {}
    return [{"message": _message(visitor_id, row) | content | group} for content in contents]


def _file_content(file: File) -> dict[str, Any]:
    about: dict[str, Any] = {"file_id": file.key, "file_unique_id": file.key, "file_size": file.size}
    if file.kind in {"photo", "video"}:
        about |= {"width": file.width or 0, "height": file.height or 0}
    if file.kind == "photo":
        return {"photo": [about]}
    if file.kind != "document":
        about["duration"] = file.seconds or 0
    if file.kind != "voice":
        about["file_name"] = file.name
    return {file.kind: about | {"mime_type": file.mime}}


def _store_press(unit: Unit, visitor_id: int, said: Said, data: str) -> None:
    found = unit.web.find(visitor_id, said.message_id)
    number = update_id(visitor_id, said.client_id)
    query: dict[str, Any] = {
        "id": press_id(visitor_id, number),
        "from": _person(visitor_id),
        "chat_instance": "",
        "data": data,
    }
    if found is not None:
        query["message"] = _message(visitor_id, found) | {"text": plain(found.body)}
    is_new = _into_inbox(unit, visitor_id, said, [{"callback_query": query}])
    # A repeat is fine even if its first time has taken the button away.
    if is_new and not (found is not None and found.kind == "out" and _has_button(found.body, data)):
        raise No(400, "button")
    if is_new:
        metrics.UPDATES.labels("web").inc()


def _into_inbox(unit: Unit, visitor_id: int, said: Said, updates: list[dict[str, Any]]) -> bool:
    """False: these updates are there already."""
    first = update_id(visitor_id, said.client_id)
    album = f"{WHOLE}{first}" if len(updates) > 1 else None
    received = []
    for number, update in enumerate(updates, first):
        raw = json.dumps({"update_id": number, **update}, separators=(",", ":"))
        received.append(Received(BOT_ID, number, visitor_id, raw, album))
    chats = unit.inbox.receive("web", received)
    unit.chats.arrived("web", chats)
    return bool(chats)


def _message(visitor_id: int, row: WebMessage) -> dict[str, Any]:
    return {
        "message_id": row.id,
        "date": row.created_at // 1000,
        "from": _person(visitor_id),
        "chat": {"id": visitor_id, "type": "private"},
    }


def _person(visitor_id: int) -> dict[str, Any]:
    return {"id": visitor_id, "is_bot": False, "first_name": ""}


def _has_button(body: str, data: str) -> bool:
    return any(button.get("d") == data for row in orjson.loads(body).get("inline", ()) for button in row)
