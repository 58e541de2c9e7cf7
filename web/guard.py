"""Who asks, and whether they may: origin, address, cookie, size. Reads no words."""

import asyncio
import hashlib
import ipaddress
import re
import secrets
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from web.limits import Limit
from web.refusal import No, was_read

COOKIE = "hamyar14"
SAFE_COOKIE = f"__Host-{COOKIE}"
"""Over https: browsers take a cookie of this name only from this very host (RFC 6265bis, 4.1.3.2)."""
_YEAR = 365 * 24 * 3600
_FORM = re.compile(r"[\w-]{32}", re.ASCII)
_HERE = frozenset({"127.0.0.1", "::1"})
_BY_PROXIES = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
BODY_LIMIT = 64 * 1024
BODY_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a visitor may do, and all visitors of one address together."""

    visitor: Limit
    address: Limit

    def allow(self, key: str | None, whence: str, amount: int = 1, error: str = "slow") -> None:
        """Count somebody's doing. Raises `No` if it was too much.

        A visitor who does too much uses up nothing of what the address has: in a mobile network it is that of many.
        Visitors are only counted as far as the address goes, so a cookie made up for each request wins nothing.
        """
        wait = 0 if key is None else self.visitor.wait(key, amount)
        wait = wait or self.address.take(whence, amount)
        if not wait and key is not None:
            self.visitor.take(key, amount)
        if wait:
            raise No(429, error, wait=wait)

    def give_back(self, key: str, whence: str, amount: int) -> None:
        """Of what was counted, so much did not happen."""
        self.visitor.give_back(key, amount)
        self.address.give_back(whence, amount)


def allow(limit: Limit, who: str) -> None:
    """Count somebody's doing. Raises `No` if it was too much."""
    wait = limit.take(who)
    if wait:
        raise No(429, "slow", wait=wait)


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
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _read(request)
    except TimeoutError:
        raise No(408, "slow") from None
    except ClientDisconnect:
        raise No(400, "form") from None
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise No(400, "form") from None
    if not isinstance(found, dict):
        raise No(400, "form")
    return found


async def _read(request: Request) -> bytearray:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_LIMIT:
            raise No(413, "long")
    was_read(request)
    return body


def address(request: Request, *, trusted_proxy: bool) -> str:
    """Where the request comes from."""
    text = request.client.host if request.client else ""
    if trusted_proxy:
        text = told_by_proxy(request.headers, "x-forwarded-for") or text
    return household(text)


def is_from_here(request: Request) -> bool:
    """Whether a program on this very machine asks, and not a proxy on somebody's behalf."""
    here = request.client is not None and request.client.host in _HERE
    return here and not any(name in request.headers for name in _BY_PROXIES)


def told_by_proxy(headers: Headers, name: str) -> str:
    """What the nearest proxy says: some add a word to the line that came, some a line of their own; it is the last."""
    lines = headers.getlist(name)
    return lines[-1].rpartition(",")[2].strip() if lines else ""


def household(text: str) -> str:
    """An address as it is counted: of IPv6 the half that names a household."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return text[:64]
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.IPv6Network((found, 64), strict=False))
    return str(found)


def neighbourhood(whence: str) -> str:
    """Wider than `household`: a line may have 256 of those networks to itself (RFC 6177), and each looks like new."""
    try:
        return str(ipaddress.IPv6Network(whence).supernet(new_prefix=56))
    except ValueError:
        return whence


def key_of(request: Request) -> str | None:
    """The hash of the visitor's cookie; None: there is none, or it is not of our making."""
    value = request.cookies.get(_cookie(request), "")
    return hashlib.sha256(value.encode()).hexdigest() if _FORM.fullmatch(value) else None


def give_cookie(request: Request, response: Response) -> None:
    """Give the visitor their cookie, or lengthen its life. 192 random bits; no row is written for it."""
    name = _cookie(request)
    value = request.cookies.get(name, "")
    if not _FORM.fullmatch(value):
        value = secrets.token_urlsafe(24)
    response.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="lax", secure=name == SAFE_COOKIE)


def _cookie(request: Request) -> str:
    """Over https the other name counts for nothing: a neighbour under our domain can plant it, and read along."""
    return SAFE_COOKIE if is_https(request.scope) else COOKIE


def is_https(scope: Scope) -> bool:
    """Whether the visitor came over https, to us or to the proxy (`Schemes`)."""
    return scope.get("scheme") == "https"


class Schemes:
    """Behind the trusted proxy the scheme of a request is the one by which it reached the proxy."""

    def __init__(self, app: ASGIApp, *, trusted_proxy: bool) -> None:
        self._app = app
        self._trusted_proxy = trusted_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._trusted_proxy and scope["type"] == "http":
            told = told_by_proxy(Headers(scope=scope), "x-forwarded-proto").lower()
            if told in {"http", "https"}:
                scope["scheme"] = told
        await self._app(scope, receive, send)
