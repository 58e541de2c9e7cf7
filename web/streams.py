"""Who is connected, and waking them when their talk has changed.

A change made in this process wakes at once, one made by another process as soon as its bell is heard; should a bell be
lost, one look a second for all visitors together finds it. Contains no HTTP.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from bot.store import Store

log = logging.getLogger(__name__)

LOOK_S = 1.0
MOST_OF_ONE = 8
MOST_OF_ADDRESS = 128
"""A mobile network puts many homes behind one address."""
MOST_OF_ALL = 10_000


class Full(Exception):
    """No further stream is possible."""


class Listener:
    """One open page. `seq` is the last change it was told of; `over` says that nobody listens any more.

    `whence`: the address it is counted by.
    """

    __slots__ = ("changed", "over", "seq", "whence")

    def __init__(self, seq: int, whence: str) -> None:
        self.seq = seq
        self.whence = whence
        self.over = False
        self.changed = asyncio.Event()

    def end(self) -> None:
        """Let whoever waits for changes find out that there is nothing more to wait for."""
        self.over = True
        self.changed.set()


class Streams:
    """All open pages of this process."""

    def __init__(self, store: Store) -> None:
        self.stopping = False
        self._store = store
        self._open: dict[int, list[Listener]] = defaultdict(list)
        self._count = 0
        self._of_address: Counter[str] = Counter()
        self._looking: asyncio.Task[None] | None = None
        store.bells.on("page", lambda visitor: self.wake(int(visitor)))

    def changed(self, visitor_id: int) -> None:
        """The visitor's talk was changed by this process: wake who listens here, and let the others know."""
        self.wake(visitor_id)
        self._store.bells.ring(f"page:{visitor_id}")

    def wake(self, visitor_id: int) -> None:
        """The visitor's talk has changed."""
        for listener in self._open.get(visitor_id, ()):
            listener.changed.set()

    def stop(self) -> None:
        """End all streams, so that the server need not wait for them. The pages come back by themselves."""
        self.stopping = True
        for listeners in self._open.values():
            for listener in listeners:
                listener.end()

    @contextmanager
    def listen(self, visitor_id: int, listener: Listener) -> Iterator[None]:
        """Wake the listener while the block runs. Raises `Full`."""
        if self.stopping or self._is_full(visitor_id, listener.whence):
            raise Full
        self._open[visitor_id].append(listener)
        self._count += 1
        self._of_address[listener.whence] += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._count -= 1
            self._of_address[listener.whence] -= 1
            if not self._of_address[listener.whence]:
                del self._of_address[listener.whence]
            self._open[visitor_id].remove(listener)
            if not self._open[visitor_id]:
                del self._open[visitor_id]

    def _is_full(self, visitor_id: int, whence: str) -> bool:
        return (
            self._count >= MOST_OF_ALL
            or len(self._open.get(visitor_id, ())) >= MOST_OF_ONE
            or self._of_address[whence] >= MOST_OF_ADDRESS
        )

    async def _look(self) -> None:
        """Find what other processes have changed. Ends with the last page."""
        try:
            while self._open:
                await asyncio.sleep(LOOK_S)
                if self.stopping:  # the database may be closed by now
                    return
                await self._look_once()
        finally:
            self._looking = None

    async def _look_once(self) -> None:
        visitor_ids = list(self._open)
        try:
            seqs = await self._store.read(lambda unit: unit.web.seqs(visitor_ids))
        except Exception:  # whatever is wrong with the database, the next look may succeed
            log.warning("page_changes_not_read", exc_info=True)
            return
        for visitor_id, seq in seqs.items():
            if any(listener.seq < seq for listener in self._open.get(visitor_id, ())):
                self.wake(visitor_id)
