"""Bale: a Bot API that follows Telegram's, with differences. All of them are here.

Sources: docs.bale.ai, read 2026-10; what public bots report from the live service. Nothing here was tried with a
token of ours.

* Every text is rendered as Bale's own Markdown (`bale_markdown.py`).
* Fields that python-telegram-bot requires may be absent; what comes is mended before it is parsed (`bale_repairs.py`).
* 404 means an unknown chat, or a hiccup of the gateway: never a bad token. A bad token is a 403.
* `bot limit exceed` means the same as 429.
* Webhooks have neither a secret nor options: what keeps strangers out is the path. Who may deliver twice is not said.
* Groups have numbers like people, so a number alone does not tell; there are no supergroups, no topics, and no word
  when the bot is put out: a 403 tells. No pace for groups is published, so the usual one holds.
* Edits answer with a stub whose number means nothing. Commands may come without entities, so nobody relies on them.
"""

import json
from collections.abc import Mapping
from typing import Any

from bot.errors import Undelivered
from bot.markup import Spans
from bot.platforms import bale_markdown, bale_repairs
from bot.platforms.base import Body, Keyboard, Platform, Verdict, gone
from bot.platforms.request import DEFAULT_WAIT_SECONDS, AiohttpRequest, Answer

UNKNOWN_CHAT = "no such group or user"


class BaleRequest(AiohttpRequest):
    """Puts Bale's answers into the form that python-telegram-bot understands rightly."""

    as_json = False  # of Bale only forms are known to take every number as it is

    def succeeded(self, answer: Answer, payload: bytes) -> bytes:
        """A message that comes back is mended like one that comes in: if it could not be read, it would seem unsent."""
        result = answer["result"]
        if not isinstance(result, dict) or "chat" not in result:
            return payload
        mended = bale_repairs.message(bale_repairs.without_nulls(result))
        return json.dumps(answer | {"result": mended}).encode()  # takes half a character in somebody's name, too

    def refused(self, called: str, code: int, answer: Answer) -> int:
        description = str(answer.get("description") or "").lower()
        if code == 403 and "token not found" in description:
            return 401
        if code == 404:
            # An edit that finds nothing is sent anew; whatever else is not found was a moment ago, and will be again.
            return 400 if UNKNOWN_CHAT in description or called.startswith("edit") else 502
        return code


class Bale(Platform):
    """What differs from Telegram, nothing more."""

    name = "bale"
    learns_pace = True
    requests = BaleRequest
    parse_mode = None
    verdicts = (
        Verdict(UNKNOWN_CHAT, gone),
        Verdict("chat_id: must be a valid value", gone),
        Verdict(
            "limit exceed",
            lambda text: Undelivered(text, retry_ms=int(DEFAULT_WAIT_SECONDS * 1000), flood=True),
        ),
    )

    def repair(self, update: dict[str, Any]) -> dict[str, Any]:
        return bale_repairs.update(update)

    def render(self, spans: Spans) -> str:
        return bale_markdown.render(spans)

    async def publish(self, commands: Mapping[str, str]) -> None:
        """Bale documents no method for it: the list is written once, in its @botfather."""

    def shows_words(self, press_id: str) -> bool:
        """A press whose number begins with 1 comes from a client that is too old."""
        return not press_id.startswith("1")

    def content(self, body: Body, under: Keyboard | None) -> dict[str, Any]:
        return super().content(body, _documented(under))


def _documented(under: Keyboard | None) -> Keyboard | None:
    """Reply keyboards with the fields that Bale documents, and no others."""
    return {"keyboard": under["keyboard"]} if under and "keyboard" in under else under
