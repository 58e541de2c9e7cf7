"""Many citizens writing at once or at a given rate, from the server's own loop: no client slows it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import count

from tests.botapi.answers import JSON
from tests.botapi.citizens import Citizens


class Flood:
    """Messages taken in turn from the citizens and the texts; "{n}" in a text becomes the number.

    So many messages, or with a rate and no number: until stopped.
    """

    def __init__(
        self,
        api: Citizens,
        *,
        messages: int | None = None,
        citizens: int = 1,
        texts: Sequence[str] = ("سلام",),
        rate: float | None = None,
        first_citizen: int = 1000,
    ) -> None:
        self.api = api
        self.messages = messages
        self.citizens = citizens
        self.texts = texts
        self.rate = rate
        self.first_citizen = first_citizen
        self._task: asyncio.Task[None] | None = None

    def start(self) -> JSON:
        """Queue all at once, or begin to."""
        if self.rate:
            self._task = asyncio.create_task(self._at_rate(self.rate))
            return {"queued": 0, "seconds": None if self.messages is None else self.messages / self.rate}
        for number in range(self.messages or 0):
            self._say(number)
        return {"queued": self.messages or 0, "seconds": 0}

    @property
    def done(self) -> bool:
        return self._task is None or self._task.done()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _say(self, number: int) -> None:
        citizen = self.first_citizen + number % self.citizens
        self.api.say(citizen, self.texts[number % len(self.texts)].replace("{n}", str(number)))

    async def _at_rate(self, rate: float) -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        for number in count() if self.messages is None else range(self.messages):
            ahead = start + number / rate - loop.time()
            if ahead > 0:
                await asyncio.sleep(ahead)
            self._say(number)
