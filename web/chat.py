"""What a page is told: its talk so far, and every change from then on (server-sent events, named by `seq`).

Events: `history` is the whole talk anew, `message` one message new or changed, `ping` only a sign of life.
"""

import asyncio
import logging
from collections.abc import AsyncIterator

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.clock import Clock
from bot.config import Web
from bot.errors import StoreDown
from bot.store import Store, Unit
from bot.store.web import WebMessage
from web.guard import Limits, address, check_origin, key_of, neighbourhood
from web.limits import Limit
from web.streams import Full, Listener, Streams

log = logging.getLogger(__name__)

AT_ONCE = 200
PING_S = 25
LOOKS_PER_MESSAGE = 3
"""So many looks at the talk are allowed for each message that is: reconnecting over a bad line costs some."""
_UNBUFFERED = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


class Chat:
    """The routes that read."""

    def __init__(self, store: Store, settings: Web, streams: Streams, clock: Clock) -> None:
        self._store = store
        self._streams = streams
        self._trusted_proxy = settings.trusted_proxy
        self._looks = Limits(
            Limit(settings.messages_per_minute * LOOKS_PER_MESSAGE, 60, clock),
            Limit(settings.address_messages_per_minute * LOOKS_PER_MESSAGE, 60, clock),
        )

    async def history(self, request: Request) -> Response:
        """GET /api/history?before=<message id>: what lies before, oldest first."""
        visitor_id = await self._visitor(request)
        before = _number(request.query_params.get("before", ""))
        if visitor_id is None:
            rows = []
        else:
            known = visitor_id
            rows = await self._store.read(lambda unit: unit.web.latest(known, AT_ONCE + 1, before or None))
        return Response(_talk(rows), media_type="application/json")

    async def stream(self, request: Request) -> Response:
        """GET /api/stream?after=<seq>: the changes since, for as long as the page is open."""
        visitor_id = await self._visitor(request)
        whence = neighbourhood(address(request, trusted_proxy=self._trusted_proxy))
        after = _number(request.headers.get("last-event-id") or request.query_params.get("after", ""))
        listener = Listener(after, whence)
        # An unknown visitor has an empty talk; the page says hello and comes back.
        events = self._events(visitor_id, listener) if visitor_id is not None else _nothing_yet()
        return EventStream(events, listener)

    async def _visitor(self, request: Request) -> int | None:
        check_origin(request)
        key = key_of(request)
        self._looks.allow(key, address(request, trusted_proxy=self._trusted_proxy))
        return None if key is None else await self._store.read(lambda unit: unit.web.visitor(key))

    async def _events(self, visitor_id: int, listener: Listener) -> AsyncIterator[bytes]:
        try:
            with self._streams.listen(visitor_id, listener):
                first = await self._store.read(lambda unit: _beginning(unit, visitor_id, listener.seq))
                if first is not None:
                    listener.seq, talk = first
                    yield _event("history", talk, listener.seq)
                while not listener.over:
                    async for event in self._changes(visitor_id, listener):
                        yield event
        except Full:
            yield _event("full", b"{}")
        except StoreDown:  # the page comes back by itself
            log.warning("stream_ended", exc_info=True)

    async def _changes(self, visitor_id: int, listener: Listener) -> AsyncIterator[bytes]:
        """What is new now; with nothing new a sign of life, after a while of silence."""
        listener.changed.clear()
        rows = await self._store.read(lambda unit: unit.web.since(visitor_id, listener.seq, AT_ONCE))
        for row in rows:
            listener.seq = row.seq
            yield _event("message", _message(row), row.seq)
        if len(rows) < AT_ONCE:
            try:
                async with asyncio.timeout(PING_S):
                    await listener.changed.wait()
            except TimeoutError:
                yield _event("ping", b"{}")


class EventStream(StreamingResponse):
    """Sends events until they end.

    When the page leaves, they are asked to end, not cut off: so a look at the database comes to its end, and its
    connection back into the pool.
    """

    def __init__(self, events: AsyncIterator[bytes], listener: Listener) -> None:
        super().__init__(events, media_type="text/event-stream", headers=_UNBUFFERED)
        self._listener = listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as upstream
        watching = asyncio.create_task(self._watch(receive))
        try:
            await self.stream_response(send)
        finally:
            watching.cancel()

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._listener.end()


async def _nothing_yet() -> AsyncIterator[bytes]:
    yield _event("history", _talk([]))


def _beginning(unit: Unit, visitor_id: int, after: int) -> tuple[int, bytes] | None:
    """The talk so far, for a page that knows nothing of it or more than we do; None: what is new will do."""
    seq = unit.web.seqs([visitor_id]).get(visitor_id, 0)
    if 0 < after <= seq:
        return None
    return seq, _talk(unit.web.latest(visitor_id, AT_ONCE + 1))


def _talk(rows: list[WebMessage]) -> bytes:
    """Messages, and whether there are older ones: for that one more was asked for than is shown."""
    more = len(rows) > AT_ONCE
    messages = b",".join(map(_message, rows[-AT_ONCE:]))
    return b'{"messages":[%s],"more":%s}' % (messages, b"true" if more else b"false")


def _message(row: WebMessage) -> bytes:
    return orjson.dumps(
        {
            "id": row.id,
            "seq": row.seq,
            "kind": row.kind,
            "client": row.client_id,
            "at": row.created_at,
            "body": orjson.Fragment(row.body),
        }
    )


def _event(name: str, data: bytes, seq: int | None = None) -> bytes:
    number = b"" if seq is None else b"id: %d\n" % seq
    return b"%sevent: %s\ndata: %s\n\n" % (number, name.encode(), data)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0
