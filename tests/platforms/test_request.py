"""The way to a Bot API: proxies, timeouts, uploads, and what must never be told."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from aiohttp import BodyPartReader, web
from telegram import Bot
from telegram.error import NetworkError, TelegramError

from bot import config
from bot.errors import trace
from bot.log import Line, set_up
from bot.platforms.bale import Bale
from bot.platforms.request import AiohttpRequest, Unanswered
from bot.platforms.telegram import Telegram
from tests.botapi import BotApi, serve
from tests.platforms.proxies import Proxy, http_proxy, socks_proxy
from tests.platforms.site import body, refusal

SARA = 7
TOKEN = "100:secret-half"
NOWHERE = "api.nowhere.invalid"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
def api() -> BotApi:
    api = BotApi("telegram", token=TOKEN)
    api.meet(SARA)
    return api


@pytest.fixture
async def url(api: BotApi) -> AsyncIterator[str]:
    async with serve(api) as url:
        yield url


@pytest.fixture
def target(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 0


@asynccontextmanager
async def bot_at(url: str, proxy: str = "", seconds: float = 5) -> AsyncIterator[Bot]:
    request = AiohttpRequest(proxy=proxy, connections=4, seconds=seconds)
    await request.initialize()
    try:
        yield Bot(TOKEN, f"{url}/bot", request=request, get_updates_request=request)
    finally:
        await request.shutdown()


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """A server that answers everything so."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


# Proxies


async def test_an_http_proxy_is_asked_for_the_whole_address(api: BotApi, target: tuple[str, int]) -> None:
    async with http_proxy(Proxy(target)) as proxy, bot_at(f"http://{NOWHERE}", f"http://127.0.0.1:{proxy.port}") as bot:
        await bot.send_message(SARA, "سلام")

    assert proxy.asked == [f"POST http://{NOWHERE}"]
    assert [seen.text for seen in api.seen(SARA)] == ["سلام"]


async def test_an_http_proxy_connects_to_a_server_behind_tls(target: tuple[str, int]) -> None:
    async with (
        http_proxy(Proxy(target)) as proxy,
        bot_at(f"https://{NOWHERE}", f"http://127.0.0.1:{proxy.port}") as bot,
    ):
        with pytest.raises(NetworkError):  # the server of the tests speaks no TLS
            await bot.send_message(SARA, "سلام")

    assert proxy.asked == [f"CONNECT {NOWHERE}:443"]


async def test_an_http_proxy_may_want_a_password(api: BotApi, target: tuple[str, int]) -> None:
    async with http_proxy(Proxy(target, login=("hamyar", "p@ss"))) as proxy:
        async with bot_at(f"http://{NOWHERE}", f"http://hamyar:p%40ss@127.0.0.1:{proxy.port}") as bot:
            await bot.send_message(SARA, "سلام")
        async with bot_at(f"http://{NOWHERE}", f"http://hamyar:wrong@127.0.0.1:{proxy.port}") as bot:
            with pytest.raises(NetworkError):
                await bot.send_message(SARA, "سلام")

    assert (len(proxy.asked), proxy.refused, len(api.seen(SARA))) == (1, 1, 1)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_a_socks_proxy_looks_the_name_up_itself(api: BotApi, target: tuple[str, int], scheme: str) -> None:
    async with (
        socks_proxy(Proxy(target)) as proxy,
        bot_at(f"http://{NOWHERE}", f"{scheme}://127.0.0.1:{proxy.port}") as bot,
    ):
        await bot.send_message(SARA, "سلام")

    assert proxy.asked == [f"{NOWHERE}:80"]
    assert [seen.text for seen in api.seen(SARA)] == ["سلام"]


async def test_a_socks_proxy_may_want_a_password(api: BotApi, target: tuple[str, int]) -> None:
    async with socks_proxy(Proxy(target, login=("hamyar", "p@ss"))) as proxy:
        async with bot_at(f"http://{NOWHERE}", f"socks5://hamyar:p%40ss@127.0.0.1:{proxy.port}") as bot:
            await bot.send_message(SARA, "سلام")
        for login in ("hamyar:wrong@", ""):
            async with bot_at(f"http://{NOWHERE}", f"socks5://{login}127.0.0.1:{proxy.port}") as bot:
                with pytest.raises(NetworkError):
                    await bot.send_message(SARA, "سلام")

    assert (len(proxy.asked), len(api.seen(SARA))) == (1, 1)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_is_away_is_a_network_error(scheme: str) -> None:
    async with socks_proxy(Proxy(("127.0.0.1", 1))) as proxy:
        port = proxy.port
    async with bot_at(f"http://{NOWHERE}", f"{scheme}://127.0.0.1:{port}") as bot:
        with pytest.raises(NetworkError):
            await bot.send_message(SARA, "سلام")


async def test_each_platform_has_its_own_proxy_and_the_poll_uses_it_too(
    api: BotApi, target: tuple[str, int], url: str
) -> None:
    async with http_proxy(Proxy(target)) as proxy:
        there = config.Telegram(api_url=f"http://{NOWHERE}", proxy=f"http://127.0.0.1:{proxy.port}")
        telegram = Telegram.from_settings(there, TOKEN)
        bale = Bale.from_settings(config.Bale(api_url=url), TOKEN)
        for platform in (telegram, bale):
            await platform.open()
            await platform.fetch(None, 0)
            await platform.send(SARA, body("سلام"))
            await platform.close()

    assert proxy.asked == [f"POST http://{NOWHERE}"] * 2
    assert len(api.seen(SARA)) == 2


