"""A platform of ours, connected over HTTP to the Bot API server of the tests."""

import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

import pytest

from bot import config, markup, outbox
from bot.errors import Undelivered
from bot.outbox import NO_KEYBOARD, Keyboard
from bot.platforms import Platform
from bot.platforms.bale import Bale
from bot.platforms.base import Body
from bot.platforms.telegram import Telegram
from tests.botapi import BotApi, serve


@asynccontextmanager
async def opened(api: BotApi, token: str | None = None) -> AsyncIterator[Platform]:
    """The platform whose dialect the server speaks."""
    async with serve(api) as url:
        platform: Platform = (
            Telegram.from_settings(config.Telegram(api_url=url), token or api.token)
            if api.dialect.name == "telegram"
            else Bale.from_settings(config.Bale(api_url=url), token or api.token)
        )
        await platform.open()
        try:
            yield platform
        finally:
            await platform.close()


def body(source: str, keyboard: Keyboard = NO_KEYBOARD) -> Body:
    """A message as the outbox has it, from text with marks."""
    (found,) = outbox.bodies(markup.spans(source), keyboard)
    content: Body = json.loads(found)
    return content


def plain(text: str) -> Body:
    """A message of somebody's words, none of which is a mark."""
    return {"text": [["", text]]}


async def refusal(work: Awaitable[object]) -> Undelivered:
    """The `Undelivered` that this raises."""
    with pytest.raises(Undelivered) as caught:
        await work
    return caught.value
