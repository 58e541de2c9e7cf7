"""Connections: who says nothing, or never ends, does not stay; nobody holds too many."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.web.site import Place, SetClock, open_place, served
from web import server

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
WHOLE = b"GET /robots.txt HTTP/1.1\r\nHost: page\r\n\r\n"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.5)


@pytest.fixture
async def address(place: Place) -> AsyncIterator[str]:
    async with served(place) as address:
        yield address


async def connect(address: str) -> Line:
    where = urlsplit(address)
    return await asyncio.open_connection(where.hostname, where.port)


async def is_closed(line: Line) -> bool:
    """Wait until the other side ends it; whatever it said before is of no interest."""
    with contextlib.suppress(ConnectionError):
        await line[0].read()
    await close(line)
    return True


async def close(line: Line) -> None:
    line[1].close()
    with contextlib.suppress(ConnectionError):
        await line[1].wait_closed()


async def dribble(writer: asyncio.StreamWriter, pieces: bytes) -> None:
    """One byte after the other, ever in time."""
    try:
        for byte in pieces * 1000:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.02)
    except ConnectionError:
        pass


@pytest.mark.parametrize("said", [b"", b"GET / HT", WHOLE[:-2]])
async def test_a_request_that_does_not_come_to_its_end_is_given_up(address: str, said: bytes) -> None:
    line = await connect(address)
    line[1].write(said)

    assert await is_closed(line)


async def test_little_by_little_is_given_up_too(address: str) -> None:
    line = await connect(address)
    line[1].write(b"GET / HTTP/1.1\r\n")
    slow = asyncio.create_task(dribble(line[1], b"X-A: b\r\n"))

    assert await is_closed(line)
    await slow


async def test_a_body_that_goes_on_after_the_answer_is_given_up(address: str) -> None:
    line = await connect(address)
    line[1].write(b"POST /robots.txt HTTP/1.1\r\nHost: page\r\nContent-Length: 9999\r\n\r\n")
    assert b"405" in await line[0].readline()
    slow = asyncio.create_task(dribble(line[1], b"x"))

    assert await is_closed(line)
    await slow


async def test_a_connection_serves_one_request_after_the_other(address: str) -> None:
    line = await connect(address)
    for _ in range(3):
        line[1].write(WHOLE)
        assert b"200" in await line[0].readline()
        await line[0].readuntil(b"Disallow: /hook/\n")
    await close(line)


async def test_a_page_that_only_listens_stays(place: Place, address: str) -> None:
    cookie = "a" * 32
    sara = await place.store.write(lambda unit: unit.web.meet(hashlib.sha256(cookie.encode()).hexdigest()))
    line = await connect(address)
    line[1].write(f"GET /api/stream HTTP/1.1\r\nHost: page\r\nCookie: hamyar14={cookie}\r\n\r\n".encode())
    await line[0].readuntil(b"event: history")
    silent = await connect(address)

    assert await is_closed(silent)
    await place.say(sara, "hello")
    assert b"hello" in await line[0].readuntil(b"hello")
    await close(line)


async def test_an_address_has_only_so_many_connections(tmp_path: Path, clock: SetClock) -> None:
    async with open_place(tmp_path / "few.db", clock, address_connections=2) as place, served(place) as address:
        kept = [await connect(address) for _ in range(2)]
        for line in kept:
            line[1].write(WHOLE)
            await line[0].readline()
        assert await is_closed(await connect(address))
        assert await is_closed(kept[0])
        again = await connect(address)
        again[1].write(WHOLE)

        assert b"200" in await again[0].readline()
        for line in (again, kept[1]):
            await close(line)


def test_behind_a_proxy_only_the_sum_counts() -> None:
    connections = server.Connections(None, 3)

    assert [connections.begin("10.0.0.1") for _ in range(4)] == [True, True, True, False]
    connections.end("10.0.0.1")
    assert connections.begin("10.0.0.1")


@pytest.mark.parametrize("address", ["10.0.0.1", "2001:db8::1"])
def test_nothing_is_remembered_of_those_who_left(address: str) -> None:
    connections = server.Connections(5, 5)
    connections.begin(address)
    connections.end(address)

    assert not connections._open
