"""Somebody who means no good, as a process of their own: `python -m tests.web.flood <page> <what> <count> <cookie>`.

Prints what came of it as JSON: the answers by status, the bytes sent, the seconds. Speaks HTTP by hand, so that it
costs less than what it does to the other side.
"""

import asyncio
import contextlib
import json
import secrets
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.web.pictures import bomb

LINES = 8
BIG = 50 * 2**20
PIECE = b"x" * 65_536
BOMB_SIDE = 30_000


@dataclass
class Flood:
    """One attack. `answers` by status; 0: the line was closed without one."""

    page: str
    cookie: str
    answers: Counter[int] = field(default_factory=Counter)
    sent: int = 0

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        where = urlsplit(self.page)
        return await asyncio.open_connection(where.hostname, where.port)

    def head(self, path: str, length: int | None, **headers: str) -> bytes:
        named = {"Host": urlsplit(self.page).netloc, "Cookie": f"hamyar14={self.cookie}"} | headers
        body = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
        lines = [
            f"POST {path} HTTP/1.1",
            *(f"{name.replace('_', '-')}: {value}" for name, value in named.items()),
            body,
        ]
        return "\r\n".join([*lines, "", ""]).encode()

    async def post(self, path: str, body: bytes, **headers: str) -> None:
        """One request on a line of its own."""
        reader, writer = await self.connect()
        writer.write(self.head(path, len(body), **headers) + body)
        self.sent += len(body)
        await self.answer(reader)
        await ended(writer)

    async def answer(self, reader: asyncio.StreamReader) -> None:
        """Read an answer with its body."""
        try:
            status = int((await reader.readline()).split()[1])
            length = 0
            while (line := await reader.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            await reader.readexactly(length)
        except (ConnectionError, IndexError, asyncio.IncompleteReadError):
            status = 0
        self.answers[status] += 1


async def ended(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def messages(flood: Flood, count: int) -> None:
    """One visitor's messages, as fast as they are answered."""

    async def line(number: int) -> None:
        reader, writer = await flood.connect()
        for turn in range(number, count, LINES):
            body = json.dumps({"client_id": f"message-{turn}", "text": "سلام"}).encode()
            writer.write(flood.head("/api/messages", len(body), Content_Type="application/json") + body)
            await flood.answer(reader)
        await ended(writer)

    await asyncio.gather(*(line(number) for number in range(LINES)))


async def uploads(flood: Flood, count: int) -> None:
    """Files of 50 megabytes, by turns with their size told and untold, sent until the other side says no."""
    for turn in range(count):
        reader, writer = await flood.connect()
        told = turn % 2 == 0
        writer.write(flood.head("/api/files?name=a.jpg", BIG if told else None))
        answered = asyncio.create_task(flood.answer(reader))
        with contextlib.suppress(ConnectionError):
            for _ in range(BIG // len(PIECE)):
                if answered.done():
                    break
                writer.write(PIECE if told else b"%x\r\n%s\r\n" % (len(PIECE), PIECE))
                await writer.drain()
                flood.sent += len(PIECE)
        await answered
        await ended(writer)


async def bombs(flood: Flood, count: int) -> None:
    """A picture of a few kilobytes that would fill gigabytes."""
    content = bomb(BOMB_SIDE)
    for _ in range(count):
        await flood.post("/api/files?name=a.png", content)


async def foreign(flood: Flood, count: int) -> None:
    """From another site's page."""
    for _ in range(count):
        await flood.post("/api/messages", b"{}", Origin="http://evil.example", Content_Type="application/json")
        await flood.post("/api/files?name=a.jpg", PIECE * 20, Origin="http://evil.example")


async def forged(flood: Flood, count: int) -> None:
    """A cookie made up anew for each file."""
    for _ in range(count):
        flood.cookie = secrets.token_urlsafe(24)
        await flood.post("/api/files?name=a.jpg", PIECE * 20)


async def slow(flood: Flood, count: int) -> None:
    """Uploads that never end, until this process is told to by the end of its input."""
    told_to_end = asyncio.create_task(asyncio.to_thread(sys.stdin.buffer.read))
    lines = [await flood.connect() for _ in range(count)]
    answers = []
    for reader, writer in lines:
        writer.write(flood.head("/api/files?name=a.jpg", 10 * 2**20))
        answers.append(asyncio.create_task(flood.answer(reader)))
    while not told_to_end.done():
        for (_, writer), answer in zip(lines, answers, strict=True):
            if not answer.done():
                writer.write(b"x")
                flood.sent += 1
        await asyncio.wait([told_to_end], timeout=0.2)
    for task in answers:
        task.cancel()
    for _, writer in lines:
        await ended(writer)


async def silent(flood: Flood, count: int) -> None:
    """Connections that say nothing; each is held until the other side ends it."""
    lines = [await flood.connect() for _ in range(count)]
    await asyncio.gather(*(flood.answer(reader) for reader, _ in lines))
    for _, writer in lines:
        await ended(writer)


ATTACKS: dict[str, Callable[[Flood, int], Awaitable[None]]] = {
    attack.__name__: attack for attack in (messages, uploads, bombs, foreign, forged, slow, silent)
}


async def main(page: str, what: str, count: str, cookie: str) -> None:
    flood = Flood(page, cookie)
    began = time.perf_counter()
    await ATTACKS[what](flood, int(count))
    seconds = round(time.perf_counter() - began, 2)
    found = {"answers": dict(flood.answers), "sent": flood.sent, "seconds": seconds}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
