"""Links are asked as a reader would, and never inside the house."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from bot import linkcheck
from bot.linkcheck import Answer, answers

HOUSE = "127.0.0.1"
Ask = Callable[[str], Awaitable[Answer]]
ALLOWED = {HOUSE, "127.0.0.9", "::1"}


class Site:
    """A small server that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.base = ""
        self.over = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        name = request.path.strip("/")
        if name.isdecimal():
            return web.Response(status=int(name))
        if name == "no_head":
            return web.Response(status=405 if request.method == "HEAD" else 200)
        if name == "host":
            return web.Response(status=200 if request.host == f"localhost:{request.url.port}" else 404)
        if name.startswith("hop"):
            left = int(name.removeprefix("hop"))
            raise web.HTTPFound(f"/hop{left - 1}" if left else "/200")
        if name == "away":
            return web.Response(status=302, headers={"Location": request.query["to"]})
        if name == "silent":
            await self.over.wait()
        if name == "endless":
            return await self._endless(request)
        raise web.HTTPNotFound

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        if request.method == "HEAD":
            return web.Response(status=403)
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(linkcheck.MOST_BYTES))


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    found = Site()
    app = web.Application()
    app.router.add_route("*", "/{name:.*}", found.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    place = web.TCPSite(runner, HOUSE, 0)
    await place.start()
    found.base = f"http://{HOUSE}:{runner.addresses[0][1]}"
    yield found
    found.over.set()
    await runner.cleanup()


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    async with aiohttp.ClientSession() as session:
        yield lambda url: answers(url, session, ALLOWED)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("200", Answer("alive", 200)),
        ("204", Answer("alive", 204)),
        ("403", Answer("alive", 403)),
        ("404", Answer("missing", 404)),
        ("410", Answer("missing", 410)),
        ("503", Answer("failing", 503)),
        ("no_head", Answer("alive", 200)),
        ("hop2", Answer("alive", 200)),
        ("hop3", Answer("looping", 302)),
        ("304", Answer("alive", 304)),
    ],
)
async def test_an_answer_is_understood(site: Site, ask: Ask, path: str, answer: Answer) -> None:
    found = await ask(f"{site.base}/{path}")

    assert found == answer
    assert found.dead is (answer.key != "alive")


async def test_head_is_enough_where_it_is_answered(site: Site, ask: Ask) -> None:
    await ask(f"{site.base}/200")
    await ask(f"{site.base}/404")

    assert site.asked == ["HEAD /200", "HEAD /404", "GET /404"]


async def test_the_server_is_told_the_name_it_was_asked_by(site: Site, ask: Ask) -> None:
    assert await ask(f"{site.base.replace(HOUSE, 'localhost')}/host") == Answer("alive", 200)


async def test_an_endless_page_is_not_read(site: Site, ask: Ask) -> None:
    assert await ask(f"{site.base}/endless") == Answer("alive", 200)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0/",
        "http://localhost/",
        "http://10.0.0.1/",
        "http://192.168.1.1/admin",
        "http://172.16.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://224.0.0.1/",
        "ftp://tehran.ir/",
        "file:///etc/passwd",
        "https://user:pass@tehran.ir/",
        "https://",
        "http://[",
        "",
        "سلام",
    ],
)
async def test_what_is_no_public_page_is_not_asked(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        assert await answers(url, session) == Answer("refused")


@pytest.mark.parametrize(
    "to", ["http://127.0.0.2/", "http://10.0.0.1/", "file:///etc/passwd", "http://[", "//[::1]:1/"]
)
async def test_a_redirect_leads_nowhere_inside(site: Site, to: str) -> None:
    async with aiohttp.ClientSession() as session:
        found = await answers(f"{site.base}/away?to={to}", session, {HOUSE})

    assert found == Answer("refused")
    assert site.asked == ["HEAD /away"]


def name_leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Whatever host is looked up; without addresses there is none."""

    async def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if not addresses:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)


async def test_one_private_address_of_several_is_enough(monkeypatch: pytest.MonkeyPatch, site: Site, ask: Ask) -> None:
    name_leads_to(monkeypatch, HOUSE, "10.0.0.1")

    assert await ask(f"{site.base.replace(HOUSE, 'tehran.example')}/200") == Answer("refused")
    assert site.asked == []


async def test_the_next_address_is_tried_where_one_takes_no_connection(
    monkeypatch: pytest.MonkeyPatch, site: Site, ask: Ask
) -> None:
    name_leads_to(monkeypatch, "127.0.0.9", HOUSE)

    assert await ask(f"{site.base.replace(HOUSE, 'tehran.example')}/200") == Answer("alive", 200)


async def test_nobody_there_is_silence(monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    assert await ask(f"http://{HOUSE}:1/") == Answer("silent")
    name_leads_to(monkeypatch)
    assert await ask("http://tehran.example/") == Answer("silent")


async def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch, site: Site, ask: Ask) -> None:
    monkeypatch.setattr(linkcheck, "SECONDS", 0.2)

    assert await ask(f"{site.base}/silent") == Answer("silent")


async def test_a_page_without_a_sound_certificate_is_insecure(site: Site, ask: Ask) -> None:
    assert await ask(f"{site.base.replace('http:', 'https:')}/200") == Answer("insecure")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4001:82b::200e", True),
        ("64:ff9b::808:808", True),
        ("::", False),
        ("fec0::1", False),
        ("2001:db8::1", False),
        ("240.0.0.1", False),
        ("192.0.2.1", False),
    ],
)
def test_public_addresses_are_told_apart(address: str, public: bool) -> None:
    assert linkcheck._is_public(ipaddress.ip_address(address)) is public
