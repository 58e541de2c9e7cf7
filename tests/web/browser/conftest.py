"""A browser before the real service, and Sara in it."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from bot.app import App
from bot.clock import Clock
from tests.web.window import Window, launched, window


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def options(tmp_path: Path) -> dict[str, Any]:
    """One port for the whole test, so that the service comes back where it was."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return {"web": {"port": free.getsockname()[1]}, "media": {"folder": str(tmp_path / "media")}}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest.fixture
def address(app: App) -> str:
    assert app.address is not None
    return app.address


@pytest.fixture
async def sara(browser: Browser, address: str) -> AsyncIterator[Window]:
    """Sara has opened the page and was greeted. Nothing may go wrong behind her back."""
    sara = await window(browser, address)
    await sara.open()
    await sara.greeted()
    yield sara
    assert sara.troubles == []
