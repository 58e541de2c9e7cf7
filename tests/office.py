"""A post office: delivery to one messenger, without the rest of the service."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot import config, markup, outbox
from bot.alarms import Alarms
from bot.content import Wording
from bot.delivery import Delivery
from bot.media import Shelf
from bot.models import outbox as outbox_table
from bot.outbox import NO_KEYBOARD
from bot.pace import Pace
from bot.platforms import Platform
from bot.sending import Sender
from bot.store import Store, Unit
from bot.store.outbox import Outgoing, Row
from bot.switchboard import _post
from tests.botapi import BotApi, Seen
from tests.citizen import PATIENCE, rows_of
from tests.conftest import FakeClock
from tests.platforms.site import opened

OPERATOR = 900


@dataclass
class Office:
    """Time stands still here until `later`; only the pace knows the real one."""

    store: Store
    clock: FakeClock
    api: BotApi
    platform: Platform
    alarms: Alarms
    delivery: Delivery

    async def post(self, chat_id: int, *texts: str, **about: Any) -> list[Row]:  # noqa: ANN401 - of `Outgoing`
        """Write messages as one turn does, and hand them over."""
        keyboard = about.pop("keyboard", NO_KEYBOARD)
        messages = [
            Outgoing(self.platform.name, chat_id, about.pop("kind", "send"), found, **about)
            for text in texts
            for found in outbox.bodies(markup.spans(text), keyboard)
        ]
        return await self.put(*messages)

    async def put(self, *messages: Outgoing) -> list[Row]:
        here = (messages[0].platform, messages[0].chat_id)
        rows = await self.store.write(lambda unit: _post(unit, list(messages), here))
        self.delivery.offer(rows)
        return rows

    async def edit(self, chat_id: int, text: str, **about: Any) -> list[Row]:  # noqa: ANN401 - as above
        return await self.post(chat_id, text, kind="edit", **about)

    async def acknowledge(self, chat_id: int, press_id: str, word: str = "") -> list[Row]:
        return await self.put(Outgoing(self.platform.name, chat_id, "ack", outbox.alert(word), ref=press_id))

    async def rows(self) -> list[dict[str, Any]]:
        return await self.store.read(lambda unit: rows_of(unit, outbox_table))

    async def states(self) -> list[int]:
        return [row["state"] for row in await self.rows()]

    async def texts_in(self, chat_id: int) -> list[str]:
        """What was meant for a chat, whatever became of it."""
        rows = [row for row in await self.rows() if row["chat_id"] == chat_id]
        return [markup.plain(markup.from_json(json.loads(row["body"])["text"])) for row in rows]

    @property
    def quiet(self) -> bool:
        """Nothing is under way here, no claim either.

        Before that time must not leap: what was put off would be due while it still counts as being sent here, and its
        claim lead to nothing until it ends.
        """
        return self.delivery.idle and not self.delivery._claiming.locked()

    def later(self, seconds: float) -> None:
        self.clock.instant += timedelta(seconds=seconds)

    def seen(self, chat_id: int) -> list[str]:
        return [seen.text for seen in self.api.seen(chat_id)]

    def last(self, chat_id: int) -> Seen:
        return self.api.seen(chat_id)[-1]

    async def until(self, condition: Callable[[], Any | Awaitable[Any]]) -> None:
        """Wait until the condition, which may look into the database, holds."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = condition()
                if await found if isinstance(found, Awaitable) else found:
                    return
                await asyncio.sleep(0.005)

    async def until_sent(self, seconds_a_look: float = 0) -> None:
        """Wait until nothing waits any more; with seconds, time passes whenever nothing is being sent."""

        async def all_done() -> bool:
            if self.quiet:
                self.later(seconds_a_look)
            return not await self.store.read(self._waiting)

        await self.until(all_done)

    async def until_put_off(self) -> None:
        """Wait until a row has been put off for the first time, and nothing is under way any more."""

        async def put_off() -> bool:
            return any(row["error"] for row in await self.rows()) and self.quiet

        await self.until(put_off)

    def _waiting(self, unit: Unit) -> int:
        return unit.outbox.waiting(self.platform.name)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Office"]:
        """The office at work."""
        work = asyncio.create_task(self.delivery.run())
        try:
            yield self
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work


@asynccontextmanager
async def office(api: BotApi, database: str, words: Wording, **limits: Any) -> AsyncIterator[Office]:  # noqa: ANN401 - handed on as it is
    """An office that is closed yet. `limits`: pace, chat_pace, in_flight, token, media (the folder of files)."""
    clock = FakeClock()
    store = Store(database, clock)
    async with opened(api, limits.get("token")) as platform:
        alarms = Alarms(config.Operators(chat_ids=(f"{platform.name}:{OPERATOR}",)), words, store)
        now = asyncio.get_running_loop().time
        pace = Pace(limits.get("pace", 10_000.0), limits.get("chat_pace", 10_000.0), now)
        platform.in_flight = int(limits.get("in_flight", 16))
        sender = Sender(platform, store, Shelf(Path(limits.get("media", "none"))), alarms, clock)
        delivery = Delivery(sender, store, pace, alarms, clock)
        try:
            yield Office(store, clock, api, platform, alarms, delivery)
        finally:
            await store.close()
