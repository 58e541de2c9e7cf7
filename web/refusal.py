"""Saying no: with a word that the page knows, and without reading on.

The rest of a request that is refused need not be read: it may be endless.
"""

import asyncio
import contextlib

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

WORTH_READING = 64 * 1024
"""Bytes of a body that is read to its end for the sake of the connection, whatever the answer is."""
AWAY_SECONDS = 3
"""After so long whoever met a database that does not answer may ask again."""
LINGER_SECONDS = 1.0
LINGER_BYTES = 256 * 1024


class No(Exception):
    """A refusal. `error` is what the page looks its words up by."""

    def __init__(self, status: int, error: str, *, wait: int = 0) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.wait = wait


def refusal(request: Request, error: Exception) -> Response:
    """A `No` as an answer."""
    if not isinstance(error, No):
        raise error
    headers = {"Retry-After": str(error.wait)} if error.wait else {}
    body = {"ok": False, "error": error.error, "wait": error.wait}
    if has_unread_body(request):
        return Farewell(body, error.status, headers | {"Connection": "close"})
    return JSONResponse(body, error.status, headers)


def not_now(_request: Request, _error: Exception) -> Response:
    """The database is away: the page keeps what it has and asks again by itself."""
    answer = {"ok": False, "error": "away", "wait": AWAY_SECONDS}
    return JSONResponse(answer, 503, {"Retry-After": str(AWAY_SECONDS)})


class Farewell(JSONResponse):
    """An answer to somebody who is still sending, and will not be read to the end.

    If the connection were closed at once, what is still on its way would make the network throw the answer away: so
    a little more is read, for a moment (RFC 9112, 9.6).
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as upstream
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(start)
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        left = LINGER_BYTES
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while left > 0 and (message := await receive()).get("more_body"):
                    left -= len(message["body"])
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def was_read(request: Request) -> None:
    """Note that the body has come to its end."""
    request.state.was_read = True


def has_unread_body(request: Request) -> bool:
    """Whether more is to come than is worth reading for the sake of the connection."""
    if request.method != "POST" or getattr(request.state, "was_read", False):
        return False
    told = request.headers.get("content-length", "")
    return not told.isdecimal() or int(told[:20]) > WORTH_READING
