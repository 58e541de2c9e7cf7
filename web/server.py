"""How the page is served: who connects and says nothing, or little by little, does not stay.

uvicorn closes a connection that is silent after a request, but not one that never begins one, or never ends it. It
has no limit for one address either.
"""

import asyncio
import contextlib
import resource
import socket
from collections import Counter

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.config import Web
from web.guard import household

HEADER_SECONDS = 15.0
"""So long a request may take to be told, from the connection or from its first byte on."""
UNHEARD_MILLIS = 120_000
"""So long a browser may leave what it was sent unconfirmed."""
OTHER_FILES = 256
"""File descriptors kept for what is no connection: the database, uploads, messengers."""


class Connections:
    """Those that are open, by address. `most` of one address, None for any number; `most_of_all` in sum."""

    def __init__(self, most: int | None, most_of_all: int) -> None:
        self._most = most
        self._most_of_all = most_of_all
        self._open: Counter[str] = Counter()
        self._count = 0

    def begin(self, address: str) -> bool:
        """Count one more. False: it is one too many."""
        if self._count >= self._most_of_all or (self._most is not None and self._open[address] >= self._most):
            return False
        self._count += 1
        self._open[address] += 1
        return True

    def end(self, address: str) -> None:
        self._count -= 1
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]


class Protocol(H11Protocol):
    """One connection."""

    counter: Connections
    _counted: str | None = None
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as upstream
        super().connection_made(transport)
        whence = household(self.client[0] if self.client else "")
        if not self.counter.begin(whence):
            transport.abort()
            return
        self._counted = whence
        _give_up_when_unheard(transport.get_extra_info("socket"))
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._counted is not None:
            self.counter.end(self._counted)
            self._counted = None
        self._unwatch()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def _watch(self) -> None:
        """A deadline while a request is being told, or its body goes on after the answer; none meanwhile."""
        if self.conn.their_state is not h11.IDLE and self.conn.our_state is not h11.DONE:
            self._unwatch()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEADER_SECONDS, self.transport.abort)

    def _unwatch(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _give_up_when_unheard(connection: socket.socket | None) -> None:
    """Whoever takes nothing of what they asked for does not stay either. Linux counts that by itself (tcp(7))."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is not None and connection is not None and connection.family in {socket.AF_INET, socket.AF_INET6}:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, option, UNHEARD_MILLIS)


def room_for_connections() -> int:
    """How many the system lets us hold; takes as much as it gives."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    if soft == resource.RLIM_INFINITY:
        soft = 1 << 20
    return max(soft - OTHER_FILES, soft // 2)


class Server(uvicorn.Server):
    """Leaves signals to `bot.__main__`."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - as upstream
        yield


def server(app: object, settings: Web) -> Server:
    """A server for the application, to be given its listening sockets."""
    most = None if settings.trusted_proxy else settings.address_connections
    connections = Connections(most, room_for_connections())
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # Starlette is an ASGI application; uvicorn's own type is narrower
        http=type("CountedProtocol", (Protocol,), {"counter": connections}),
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
        server_header=False,
        proxy_headers=False,
    )
    return Server(config)
