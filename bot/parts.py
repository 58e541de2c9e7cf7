"""The parts of a running process: each is watched over by itself and started again, so that none stops another.

Servers of HTTP are parts too.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable

import uvicorn

from bot.errors import StoreDown

log = logging.getLogger(__name__)

RESTART_SECONDS = 2.0
FAILED_LATELY_SECONDS = 30.0
GRACE_SECONDS = 2


class Parts:
    """Everything that runs in this process, by name."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._passing: list[asyncio.Task[None]] = []
        self._servers: dict[str, uvicorn.Server] = {}
        self._failed: dict[str, float] = {}

    def run(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work`, and again whenever it fails."""
        self._tasks[name] = asyncio.create_task(self._again_and_again(name, work), name=name)

    def once(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run something beside, that nothing depends on."""
        self._passing.append(asyncio.create_task(_coroutine(work)))

    async def serve(self, name: str, server: uvicorn.Server, listener: socket.socket) -> None:
        """Serve over HTTP; returns when it can be reached."""
        self._servers[name] = server
        task = self._tasks[name] = asyncio.create_task(server.serve(sockets=[listener]), name=name)
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn sets a flag only
            await asyncio.sleep(0.01)

    def faults(self) -> list[str]:
        """What is wrong with them at this moment."""
        stopped = [f"{name} has stopped" for name, task in self._tasks.items() if task.done()]
        now = asyncio.get_running_loop().time()
        lately = [name for name, when in self._failed.items() if now - when < FAILED_LATELY_SECONDS]
        return stopped + [f"{name} failed" for name in lately]

    async def stop(self, *kinds: str) -> None:
        """End the parts of these kinds: what stands before the colon of their names. Without kinds, all."""
        chosen = [task for name, task in self._tasks.items() if not kinds or name.partition(":")[0] in kinds]
        for task in [*chosen, *([] if kinds else self._passing)]:
            task.cancel()
        await asyncio.gather(*chosen, *([] if kinds else self._passing), return_exceptions=True)

    async def stop_serving(self) -> None:
        """Take in no further request; finish those that have begun."""
        for name, server in self._servers.items():
            server.should_exit = True
            await asyncio.gather(self._tasks[name], return_exceptions=True)

    async def _again_and_again(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
                return
            except StoreDown:  # the database is named in health by itself
                log.warning("part_waits_for_database", extra={"part": name}, exc_info=True)
            except Exception:
                self._failed[name] = asyncio.get_running_loop().time()
                log.exception("part_failed", extra={"part": name})
            await asyncio.sleep(RESTART_SECONDS)


class Server(uvicorn.Server):
    """Leaves signals to `bot.__main__`."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - as upstream
        yield


def plain_server(app: object) -> Server:
    """A server of an ASGI application that only friends can reach."""
    return Server(
        uvicorn.Config(
            app,  # type: ignore[arg-type]  # Starlette is an ASGI application; uvicorn's own type is narrower
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=GRACE_SECONDS,
            server_header=False,
            proxy_headers=False,
        )
    )


async def _coroutine(work: Callable[[], Awaitable[None]]) -> None:
    await work()
