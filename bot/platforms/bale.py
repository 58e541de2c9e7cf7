"""Bale: a Bot API that follows Telegram's, with differences. All of them are here.

Sources: docs.bale.ai, read 2026-10; what public bots report from the live service. Nothing here was tried with a token of ours.

* Every text is rendered as Bale's own Markdown and there is no documented escape, so marks in plain text are neutralised.
* Fields that python-telegram-bot requires may be absent; updates are mended before they are parsed.
* 404 means an unknown chat or method, or a hiccup of the gateway: never a bad token. A bad token is a 403.
* 429 may come without a delay, as plain text; `ok: false` may come with status 200.
* Edits answer with a stub (message 0); commands may come without entities; replies are by `reply_to_message_id`.
"""

import re
from typing import Any

import orjson
from telegram import KeyboardButton, Message, ReplyKeyboardMarkup
from telegram.request import RequestData

from bot import markup
from bot.config import Messenger
from bot.errors import Undelivered
from bot.markup import Span, Spans
from bot.platforms.base import Body, Keyboard, Platform, Verdict, gone, keyboard, not_editable
from bot.platforms.request import AiohttpRequest

DEFAULT_RETRY_S = 5
# Bale's marks work at the edge of a word; an invisible character after each takes that away and is never seen.
_MARKS = re.compile(r"([*_\[\]()`])")
_ZERO_WIDTH_SPACE = "\u200b"

# What python-telegram-bot requires and Bale may leave out.
_REQUIRED: dict[str, dict[str, object]] = {
    "from": {"is_bot": False, "first_name": ""},
    "chat": {"type": "private"},
    "voice": {"duration": 0},
    "audio": {"duration": 0},
    "video": {"width": 0, "height": 0, "duration": 0},
    "animation": {"width": 0, "height": 0, "duration": 0},
    "sticker": {"width": 0, "height": 0, "is_animated": False, "is_video": False, "type": "regular"},
    "contact": {"first_name": "", "phone_number": ""},
    "web_app_data": {"button_text": ""},
}
_FILES = ("voice", "audio", "video", "animation", "sticker", "document")


def unknown_token(text: str) -> Undelivered:
    return Undelivered(text, retry_ms=30_000, ours=True)


class BaleRequest(AiohttpRequest):
    """Puts Bale's answers into the form that python-telegram-bot understands rightly."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,  # noqa: ANN401 - upstream's sentinels
        **named: Any,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        code, payload = await super().do_request(url, method, request_data, *timeouts, **named)
        return understood(code, payload, polling="/getUpdates" in url)


def understood(code: int, payload: bytes, *, polling: bool) -> tuple[int, bytes]:
    """Map Bale's (status, body) to what Telegram would have answered."""
    try:
        answer = orjson.loads(payload)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict):
        answer = {}
    if code == 200:
        if answer.get("ok", True):
            return code, payload
        code = _as_status(answer.get("error_code"))
    description = str(answer.get("description") or "")
    if code == 403 and "token not found" in description.lower():
        return 401, payload
    if code == 404:
        return (502 if polling else 400), payload
    if code == 429 and not _retry_after(answer):
        return 429, orjson.dumps(
            {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests",
                "parameters": {"retry_after": DEFAULT_RETRY_S},
            }
        )
    return code, payload


class Bale(Platform):
    """What differs from Telegram, nothing more."""

    name = "bale"
    parse_mode = None
    verdicts = (
        Verdict("token not found", unknown_token),
        Verdict("permission_denied", gone),
        Verdict("no such group or user", gone),
        Verdict("chat_id: must be a valid value", gone),
        Verdict("message to edit not found", not_editable),
        Verdict("message can't be edited", not_editable),
        Verdict("limit exceed", lambda text: Undelivered(text, retry_ms=DEFAULT_RETRY_S * 1000, flood=True)),
    )

    @classmethod
    def from_settings(cls, settings: Messenger, token: str) -> "Bale":
        return cls(
            token,
            settings.api_url,
            BaleRequest(proxy=settings.proxy, connections=settings.in_flight),
            BaleRequest(proxy=settings.proxy, connections=2),
        )

    def repair(self, update: dict[str, Any]) -> dict[str, Any]:
        for key in ("message", "edited_message"):
            _repair_message(update.get(key))
        press = update.get("callback_query")
        if isinstance(press, dict):
            press.setdefault("chat_instance", "")
            _fill(press, "from")
            _repair_message(press.get("message"))
        return update

    def render(self, spans: Spans) -> str:
        return "".join(_markdown(span) for span in spans)

    async def acknowledge(self, press_id: str, text: str) -> None:
        """An id that begins with 1 comes from a client too old to show the word; the button stops spinning all the same."""
        await super().acknowledge(press_id, "" if press_id.startswith("1") else text)

    async def _send(self, chat_id: int, body: Body) -> Message:
        return await self.bot.send_message(
            chat_id, self.render(markup.from_json(body["text"])), reply_markup=_documented(keyboard(body))
        )

    def _preview_off(self) -> dict[str, Any]:
        return {}


def _documented(markup_: Keyboard | None) -> Keyboard | None:
    """Reply keyboards with the fields that Bale documents, and no others."""
    if not isinstance(markup_, ReplyKeyboardMarkup):
        return markup_
    return ReplyKeyboardMarkup([[KeyboardButton(button.text) for button in row] for row in markup_.keyboard])


def _markdown(span: Span) -> str:
    if span.style == "b":
        return f"*{_neutral(span.text)}*"
    if span.style == "a":
        return f"[{_neutral(span.text)}]({span.url})"
    return _neutral(span.text)


def _neutral(text: str) -> str:
    return _MARKS.sub(rf"\1{_ZERO_WIDTH_SPACE}", text)


def _repair_message(message: object) -> None:
    if not isinstance(message, dict):
        return
    message.setdefault("date", 0)
    for part in _REQUIRED:
        _fill(message, part)
    for part in _FILES:
        _name_file(message.get(part))
    for photo in message.get("photo") or ():
        if isinstance(photo, dict):
            photo.setdefault("width", 0)
            photo.setdefault("height", 0)
            _name_file(photo)
    _repair_message(message.get("reply_to_message"))


def _fill(holder: dict[str, Any], part: str) -> None:
    """Null counts as absent: a part without content goes, a missing field of a part is filled."""
    if part in holder and holder[part] is None:
        del holder[part]
    content = holder.get(part)
    if isinstance(content, dict):
        for field, value in _REQUIRED[part].items():
            if content.get(field) is None:
                content[field] = value


def _name_file(file: object) -> None:
    if isinstance(file, dict) and "file_id" in file:
        file.setdefault("file_unique_id", file["file_id"])


def _as_status(code: object) -> int:
    return code if isinstance(code, int) and 400 <= code < 600 else 400


def _retry_after(answer: dict[str, Any]) -> bool:
    parameters = answer.get("parameters")
    return isinstance(parameters, dict) and bool(parameters.get("retry_after"))
