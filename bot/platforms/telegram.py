"""Telegram: text as HTML, the error texts it really sends."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from html import escape
from typing import Any, TypeVar

from bot.errors import Undelivered
from bot.markup import Span, Spans
from bot.platforms.base import Body, Keyboard, Platform, Verdict, gone
from bot.platforms.enclosing import Enclosed, Names
from bot.platforms.hooked import CONNECTIONS

Sent = TypeVar("Sent")

GROUP_PER_MINUTE = 20
"""core.telegram.org/bots/faq, «My bot is hitting limits»."""
_NO_PREVIEW = {"is_disabled": True}
_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")


class Telegram(Platform):
    """Sources of the texts: core.telegram.org/bots/api and telegram-bot-api's `Client.cpp`."""

    name = "telegram"
    parse_mode = "HTML"
    wanted = ("message", "edited_message", "callback_query", "my_chat_member")
    hook_header = "X-Telegram-Bot-Api-Secret-Token"
    verdicts = (
        # Whatever comes as 403 means the same; these come as 400.
        Verdict("chat not found", gone),
        Verdict("peer_id_invalid", gone),
        Verdict("user_is_blocked", gone),
        Verdict("input_user_deactivated", gone),
    )

    def most_a_minute(self, chat_id: int) -> int | None:
        return GROUP_PER_MINUTE if self.is_group(chat_id) else None

    def render(self, spans: Spans) -> str:
        return "".join(_html(span) for span in spans)

    def content(self, body: Body, under: Keyboard | None) -> dict[str, Any]:
        return super().content(body, under) | {"link_preview_options": _NO_PREVIEW}

    def is_group(self, chat_id: int) -> bool:
        """Numbers of groups, supergroups and channels are below zero."""
        return chat_id < 0

    def hook_options(self) -> dict[str, Any]:
        return {"secret_token": self.hook_secret, "allowed_updates": self.wanted, "max_connections": CONNECTIONS}

    def where(self, body: Body) -> dict[str, Any]:
        return {"message_thread_id": body["thread"]} if "thread" in body else {}

    async def send(self, chat_id: int, body: Body) -> int:
        return await _in_topic(body, partial(super().send, chat_id))

    async def send_files(self, chat_id: int, body: Body, files: Sequence[Enclosed], known: Names) -> tuple[int, Names]:
        sending = super().send_files
        return await _in_topic(body, lambda told: sending(chat_id, told, files, known))

    async def send_spot(self, chat_id: int, body: Body) -> int:
        return await _in_topic(body, partial(super().send_spot, chat_id))

    async def send_contact(self, chat_id: int, body: Body) -> int:
        return await _in_topic(body, partial(super().send_contact, chat_id))


async def _in_topic(body: Body, send: Callable[[Body], Awaitable[Sent]]) -> Sent:
    """Into the topic of a forum that was written in; if that is closed or gone, into the group."""
    try:
        return await send(body)
    except Undelivered as error:
        if "thread" not in body or not any(said in error.reason.lower() for said in _NO_TOPIC):
            raise
    return await send({key: part for key, part in body.items() if key != "thread"})


def _html(span: Span) -> str:
    text = escape(span.text, quote=False)
    if span.style == "b":
        return f"<b>{text}</b>"
    if span.style == "a":
        return f'<a href="{escape(span.url)}">{text}</a>'
    return text
