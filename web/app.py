"""The ASGI application: routes, security headers, health. Gets all it needs from its caller."""

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.clock import Clock
from bot.config import Alarms, Web
from bot.errors import StoreDown
from bot.media import Cleaner
from bot.platforms import Platform
from bot.store import Store
from web.assets import Assets, pack, packed
from web.chat import Chat
from web.files import Files
from web.guard import Schemes, give_cookie, is_from_here, is_https
from web.hooks import Hooks
from web.messages import Arrivals
from web.private import health_answer, health_word
from web.refusal import No, not_now, refusal
from web.room import Room
from web.streams import Streams

TEMPLATES = Path(__file__).parent / "templates"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; "
        "media-src 'self' blob:; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(self), geolocation=(self)",
}
ONLY_HTTPS = f"max-age={365 * 24 * 3600}"


async def no_faults() -> list[str]:
    return []


def nobody() -> None:
    """Nobody waits to be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the page needs. `words`: the texts of content/page.toml. `cleaner`: takes in files of visitors.

    `arrived` is called when the inbox has something new; `health` names what is wrong. `streams` is shared
    with whoever writes to pages (`WebRequest(store, streams.changed)`); call `streams.stop()` before the server
    is stopped, since it waits for open connections. `messengers` may deliver by webhook. `alarms` says how much of the
    disk stays free.
    """

    store: Store
    settings: Web
    cleaner: Cleaner
    words: Mapping[str, str]
    streams: Streams
    clock: Clock
    arrived: Callable[[], None] = nobody
    health: Callable[[], Awaitable[list[str]]] = no_faults
    messengers: Sequence[Platform] = ()
    alarms: Alarms = field(default_factory=Alarms)


def create_app(site: Site) -> Starlette:
    """The application, ready to be served: the page if it is enabled, health and webhooks in any case."""
    hooks = Hooks(site.store, site.messengers, site.arrived)
    return Starlette(
        routes=[
            *(_page_routes(site) if site.settings.enabled else []),
            *hooks.routes(),
            Route("/health", _health(site)),
            Route("/robots.txt", _robots),
        ],
        middleware=[
            Middleware(Schemes, trusted_proxy=site.settings.trusted_proxy),
            Middleware(SecurityHeaders),
            Middleware(Packed, compresslevel=5),
        ],
        exception_handlers={No: refusal, StoreDown: not_now, 404: _nothing_here(site)},
    )


def _page_routes(site: Site) -> list[Route]:
    assets = Assets()
    arrivals = Arrivals(site.store, site.settings, site.clock, lambda visitor_id: _tell(site, visitor_id))
    chat = Chat(site.store, site.settings, site.streams, site.clock)
    room = Room(site.cleaner.shelf.folder, site.alarms, site.clock)
    files = Files(site.store, site.settings, site.cleaner, room, site.clock)
    return [
        Route("/", _page(site, assets)),
        Route("/static/{name:path}", assets.serve),
        Route("/api/messages", arrivals.receive, methods=["POST"]),
        Route("/api/files", files.take, methods=["POST"]),
        Route("/api/files/{key}", files.show),
        Route("/api/files/{key}/preview", files.preview),
        Route("/api/stream", chat.stream),
        Route("/api/history", chat.history),
    ]


class Packed(GZipMiddleware):
    """Packs texts. Files are asked for in ranges, which must be those of the file as it is."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        work = self.app if scope["path"].startswith("/api/files") else super().__call__
        await work(scope, receive, send)


class SecurityHeaders:
    """Puts the headers on every answer, those of errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if is_https(scope):
                    headers["Strict-Transport-Security"] = ONLY_HTTPS
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _tell(site: Site, visitor_id: int) -> None:
    """A visitor wrote: wake the workers, and the visitor's other windows."""
    site.arrived()
    site.streams.changed(visitor_id)


def _page(site: Site, assets: Assets) -> Callable[[Request], Awaitable[Response]]:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    words: MutableMapping[str, Any] = dict(site.words)
    html = environment.get_template("page.html").render(
        words=words,
        words_json=json.dumps(words, ensure_ascii=False),
        most_bytes=site.cleaner.shelf.most_bytes,
        asset=assets.url,
    )
    content = pack(html.encode())

    async def page(request: Request) -> Response:
        """GET /. No row is written for whoever only looks."""
        response = packed(request, content, "text/html", {"Vary": "Accept-Encoding"})
        give_cookie(request, response)
        return response

    return page


def _health(site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def health(request: Request) -> Response:
        """GET /health: 200 or 503; what is wrong is told on this machine only."""
        faults = ["stopping"] if site.streams.stopping else await site.health()
        return health_answer(faults) if is_from_here(request) else health_word(faults)

    return health


def _nothing_here(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def nothing_here(_request: Request, _error: Exception) -> Response:
        return PlainTextResponse(site.words["not_found"], 404)

    return nothing_here


async def _robots(_request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /api/\nDisallow: /hook/\n")
