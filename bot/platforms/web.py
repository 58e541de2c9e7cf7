"""The chat page as one more platform: a Bot API whose messages are rows of `web_messages`.

Nothing goes over the network. Any process may write the rows; the one that a page is connected to shows them.
Where Telegram would say no, this says no in the same words, so the rest of the bot needs to know nothing.

Bodies, as JSON: of a message from the bot `{"text": spans, "inline": [[{"t": label, "d": data} or
{"t": label, "u": url}]], "reply": [[label or {"place": label}]], "remove": true}`, keyboards only where there are any;
a key `place` sends where the visitor is. Of a message from a visitor `{"text": …}`, with `"start": true` where the page
greeted by itself; of a notice `{"text": …, "alert": true}`. Beside the text, or in its place, in both directions:
`"files": [{"key", "kind", "name", "mime", "size", "width", "height", "seconds"}]`, known ones only, or
`{"kind", "name", "missing": true}` for one that is not to be had; `"place": {"lat", "lon"}`;
`"contact": {"phone", "name"}`.

Where Telegram wants a file uploaded, this takes the key of a row of `files`, anybody's: the visitor is given a row of
their own of the same content, and no bytes move.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import orjson
from telegram.request import BaseRequest, RequestData

from bot import markup
from bot.markup import Spans
from bot.platforms.base import Platform
from bot.platforms.enclosing import Enclosed, Names, Part
from bot.store import Store, Unit
from bot.store.files import File
from bot.store.web import WebMessage

Answer = dict[str, Any]
ME = {"id": 0, "is_bot": True, "first_name": "Hamyar 14", "username": "hamyar14_web"}
TOKEN = "0:page"  # noqa: S105 - python-telegram-bot wants one; it opens nothing
LONGEST = 16_000
MOST_FILES = 10
"""In one message, as everywhere in the Bot API."""
BESIDE_TEXT = ("files", "place", "contact")


class Refused(Exception):
    """A request that a Bot API would answer with `ok: false`."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


