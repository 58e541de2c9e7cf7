"""Bale's dialect: where its server differs from Telegram's.

What Bale answers to a text or a button out of bounds is not known; it gets other words here than on
Telegram, so that nothing comes to rely on Telegram's.
"""

import random
from dataclasses import dataclass
from typing import ClassVar, Literal

from tests.botapi import params
from tests.botapi.answers import JSON, ApiError
from tests.botapi.chats import Chat, Query, Seen, Text
from tests.botapi.files import MB, Kind, Stored, Upload
from tests.botapi.hook import Hook, bales
from tests.botapi.telegram import Telegram


@dataclass(frozen=True, slots=True)
class BaleShape:
    """Ways in which Bale has been seen to differ from itself.

    `media`: only the documented fields of a file (a voice has no duration), or those that Telegram has.
    `most_upload`: 50 MB is documented, about 20 MB were measured.
    `polls_beside_webhook`: nobody knows whether getUpdates answers while a webhook is set.
    """

    body: Literal["current", "2023"] = "current"
    command_entities: bool = True
    chat_instance: bool = True
    keep: int | None = 2000
    media: Literal["documented", "full"] = "documented"
    album_ids: bool = True
    most_upload: int = 50 * MB
    polls_beside_webhook: bool = False


class Bale(Telegram):
    """Bale's server."""

    name: ClassVar[str] = "bale"
    first_update_id: ClassVar[int] = 0
    one_poller: ClassVar[bool] = False
    drops_updates: ClassVar[bool] = False
    refuses_same_edit: ClassVar[bool] = False
    missing: ClassVar[frozenset[str]] = frozenset({"setmycommands", "editmessagemedia"})

    def __init__(self, shape: BaleShape) -> None:
        self.shape = shape
        self.keep = shape.keep
        self.album_ids = shape.album_ids
        self.polls_beside_webhook = shape.polls_beside_webhook
        self._random = random.Random(0)

    def wrong_token(self) -> ApiError:
        return ApiError(403, "Bad Request: Token not found")

    def no_chat(self) -> ApiError:
        return ApiError(404, "no such group or user")

    def blocked(self, chat: Chat) -> ApiError:
        return ApiError(403, "Forbidden: permission_denied")

    def wrong_file(self) -> ApiError:
        return ApiError(400, "file_id: must be a valid value")

    def file_too_big(self) -> ApiError:
        return ApiError(400, "file_id: the file is larger than 20 MB")

    def foreign_file(self, kind: Kind) -> ApiError:
        return ApiError(400, f"{kind}: must be a valid value")

    def wrong_album_size(self, size: int) -> ApiError:
        return ApiError(400, "media: the length must be between 2 and 10")

    def webhook_active(self) -> ApiError:
        return ApiError(409, "Conflict: webhook is set")

    def too_many(self, seconds: int) -> ApiError:
        return ApiError(429, "bot limit exceed", seconds)

    def text(self, call: JSON, field: str = "text", most: int = 4096) -> Text:
        """Parse mode and entities mean nothing to Bale: the text stays as it came."""
        raw = params.text(call, field)
        if not raw and field == "text":
            raise ApiError(400, f"{field}: cannot be blank")
        if len(raw) > most:
            raise ApiError(400, f"{field}: the length must be between 1 and {most}")
        return Text(raw, raw, [])

    def reply_to(self, call: JSON, chat: Chat) -> int | None:
        """Only the old parameter is read, and a message that is gone is no reason to refuse."""
        wanted = params.number(call, "reply_to_message_id")
        return wanted if wanted in chat.ids else None

    def thread(self, call: JSON, chat: Chat) -> int | None:
        """Bale has no threads and reads no such parameter."""
        return None

    def check_upload(self, kind: Kind, upload: Upload) -> None:
        size, most = len(upload.content), 10 * MB if kind == "photo" else self.shape.most_upload
        if not 0 < size <= most:
            raise ApiError(400, f"{kind}: the size must be between 1 and {most} bytes")

    def media(self, stored: Stored) -> JSON | list[JSON]:
        if self.shape.media == "full":
            return super().media(stored)
        documented: JSON = {"file_id": stored.file_id, "file_unique_id": stored.unique_id}
        if stored.kind != "voice":
            documented["file_size"] = stored.size
        if stored.kind == "document":
            documented |= {"file_name": stored.upload.name, "mime_type": stored.upload.mime}
        return [documented] if stored.kind == "photo" else documented

    def contact(self, contact: JSON) -> JSON:
        """The number of a user has 52 bits, but only 32 of them arrive here."""
        if "user_id" not in contact:
            return contact
        return {**contact, "user_id": contact["user_id"] & 0xFFFFFFFF}

    def message(self, me: JSON, chat: Chat, seen: Seen) -> JSON:
        shape = super().message(me, chat, seen)
        if not self.album_ids:
            shape.pop("media_group_id", None)
        return shape

    def edited(self, me: JSON, chat: Chat, seen: Seen) -> JSON:
        """A stub: neither the message's number nor its text."""
        shape = {"id": chat.id, "type": chat.shape["type"], "photo": None}
        return {"message_id": 0, "date": seen.edit_date, "chat": shape, "edit_date": seen.edit_date}

    def hook(self, call: JSON) -> Hook | None:
        return bales(call)

    def webhook_info(self, hook: Hook | None, waiting: int, error: tuple[int, str] | None) -> JSON:
        return {"url": hook.url if hook else ""}

    def next_message_id(self, chat: Chat) -> int:
        if self.shape.body == "current":
            return chat.last_id + 1
        return self._random.randint(-(2**31), 2**31 - 1)

    def person(self, user_id: int, profile: JSON) -> JSON:
        given = {"first_name": f"Citizen{user_id}", **profile}
        if self.shape.body == "current":
            return {"id": user_id, "is_bot": False, **given}
        return {"id": user_id, "username": f"citizen{user_id}", **given, "is_bot": False}

    def private_chat(self, person: JSON) -> JSON:
        current = super().private_chat(person)
        if self.shape.body == "current":
            return current
        unused = {"all_members_are_administrators": False, "photo": None, "pinned_message": None}
        return {"title": "", "last_name": "", **current, **unused}

    def group_chat(self, chat_id: int, title: str, kind: str, *, forum: bool) -> JSON:
        """Bale knows neither supergroups nor forums."""
        return {"id": chat_id, "title": title, "type": "group"}

    def thread_fields(self, chat: Chat, thread_id: int) -> JSON:
        raise AssertionError("Bale has no threads")

    def words(self, text: str | None) -> JSON:
        words = super().words(text)
        if not self.shape.command_entities or self.shape.body == "2023":
            words.pop("entities", None)
        return words

    def new_query_id(self, count: int, *, old_client: bool) -> str:
        return f"{1 if old_client else 7}{count:018d}"

    def shows_answer(self, query: Query) -> bool:
        """A number that begins with 1 comes from a client that is too old to show the answer."""
        return not query.id.startswith("1")

    def query(self, query: Query, person: JSON, message: JSON, data: str) -> JSON:
        shape = super().query(query, person, message, data)
        if not self.shape.chat_instance:
            del shape["chat_instance"]
        return shape

    def _check_button(self, button: JSON) -> None:
        try:
            super()._check_button(button)
        except ApiError:
            raise ApiError(400, "reply_markup: must be a valid value") from None
