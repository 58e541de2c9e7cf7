"""Both servers and a bot for each. Used by the tests of the fake only."""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
import pytest_asyncio
from telegram import Bot

from tests.botapi import BotApi, faults, limits
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


class Clock:
    """Seconds that stand until they are set. The event loop keeps its own."""

    now: float = 1000

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stands still for limits and storms."""
    clock = Clock()
    for module in (faults, limits):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=clock))
    return clock
