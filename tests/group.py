"""A group as its members have it: what they write there, and what the bot answers in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.app import App
from bot.models import inbox, outbox
from bot.store.desks import Desk
from tests.botapi import BotApi, Seen
from tests.botapi.answers import JSON
from tests.botapi.chats import Chat
from tests.citizen import rows_of, settled

OPERATOR = 900


@dataclass
class Group:
    """A group that the bot is a member of; a desk only after `become_desk`."""

    app: App
    api: BotApi
    number: int = -100
    title: str = "میز فضای سبز"
    extra: JSON = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chat: Chat = self.api.group(self.number, self.title, **self.extra)

    @property
    def platform(self) -> str:
        return self.api.dialect.name

    async def become_desk(self) -> Desk:
        return await self.app.store.write(lambda unit: unit.desks.make(self.platform, self.number, self.title))

    async def desk(self) -> Desk | None:
        return await self.app.store.read(lambda unit: unit.desks.find(self.platform, self.number))

    async def send(self, user_id: int, text: str, **extra: Any) -> list[Seen]:  # noqa: ANN401 - any field of a message
        """A member writes; what the bot answered in the group since."""
        return await self.after(lambda: self.api.say(user_id, text, chat_id=self.number, **extra))

    async def push(self, update: JSON) -> list[Seen]:
        """An update as it is."""
        return await self.after(lambda: self.api.push(update))

    async def after(self, act: Callable[[], object]) -> list[Seen]:
        before = {seen.message_id for seen in self.api.seen(self.number)}
        act()
        await settled(self.app, self.api)
        return [seen for seen in self.api.seen(self.number) if seen.message_id not in before]

    async def words_kept(self) -> list[str]:
        """The updates of this group that are still there in words."""
        rows = await self.app.store.read(lambda unit: rows_of(unit, inbox))
        return [row["raw"] for row in rows if row["chat_id"] == self.number and row["raw"] is not None]

    async def operators_told(self) -> list[str]:
        rows = await self.app.store.read(lambda unit: rows_of(unit, outbox))
        return [row["body"] for row in rows if (row["platform"], row["chat_id"]) == (self.platform, OPERATOR)]
