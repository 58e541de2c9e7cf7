"""Brings waiting updates to the address that a bot set, as telegram-bot-api's WebhookActor.cpp does.

One chat's updates go one after another, other chats' beside them. What is not taken stays in the queue, where
polling finds it once the address is gone. Methods in the body of an answer are not carried out.
"""

import asyncio
import json
import random
import time
from collections import Counter, deque
from collections.abc import Hashable

import aiohttp

from tests.botapi.answers import JSON
from tests.botapi.hook import Hook
from tests.botapi.updates import Updates

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_FIRST_DELAY = 2.0
_LONGEST_DELAY = (60.0, 120.0)
_LONGEST_WISH = 3600.0


class Postman:
    """One bot's deliveries.

    `scale` shortens the waits between attempts, 0.01 makes two seconds twenty milliseconds; `patience` is how
    long an answer is waited for, in true seconds.
    """

    def __init__(self, updates: Updates) -> None:
        self.hook: Hook | None = None
        self.scale = 1.0
        self.patience = 30.0
        self.counts: Counter[str] = Counter()
        self.last_error: tuple[int, str] | None = None
        self._updates = updates
        self._round: _Round | None = None
        self._ending: _Round | None = None
        updates.pushed = self._pushed

    def start(self, hook: Hook) -> None:
        """Deliver to this address from now on, beginning with what waits."""
        self.stop()
        self.hook = hook
        self.last_error = None
        self.resume()

    def stop(self) -> None:
        """Deliver nothing more; an attempt that is under way counts as failed."""
        self._end_round()
        self.hook = None

    def resume(self) -> None:
        """Go on where `pause` left off, if there is an address."""
        if self.hook is None or self._round is not None:
            return
        self._round = _Round(self, self._updates, self.hook)
        for number, text in list(self._updates.waiting):
            self._round.take(json.loads(text), number, text)

    async def pause(self) -> None:
        """While the server is down: the address stays, and no connection is open."""
        self._end_round()
        if self._ending is not None:
            await self._ending.ended()

    def _end_round(self) -> None:
        if self._round is not None:
            self._round.end()
            self._ending, self._round = self._round, None

    def _pushed(self, update: JSON, number: int, text: str) -> None:
        if self._round is not None:
            self._round.take(update, number, text)


class _Round:
    """The deliveries to one address, from setWebhook until it is taken back."""

    def __init__(self, postman: Postman, updates: Updates, hook: Hook) -> None:
        self._postman = postman
        self._updates = updates
        self._hook = hook
        self._lines: dict[Hashable, deque[tuple[int, str]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(hook.connections)
        self._session: aiohttp.ClientSession | None = None
        self._random = random.Random(0)
        self._ending: asyncio.Task[None] | None = None

    def take(self, update: JSON, number: int, text: str) -> None:
        """Put an update behind those of its chat."""
        chat = _chat_of(update)
        if chat in self._lines:
            self._lines[chat].append((number, text))
            return
        self._lines[chat] = deque([(number, text)])
        task = asyncio.get_running_loop().create_task(self._serve(chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._ending = asyncio.get_running_loop().create_task(self._end())

    async def ended(self) -> None:
        if self._ending is not None:
            await self._ending

    async def _end(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._hang_up()

    async def _hang_up(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _serve(self, chat: Hashable) -> None:
        line = self._lines[chat]
        try:
            while line:
                number, text = line[0]
                await self._deliver(text)
                self._updates.confirm_one(number)
                line.popleft()
        finally:
            del self._lines[chat]
            # A pool of open connections must not outlive the work, nor a test.
            if not self._lines:
                await self._hang_up()

    async def _deliver(self, text: str) -> None:
        """Try until it is taken: again at once after the first failure, then after growing delays."""
        delay = 0.0
        longest = self._random.uniform(*_LONGEST_DELAY)
        while True:
            async with self._free:
                wish = await self._attempt(text)
            if wish is None:
                return
            await asyncio.sleep(max(delay, wish) * self._postman.scale)
            delay = min(max(delay * 2, _FIRST_DELAY), longest)

    async def _attempt(self, text: str) -> float | None:
        """None when it was taken, else the seconds that the receiver wants to be left alone."""
        self._postman.counts["attempts"] += 1
        wish = 0.0
        try:
            status, reason, wish = await self._post(text)
        except TimeoutError:
            return self._failed("Read timeout expired")
        except aiohttp.ClientConnectorError:
            return self._failed("Connection refused")
        except aiohttp.ClientError:
            return self._failed("Connection reset by peer")
        if not 200 <= status < 300:
            self._failed(f"Wrong response from the webhook: {status} {reason}")
            return wish
        if self._updates.answer_gets_lost():
            return self._failed("Read timeout expired")
        self._postman.counts["delivered"] += 1
        return None

    async def _post(self, text: str) -> tuple[int, str, float]:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        headers = {"Content-Type": "application/json"}
        if self._hook.secret:
            headers[_SECRET_HEADER] = self._hook.secret
        timeout = aiohttp.ClientTimeout(total=self._postman.patience)
        async with self._session.post(
            self._hook.url, data=text.encode(), headers=headers, timeout=timeout, allow_redirects=False
        ) as answer:
            await answer.read()
            wish = answer.headers.get("Retry-After", "")
            return answer.status, answer.reason or "", min(float(wish), _LONGEST_WISH) if wish.isdecimal() else 0.0

    def _failed(self, why: str) -> float:
        self._postman.counts["failed"] += 1
        self._postman.last_error = (int(time.time()), why)
        return 0.0


def _chat_of(update: JSON) -> Hashable:
    """What keeps its order: a chat, else a user; an update of neither stands alone."""
    for part in update.values():
        if not isinstance(part, dict):
            continue
        message = part.get("message")
        for holder in (message if isinstance(message, dict) else {}, part):
            for name in ("chat", "from"):
                found = holder.get(name)
                if isinstance(found, dict) and isinstance(found.get("id"), int):
                    return int(found["id"])
    return object()
