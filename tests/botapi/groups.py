"""Groups and what happens in them: members, anonymous administrators, linked channels, migration. Answers no bot.

In a group one speaks by `say(user_id, text, chat_id=…)`, and presses by `press(user_id, button, chat_id=…)`.
"""

from collections.abc import Iterable
from typing import Any, Literal

from tests.botapi.answers import JSON
from tests.botapi.chats import Chat
from tests.botapi.citizen_media import SendingCitizens

_ANONYMOUS: JSON = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
_TELEGRAM: JSON = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


class Groups(SendingCitizens):
    """Adds groups to what citizens can do."""

    def group(
        self,
        chat_id: int,
        title: str = "گروه",
        *members: int,
        kind: Literal["group", "supergroup"] = "supergroup",
        topics: Iterable[int] = (),
    ) -> Chat:
        """A group in which the bot is, with members whom it then knows; topics make it a forum.

        Bale has plain groups only.
        """
        for user_id in members:
            self.meet(user_id)
        chat = self.enter(self.dialect.group_chat(chat_id, title, kind, forum=bool(topics)))
        chat.topics.update(topics)
        return chat

    def say_anonymously(self, chat_id: int, text: str, **extra: Any) -> int:  # noqa: ANN401 - any field of a message
        """An administrator who hides behind the group. On Telegram only; of Bale nothing is known."""
        if self.dialect.name != "telegram":
            raise AssertionError(f"nobody speaks anonymously on {self.dialect.name}, as far as is known")
        chat = self.chats[chat_id]
        return self._hear(chat, self._message(chat, text, {"from": _ANONYMOUS, "sender_chat": chat.shape}, extra))

    def post_from_channel(self, chat_id: int, channel_id: int, text: str, **extra: Any) -> int:  # noqa: ANN401 - handed on as it is
        """A post of the channel that the group belongs to."""
        channel = {"id": channel_id, "title": "کانال", "type": "channel"}
        sender: JSON = {"sender_chat": channel}
        if self.dialect.name == "telegram":
            origin = {"type": "channel", "chat": channel, "message_id": 1, "date": self.now()}
            sender |= {"from": _TELEGRAM, "is_automatic_forward": True, "forward_origin": origin}
        chat = self.chats[chat_id]
        return self._hear(chat, self._message(chat, text, sender, extra))

    def add_bot(self, chat_id: int, user_id: int) -> int:
        """A member brings the bot into a group, or back into it."""
        chat = self.chats[chat_id]
        chat.blocked = False
        newcomer = {key: self.me[key] for key in ("id", "is_bot", "first_name", "username")}
        return self.say(user_id, None, chat_id=chat_id, new_chat_members=[newcomer])

    def migrate(self, chat_id: int, new_id: int, user_id: int) -> Chat:
        """A group becomes a supergroup: it goes on under another id, and the old one is dead for the bot."""
        old = self.chats[chat_id]
        if old.shape["type"] != "group" or self.dialect.name != "telegram":
            raise AssertionError(f"chat {chat_id} is no group that could become a supergroup: {old.shape}")
        self.say(user_id, None, chat_id=chat_id, migrate_to_chat_id=new_id)
        old.migrated_to = new_id
        new = self.group(new_id, old.shape["title"])
        hidden: JSON = {"from": _ANONYMOUS, "sender_chat": new.shape, "migrate_from_chat_id": chat_id}
        self._hear(new, self._message(new, None, hidden, {}))
        return new

    def _message(self, chat: Chat, text: str | None, sender: JSON, extra: JSON) -> JSON:
        """A message from somebody who is no citizen."""
        number = self.take_message_id(chat)
        told = {"message_id": number, **sender, "chat": chat.shape, "date": self.now()}
        return {**told, **self.dialect.words(text), **self._understood(chat, extra)}
