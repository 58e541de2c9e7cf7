"""The queue of updates: long polling, confirmation, repeats. Knows neither chats nor dialects."""

import asyncio
import json
import random
from bisect import insort
from collections import deque
from collections.abc import Callable
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
        # Called with the update, its number and its text, for who does not wait to be asked.
        self.pushed: Callable[[JSON, int, str], None] | None = None
        self.repeated = 0
        self._again = 0
        self._once_more: list[str] = []
        self._repeat_rate = 0.0
        self._random = random.Random(0)
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
        if self.pushed is not None:
            self.pushed(update, number, entry[1])
        return number

    async def fetch(self, offset: int, limit: int, seconds: float) -> list[str]:
        """Updates from `offset` on, waiting for the first if there is none; earlier ones are confirmed."""
        if self.one_poller:
            self._end_pollers(_TERMINATED)
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
        """Give the last confirmed updates once more with the next answer, or deliver the next ones twice."""
        self._again = count
        if self.recent:
            self._wake()

    def repeat_by_chance(self, rate: float, seed: int = 0) -> None:
        """Give each update once more with this probability, after it was confirmed."""
        self._repeat_rate = rate
        self._random = random.Random(seed)

    def answer_gets_lost(self) -> bool:
        """Whether an update that was just delivered is taken for undelivered."""
        if self._again:
            self._again -= 1
        elif not (self._repeat_rate and self._random.random() < self._repeat_rate):
            return False
        self.repeated += 1
        return True

    def confirm_one(self, number: int) -> None:
        """An update was delivered, earlier ones perhaps not yet."""
        for place, entry in enumerate(self.waiting):
            if entry[0] == number:
                del self.waiting[place]
                self.recent.append(entry)
                self.confirmed += 1
                return

    def drop_waiting(self) -> None:
        """Forget what nobody has fetched yet."""
        self.dropped += len(self.waiting)
        self.waiting.clear()

    def end_polls(self, why: str | None = None) -> None:
        """End every waiting poll: in a conflict where there is a reason, else empty, so that a server can stop."""
        if why is None:
            self._wake()
        else:
            self._end_pollers(why)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            surplus = len(self.waiting) + offset
        else:
            surplus = 0
            while surplus < len(self.waiting) and self.waiting[surplus][0] < offset:
                surplus += 1
        for _ in range(surplus):
            entry = self.waiting.popleft()
            self.recent.append(entry)
            self.confirmed += 1
            if self._repeat_rate and self._random.random() < self._repeat_rate:
                self._once_more.append(entry[1])

    def _batch(self, limit: int) -> list[str]:
        batch = [text for _, text in islice(self.waiting, limit)]
        if self._again and self.recent:
            self._once_more += [text for _, text in self.recent][-self._again :]
            self._again = 0
        if self._once_more:
            again, self._once_more = self._once_more[:limit], self._once_more[limit:]
            self.repeated += len(again)
            batch = (again + batch)[:limit]
        return batch

    def _wake(self) -> None:
        for poller in self._pollers:
            if not poller.done():
                poller.set_result(None)
        self._pollers.clear()

    def _end_pollers(self, why: str) -> None:
        for poller in self._pollers:
            if not poller.done():
                poller.set_exception(ApiError(409, why))
                self.conflicts += 1
        self._pollers.clear()
