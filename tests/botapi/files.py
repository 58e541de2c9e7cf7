"""The files that a server keeps: what was sent, under which ids and paths. Knows neither messages nor methods."""

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

from tests.botapi.answers import JSON

Kind = Literal["photo", "video", "voice", "audio", "document"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MB = 1024 * 1024

_FOLDERS = {"photo": "photos", "video": "videos", "voice": "voice", "audio": "music", "document": "documents"}
_PREFIXES = {"photo": "AgACAgQ", "video": "BAACAgQ", "voice": "AwACAgQ", "audio": "CQACAgQ", "document": "BQACAgQ"}
_NAMES = {
    "photo": "photo.jpg",
    "video": "video.mp4",
    "voice": "voice.oga",
    "audio": "audio.mp3",
    "document": "file.pdf",
}
_TYPES = {
    "photo": "image/jpeg", "video": "video/mp4", "voice": "audio/ogg", "audio": "audio/mpeg",
    "document": "application/pdf",
}  # fmt: skip
_DETAILS: dict[str, JSON] = {
    "photo": {"width": 1280, "height": 960},
    "video": {"width": 1280, "height": 720, "duration": 5},
    "voice": {"duration": 3},
    "audio": {"duration": 60},
}
_SMALLER: tuple[JSON, ...] = ({"width": 90, "height": 68}, {"width": 320, "height": 240})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody hands it in."""

    name: str
    mime: str
    content: bytes = field(repr=False)

    @classmethod
    def of(cls, kind: Kind, content: bytes, name: str | None = None, mime: str | None = None) -> "Upload":
        """With the name and the type that are usual for the kind, unless told otherwise."""
        return cls(name or _NAMES[kind], mime or _TYPES[kind], content)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that the server keeps. `size` is what the server says, `details` are width, height, duration."""

    kind: Kind
    upload: Upload
    file_id: str
    unique_id: str
    path: str
    size: int
    details: JSON
    smaller: tuple["Stored", ...] = ()

    @property
    def content(self) -> bytes:
        return self.upload.content

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class Files:
    """One bot's files on one platform: the ids of another server or another bot mean nothing here."""

    def __init__(self, platform: str, bot_id: int) -> None:
        self._platform = platform
        self._bot_id = bot_id
        self._by_id: dict[str, Stored] = {}
        self._linked: dict[str, Stored] = {}
        self._numbers: Iterator[int] = itertools.count(1)
        # How often the bot sent these bytes, by upload and by id, under their SHA-256.
        self.uploads: Counter[str] = Counter()
        self.reuses: Counter[str] = Counter()

    def keep(self, kind: Kind, upload: Upload, *, size: int | None = None, details: JSON | None = None) -> Stored:
        """Store a file under a new id. `size` lets a few bytes pass for many.

        Smaller sizes of a Telegram photo hold other bytes, so that whoever takes the wrong one is found out.
        """
        smaller: tuple[Stored, ...] = ()
        if kind == "photo" and self._platform == "telegram":
            thumbs = ((f"no image, but {part['width']} wide".encode(), part) for part in _SMALLER)
            smaller = tuple(self._store(kind, Upload("t.jpg", "image/jpeg", c), None, part) for c, part in thumbs)
        return self._store(kind, upload, size, {**_DETAILS.get(kind, {}), **(details or {})}, smaller)

    def find(self, file_id: str) -> Stored | None:
        return self._by_id.get(file_id)

    def link(self, stored: Stored) -> str:
        """The path under which the file can be fetched from now on."""
        self._linked[stored.path] = stored
        return stored.path

    def linked(self, path: str) -> Stored | None:
        return self._linked.get(path)

    def expire_links(self) -> None:
        """An hour passes: paths given so far are dead until they are asked for again."""
        self._linked.clear()

    def times_uploaded(self, content: bytes) -> int:
        return self.uploads[hashlib.sha256(content).hexdigest()]

    def times_reused(self, content: bytes) -> int:
        return self.reuses[hashlib.sha256(content).hexdigest()]

    def _store(
        self, kind: Kind, upload: Upload, size: int | None, details: JSON, smaller: tuple[Stored, ...] = ()
    ) -> Stored:
        number = next(self._numbers)
        digest = hashlib.sha256(upload.content).hexdigest()
        if self._platform == "telegram":
            extension = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
            file_id = f"{_PREFIXES[kind]}AAxkBAA{self._bot_id:x}-{number:06d}_{digest[:24]}"
            path = f"{_FOLDERS[kind]}/file_{number}.{extension}"
        else:
            # Bale's ids have colons, and serve as paths.
            file_id = path = f"{self._bot_id}:{-number}:1:{digest[:32]}"
        length = len(upload.content) if size is None else size
        stored = Stored(kind, upload, file_id, f"AQAD{digest[:12]}", path, length, details, smaller)
        self._by_id[file_id] = stored
        return stored
