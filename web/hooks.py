"""Where platforms deliver updates by webhook: stored in the inbox, and only then confirmed.

Open whether or not we poll: a late delivery is kept like any other, and one that was polled already is known by its
number. Who delivers is told by the path, and on Telegram by a secret header too.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.inbox import receive
from bot.platforms import Platform
from bot.store import Store

log = logging.getLogger(__name__)

BODY_LIMIT = 1024 * 1024
BODY_SECONDS = 10.0
STORE_SECONDS = 20.0
"""Telegram waits a minute for an answer."""
AGAIN_SECONDS = 2
_CLOSE = {"Connection": "close"}  # what is left of the body is not read


class Hooks:
    """The routes that take deliveries in. `arrived` is called when the inbox has something new."""

    def __init__(self, store: Store, platforms: Sequence[Platform], arrived: Callable[[], None]) -> None:
        self._store = store
        self._platforms = {platform.name: platform for platform in platforms}
        self._arrived = arrived

    def routes(self) -> list[Route]:
        return [Route("/hook/{platform}/{path}", self.take, methods=["POST"])]

    async def take(self, request: Request) -> Response:
        """POST /hook/<platform>/<path>. What is not 2xx the platform sends again.

        So rubbish of the right sender is answered 200: it would be rubbish the next time too.
        """
        name, path = request.path_params["platform"], request.path_params["path"]
        platform = self._platforms.get(name)
        if platform is None or not _same(f"/hook/{name}/{path}", platform.hook_path):
            return Response(status_code=404, headers=_CLOSE)
        if platform.hook_header and not _same(request.headers.get(platform.hook_header), platform.hook_secret):
            return Response(status_code=403, headers=_CLOSE)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read(request)
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408, headers=_CLOSE)
        if body is None:
            return Response(status_code=413, headers=_CLOSE)
        return await self._keep(platform, body)

    async def _keep(self, platform: Platform, body: bytes) -> Response:
        try:
            update = _loads(body)
        except (ValueError, RecursionError):
            log.warning("delivery_not_json", extra={"platform": platform.name, "bytes": len(body)})
            return Response()
        try:
            async with asyncio.timeout(STORE_SECONDS):
                new = await receive(self._store, platform, [update])
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing is known to be stored
            log.error("delivery_not_stored", extra={"platform": platform.name, "why": type(error).__name__})  # noqa: TRY400 - a trace for every delivery would bury the log
            return Response(status_code=503, headers={"Retry-After": str(AGAIN_SECONDS)})
        if new:
            self._arrived()
        return Response()


def _same(given: str | None, wanted: str | None) -> bool:
    """Compared in a time that tells nothing of how much was right."""
    return given is not None and wanted is not None and hmac.compare_digest(given.encode(), wanted.encode())


async def _read(request: Request) -> bytes | None:
    """The body; None if it is too long. Never reads much more than the limit."""
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > BODY_LIMIT:
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def _loads(body: bytes) -> Any:  # noqa: ANN401 - whatever a platform sends
    """The fast reader refuses halves of surrogate pairs and broken UTF-8, which may be in one citizen's message."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return json.loads(body.decode(errors="replace"))
