"""From a platform's raw update to what happened. Whatever cannot be understood is `Unreadable`, said in our words."""

import json
import re
from typing import Any, TypeGuard

import orjson
from telegram import Bot, CallbackQuery, Message, Update, User

from bot.errors import Unreadable
from bot.incoming import Event, Incoming, Membership, Moved, Press
from bot.platforms import attached

BIGGEST = 2**63 - 1
_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,64})(?:@(?P<bot>\w+))?(?:\s+(?P<argument>.*))?", re.DOTALL)
_SURROGATES = re.compile("[\ud800-\udfff\x00]")
_KINDS = (
    "photo", "video", "voice", "audio", "document", "animation", "sticker", "location", "contact", "video_note", "poll"
)  # fmt: skip

_GROUPS = ("group", "supergroup", "channel")
_MESSAGES = ("message", "edited_message")
_READ = frozenset(
    {
        "message_id", "date", "edit_date", "from", "chat", "sender_chat", "text", "caption",
        "message_thread_id", "is_topic_message",
    }
)  # fmt: skip
"""What the framework is to read of a message."""


def chat_of(update: object) -> int:
    """The chat an update belongs to, so that updates of one chat are handled in order; 0 if it does not say."""
    if not isinstance(update, dict):
        return 0
    for part in update.values():
        if isinstance(part, dict):
            message = part.get("message")
            for holder in (message if isinstance(message, dict) else part, part):
                chat = holder.get("chat") or holder.get("from")
                if isinstance(chat, dict) and is_id(chat.get("id")):
                    return int(chat["id"])
    return 0


def is_id(number: object) -> TypeGuard[int]:
    """Whether the database can hold it."""
    return isinstance(number, int) and not isinstance(number, bool) and -BIGGEST <= number <= BIGGEST


def is_of_group(raw: str) -> bool:
    """Whether an update, readable or not, came from a group or a channel."""
    update = _loads(raw)
    for part in update.values() if isinstance(update, dict) else ():
        message = part.get("message") if isinstance(part, dict) else None
        chat = (message if isinstance(message, dict) else part).get("chat") if isinstance(part, dict) else None
        if isinstance(chat, dict) and chat.get("type") in _GROUPS:
            return True
    return False


def read(platform: str, raw: str, bot: Bot) -> Event | None:
    """Take an update apart. None: nothing for us (an edited message, a channel post, a service message of a group)."""
    try:
        return _read(platform, _loads(raw), bot)
    except Unreadable:
        raise
    except Exception as error:  # a null or a list where a text should be is found only when it is used
        raise Unreadable(f"update cannot be parsed ({type(error).__name__})") from error


def _read(platform: str, data: Any, bot: Bot) -> Event | None:  # noqa: ANN401 - whatever a platform sends
    news = _news(platform, data)
    if news is not None:
        return news
    update = Update.de_json(cut_down(data), bot)
    if update.callback_query is not None:
        return _pressed(platform, update.callback_query)
    if update.message is not None:
        return _said(platform, update.message, data["message"])
    if update.edited_message is None and not _known(data):
        raise Unreadable("update of an unknown kind")
    return None


def cut_down(data: Any) -> Any:  # noqa: ANN401 - whatever a platform sends
    """An update with only those parts of its messages that are read.

    python-telegram-bot refuses an update as a whole when it cannot read some part of it, a poor `reply_to_message`
    for example; what nobody looks at must not cost the citizen their answer.
    """
    if not isinstance(data, dict):
        return data
    cut = {key: _cut_message(data[key]) for key in _MESSAGES if key in data}
    press = data.get("callback_query")
    if isinstance(press, dict) and "message" in press:
        press = press | {"message": _cut_message(press["message"])}
    return cut | {"update_id": data["update_id"], "callback_query": press}


def _cut_message(message: Any) -> Any:  # noqa: ANN401 - as above
    if not isinstance(message, dict):
        return message
    return {key: value for key, value in message.items() if key in _READ}


