"""Both servers and a bot for each. Used by the tests of the fake only."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import Bot

from tests.botapi import BotApi
from tests.botapi.request import bot_of


@pytest.fixture
def api() -> BotApi:
    return BotApi("telegram")


@pytest.fixture
def bale() -> BotApi:
    return BotApi("bale")


@pytest_asyncio.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with bot_of(api) as bot:
        yield bot


@pytest_asyncio.fixture
async def bale_bot(bale: BotApi) -> AsyncIterator[Bot]:
    async with bot_of(bale) as bot:
        yield bot
