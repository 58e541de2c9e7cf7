"""Telegram: text as HTML, the error texts it really sends."""

from html import escape
from typing import Any

from bot.markup import Span, Spans
from bot.platforms.base import Body, Keyboard, Platform, Verdict, gone

GROUP_PER_MINUTE = 20
"""core.telegram.org/bots/faq, «My bot is hitting limits»."""
_NO_PREVIEW = {"is_disabled": True}


class Telegram(Platform):
    """Sources of the texts: core.telegram.org/bots/api and telegram-bot-api's `Client.cpp`."""

    name = "telegram"
    parse_mode = "HTML"
    verdicts = (
        # Whatever comes as 403 means the same; these come as 400.
        Verdict("chat not found", gone),
        Verdict("peer_id_invalid", gone),
        Verdict("user_is_blocked", gone),
        Verdict("input_user_deactivated", gone),
    )

    def most_a_minute(self, chat_id: int) -> int | None:
        """Groups have numbers below zero."""
        return GROUP_PER_MINUTE if chat_id < 0 else None

    def render(self, spans: Spans) -> str:
        return "".join(_html(span) for span in spans)

    def content(self, body: Body, under: Keyboard | None) -> dict[str, Any]:
        return super().content(body, under) | {"link_preview_options": _NO_PREVIEW}


def _html(span: Span) -> str:
    text = escape(span.text, quote=False)
    if span.style == "b":
        return f"<b>{text}</b>"
    if span.style == "a":
        return f'<a href="{escape(span.url)}">{text}</a>'
    return text
