"""Puts the fake Bot API behind HTTP: `/bot<token>/<method>`, `/file/bot<token>/<path>`, `/control/<what>`."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.botapi.answers import JSON, Answer, ApiError, Cut
from tests.botapi.api import BotApi
from tests.botapi.control import Control
from tests.botapi.files import Upload

_HOST = "127.0.0.1"
_MOST_BYTES = 60 * 1024 * 1024


@asynccontextmanager
async def serve(api: BotApi, port: int = 0) -> AsyncIterator[str]:
    """Serve on a free port of this machine; gives the root that goes before `/bot<token>`."""
    front = _Front(api)
    # A poller that is killed must not be seen as polling still: its request is cancelled.
    server = web.Server(front.handle, handler_cancellation=True, access_log=None)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, _HOST, port).start()
        api.postman.resume()
        yield f"http://{_HOST}:{runner.addresses[0][1]}"
    finally:
        await front.control.stop()
        await api.postman.pause()
        api.updates.end_polls()
        await runner.cleanup()


class _Front:
    """Takes requests apart and hands them on."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.control = Control(api)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        try:
            if path.startswith("/bot"):
                token, _, method = path.removeprefix("/bot").partition("/")
                answer = await self._call(token, method, await _params(request))
            elif path.startswith("/file/bot"):
                token, _, file_path = path.removeprefix("/file/bot").partition("/")
                answer = await self.api.download(file_path, token)
            elif path.startswith("/control/"):
                answer = await self.control.handle(path.removeprefix("/control/"), await _params(request))
            else:
                answer = ApiError(404, "Not Found").answer()
        except Cut as cut:
            return await _end(request, cut.half_of)
        except ApiError as refusal:
            answer = refusal.answer()
        return web.Response(status=answer.status, body=answer.body, content_type=answer.content_type)

    async def _call(self, token: str, method: str, params: JSON) -> Answer:
        answering = asyncio.ensure_future(self.api.handle(method, params, token))
        if method.lower() == "getupdates":
            return await answering
        # Telegram does what it was asked even if the client has gone meanwhile.
        try:
            return await asyncio.shield(answering)
        except asyncio.CancelledError:
            self.api.client_gone(method, answering)
            raise


async def _end(request: web.BaseRequest, half_of: Answer | None) -> web.StreamResponse:
    """End the connection, after the first half of the answer if there is one."""
    response = web.StreamResponse()
    if half_of is not None:
        response.content_length = len(half_of.body)
        response.content_type = half_of.content_type
        await response.prepare(request)
        await response.write(half_of.body[: len(half_of.body) // 2])
    if request.transport is not None:
        request.transport.abort() if half_of is None else request.transport.close()
    return response


async def _params(request: web.BaseRequest) -> JSON:
    """Parameters from the query string and from a form, JSON or multipart body."""
    params: JSON = dict(request.query)
    if not request.can_read_body:
        return params
    if request.content_type == "application/json":
        return {**params, **_object(await request.read())}
    request._client_max_size = _MOST_BYTES
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            params[name] = value
    return params


def _object(body: bytes) -> JSON:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        raise ApiError(400, "Bad Request: can't parse request JSON") from None
    return value if isinstance(value, dict) else {}
