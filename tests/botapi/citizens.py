"""The citizens' side: what they write and press, and what they see. Answers no bot."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from tests.botapi.answers import JSON
from tests.botapi.chats import Chat, Query, Seen
from tests.botapi.files import KINDS
from tests.botapi.world import World

Waiting = Coroutine[Any, Any, list[Seen]]


class Citizens(World):
    """Queues updates as the platform would, and shows the chats."""

    def say(self, user_id: int, text: str | None, **extra: Any) -> int:  # noqa: ANN401 - any field of a message
        """A message of a citizen. `extra` are further fields; some of them are understood here.

        `chat_id`, or `chat` with its whole shape, puts it into a group; `reply_to` is the number of a
        message in the same chat, `thread_id` a topic or the message below which people discuss.
        """
        chat = self._chat_of(user_id, extra)
        message: JSON = {
            "message_id": self.take_message_id(chat),
            "from": self.person(user_id),
            "date": self.now(),
            "chat": chat.shape,
            **self.dialect.words(text),
            **self._understood(chat, extra),
        }
        return self._hear(chat, message)

    def edited(self, user_id: int, text: str, message_id: int | None = None, *, chat_id: int | None = None) -> int:
        """The last message in the chat is edited, or an earlier one; what has a file gets another caption."""
        chat = self.meet(user_id) if chat_id is None else self.chats[chat_id]
        if chat.heard is None:
            raise AssertionError(f"{user_id} has written nothing to edit")
        heard = chat.said.get(message_id or 0, chat.heard)
        number = message_id or heard["message_id"]
        has_file = number == heard["message_id"] and not heard.keys().isdisjoint(KINDS)
        words = self._caption(text) if has_file else self.dialect.words(text)
        return self.push({"edited_message": {**heard, **words, "edit_date": self.now(), "message_id": number}})

    def press(
        self,
        user_id: int,
        wanted: str,
        message: Seen | int | None = None,
        *,
        chat_id: int | None = None,
        old_client: bool = False,
    ) -> int:
        """Press the button with this label or data, on the last message that has it or on the given one.

        `old_client` is a Bale client that cannot show answers to presses.
        """
        chat = self.chats.get(user_id if chat_id is None else chat_id)
        at = message.message_id if isinstance(message, Seen) else message
        shown = [] if chat is None else [m for m in chat.messages.values() if at in {None, m.message_id}]
        for seen in reversed(shown):
            if chat is not None and (button := seen.button(wanted)) is not None:
                return self._press(user_id, chat, seen, button["callback_data"], old_client=old_client)
        there = "; ".join(f"#{m.message_id} {m.buttons}" for m in shown if m.rows) or "no buttons"
        raise AssertionError(f"no button {wanted!r} to press; there are: {there}")

    def press_gone(self, user_id: int, data: str, message: Seen) -> int:
        """Press a button that was there a moment ago, as a slow client does."""
        return self._press(user_id, self.chats[message.chat_id], message, data, old_client=False)

    def push(self, update: JSON) -> int:
        """Queue an update as it is; it gets a number if it has none. Its chat and its press become known."""
        query = update.get("callback_query")
        query = query if isinstance(query, dict) else {}
        if isinstance(query.get("id"), str):
            user = query.get("from")
            user_id = user.get("id") if isinstance(user, dict) else None
            self.queries[query["id"]] = Query(query["id"], user_id if isinstance(user_id, int) else 0)
        for message in (update.get("message"), query.get("message")):
            chat = message.get("chat") if isinstance(message, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int) and chat["id"] not in self.chats:
                self.enter({"type": "private", **chat})
        hook = self.postman.hook
        if hook is not None and not hook.takes(update):
            return self.updates.next_id
        return self.updates.push(update)

    def block(self, chat_id: int) -> None:
        """The bot may not write here any more."""
        chat = self.chats.get(chat_id) or self.meet(chat_id)
        chat.blocked = True

    def unblock(self, chat_id: int) -> None:
        self.chats[chat_id].blocked = False

    def expire_queries(self) -> None:
        """Button presses so far are too old to be answered."""
        for query in self.queries.values():
            query.stale = True

    def seen(self, chat_id: int) -> list[Seen]:
        """The messages of the bot that stand in this chat, oldest first."""
        chat = self.chats.get(chat_id)
        return list(chat.messages.values()) if chat else []

    def wait_for(self, chat_id: int, count: int = 1, timeout: float = 60) -> Waiting:
        """Wait until so many messages of the bot stand in the chat."""
        return self._until(chat_id, lambda seen: len(seen) >= count, f"{count} messages", timeout)

    def until(self, chat_id: int, condition: Callable[[list[Seen]], bool], timeout: float = 60) -> Waiting:
        """Wait until the chat looks so; asked again after every message, edit and answer to a press."""
        return self._until(chat_id, condition, "what was waited for", timeout)

    async def _until(
        self, chat_id: int, condition: Callable[[list[Seen]], bool], what: str, seconds: float
    ) -> list[Seen]:
        try:
            async with asyncio.timeout(seconds):
                while not condition(self.seen(chat_id)):
                    await self.wait_for_ring(chat_id)
        except TimeoutError:
            there = [seen.text for seen in self.seen(chat_id)]
            raise AssertionError(f"no {what} in chat {chat_id} after {seconds} s, but {there}") from None
        return self.seen(chat_id)

    def _chat_of(self, user_id: int, extra: JSON) -> Chat:
        """Where a citizen writes; takes what says so out of `extra`."""
        private = self.meet(user_id)
        if "chat" in extra:
            return self.enter(extra.pop("chat"))
        chat_id = extra.pop("chat_id", None)
        if chat_id is None:
            return private
        if chat_id not in self.chats:
            raise AssertionError(f"no chat {chat_id} to write in; there are {sorted(self.chats)}")
        return self.chats[chat_id]

    def _understood(self, chat: Chat, extra: JSON) -> JSON:
        """Further fields, with short words in place of their JSON."""
        fields = dict(extra)
        if (reply_to := fields.pop("reply_to", None)) is not None:
            fields["reply_to_message"] = self._quoted(chat, reply_to)
        if (thread_id := fields.pop("thread_id", None)) is not None:
            fields |= self.dialect.thread_fields(chat, thread_id)
        return fields

    def _caption(self, text: str | None) -> JSON:
        """The words under a file."""
        names = {"text": "caption", "entities": "caption_entities"}
        return {names[name]: value for name, value in self.dialect.words(text).items()}

    def _quoted(self, chat: Chat, message_id: int) -> JSON:
        """A message as it stands under a reply to it."""
        if message_id in chat.messages:
            return self.dialect.message(self.me, chat, chat.messages[message_id])
        if chat.heard is not None and chat.heard["message_id"] == message_id:
            return chat.heard
        if message_id in chat.said:
            return chat.said[message_id]
        raise AssertionError(f"no message {message_id} in chat {chat.id} to reply to")

    def _hear(self, chat: Chat, message: JSON) -> int:
        """Queue a message that somebody wrote; only groups remember more than the last.

        One answer is expected to an album, and none to what people say in a group.
        """
        earlier, chat.heard = chat.heard or {}, message
        if chat.is_group:
            chat.said[message["message_id"]] = message
        album = message.get("media_group_id")
        if not chat.is_group and (album is None or earlier.get("media_group_id") != album):
            self.stats.asked(chat.id)
        return self.push({"message": message})

    def _press(self, user_id: int, chat: Chat, seen: Seen, data: str, *, old_client: bool) -> int:
        query = Query(self.dialect.new_query_id(next(self.query_numbers), old_client=old_client), user_id)
        self.queries[query.id] = query
        message = self.dialect.message(self.me, chat, seen)
        shape = self.dialect.query(query, self.person(user_id), message, data)
        self.stats.asked(chat.id, press=True)
        return self.push({"callback_query": shape})
