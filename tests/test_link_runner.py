"""Links of drafts are asked beside, and what they answered is there at the next look."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot import link_runner, linkcheck
from bot.leader import Leader
from bot.link_runner import LinkRunner
from bot.store import Store
from tests.conftest import FakeClock

HOUSE = "127.0.0.1"
HOUR = 3_600_000


@pytest.fixture(autouse=True)
def really(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere all links answer."""
    monkeypatch.setattr(link_runner, "answers", linkcheck.answers)


@pytest.fixture
async def base() -> AsyncIterator[str]:
    """A site with one page."""
    app = web.Application()

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app.router.add_get("/here", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, HOUSE, 0)
    await site.start()
    yield f"http://{HOUSE}:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_links_are_checked_once_an_hour(database: str, base: str) -> None:
    clock = FakeClock()
    store = Store(database, clock)
    urls = [f"{base}/here", f"{base}/gone", "http://10.0.0.1/inside"]
    checks = LinkRunner(store, Leader(store, "herald", "test"), (HOUSE,))
    try:
        await store.write(lambda unit: unit.links.ask([*urls, "https://example.org/" + "x" * 600], HOUR))
        assert await store.read(lambda unit: unit.links.outcomes(urls)) == dict.fromkeys(urls)

        await checks.look()

        outcomes = dict(zip(urls, ("alive", "missing", "refused"), strict=True))
        assert await store.read(lambda unit: unit.links.outcomes(urls)) == outcomes
        await store.write(lambda unit: unit.links.ask(urls, HOUR))
        assert await store.read(lambda unit: unit.links.waiting(9)) == []
    finally:
        await store.close()