class WebRequest(BaseRequest):
    """Answers python-telegram-bot from the database. `changed` is told the visitor after each commit."""

    def __init__(self, store: Store, changed: Callable[[int], None]) -> None:
        self._store = store
        self._changed = changed

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open: the store is open already."""

    async def shutdown(self) -> None:
        """Nothing to close: whoever opened the store closes it."""

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 - GET and POST are one
        request_data: RequestData | None = None,
        *timeouts: Any,  # noqa: ANN401, ARG002 - upstream's sentinels
        **named: Any,  # noqa: ANN401, ARG002 - upstream's signature
    ) -> tuple[int, bytes]:
        """Do what the last part of the address names."""
        name = urlsplit(url).path.rpartition("/")[2]
        parameters: Answer = dict(request_data.parameters) if request_data else {}
        try:
            result = await self._answer(name.lower(), parameters)
        except Refused as refused:
            answer = {"ok": False, "error_code": refused.status, "description": str(refused)}
            return refused.status, orjson.dumps(answer)
        return 200, orjson.dumps({"ok": True, "result": result})

    async def _answer(self, name: str, parameters: Answer) -> Answer | list[Answer] | bool:
        if name == "getme":
            return ME
        if name not in METHODS:
            raise Refused(404, "Not Found: method not found")
        visitor_id = _visitor(name, parameters)
        work = METHODS[name]
        result = await self._store.write(lambda unit: work(unit, visitor_id, parameters))
        self._changed(visitor_id)
        return result


class Web(Platform):
    """The page, as delivery sees it. Nothing is fetched: what visitors write comes in by itself."""

    name = "web"
    by_key = True
    parse_mode = None

    def __init__(self, request: WebRequest) -> None:
        super().__init__(TOKEN, "page://", request, request)

    async def fetch(self, offset: int | None, wait_s: int) -> list[Any]:  # noqa: ARG002 - as every platform
        """Never anything new."""
        await asyncio.sleep(wait_s)
        return []

    def parts(self, files: Sequence[Enclosed], known: Names) -> list[Part]:  # noqa: ARG002 - as every platform
        return [Part(file, file.kind, file.key) for file in files]

    def render(self, spans: Spans) -> str:
        return orjson.dumps(markup.to_json(spans)).decode()


def _send(unit: Unit, visitor_id: int, parameters: Answer) -> Answer:
    body = {"text": _spans(parameters.get("text"))} | _keyboard(parameters.get("reply_markup"))
    return _message(visitor_id, _present(unit.web.sent(visitor_id, _json(body))))


def _send_file(kind: str) -> Callable[[Unit, int, Answer], Answer]:
    def send(unit: Unit, visitor_id: int, parameters: Answer) -> Answer:
        files = _given(unit, visitor_id, [(kind, str(parameters.get(kind)))])
        return _send_media(unit, visitor_id, parameters, {"files": files} | _caption(parameters))

    return send


def _send_album(unit: Unit, visitor_id: int, parameters: Answer) -> list[Answer]:
    """One message on the page; answered as if it were several, as the Bot API has it."""
    found = parameters.get("media")
    parts = orjson.loads(found) if isinstance(found, str) else found
    if not isinstance(parts, list) or not 1 <= len(parts) <= MOST_FILES:
        raise Refused(400, "Bad Request: media must be a list of 1 to 10")
    files = _given(unit, visitor_id, [(str(part.get("type")), str(part.get("media"))) for part in parts])
    caption: Answer = next((part for part in parts if _caption(part)), {})
    message = _send_media(unit, visitor_id, parameters, {"files": files} | _caption(caption))
    return [message] * len(parts)


def _send_place(unit: Unit, visitor_id: int, parameters: Answer) -> Answer:
    try:
        place = {"lat": float(parameters["latitude"]), "lon": float(parameters["longitude"])}
    except (LookupError, TypeError, ValueError):
        raise Refused(400, "Bad Request: wrong latitude or longitude") from None
    return _send_media(unit, visitor_id, parameters, {"place": place})


def _send_contact(unit: Unit, visitor_id: int, parameters: Answer) -> Answer:
    if not parameters.get("phone_number"):
        raise Refused(400, "Bad Request: phone number is empty")
    contact = {"phone": str(parameters["phone_number"]), "name": str(parameters.get("first_name") or "")}
    return _send_media(unit, visitor_id, parameters, {"contact": contact})


def _send_media(unit: Unit, visitor_id: int, parameters: Answer, body: Answer) -> Answer:
    whole = body | _keyboard(parameters.get("reply_markup"))
    return _message(visitor_id, _present(unit.web.sent(visitor_id, _json(whole))))


def _given(unit: Unit, visitor_id: int, wanted: list[tuple[str, str]]) -> list[Answer]:
    """Files by (kind, key), as the visitor may see them from now on."""
    _present(unit.web.seqs([visitor_id]).get(visitor_id))
    found = unit.files.find([key for _, key in wanted])
    bodies = []
    for kind, key in wanted:
        file = found.get(key)
        if file is not None and file.there and (file.platform, file.chat_id) != ("web", visitor_id):
            file = unit.files.give("web", visitor_id, file)
        bodies.append({"kind": kind, "missing": True} if file is None else file_body(file))
    return bodies


def file_body(file: File) -> Answer:
    """A file as a body holds it."""
    if not file.there:
        return {"kind": file.kind, "missing": True} | ({"name": file.name} if file.name else {})
    known = {
        name: getattr(file, name) for name in ("key", "kind", "name", "mime", "size", "width", "height", "seconds")
    }
    return {name: value for name, value in known.items() if value is not None}


def _edit_text(unit: Unit, visitor_id: int, parameters: Answer) -> Answer:
    return _edit_words(unit, visitor_id, parameters, {"text": _spans(parameters.get("text"))})


def _edit_caption(unit: Unit, visitor_id: int, parameters: Answer) -> Answer:
    return _edit_words(unit, visitor_id, parameters, _caption(parameters))


def _edit_words(unit: Unit, visitor_id: int, parameters: Answer, words: Answer) -> Answer:
    """As everywhere: new words without a keyboard take the old keyboard away. What is beside them stays."""
    old = orjson.loads(_stored(unit, visitor_id, parameters).body)
    inline = _keyboard(parameters.get("reply_markup")).get("inline")
    body = {name: old[name] for name in BESIDE_TEXT if name in old} | words | ({"inline": inline} if inline else {})
    return _edit(unit, visitor_id, parameters, body)


def _edit_keyboard(unit: Unit, visitor_id: int, parameters: Answer) -> Answer:
    body = orjson.loads(_stored(unit, visitor_id, parameters).body)
    body.pop("inline", None)
    inline = _keyboard(parameters.get("reply_markup")).get("inline")
    return _edit(unit, visitor_id, parameters, body | ({"inline": inline} if inline else {}))


def _edit(unit: Unit, visitor_id: int, parameters: Answer, body: Answer) -> Answer:
    old = _stored(unit, visitor_id, parameters)
    if orjson.loads(old.body) == body:
        raise Refused(400, "Bad Request: message is not modified")
    edited = _present(unit.web.edit(visitor_id, old.id, _json(body)))
    return _message(visitor_id, edited)


def _delete(unit: Unit, visitor_id: int, parameters: Answer) -> bool:
    if not unit.web.take_back(visitor_id, _number(parameters.get("message_id"))):
        _present(unit.web.seqs([visitor_id]).get(visitor_id))
        raise Refused(400, "Bad Request: message to delete not found")
    return True


def _acknowledge(unit: Unit, visitor_id: int, parameters: Answer) -> bool:
    text = str(parameters.get("text") or "")
    if text:
        body = {"text": text} | ({"alert": True} if _truth(parameters.get("show_alert")) else {})
        _present(unit.web.notice(visitor_id, _json(body)))
    return True


def _typing(_unit: Unit, _visitor_id: int, _parameters: Answer) -> bool:
    return True  # the page shows by itself that an answer is on its way


METHODS: dict[str, Callable[[Unit, int, Answer], Answer | list[Answer] | bool]] = {
    "sendmessage": _send,
    **{f"send{kind}": _send_file(kind) for kind in ("photo", "video", "voice", "audio", "document")},
    "sendmediagroup": _send_album,
    "sendlocation": _send_place,
    "sendcontact": _send_contact,
    "editmessagetext": _edit_text,
    "editmessagecaption": _edit_caption,
    "editmessagereplymarkup": _edit_keyboard,
    "deletemessage": _delete,
    "answercallbackquery": _acknowledge,
    "sendchataction": _typing,
}


def press_id(visitor_id: int, update_id: int) -> str:
    """The name of a button press, by which its acknowledgement finds the visitor."""
    return f"{visitor_id}.{update_id}"


def _visitor(name: str, parameters: Answer) -> int:
    if name == "answercallbackquery":
        return _number(str(parameters.get("callback_query_id")).partition(".")[0])
    return _number(parameters.get("chat_id"))


def _number(value: object) -> int:
    text = str(value)
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise Refused(400, "Bad Request: not a number")
    return int(text)


def _truth(value: object) -> bool:
    return str(value).lower() in {"true", "1"}


def _present(found: Any) -> Any:  # noqa: ANN401 - hands on what it was given
    if found is None:
        raise Refused(403, "Forbidden: bot was blocked by the user")
    return found


def _stored(unit: Unit, visitor_id: int, parameters: Answer) -> WebMessage:
    found = unit.web.find(visitor_id, _number(parameters.get("message_id")))
    if found is None or found.kind != "out":
        _present(unit.web.seqs([visitor_id]).get(visitor_id))
        raise Refused(400, "Bad Request: message to edit not found")
    return found


def _spans(text: object) -> list[list[str]]:
    """The text: JSON as `Web.render` writes it and nothing else, so nobody's words are read as marks."""
    try:
        found = orjson.loads(str(text or ""))
        parts = [[str(piece) for piece in part] for part in found if part[0] in ("", "b", "a")]
    except (orjson.JSONDecodeError, TypeError, LookupError):
        raise Refused(400, "Bad Request: can't parse entities") from None
    length = sum(len(part[1]) for part in parts if len(part) > 1)
    if not 0 < length <= LONGEST:
        raise Refused(400, f"Bad Request: message {'is too long' if length else 'text is empty'}")
    return parts


