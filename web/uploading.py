"""A body of many megabytes, written to a file as it comes. Holds little of it in memory; waits, but not for ever."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.requests import ClientDisconnect, Request

from web.refusal import No, was_read

SILENCE_SECONDS = 20
SLOWEST = 4096
"""Bytes a second in all: slower lines than the worst of mobile networks only hold a place."""
WRITE_FROM = 256 * 1024


class Unfinished(No):
    """The body did not come to its end. `received`: bytes of it that came."""

    def __init__(self, status: int, error: str, received: int) -> None:
        super().__init__(status, error)
        self.received = received


async def receive(request: Request, target: Path, size: int) -> None:
    """Write the body to the file. Raises `Unfinished`: it was longer than `size`, too slow, or broke off."""
    received = 0
    try:
        with await asyncio.to_thread(target.open, "wb") as file:
            async with asyncio.timeout(SILENCE_SECONDS + size / SLOWEST):
                held = bytearray()
                pieces = aiter(request.stream())
                while (piece := await _next(pieces)) is not None:
                    received += len(piece)
                    if received > size:
                        raise Unfinished(413, "big", size)
                    held += piece
                    if len(held) >= WRITE_FROM:
                        await asyncio.to_thread(file.write, held)
                        held = bytearray()
            await asyncio.to_thread(file.write, held)
    except TimeoutError:
        raise Unfinished(408, "slow", received) from None
    except ClientDisconnect:
        raise Unfinished(400, "form", received) from None
    was_read(request)


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    async with asyncio.timeout(SILENCE_SECONDS):
        return await anext(pieces, None)
