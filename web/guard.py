"""Who asks, and whether they may: origin, address, cookie, size. Reads no words."""

import hashlib
import ipaddress
import re
import secrets
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

COOKIE = "hamyar14"
_YEAR = 365 * 24 * 3600
_FORM = re.compile(r"[\w-]{32}", re.ASCII)
BODY_LIMIT = 64 * 1024
AWAY_SECONDS = 3
"""After so long whoever met a database that does not answer may ask again."""


class No(Exception):
    """A refusal. `error` is what the page looks its words up by."""

    def __init__(self, status: int, error: str, *, wait: int = 0) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.wait = wait


def refusal(_request: Request, error: Exception) -> Response:
    """A `No` as an answer."""
    if not isinstance(error, No):
        raise error
    headers = {"Retry-After": str(error.wait)} if error.wait else None
    return JSONResponse({"ok": False, "error": error.error, "wait": error.wait}, error.status, headers)


def not_now(_request: Request, _error: Exception) -> Response:
    """The database is away: the page keeps what it has and asks again by itself."""
    answer = {"ok": False, "error": "away", "wait": AWAY_SECONDS}
    return JSONResponse(answer, 503, {"Retry-After": str(AWAY_SECONDS)})


def check_origin(request: Request) -> None:
    """Only our own page may ask. A client that sends neither header is no browser, so no page misuses it."""
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        raise No(403, "origin")
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise No(403, "origin")


async def read_json(request: Request) -> dict[str, Any]:
    """The body as an object; never reads more than the limit."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise No(415, "form")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_LIMIT:
            raise No(413, "long")
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise No(400, "form") from None
    if not isinstance(found, dict):
        raise No(400, "form")
    return found


def address(request: Request, *, trusted_proxy: bool) -> str:
    """Where the request comes from. Of an IPv6 address the half that names a household."""
    text = request.client.host if request.client else ""
    if trusted_proxy:
        text = request.headers.get("x-forwarded-for", text).rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return text[:64]
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.IPv6Network((found, 64), strict=False))
    return str(found)


def key_of(request: Request) -> str | None:
    """The hash of the visitor's cookie; None: there is none, or it is not of our making."""
    value = request.cookies.get(COOKIE, "")
    return hashlib.sha256(value.encode()).hexdigest() if _FORM.fullmatch(value) else None


def give_cookie(request: Request, response: Response, *, trusted_proxy: bool) -> None:
    """Give the visitor their cookie, or lengthen its life. 192 random bits; no row is written for it."""
    value = request.cookies.get(COOKIE, "")
    if not _FORM.fullmatch(value):
        value = secrets.token_urlsafe(24)
    scheme = request.url.scheme
    if trusted_proxy:
        scheme = request.headers.get("x-forwarded-proto", scheme)
    response.set_cookie(COOKIE, value, max_age=_YEAR, httponly=True, samesite="lax", secure=scheme == "https")
