"""The queue of updates: long polling, confirmation, repeats. Knows neither chats nor dialects."""

import asyncio
import json
from bisect import insort
from collections import deque
from itertools import islice

from tests.botapi.answers import JSON, ApiError

_TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_MOST_PER_CALL = 100
_LONGEST_POLL = 50


class Updates:
    """Updates wait here until a bot confirms them by asking for later ones."""

    def __init__(self, first_id: int, *, one_poller: bool, keep: int | None) -> None:
        self.next_id = first_id
        self.one_poller = one_poller
        self.keep = keep
        self.waiting: deque[tuple[int, str]] = deque()
        self.recent: deque[tuple[int, str]] = deque(maxlen=1000)
        self.queued = self.confirmed = self.dropped = self.conflicts = 0
        self._again = 0
        self._pollers: list[asyncio.Future[None]] = []

    def push(self, update: JSON) -> int:
        """Queue an update; one without a number gets the next."""
        number = int(update.get("update_id", self.next_id))
        entry = (number, json.dumps({"update_id": number, **update}))
        if self.waiting and number < self.waiting[-1][0]:
            insort(self.waiting, entry)
        else:
            self.waiting.append(entry)
        self.next_id = max(self.next_id, number + 1)
        self.queued += 1
        if self.keep is not None and len(self.waiting) > self.keep:
            self.waiting.popleft()
            self.dropped += 1
        self._wake()
        return number

    async def fetch(self, offset: int, limit: int, seconds: float) -> list[str]:
        """Updates from `offset` on, waiting for the first if there is none; earlier ones are confirmed."""
        if self.one_poller:
            self._end_other_pollers()
        self._confirm(offset)
        limit = limit if 0 < limit <= _MOST_PER_CALL else _MOST_PER_CALL
        batch = self._batch(limit)
        if batch or seconds <= 0:
            return batch
        poller = asyncio.get_running_loop().create_future()
        self._pollers.append(poller)
        try:
            async with asyncio.timeout(min(seconds, _LONGEST_POLL)):
                await poller
        except TimeoutError:
            return []
        finally:
            if poller in self._pollers:
                self._pollers.remove(poller)
        return self._batch(limit)

    def repeat(self, count: int) -> None:
        """Give the last confirmed updates once more with the next answer."""
        self._again = count
        if self.recent:
            self._wake()

    def drop_waiting(self) -> None:
        """Forget what nobody has fetched yet."""
        self.dropped += len(self.waiting)
        self.waiting.clear()

    def end_polls(self) -> None:
        """Let every waiting poll return empty, so that a server can stop."""
        self._wake()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            surplus = len(self.waiting) + offset
        else:
            surplus = 0
            while surplus < len(self.waiting) and self.waiting[surplus][0] < offset:
                surplus += 1
        for _ in range(surplus):
            self.recent.append(self.waiting.popleft())
            self.confirmed += 1

    def _batch(self, limit: int) -> list[str]:
        batch = [text for _, text in islice(self.waiting, limit)]
        if self._again and self.recent:
            batch = ([text for _, text in self.recent][-self._again :] + batch)[:limit]
            self._again = 0
        return batch

    def _wake(self) -> None:
        for poller in self._pollers:
            if not poller.done():
                poller.set_result(None)
        self._pollers.clear()

    def _end_other_pollers(self) -> None:
        for poller in self._pollers:
            if not poller.done():
                poller.set_exception(ApiError(409, _TERMINATED))
                self.conflicts += 1
        self._pollers.clear()
