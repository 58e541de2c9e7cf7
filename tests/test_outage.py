"""The database is away for a while: nothing is lost, all goes on by itself, and everyone is told the truth."""

import asyncio
import logging
from typing import Any

import aiohttp
import pytest

from bot import leader, outage, parts, switchboard
from bot.app import App
from bot.errors import StoreDown
from bot.log import CALM_SECONDS, Calm
from tests.botapi import BotApi
from tests.citizen import PATIENCE, Citizen, inbox_rows, settled, wait_until
from tests.conftest import BOTH_ENGINES
from tests.outage import away

OPERATOR = 900


@pytest.fixture(params=BOTH_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def api(telegram: BotApi) -> BotApi:
    """Which messenger it is, the database does not know."""
    return telegram


@pytest.fixture
def options() -> dict[str, Any]:
    return {"operators": {"chat_ids": [f"telegram:{OPERATOR}"]}, "metrics": {"enabled": True, "port": 0}}


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute passes in a moment."""
    monkeypatch.setattr(parts, "RESTART_SECONDS", 0.05)
    monkeypatch.setattr(switchboard, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(leader, "RENEW_SECONDS", 0.05)
    monkeypatch.setattr(outage, "AWAY_SECONDS", 0.1)


async def test_what_is_written_meanwhile_is_answered_once_afterwards_and_in_order(
    app: App, api: BotApi, sara: Citizen, reza: Citizen, caplog: pytest.LogCaptureFixture
) -> None:
    for text in ("/help", "/privacy"):
        await reza.send(text)
    with away(app.store):
        for text in ("/help", "/privacy"):
            api.say(sara.user_id, text)
        await wait_until(lambda: caplog.text.count("part_waits_for_database") > 10)
    await settled(app, api)

    assert sara.screen == reza.screen
    assert [row["state"] for row in await inbox_rows(app)] == [1] * 4
    assert await sara.send("/help")


async def test_turns_that_lose_the_database_half_way_are_done_afterwards(
    app: App, api: BotApi, sara: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chat was claimed, then the turn could not be written."""
    await sara.send("/start")
    turn = switchboard.Switchboard._turn
    fails = [StoreDown("gone")] * 2

    def broken(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - as the original
        if fails:
            raise fails.pop()
        return turn(*args, **named)

    monkeypatch.setattr(switchboard.Switchboard, "_turn", broken)

    assert await sara.send("/help")
    assert [row["state"] for row in await inbox_rows(app)] == [1, 1]


async def test_operators_are_told_straight_and_health_says_so(app: App, telegram: BotApi) -> None:
    telegram.meet(OPERATOR)
    assert app.work is not None
    watch = app.work.watch
    await wait_until(lambda: watch._leader.leads)
    async with aiohttp.ClientSession(app.private_address) as browser:
        with away(app.store):
            await wait_until(lambda: telegram.seen(OPERATOR))
            async with browser.get("/health") as answer:
                assert answer.status == 503
                assert (await answer.json())["faults"] == ["database: does not answer"]
            async with browser.get("/metrics") as answer:
                assert "hamyar14_database_up 0.0" in await answer.text()
        await wait_until(lambda: len(telegram.seen(OPERATOR)) == 2)

    assert [seen.text[0] for seen in telegram.seen(OPERATOR)] == ["⛔", "✅"]
    assert await eventually_well(app)


async def eventually_well(app: App) -> bool:
    async with asyncio.timeout(PATIENCE):
        while await app.health():
            await asyncio.sleep(0.05)
    return True


async def test_a_page_is_asked_to_come_back_and_goes_on_by_itself(app: App) -> None:
    assert app.address is not None
    message = {"client_id": "abcdefgh", "text": "سلام"}
    async with aiohttp.ClientSession(app.address, cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        await browser.get("/")
        with away(app.store):
            for ask in (browser.post("/api/messages", json=message), browser.get("/api/history")):
                async with ask as answer:
                    assert answer.status == 503
                    assert int(answer.headers["Retry-After"]) == (await answer.json())["wait"] > 0
            async with browser.get("/") as page:
                assert page.status == 200
        async with browser.post("/api/messages", json=message) as answer:
            assert (answer.status, (await answer.json())["ok"]) == (200, True)


async def test_a_stop_without_the_database_still_stops(start: Any) -> None:  # noqa: ANN401 - see start
    async with start() as app:
        gone = away(app.store)
        gone.__enter__()
        async with asyncio.timeout(PATIENCE):
            await app.stop()
        gone.__exit__(None, None, None)


def record(name: str, error: BaseException | None, at: float) -> logging.LogRecord:
    exc = (type(error), error, None) if error is not None else None
    found = logging.getLogger("bot").makeRecord("bot", logging.ERROR, "f", 1, name, (), exc)
    found.created = at
    return found


def test_the_log_says_it_once_a_minute_and_how_often_it_did_not() -> None:
    calm = Calm()
    said = [found for n in range(90) if calm.filter(found := record("claim_failed", StoreDown("gone"), 1000.0 + n))]

    assert [found.created for found in said] == [1000.0, 1000.0 + CALM_SECONDS]
    assert said[1].unsaid == CALM_SECONDS - 1  # type: ignore[attr-defined]  # a field of the log


def test_nothing_else_is_held_back() -> None:
    calm = Calm()
    others = [record("claim_failed", error, 1000.0) for error in (ValueError("x"), ValueError("x"), None, None)]

    assert all(calm.filter(found) for found in others)
    assert calm.filter(record("a", StoreDown("gone"), 1000.0))
    assert calm.filter(record("b", StoreDown("gone"), 1000.0))
