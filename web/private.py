"""The application of the private port: /metrics for Prometheus, and /health beside it for a process without a page."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.metrics import CONTENT_TYPE

Health = Callable[[], Awaitable[list[str]]]


def create_private_app(health: Health, metrics: Callable[[], Awaitable[bytes]]) -> Starlette:
    """The application, ready to be served."""

    async def show_metrics(_request: Request) -> Response:
        return Response(await metrics(), media_type=CONTENT_TYPE)

    async def show_health(_request: Request) -> Response:
        return health_answer(await health())

    return Starlette(routes=[Route("/metrics", show_metrics), Route("/health", show_health)])


def health_word(faults: list[str]) -> Response:
    """The same for strangers: they are not told what is wrong."""
    return JSONResponse({"ok": not faults}, 503 if faults else 200)


def health_answer(faults: list[str]) -> Response:
    """200, or 503 with what is wrong."""
    return JSONResponse({"ok": False, "faults": faults} if faults else {"ok": True}, 503 if faults else 200)
