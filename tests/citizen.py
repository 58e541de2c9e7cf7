"""Tests as a citizen: `await sara.send("…")` and `await sara.press("…")` give what the bot then showed.

The service is real: inbox, switchboard, database, outbox, delivery, HTTP. Only the Bot API's server is ours
(`tests/botapi`).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from bot.app import App
from bot.models import chats, inbox, outbox
from bot.store import Unit
from tests.botapi import BotApi, Seen

PATIENCE = 60.0
"""Only what never comes should take so long, on however busy a machine."""


async def wait_until(condition: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait until the condition holds; the test fails if it does not in time."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


async def settled(app: App, *apis: BotApi, seconds: float = PATIENCE) -> None:
    """Wait until everything that came in is handled and everything said has gone out."""

    def busy(unit: Unit) -> bool:
        look = unit.inbox._connection
        waiting = look.execute(select(func.coalesce(func.sum(chats.c.pending), 0))).scalar_one()
        unsent = look.execute(select(func.count()).where(outbox.c.state == 0)).scalar_one()
        return bool(waiting or unsent)

    async with asyncio.timeout(seconds):
        while any(api.updates.waiting for api in apis) or await app.store.read(busy):
            await asyncio.sleep(0.005)


def rows_of(unit: Unit, table: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a table
    """All rows of a table, for looking behind the scenes."""
    return [dict(row._mapping) for row in unit.inbox._connection.execute(select(table).order_by(*table.primary_key))]


@dataclass
class Citizen:
    """Somebody on Telegram or Bale."""

    app: App
    api: BotApi
    user_id: int
    seen: list[Seen] = field(default_factory=list)

    async def send(self, text: str, **extra: Any) -> list[Seen]:  # noqa: ANN401 - any field of a message
        """Write; returns what the bot showed since: new messages and changed ones."""
        return await self._after(lambda: self.api.say(self.user_id, text, **extra))

    async def press(self, wanted: str) -> list[Seen]:
        """Press the button with this label or data."""
        return await self._after(lambda: self.api.press(self.user_id, wanted))

    async def _after(self, act: Callable[[], Any]) -> list[Seen]:
        before = dict(self.api.chats[self.user_id].messages) if self.user_id in self.api.chats else {}
        act()
        await settled(self.app, self.api)
        now = self.api.seen(self.user_id)
        return [seen for seen in now if before.get(seen.message_id) != seen]

    @property
    def screen(self) -> str:
        """Everything the citizen sees of the bot, oldest first."""
        return "\n".join(seen.text for seen in self.api.seen(self.user_id))


def labels(seen: Seen) -> list[str]:
    """The labels of all buttons of a message."""
    return [label for row in seen.buttons for label in row]


async def inbox_rows(app: App) -> list[dict[str, Any]]:
    return await app.store.read(lambda unit: rows_of(unit, inbox))


async def outbox_rows(app: App) -> list[dict[str, Any]]:
    return await app.store.read(lambda unit: rows_of(unit, outbox))
