"""Puts the bot's messages into chats and changes those that stand there. What is in them is not decided here."""

from dataclasses import dataclass, replace
from typing import Any

from tests.botapi import params
from tests.botapi.answers import JSON, ApiError
from tests.botapi.chats import Chat, Seen, Text
from tests.botapi.world import World

_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes, checked: nothing is refused any more once there is one."""

    chat: Chat
    keyboard: JSON
    reply_to: int | None
    thread_id: int | None


def addressed(world: World, call: JSON) -> Chat:
    """The chat that a call names, if the bot may write there."""
    chat = world.chats.get(params.chat_of(call) or 0)
    if chat is None:
        raise world.dialect.no_chat()
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    if chat.blocked:
        raise world.dialect.blocked(chat)
    return chat


def place(world: World, call: JSON) -> Place:
    """Where this call's messages go."""
    keyboard = world.dialect.keyboard(call)
    chat = addressed(world, call)
    return Place(chat, keyboard, world.dialect.reply_to(call, chat), world.dialect.thread(call, chat))


def put(world: World, where: Place, content: Text, **what: Any) -> JSON:  # noqa: ANN401 - fields of `Seen`
    """A new message; the answer is its JSON."""
    chat = where.chat
    number = world.take_message_id(chat)
    seen = Seen(
        chat.id,
        number,
        world.now(),
        content,
        where.keyboard,
        where.reply_to,
        thread_id=where.thread_id,
        **what,
    )
    chat.messages[number] = seen
    world.sent.append(seen)
    world.ring(chat.id)
    return world.dialect.message(world.me, chat, seen)


def editable(world: World, call: JSON) -> tuple[Chat, Seen]:
    """The message that a call wants to change, and its chat."""
    chat = addressed(world, call)
    message_id = params.number(call, "message_id")
    seen = chat.messages.get(message_id)
    if seen is None and message_id not in chat.ids:
        raise ApiError(400, "Bad Request: message to edit not found")
    # A citizen's own message, or one that brought a keyboard in place of the letters.
    if seen is None or (seen.keyboard and "inline_keyboard" not in seen.keyboard):
        raise ApiError(400, "Bad Request: message can't be edited")
    return chat, seen


def inline(world: World, call: JSON) -> JSON:
    """The buttons that an edit brings."""
    keyboard = world.dialect.keyboard(call)
    if keyboard and "inline_keyboard" not in keyboard:
        raise ApiError(400, "Bad Request: inline keyboard expected")
    return keyboard


def change(world: World, chat: Chat, old: Seen, new: Seen) -> JSON:
    """Replace a message by its new state."""
    if _look(old) == _look(new) and world.dialect.refuses_same_edit:
        raise ApiError(400, _NOT_MODIFIED)
    changed = replace(new, edit_date=world.now())
    chat.messages[changed.message_id] = changed
    world.ring(chat.id)
    return world.dialect.edited(world.me, chat, changed)


def _look(seen: Seen) -> tuple[object, ...]:
    file_id = seen.file.stored.file_id if seen.file else None
    return seen.text, seen.entities, seen.keyboard, seen.kind, file_id
