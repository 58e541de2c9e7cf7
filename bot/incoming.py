"""What a citizen did, or what became of a group, in a form that belongs to no platform."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed: `id` is what the platform wants acknowledged, `message_id` where the button stands."""

    id: str
    data: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that somebody sent, as their platform describes it; nothing of it is checked.

    `kind`: photo, video, voice, audio or document. `source`: the platform's name for the file; of the page, its key.
    """

    kind: str
    source: str
    name: str | None = None
    mime: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the map that somebody sent, in degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone number that somebody sent. `own`: the platform says that it is the sender's."""

    phone: str
    name: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What a citizen told of a problem before the conversation that takes reports began: their words, files, a place.

    The files are as `Turn.files`: nothing of them is kept yet.
    """

    text: str
    files: tuple[Attachment, ...] = ()
    spot: Spot | None = None

    def to_json(self) -> dict[str, Any]:
        """As it stands in the memory of a conversation."""
        return {
            "text": self.text,
            "files": [asdict(file) for file in self.files],
            "spot": None if self.spot is None else [self.spot.lat, self.spot.lon],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Draft":
        spot = stored["spot"]
        files = tuple(Attachment(**file) for file in stored["files"])
        return cls(stored["text"], files, None if spot is None else Spot(*spot))


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update: who, where, and what they said or pressed.

    `command` is without its slash and without the bot's name; `argument` is what follows it, `addressed` the name of
    the bot that it was meant for, if one was named. `kind` names what came when it is neither text nor a press
    ("photo", "voice", …). `private`: a talk with one person, not a group. `text` is the caption where files came with
    one; `files` are several where an album was sent. `thread_id`: the topic of a forum that was written in.
    `anonymous`: an admin who writes in the name of the group, so `user_id` is nobody's. `title`: what the group is
    called. `reply_to`: the number of the message of ours to which this is a reply. `message_id`: that of a message.
    """

    platform: str
    chat_id: int
    user_id: int
    name: str | None
    private: bool
    kind: str
    text: str = ""
    command: str | None = None
    argument: str = ""
    press: Press | None = None
    files: tuple[Attachment, ...] = ()
    spot: Spot | None = None
    contact: Contact | None = None
    addressed: str = ""
    thread_id: int | None = None
    anonymous: bool = False
    title: str = ""
    reply_to: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup: `old` is its number until now, `new` the one that counts."""

    platform: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot was let into a chat or put out of it; in a private chat: unblocked or blocked."""

    platform: str
    chat_id: int
    private: bool
    inside: bool


Event = Incoming | Moved | Membership
