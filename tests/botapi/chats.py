"""What a chat holds: the messages that its citizen sees. Contains no rules of the API."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tests.botapi.answers import JSON
from tests.botapi.files import Stored


class Text(NamedTuple):
    """A text as sent, as shown, and the entities over what is shown."""

    raw: str
    shown: str
    entities: list[JSON]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file in a message of the bot, and whether its bytes came with the call or only its id."""

    stored: Stored
    uploaded: bool

    @property
    def name(self) -> str:
        return self.stored.upload.name

    @property
    def content(self) -> bytes:
        return self.stored.content

    @property
    def sha256(self) -> str:
        return self.stored.sha256


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of the bot as the citizen sees it; an album is one of these for each part.

    `kind` is that of the message in the Bot API: text, photo, location … `details` are place or contact.
    """

    chat_id: int
    message_id: int
    date: int
    content: Text
    keyboard: JSON = field(default_factory=dict)
    reply_to: int | None = None
    kind: str = "text"
    file: SentFile | None = None
    details: JSON = field(default_factory=dict)
    thread_id: int | None = None
    album: str | None = None
    edit_date: int | None = None

    @property
    def text(self) -> str:
        return self.content.shown

    @property
    def caption(self) -> str:
        return "" if self.file is None else self.content.shown

    @property
    def location(self) -> JSON | None:
        return self.details if self.kind == "location" else None

    @property
    def contact(self) -> JSON | None:
        return self.details if self.kind == "contact" else None

    @property
    def raw_text(self) -> str:
        return self.content.raw

    @property
    def entities(self) -> list[JSON]:
        return self.content.entities

    @property
    def edited(self) -> bool:
        return self.edit_date is not None

    @property
    def rows(self) -> list[list[JSON]]:
        """Buttons as sent, under the message or in place of the keyboard."""
        rows = self.keyboard.get("inline_keyboard") or self.keyboard.get("keyboard") or []
        return [[button if isinstance(button, dict) else {"text": button} for button in row] for row in rows]

    @property
    def buttons(self) -> list[list[str]]:
        """Labels, row by row."""
        return [[str(button.get("text", "")) for button in row] for row in self.rows]

    def button(self, wanted: str) -> JSON | None:
        """The pressable button with this label or callback data."""
        inline = self.rows if "inline_keyboard" in self.keyboard else []
        pressable = [button for row in inline for button in row if "callback_data" in button]
        return next((b for b in pressable if wanted in (b["callback_data"], b.get("text"))), None)


@dataclass(slots=True)
class Chat:
    """One chat: what it looks like in JSON, its messages, and whether the bot may write.

    `said` are the citizens' messages of a group, which replies show; `topics` its forum's threads.
    """

    id: int
    shape: JSON
    messages: dict[int, Seen] = field(default_factory=dict)
    ids: set[int] = field(default_factory=set)
    last_id: int = 0
    heard: JSON | None = None
    blocked: bool = False
    said: dict[int, JSON] = field(default_factory=dict)
    topics: set[int] = field(default_factory=set)
    migrated_to: int | None = None

    @property
    def is_group(self) -> bool:
        return self.shape.get("type") in {"group", "supergroup"}


@dataclass(slots=True)
class Query:
    """A button press that waits for its answer."""

    id: str
    user_id: int
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """The answer to a button press; `visible` is false where the citizen's client cannot show it."""

    query_id: str
    user_id: int
    text: str
    show_alert: bool
    visible: bool
