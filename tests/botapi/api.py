"""The fake Bot API itself: one call in, one answer out, no sockets."""

import asyncio
import time

from tests.botapi import params
from tests.botapi.answers import JSON, Answer, ApiError, Cut, success, success_of_updates
from tests.botapi.citizens import Citizens
from tests.botapi.methods import METHODS
from tests.botapi.world import Call

_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_MESSAGES = frozenset({"sendmessage", "sendphoto", "editmessagetext", "editmessagereplymarkup"})


class BotApi(Citizens):
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
        if fault is None:
            return await self._carry_out(name, call, token, arrived)
        if fault.kind == "lost":
            await self._carry_out(name, call, token, arrived)
        if fault.answer is None:
            raise Cut
        return fault.answer

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
        if self.webhook.get("url"):
            raise ApiError(409, _WEBHOOK_ACTIVE)
        offset = params.number(call, "offset")
        limit = params.number(call, "limit", 100)
        return await self.updates.fetch(offset, limit, params.number(call, "timeout"))

    def _keep_pace(self, name: str, call: JSON) -> None:
        if name in _MESSAGES and (seconds := self.limits.wait(params.chat_of(call))) is not None:
            raise self.dialect.too_many(seconds)

    def _count(self, name: str, call: JSON, arrived: float) -> None:
        if name not in _MESSAGES:
            return
        chat_id = params.chat_of(call) or 0
        if name.startswith("send"):
            self.stats.answered(chat_id, arrived)
        else:
            self.stats.changed(chat_id, arrived)
