"""What each method of the Bot API does to the world. Transport, faults and tokens are not met here."""

import re
from collections.abc import Callable
from dataclasses import replace

from tests.botapi import media, params, sending
from tests.botapi.answers import JSON, ApiError
from tests.botapi.chats import Alert
from tests.botapi.world import World

Method = Callable[[World, JSON], object]

_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def get_me(world: World, call: JSON) -> JSON:
    return world.me


def send_message(world: World, call: JSON) -> JSON:
    content = world.dialect.text(call)
    return sending.put(world, sending.place(world, call), content)


def edit_message_text(world: World, call: JSON) -> JSON:
    content = world.dialect.text(call)
    chat, seen = sending.editable(world, call)
    if seen.kind != "text":
        raise ApiError(400, "Bad Request: there is no text in the message to edit")
    return sending.change(world, chat, seen, replace(seen, content=content, keyboard=sending.inline(world, call)))


def edit_message_reply_markup(world: World, call: JSON) -> JSON:
    chat, seen = sending.editable(world, call)
    return sending.change(world, chat, seen, replace(seen, keyboard=sending.inline(world, call)))


def delete_message(world: World, call: JSON) -> bool:
    chat = sending.addressed(world, call)
    message_id = params.number(call, "message_id")
    if message_id not in chat.ids:
        raise ApiError(400, "Bad Request: message to delete not found")
    chat.ids.discard(message_id)
    chat.messages.pop(message_id, None)
    world.ring(chat.id)
    return True


def send_chat_action(world: World, call: JSON) -> bool:
    sending.addressed(world, call)
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
    hook = world.dialect.hook(call)
    _drop_waiting(world, call)
    if hook is None:
        world.postman.stop()
        return True
    if not world.dialect.polls_beside_webhook:
        world.updates.end_polls("Conflict: terminated by setWebhook request")
    world.postman.start(hook)
    return True


def delete_webhook(world: World, call: JSON) -> bool:
    """What waits goes on waiting, for polling or another address."""
    world.postman.stop()
    _drop_waiting(world, call)
    return True


def get_webhook_info(world: World, call: JSON) -> JSON:
    postman = world.postman
    return world.dialect.webhook_info(postman.hook, len(world.updates.waiting), postman.last_error)


def set_my_commands(world: World, call: JSON) -> bool:
    commands = params.structure(call, "commands") or []
    if not all(_COMMAND.fullmatch(command["command"]) for command in commands):
        raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
    world.commands = commands
    return True


METHODS: dict[str, Method] = {
    **media.METHODS,
    "getme": get_me,
    "sendmessage": send_message,
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


def _drop_waiting(world: World, call: JSON) -> None:
    if world.dialect.drops_updates and params.flag(call, "drop_pending_updates"):
        world.updates.drop_waiting()
