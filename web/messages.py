"""What a visitor writes or presses: checked, stored as an update in the inbox, and only then confirmed.

The page names each message (`client_id`) and sends it again until it is answered; the name makes the update's
number, so a repeat is one row. Knows nothing of what is said.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot import metrics
from bot.clock import Clock
from bot.config import Web
from bot.platforms.web import plain, press_id
from bot.store import Store, Unit
from bot.store.inbox import Received
from bot.store.web import WebMessage
from web.guard import No, address, check_origin, give_cookie, key_of, read_json
from web.limits import Limit

LONGEST = 4096
BOT_ID = 0
_NAME = re.compile(r"[\w-]{8,64}", re.ASCII)
# Control characters have no place in a message, and PostgreSQL refuses one of them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the page. With `press`, the button of that data under the message `message_id`."""

    client_id: str
    text: str
    start: bool = False
    press: str | None = None
    message_id: int = 0


class Arrivals:
    """The route that writes."""

    def __init__(self, store: Store, settings: Web, clock: Clock, tell: Callable[[int], None]) -> None:
        self._store = store
        self._trusted_proxy = settings.trusted_proxy
        self._tell = tell
        self._of_visitor = Limit(settings.messages_per_minute, 60, clock)
        self._of_address = Limit(settings.address_messages_per_minute, 60, clock)
        self._new_visitors = Limit(settings.address_visitors_per_hour, 3600, clock)

    async def receive(self, request: Request) -> Response:
        """POST /api/messages. The cheap checks come first."""
        check_origin(request)
        whence = address(request, trusted_proxy=self._trusted_proxy)
        _allow(self._of_address, whence)
        key = key_of(request)
        if key is None:
            return self._cookie_first(request)
        _allow(self._of_visitor, key)
        said = understand(await read_json(request))
        if await self._store.read(lambda unit: unit.web.visitor(key)) is None:
            _allow(self._new_visitors, whence)
        visitor_id, row = await self._store.write(lambda unit: _store(unit, key, said))
        self._tell(visitor_id)
        known = {"id": row.id, "at": row.created_at} if row else {}
        return JSONResponse({"ok": True, **known})

    def _cookie_first(self, request: Request) -> Response:
        """Whoever has no cookie gets one and asks again, so a browser that keeps none makes no visitors."""
        response = JSONResponse({"ok": False, "error": "cookie", "wait": 0}, 401)
        give_cookie(request, response, trusted_proxy=self._trusted_proxy)
        return response


def understand(data: dict[str, Any]) -> Said:
    """Read a message of the page. Raises `No`."""
    client_id = data.get("client_id")
    if not isinstance(client_id, str) or not _NAME.fullmatch(client_id):
        raise No(400, "form")
    if data.get("start") is True:
        return Said(client_id, "/start", start=True)
    if "press" in data:
        press, message_id = data["press"], data.get("message_id")
        if not isinstance(press, str) or type(message_id) is not int or not 0 < message_id < 2**62:
            raise No(400, "form")
        return Said(client_id, "", press=press, message_id=message_id)
    text = data.get("text")
    if not isinstance(text, str):
        raise No(400, "form")
    text = _CONTROL.sub("", text).strip()
    if not text:
        raise No(400, "empty")
    if len(text) > LONGEST:
        raise No(400, "long")
    return Said(client_id, text)


def update_id(visitor_id: int, client_id: str) -> int:
    """The same for the same message, and positive."""
    digest = hashlib.sha256(f"{visitor_id} {client_id}".encode()).digest()
    return (int.from_bytes(digest[:8]) >> 2) or 1


def _allow(limit: Limit, who: str) -> None:
    wait = limit.take(who)
    if wait:
        raise No(429, "slow", wait=wait)


def _store(unit: Unit, key: str, said: Said) -> tuple[int, WebMessage | None]:
    visitor_id = unit.web.visitor(key) or unit.web.meet(key)
    if said.press is not None:
        _store_press(unit, visitor_id, said, said.press)
        return visitor_id, None
    return visitor_id, _store_text(unit, visitor_id, said)


def _store_text(unit: Unit, visitor_id: int, said: Said) -> WebMessage | None:
    body = {"text": said.text} | ({"start": True} if said.start else {})
    row = unit.web.arrived(visitor_id, said.client_id, orjson.dumps(body).decode())
    if row is None:
        return unit.web.find_sent(visitor_id, said.client_id)
    if not _into_inbox(unit, visitor_id, said, {"message": _message(visitor_id, row, said.text)}):
        # Sent again after the talk was deleted: it was dealt with then, and must not come back.
        unit.web.drop(visitor_id, row.id)
        return None
    metrics.UPDATES.labels("web").inc()
    return row


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
        query["message"] = _message(visitor_id, found, plain(found.body))
    is_new = _into_inbox(unit, visitor_id, said, {"callback_query": query})
    # A repeat is fine even if its first time has taken the button away.
    if is_new and not (found is not None and found.kind == "out" and _has_button(found.body, data)):
        raise No(400, "button")
    if is_new:
        metrics.UPDATES.labels("web").inc()


def _into_inbox(unit: Unit, visitor_id: int, said: Said, update: dict[str, Any]) -> bool:
    """False: this update is there already."""
    number = update_id(visitor_id, said.client_id)
    raw = json.dumps({"update_id": number, **update}, separators=(",", ":"))
    chats = unit.inbox.receive("web", [Received(BOT_ID, number, visitor_id, raw)])
    unit.chats.arrived("web", chats)
    return bool(chats)


def _message(visitor_id: int, row: WebMessage, text: str) -> dict[str, Any]:
    return {
        "message_id": row.id,
        "date": row.created_at // 1000,
        "from": _person(visitor_id),
        "chat": {"id": visitor_id, "type": "private"},
        "text": text,
    }


def _person(visitor_id: int) -> dict[str, Any]:
    return {"id": visitor_id, "is_bot": False, "first_name": ""}


def _has_button(body: str, data: str) -> bool:
    return any(button.get("d") == data for row in orjson.loads(body).get("inline", ()) for button in row)