def _news(platform: str, data: Any) -> Moved | Membership | None:  # noqa: ANN401 - as above
    """What became of a group or of our place in it: read without the framework, which wants far more than we do."""
    if not isinstance(data, dict):
        return None
    message, member = data.get("message"), data.get("my_chat_member")
    if isinstance(message, dict):
        for key in ("migrate_to_chat_id", "migrate_from_chat_id"):
            there = message.get(key)
            if is_id(there):
                here = message["chat"]["id"]
                _check_ids(here)
                return Moved(platform, here, there) if key == "migrate_to_chat_id" else Moved(platform, there, here)
    if isinstance(member, dict):
        chat, now = member["chat"], member["new_chat_member"]
        _check_ids(chat["id"])
        # Whoever is restricted may be in or out; only then the platform says which.
        inside = now["status"] not in {"left", "kicked"} and now.get("is_member", True)
        return Membership(platform, chat["id"], chat.get("type") == "private", bool(inside))
    return None


def _said(platform: str, message: Message, raw: dict[str, Any]) -> Incoming | None:
    if message.from_user is None:  # a post of a channel that the bot is a member of
        return None
    speaks_as = message.sender_chat
    if speaks_as is not None and speaks_as.id != message.chat.id:  # a channel, through a group that belongs to it
        return None
    _check_ids(message.chat.id, message.from_user.id)
    text = clean(message.text or message.caption or "")
    kind = "text" if message.text else next((kind for kind in _KINDS if raw.get(kind)), "other")
    command = _COMMAND.fullmatch(text.strip())
    return Incoming(
        platform=platform,
        chat_id=message.chat.id,
        user_id=message.from_user.id,
        name=_name(message.from_user),
        private=message.chat.type == "private",
        kind=kind,
        text=text,
        command=command["name"].lower() if command else None,
        argument=(command["argument"] or "").strip() if command else "",
        files=attached.files(raw),
        spot=attached.spot(raw),
        contact=attached.contact(raw, platform),
        addressed=(command["bot"] or "") if command else "",
        thread_id=_thread(message),
        anonymous=speaks_as is not None,
        title=clean(message.chat.title or ""),
        reply_to=attached.reply_to(raw),
        message_id=message.message_id if is_id(message.message_id) else None,
    )


def _pressed(platform: str, query: CallbackQuery) -> Incoming:
    message = query.message
    chat_id = message.chat.id if message is not None else query.from_user.id
    _check_ids(chat_id, query.from_user.id)
    if not isinstance(query.id, str):
        raise Unreadable("the press of a button without a name")
    return Incoming(
        platform=platform,
        chat_id=chat_id,
        user_id=query.from_user.id,
        name=_name(query.from_user),
        private=message is None or message.chat.type == "private",
        kind="press",
        press=Press(
            query.id,
            clean(query.data or ""),
            message.message_id if message is not None and is_id(message.message_id) else None,
        ),
        thread_id=_thread(message) if isinstance(message, Message) else None,
    )


def _thread(message: Message) -> int | None:
    """The topic of a forum. Answers in a plain group carry a number too, but nothing can be sent there by it."""
    return message.message_thread_id if message.is_topic_message and is_id(message.message_thread_id) else None


def _loads(raw: str) -> Any:  # noqa: ANN401 - as above
    """The fast reader refuses halves of surrogate pairs, which `clean` takes out; the other one does not."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return json.loads(raw)


def clean(text: str) -> str:
    """Without what no database takes: NUL and halves of surrogate pairs."""
    return _SURROGATES.sub("", text)


def _name(user: User) -> str | None:
    """None for somebody without a name, such as a visitor of the page."""
    return clean(user.full_name or "")[:128] or None


def _check_ids(*ids: object) -> None:
    if not all(is_id(number) for number in ids):
        raise Unreadable("a number that no platform gives (id out of range)")


def _known(data: dict[str, Any]) -> bool:
    return any(key in Update.ALL_TYPES for key in data)