async def test_proxies_of_the_environment_are_ignored(api: BotApi, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    async with bot_at(url) as bot:
        await bot.send_message(SARA, "سلام")

    assert api.seen(SARA)


# Time


async def test_an_answer_that_does_not_come_is_not_waited_for_long(api: BotApi, url: str) -> None:
    api.faults.slow(5, "sendMessage")

    async with bot_at(url, seconds=0.05) as bot:
        with pytest.raises(Unanswered):
            await bot.send_message(SARA, "سلام")


async def test_a_long_poll_is_not_cut_short(api: BotApi, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    telegram = Telegram.from_settings(config.Telegram(api_url=url), TOKEN)
    monkeypatch.setattr(telegram._requests[1], "_seconds", 0.01)
    await telegram.open()
    poll = asyncio.create_task(telegram.fetch(None, 25))
    done, _ = await asyncio.wait([poll], timeout=0.1)
    api.say(SARA, "سلام")

    assert not done
    assert len(await poll) == 1
    await telegram.close()


async def test_a_poll_takes_no_place_from_a_message(api: BotApi, url: str) -> None:
    telegram = Telegram.from_settings(config.Telegram(api_url=url, in_flight=1), TOKEN)
    await telegram.open()
    poll = asyncio.create_task(telegram.fetch(None, 25))
    await telegram.send(SARA, body("سلام"))

    assert not poll.done()
    api.say(SARA, "سلام")
    await poll
    await telegram.close()


async def test_connections_are_used_again(url: str) -> None:
    peers: set[object] = set()

    async def answer(request: web.Request) -> web.Response:
        peers.add(request.transport and request.transport.get_extra_info("peername"))
        return web.json_response({"ok": True, "result": True})

    async with serving(answer) as there, bot_at(there) as bot:
        for _ in range(5):
            await bot.send_chat_action(SARA, "typing")

    assert len(peers) == 1


async def test_it_can_be_opened_and_closed_twice(url: str) -> None:
    request = AiohttpRequest()
    for step in (request.initialize, request.initialize, request.shutdown, request.shutdown):
        await step()

    with pytest.raises(NetworkError, match="not open"):
        await request.post(f"{url}/bot{TOKEN}/getMe")


# Uploads


async def test_a_file_is_sent_with_its_name_its_kind_and_the_rest() -> None:
    parts: dict[str, tuple[str | None, str | None, bytes]] = {}

    async def take(request: web.Request) -> web.Response:
        reader = await request.multipart()
        while isinstance(part := await reader.next(), BodyPartReader):
            parts[str(part.name)] = (part.filename, part.headers.get("Content-Type"), await part.read())
        chat = {"id": SARA, "type": "private"}
        return web.json_response({"ok": True, "result": {"message_id": 1, "date": 0, "chat": chat}})

    async with serving(take) as url, bot_at(url) as bot:
        await bot.send_photo(SARA, b"\x89PNG", filename="پل.png", caption="پل")

    assert parts["photo"] == ("پل.png", "image/png", b"\x89PNG")
    assert (parts["chat_id"][2], parts["caption"][2].decode()) == (b"7", "پل")


# Secrets


async def broken(request: web.Request) -> web.StreamResponse:
    """Ends in the middle of an answer."""
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    assert request.transport is not None
    request.transport.abort()
    return response


async def elsewhere(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(f"http://127.0.0.1:1{request.path}")


async def test_nobody_sends_us_elsewhere(api: BotApi, url: str) -> None:
    async def elsewhere(request: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect(f"{url}{request.path}")

    async with serving(elsewhere) as there, bot_at(there) as bot:
        with pytest.raises(NetworkError, match="status 307"):
            await bot.send_message(SARA, "سلام")

    assert api.calls == []


async def refusing(request: web.Request) -> web.StreamResponse:
    return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)


async def babbling(request: web.Request) -> web.StreamResponse:
    return web.Response(text=f"<html>no such page: {request.path} سلام</html>")


async def asleep(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(5)
    return web.Response()


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What the service would have logged so far, at its most talkative."""
    set_up("debug")
    return lambda: capsys.readouterr().err


@pytest.mark.parametrize("handler", [broken, elsewhere, refusing, babbling, asleep])
async def test_no_error_tells_the_token_or_a_citizens_words(handler: Handler, logged: Callable[[], str]) -> None:
    async with serving(handler) as url, bot_at(url, seconds=0.1) as bot:
        with pytest.raises(TelegramError) as caught:
            await bot.send_message(SARA, "سلام")

    told = "".join(traceback.format_exception(caught.value)) + trace(caught.value) + logged()
    assert "secret-half" not in told
    assert "سلام" not in told.replace('"سلام"', "")  # this file's own source line


async def test_no_error_of_a_proxy_tells_a_password_or_the_token(target: tuple[str, int]) -> None:
    async with (
        socks_proxy(Proxy(target, login=("hamyar", "right"))) as proxy,
        bot_at(f"http://{NOWHERE}", f"socks5://hamyar:wrong-word@127.0.0.1:{proxy.port}") as bot,
    ):
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(SARA, "سلام")

    told = "".join(traceback.format_exception(caught.value))
    assert "wrong-word" not in told
    assert "secret-half" not in told


async def test_no_line_of_the_log_tells_the_token() -> None:
    record = logging.LogRecord("x", logging.ERROR, "x", 1, f"POST https://x.ir/bot{TOKEN}/getMe", None, None)
    record.address = f"https://x.ir/bot{TOKEN.replace(':', '%3A')}/getMe"

    assert "secret-half" not in Line().format(record)


async def test_what_means_try_again_and_what_does_not(url: str) -> None:
    async with serving(elsewhere) as there:
        telegram = Telegram.from_settings(config.Telegram(api_url=there), TOKEN)
        await telegram.open()
        error = await refusal(telegram.send(SARA, body("سلام")))
        await telegram.close()

    assert (error.retry_ms, error.gone) == (1000, False)
