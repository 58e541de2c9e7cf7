"""The fake Bot API itself: one call in, one answer out, no sockets."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tests.botapi import params
from tests.botapi.answers import JSON, Answer, ApiError, Cut, success, success_of_updates
from tests.botapi.faults import Fault
from tests.botapi.files import KINDS
from tests.botapi.groups import Groups
from tests.botapi.methods import METHODS
from tests.botapi.world import Call

_SENDS = frozenset({"sendmessage", "sendlocation", "sendcontact", "sendmediagroup", *(f"send{kind}" for kind in KINDS)})
_EDITS = frozenset({"editmessagetext", "editmessagereplymarkup", "editmessagecaption", "editmessagemedia"})


class BotApi(Groups):
    """A bot's server in memory: `handle` for the bot, `say`, `press` and `seen` for its citizens."""

    async def handle(self, method: str, call: JSON, token: str | None = None) -> Answer:
        """Answer one call. Raises `Cut` where the connection would end. No token means the right one."""
        arrived = time.monotonic()
        self.calls.append(Call(method, call, arrived))
        self.called[method] += 1
        if self.latency:
            await asyncio.sleep(self.latency)
        name = method.lower()
        fault = await self.faults.strike(name, params.chat_of(call))
        return await self._meet(fault, name, lambda: self._carry_out(name, call, token, arrived))

    async def download(self, path: str, token: str | None = None) -> Answer:
        """Give a file at the path that getFile told. Raises `Cut` as `handle` does."""
        self.called["download"] += 1
        if self.latency:
            await asyncio.sleep(self.latency)
        fault = await self.faults.strike("download", None)
        return await self._meet(fault, "download", lambda: self._fetch(path, token))

    def client_gone(self, method: str, answering: asyncio.Future[Answer]) -> None:
        """Whoever called does not wait any more; what is done all the same is counted as unheard of.

        A client that dies after the answer was written to its socket is not noticed.
        """

        def note(done: asyncio.Future[Answer]) -> None:
            # A cut by a fault has counted itself.
            if not done.cancelled() and done.exception() is None and done.result().status == 200:
                self.faults.unheard[method.lower()] += 1

        answering.add_done_callback(note)

    async def _meet(self, fault: Fault | None, name: str, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """Do the work, unless something goes wrong before or after."""
        if fault is None:
            return await work()
        if fault.kind in {"lost", "half"}:
            done = await work()
            if done.status == 200:
                self.faults.unheard[name] += 1
            raise Cut(done if fault.kind == "half" else None)
        if fault.answer is None:
            raise Cut
        return fault.answer

    async def _fetch(self, path: str, token: str | None) -> Answer:
        if token not in {None, self.token}:
            return self.dialect.wrong_token().answer()
        stored = self.files.linked(path)
        if stored is None:
            return ApiError(404, "Not Found").answer()
        return Answer(200, stored.content, "application/octet-stream")

    async def _carry_out(self, name: str, call: JSON, token: str | None, arrived: float) -> Answer:
        try:
            if token not in {None, self.token}:
                raise self.dialect.wrong_token()
            if name == "getupdates":
                return success_of_updates(await self._updates(call))
            if name not in METHODS or name in self.dialect.missing:
                raise self.dialect.no_method()
            self._keep_pace(name, call)
            result = METHODS[name](self, call)
        except ApiError as refusal:
            return refusal.answer()
        self._count(name, call, arrived)
        return success(result)

    async def _updates(self, call: JSON) -> list[str]:
        if self.postman.hook is not None and not self.dialect.polls_beside_webhook:
            raise self.dialect.webhook_active()
        offset = params.number(call, "offset")
        limit = params.number(call, "limit", 100)
        return await self.updates.fetch(offset, limit, params.number(call, "timeout"))

    def _keep_pace(self, name: str, call: JSON) -> None:
        if name not in _SENDS | _EDITS:
            return
        chat_id = params.chat_of(call)
        chat = self.chats.get(chat_id or 0)
        seconds = self.limits.wait(chat_id, group=chat is not None and chat.is_group, messages=_messages(name, call))
        if seconds is not None:
            raise self.dialect.too_many(seconds)

    def _count(self, name: str, call: JSON, arrived: float) -> None:
        chat_id = params.chat_of(call) or 0
        if name in _SENDS:
            self.stats.answered(chat_id, arrived)
        elif name in _EDITS:
            self.stats.changed(chat_id, arrived)


def _messages(name: str, call: JSON) -> int:
    """An album counts as so many messages as it has parts."""
    parts = params.structure(call, "media") if name == "sendmediagroup" else None
    return max(len(parts), 1) if isinstance(parts, list) else 1