def _caption(parameters: Answer) -> Answer:
    """Words under files, where there are any."""
    caption = parameters.get("caption")
    return {} if caption in {None, "", "[]"} else {"text": _spans(caption)}


def _keyboard(given: object) -> Answer:
    """A keyboard of the Bot API in the page's form."""
    found = orjson.loads(given) if isinstance(given, str) else given
    if not isinstance(found, dict):
        return {}
    if found.get("inline_keyboard"):
        return {"inline": [[_button(button) for button in row] for row in found["inline_keyboard"]]}
    if found.get("keyboard"):
        return {"reply": [[_key(key) for key in row] for row in found["keyboard"]]}
    return {"remove": True} if found.get("remove_keyboard") else {}


def _button(button: Answer) -> dict[str, str]:
    if button.get("url"):
        return {"t": str(button["text"]), "u": str(button["url"])}
    return {"t": str(button["text"]), "d": str(button.get("callback_data") or "")}


def _key(key: object) -> str | dict[str, str]:
    if isinstance(key, dict) and key.get("request_location"):
        return {"place": str(key["text"])}
    return str(key["text"]) if isinstance(key, dict) else str(key)


def _json(body: Answer) -> str:
    return orjson.dumps(body).decode()


def _message(visitor_id: int, row: WebMessage) -> Answer:
    """A stored message as a Bot API answers it."""
    message = {
        "message_id": row.id,
        "date": row.created_at // 1000,
        "chat": {"id": visitor_id, "type": "private"},
        "from": ME,
        "text": plain(row.body),
    }
    return message | ({"edit_date": row.edited_at // 1000} if row.edited_at else {})


def plain(body: str) -> str:
    """The words of a message alone."""
    text = orjson.loads(body).get("text", "")
    return text if isinstance(text, str) else markup.plain(markup.from_json(text))
