"""All that the fake server holds in memory. Neither answers a bot nor speaks for a citizen."""

import asyncio
import itertools
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from tests.botapi.answers import JSON
from tests.botapi.bale import Bale, BaleShape
from tests.botapi.chats import Alert, Chat, Query, Seen
from tests.botapi.faults import Faults
from tests.botapi.files import Files
from tests.botapi.limits import Limits
from tests.botapi.postman import Postman
from tests.botapi.stats import Stats
from tests.botapi.telegram import Telegram
from tests.botapi.updates import Updates

DialectName = Literal["telegram", "bale"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method, as it arrived."""

    method: str
    params: JSON
    at: float


class World:
    """Chats, updates, the log of calls, and the switches of a test."""

    def __init__(
        self,
        dialect: DialectName,
        token: str = "100:TEST",  # noqa: S107 - of a fake
        username: str = "hamyar14_bot",
        shape: BaleShape | None = None,
        latency: float = 0,
    ) -> None:
        self.dialect: Telegram = Telegram() if dialect == "telegram" else Bale(shape or BaleShape())
        self.token = token
        self.now: Callable[[], int] = _seconds  # the date that messages carry
        self.latency = latency
        first = token.partition(":")[0]
        number = int(first) if first.isdecimal() else 100
        self.me: JSON = {"id": number, "is_bot": True, "first_name": "Hamyar", "username": username}
        self.updates = Updates(self.dialect.first_update_id, one_poller=self.dialect.one_poller, keep=self.dialect.keep)
        self.postman = Postman(self.updates)
        self.faults = Faults(self.dialect, self.updates)
        self.files = Files(self.dialect.name, number)
        self.limits = Limits()
        self.stats = Stats()
        self.chats: dict[int, Chat] = {}
        self.profiles: dict[int, JSON] = {}
        self.queries: dict[str, Query] = {}
        self.calls: list[Call] = []
        self.called: Counter[str] = Counter()
        self.sent: list[Seen] = []
        self.alerts: list[Alert] = []
        self.commands: list[JSON] = []
        self.query_numbers: Iterator[int] = itertools.count(1)
        self._bells: defaultdict[int, list[asyncio.Future[None]]] = defaultdict(list)

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def person(self, user_id: int) -> JSON:
        return self.dialect.person(user_id, self.profiles.get(user_id, {}))

    def meet(self, user_id: int, **profile: str) -> Chat:
        """The private chat of a citizen, who from now on is known to the bot."""
        self.profiles.setdefault(user_id, {}).update(profile)
        return self.enter(self.dialect.private_chat(self.person(user_id)))

    def enter(self, shape: JSON) -> Chat:
        """The chat of this shape, a staff group for example."""
        chat = self.chats.setdefault(shape["id"], Chat(shape["id"], shape))
        chat.shape = shape
        return chat

    def take_message_id(self, chat: Chat) -> int:
        chat.last_id = self.dialect.next_message_id(chat)
        chat.ids.add(chat.last_id)
        return chat.last_id

    def repeats(self) -> list[Seen]:
        """Messages that the bot had sent to the same chat before: same kind, words and file.

        Means something where the bot never has reason to say a thing twice.
        """
        earlier: set[tuple[object, ...]] = set()
        found = []
        for seen in self.sent:
            what = (seen.chat_id, seen.kind, seen.raw_text, seen.file and seen.file.sha256, str(seen.details))
            if what in earlier:
                found.append(seen)
            earlier.add(what)
        return found

    def ring(self, chat_id: int) -> None:
        """Wake who waits for something in this chat."""
        for bell in self._bells.pop(chat_id, ()):
            if not bell.done():
                bell.set_result(None)

    async def wait_for_ring(self, chat_id: int) -> None:
        bell = asyncio.get_running_loop().create_future()
        self._bells[chat_id].append(bell)
        await bell


def _seconds() -> int:
    return int(time.time())
