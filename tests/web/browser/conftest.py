"""A browser before the real service, and Sara in it.

Starting a browser takes longer than most of what is done in it, so there is one for all tests of a process, and with it
one event loop: what stands in `tests/conftest.py` on a loop of each test's own is overridden here.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.app import App
from bot.clock import Clock
from tests.ports import free_port
from tests.web.window import Window, launched, window


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Called with the tests of all folders."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def options(tmp_path: Path) -> dict[str, Any]:
    """One port for the whole test, so that the service comes back where it was."""
    return {"web": {"port": free_port()}, "media": {"folder": str(tmp_path / "media")}}


@pytest_asyncio.fixture(loop_scope="session")
async def app(start: Any) -> AsyncIterator[App]:  # noqa: ANN401 - see start
    async with start() as app:
        yield app


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def browser(running_browser: Browser) -> AsyncIterator[Browser]:
    """A browser in which nobody has left anything behind."""
    yield running_browser
    for context in running_browser.contexts:
        await context.close()


@pytest.fixture
def address(app: App) -> str:
    assert app.address is not None
    return app.address


@pytest_asyncio.fixture(loop_scope="session")
async def sara(browser: Browser, address: str) -> AsyncIterator[Window]:
    """Sara has opened the page and was greeted. Nothing may go wrong behind her back."""
    sara = await window(browser, address)
    await sara.open()
    await sara.greeted()
    yield sara
    assert sara.troubles == []
