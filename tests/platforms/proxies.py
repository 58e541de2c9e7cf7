"""Two small proxies: HTTP (whole addresses and CONNECT) and SOCKS 5. They note who asked for what."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Proxy:
    """`target` is where every connection really ends, whatever name was asked for."""

    target: tuple[str, int]
    login: tuple[str, str] | None = None
    asked: list[str] = field(default_factory=list)
    refused: int = 0
    port: int = 0


@asynccontextmanager
async def http_proxy(proxy: Proxy) -> AsyncIterator[Proxy]:
    async with _listening(proxy, _http):
        yield proxy


@asynccontextmanager
async def socks_proxy(proxy: Proxy) -> AsyncIterator[Proxy]:
    async with _listening(proxy, _socks):
        yield proxy


@asynccontextmanager
async def _listening(proxy: Proxy, serve: Callable[[Proxy, Streams], Awaitable[None]]) -> AsyncIterator[None]:
    tasks: set[asyncio.Task[None]] = set()

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(OSError, EOFError, asyncio.CancelledError):
            await serve(proxy, (reader, writer))
        writer.close()

    server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _http(proxy: Proxy, client: Streams) -> None:
    reader, writer = client
    head = await reader.readuntil(b"\r\n\r\n")
    method, address, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
    if proxy.login is not None:
        expected = base64.b64encode(":".join(proxy.login).encode())
        if b"Proxy-Authorization: Basic " + expected not in head:
            proxy.refused += 1
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
    proxy.asked.append(f"{method} {address.split('/bot')[0]}")
    to_server = await asyncio.open_connection(*proxy.target)
    if method == "CONNECT":
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    else:
        path = "/" + address.split("/", 3)[3]
        to_server[1].write(head.replace(address.encode(), path.encode(), 1))
    await _through(client, to_server)


async def _socks(proxy: Proxy, client: Streams) -> None:
    reader, writer = client
    _, count = await reader.readexactly(2)
    methods = await reader.readexactly(count)
    wanted = 0 if proxy.login is None else 2
    writer.write(bytes([5, wanted if wanted in methods else 0xFF]))
    if wanted == 2 and not await _logged_in(proxy, client):
        proxy.refused += 1
        return
    _, _, _, kind = await reader.readexactly(4)
    proxy.asked.append(await _address(reader, kind))
    writer.write(bytes([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]))
    await _through(client, await asyncio.open_connection(*proxy.target))


async def _logged_in(proxy: Proxy, client: Streams) -> bool:
    reader, writer = client
    given = []
    await reader.readexactly(1)
    for _ in range(2):
        (length,) = await reader.readexactly(1)
        given.append((await reader.readexactly(length)).decode())
    right = tuple(given) == proxy.login
    writer.write(bytes([1, 0 if right else 1]))
    await writer.drain()
    return right


async def _address(reader: asyncio.StreamReader, kind: int) -> str:
    """A name (3), which we are asked to look up, or a number (1)."""
    (length,) = await reader.readexactly(1) if kind == 3 else b"\x04"
    raw = await reader.readexactly(length)
    port = int.from_bytes(await reader.readexactly(2))
    return f"{raw.decode() if kind == 3 else '.'.join(map(str, raw))}:{port}"


async def _through(one: Streams, other: Streams) -> None:
    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    try:
        await asyncio.gather(copy(one[0], other[1]), copy(other[0], one[1]))
    finally:
        other[1].close()
