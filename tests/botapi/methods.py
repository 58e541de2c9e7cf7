"""What each method of the Bot API does to the world. Transport, faults and tokens are not met here."""

import re
from collections.abc import Callable
from dataclasses import replace

from tests.botapi import params
from tests.botapi.answers import JSON, ApiError
from tests.botapi.chats import Alert, Chat, Seen, Text
from tests.botapi.world import World

Method = Callable[[World, JSON], object]

_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
_MOST_CAPTION = 1024
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def get_me(world: World, call: JSON) -> JSON:
    return world.me


def send_message(world: World, call: JSON) -> JSON:
    return _send(world, call, world.dialect.text(call), None)


def send_photo(world: World, call: JSON) -> JSON:
    photo = call.get("photo")
    if not photo:
        raise ApiError(400, "Bad Request: there is no photo in the request")
    return _send(world, call, world.dialect.text(call, "caption", _MOST_CAPTION), str(photo))


def edit_message_text(world: World, call: JSON) -> JSON:
    content = world.dialect.text(call)
    chat, seen = _editable(world, call)
    if seen.photo is not None:
        raise ApiError(400, "Bad Request: there is no text in the message to edit")
    return _edit(world, chat, seen, replace(seen, content=content, keyboard=_inline(world, call)))


def edit_message_reply_markup(world: World, call: JSON) -> JSON:
    chat, seen = _editable(world, call)
    return _edit(world, chat, seen, replace(seen, keyboard=_inline(world, call)))


def delete_message(world: World, call: JSON) -> bool:
    chat = _chat(world, call)
    message_id = params.number(call, "message_id")
    if message_id not in chat.ids:
        raise ApiError(400, "Bad Request: message to delete not found")
    chat.ids.discard(message_id)
    chat.messages.pop(message_id, None)
    world.ring(chat.id)
    return True


def send_chat_action(world: World, call: JSON) -> bool:
    _chat(world, call)
    return True


def answer_callback_query(world: World, call: JSON) -> bool:
    query = world.queries.get(params.text(call, "callback_query_id"))
    if query is None or query.stale:
        raise ApiError(400, _TOO_OLD)
    visible = world.dialect.shows_answer(query)
    show_alert = params.flag(call, "show_alert")
    world.alerts.append(Alert(query.id, query.user_id, params.text(call, "text"), show_alert, visible))
    world.ring(query.user_id)
    return True


def set_webhook(world: World, call: JSON) -> bool:
    world.webhook = {key: value for key, value in call.items() if key in {"url", "secret_token"}}
    _drop_waiting(world, call)
    return True


def delete_webhook(world: World, call: JSON) -> bool:
    world.webhook = {}
    _drop_waiting(world, call)
    return True


def get_webhook_info(world: World, call: JSON) -> JSON:
    return world.dialect.webhook_info(world.webhook.get("url", ""), len(world.updates.waiting))


def set_my_commands(world: World, call: JSON) -> bool:
    commands = params.structure(call, "commands") or []
    if not all(_COMMAND.fullmatch(command["command"]) for command in commands):
        raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
    world.commands = commands
    return True


METHODS: dict[str, Method] = {
    "getme": get_me,
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "sendchataction": send_chat_action,
    "answercallbackquery": answer_callback_query,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "setmycommands": set_my_commands,
}


def _chat(world: World, call: JSON) -> Chat:
    chat = world.chats.get(params.chat_of(call) or 0)
    if chat is None:
        raise world.dialect.no_chat()
    if chat.blocked:
        raise world.dialect.blocked()
    return chat


def _send(world: World, call: JSON, content: Text, photo: str | None) -> JSON:
    keyboard = world.dialect.keyboard(call)
    chat = _chat(world, call)
    reply_to = world.dialect.reply_to(call, chat)
    number = world.take_message_id(chat)
    seen = Seen(chat.id, number, world.now(), content, keyboard, reply_to, photo)
    chat.messages[number] = seen
    world.sent.append(seen)
    world.ring(chat.id)
    return world.dialect.message(world.me, chat, seen)


def _editable(world: World, call: JSON) -> tuple[Chat, Seen]:
    chat = _chat(world, call)
    message_id = params.number(call, "message_id")
    seen = chat.messages.get(message_id)
    if seen is None and message_id not in chat.ids:
        raise ApiError(400, "Bad Request: message to edit not found")
    # A citizen's own message, or one that brought a keyboard in place of the letters.
    if seen is None or (seen.keyboard and "inline_keyboard" not in seen.keyboard):
        raise ApiError(400, "Bad Request: message can't be edited")
    return chat, seen


def _inline(world: World, call: JSON) -> JSON:
    keyboard = world.dialect.keyboard(call)
    if keyboard and "inline_keyboard" not in keyboard:
        raise ApiError(400, "Bad Request: inline keyboard expected")
    return keyboard


def _edit(world: World, chat: Chat, old: Seen, new: Seen) -> JSON:
    same = (old.text, old.entities, old.keyboard) == (new.text, new.entities, new.keyboard)
    if same and world.dialect.refuses_same_edit:
        raise ApiError(400, _NOT_MODIFIED)
    changed = replace(new, edit_date=world.now())
    chat.messages[changed.message_id] = changed
    world.ring(chat.id)
    return world.dialect.edited(world.me, chat, changed)


def _drop_waiting(world: World, call: JSON) -> None:
    if world.dialect.drops_updates and params.flag(call, "drop_pending_updates"):
        world.updates.drop_waiting()
