"""Telegram's dialect: shapes of what it sends, words of its refusals, checks before it accepts."""

import re
from typing import ClassVar

from tests.botapi import markup, params
from tests.botapi.answers import JSON, ApiError
from tests.botapi.chats import Chat, Query, Seen, Text
from tests.botapi.files import MB, Kind, Stored, Upload
from tests.botapi.hook import Hook, telegrams

_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]+)?")
_MOST_CALLBACK_BYTES = 64


class Telegram:
    """The dialect that others differ from."""

    name: ClassVar[str] = "telegram"
    first_update_id: ClassVar[int] = 718_000_001
    one_poller: ClassVar[bool] = True
    drops_updates: ClassVar[bool] = True
    refuses_same_edit: ClassVar[bool] = True
    missing: ClassVar[frozenset[str]] = frozenset()
    keep: int | None = None
    album_ids: bool = True
    polls_beside_webhook: bool = False

    # Refusals

    def wrong_token(self) -> ApiError:
        return ApiError(401, "Unauthorized")

    def no_method(self) -> ApiError:
        return ApiError(404, "Not Found")

    def no_chat(self) -> ApiError:
        return ApiError(400, "Bad Request: chat not found")

    def blocked(self, chat: Chat) -> ApiError:
        if chat.is_group:
            return ApiError(403, f"Forbidden: bot was kicked from the {chat.shape['type']} chat")
        return ApiError(403, "Forbidden: bot was blocked by the user")

    def wrong_file(self) -> ApiError:
        """To getFile."""
        return ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")

    def file_too_big(self) -> ApiError:
        """To getFile."""
        return ApiError(400, "Bad Request: file is too big")

    def foreign_file(self, kind: Kind) -> ApiError:
        """To a method that sends: an id of another bot or platform, or no id at all."""
        return ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")

    def wrong_album_size(self, size: int) -> ApiError:
        few = "there are no messages to send" if size < 2 else "too many messages to send as an album"
        return ApiError(400, f"Bad Request: {few}")

    def webhook_active(self) -> ApiError:
        """To getUpdates."""
        return ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )

    def too_many(self, seconds: int) -> ApiError:
        return ApiError(429, f"Too Many Requests: retry after {seconds}", seconds)

    # What the bot sends

    def text(self, call: JSON, field: str = "text", most: int = 4096) -> Text:
        """The text of a message, read as its parse mode says."""
        raw = params.text(call, field)
        mode = params.text(call, "parse_mode").lower()
        if mode not in {"", "html"}:
            raise ApiError(400, "Bad Request: unsupported parse_mode")
        entities = params.structure(call, "entities" if field == "text" else "caption_entities") or []
        shown, entities = markup.rendered(raw) if mode else (raw, entities)
        shown, entities = markup.trimmed(shown, entities)
        if not shown and field == "text":
            raise ApiError(400, "Bad Request: message text is empty")
        if len(shown) > most:
            what = "message" if field == "text" else "message caption"
            raise ApiError(400, f"Bad Request: {what} is too long")
        return Text(raw, shown, entities)

    def keyboard(self, call: JSON) -> JSON:
        """The buttons of a message, checked; empty when there are none."""
        given = params.structure(call, "reply_markup")
        if given is None:
            return {}
        if not isinstance(given, dict):
            raise ApiError(400, "Bad Request: object expected as reply markup")
        for row in given.get("inline_keyboard", []):
            for button in row:
                self._check_button(button)
        return {} if given.get("inline_keyboard") == [] else given

    def reply_to(self, call: JSON, chat: Chat) -> int | None:
        """The message that is replied to, which must be there."""
        given = params.structure(call, "reply_parameters") or {}
        wanted = params.number(given, "message_id") or params.number(call, "reply_to_message_id")
        if not wanted or wanted in chat.ids:
            return wanted or None
        if params.flag(given, "allow_sending_without_reply"):
            return None
        raise ApiError(400, "Bad Request: message to be replied not found")

    def thread(self, call: JSON, chat: Chat) -> int | None:
        """The forum topic, or the message below which people discuss."""
        wanted = params.number(call, "message_thread_id")
        if wanted and wanted not in chat.topics and not (chat.is_group and wanted in chat.ids):
            raise ApiError(400, "Bad Request: message thread not found")
        return wanted or None

    def check_upload(self, kind: Kind, upload: Upload) -> None:
        """Limits of what a bot uploads."""
        size, most = len(upload.content), (10 if kind == "photo" else 50) * MB
        if not size:
            raise ApiError(400, "Bad Request: file must be non-empty")
        if size > most and kind == "photo":
            name = f'file "{upload.name}" of size {size} bytes'
            raise ApiError(400, f"Bad Request: {name} is too big for a photo; the maximum size is {most} bytes")
        if size > most:
            raise ApiError(413, "Request Entity Too Large")

    def media(self, stored: Stored) -> JSON | list[JSON]:
        """A file in a message: a photo comes in several sizes, the largest last."""
        if stored.kind == "photo":
            return [_file(size) for size in (*stored.smaller, stored)]
        named = {"mime_type": stored.upload.mime}
        if stored.kind != "voice":
            named["file_name"] = stored.upload.name
        return {**_file(stored), **named}

    def contact(self, contact: JSON) -> JSON:
        return contact

    def message(self, me: JSON, chat: Chat, seen: Seen) -> JSON:
        """A message of the bot, as it comes back in answers and under button presses."""
        shape: JSON = {"message_id": seen.message_id, "from": me, "chat": chat.shape, "date": seen.date}
        if seen.edit_date is not None:
            shape["edit_date"] = seen.edit_date
        if seen.thread_id is not None:
            shape |= self.thread_fields(chat, seen.thread_id)
        if seen.album is not None:
            shape["media_group_id"] = seen.album
        if seen.file is not None:
            shape[seen.kind] = self.media(seen.file.stored)
        elif seen.details:
            shape[seen.kind] = seen.details
        kind = "caption" if seen.file else "text"
        if seen.text:
            shape[kind] = seen.text
        if seen.entities:
            shape["entities" if kind == "text" else "caption_entities"] = seen.entities
        if "inline_keyboard" in seen.keyboard:
            shape["reply_markup"] = seen.keyboard
        return shape

    def edited(self, me: JSON, chat: Chat, seen: Seen) -> JSON:
        """What an edit answers."""
        return self.message(me, chat, seen)

    def hook(self, call: JSON) -> Hook | None:
        """What setWebhook asks for; None takes the address back."""
        return telegrams(call)

    def webhook_info(self, hook: Hook | None, waiting: int, error: tuple[int, str] | None) -> JSON:
        shape: JSON = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": waiting,
        }
        if hook is not None:
            shape |= {"max_connections": hook.connections, "ip_address": "127.0.0.1"}
            if hook.allowed:
                shape["allowed_updates"] = sorted(hook.allowed)
        if error is not None:
            shape |= {"last_error_date": error[0], "last_error_message": error[1]}
        return shape

    # What citizens send

    def next_message_id(self, chat: Chat) -> int:
        return chat.last_id + 1

    def person(self, user_id: int, profile: JSON) -> JSON:
        given = {"first_name": f"Citizen{user_id}", **profile}
        return {"id": user_id, "is_bot": False, **given, "language_code": "fa"}

    def private_chat(self, person: JSON) -> JSON:
        names: JSON = {key: person[key] for key in ("first_name", "last_name", "username") if key in person}
        return {"id": person["id"], **names, "type": "private"}

    def group_chat(self, chat_id: int, title: str, kind: str, *, forum: bool) -> JSON:
        shape: JSON = {"id": chat_id, "title": title, "type": kind}
        if kind == "group":
            shape["all_members_are_administrators"] = True
        return {**shape, "is_forum": True} if forum else shape

    def thread_fields(self, chat: Chat, thread_id: int) -> JSON:
        """Where in a group a message stands."""
        fields: JSON = {"message_thread_id": thread_id}
        return {**fields, "is_topic_message": True} if thread_id in chat.topics else fields

    def words(self, text: str | None) -> JSON:
        """The text part of a citizen's message, with its commands marked."""
        if text is None:
            return {}
        commands = [
            {"offset": markup.units(text[: m.start()]), "length": m.end() - m.start(), "type": "bot_command"}
            for m in _COMMAND.finditer(text)
        ]
        return {"text": text, "entities": commands} if commands else {"text": text}

    def new_query_id(self, count: int, *, old_client: bool) -> str:
        return str(4_382_000_000_000_000_000 + count)

    def shows_answer(self, query: Query) -> bool:
        return True

    def query(self, query: Query, person: JSON, message: JSON, data: str) -> JSON:
        """A button press."""
        shape: JSON = {"id": query.id, "from": person, "message": message}
        return {**shape, "chat_instance": str(-7_000_000_000 - message["chat"]["id"]), "data": data}

    def _check_button(self, button: JSON) -> None:
        if not button.keys() - {"text"}:
            raise ApiError(
                400,
                "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            )
        data = button.get("callback_data")
        if data is not None and not 0 < len(data.encode()) <= _MOST_CALLBACK_BYTES:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")


def _file(stored: Stored) -> JSON:
    ids = {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": stored.size}
    return {**ids, **stored.details}
