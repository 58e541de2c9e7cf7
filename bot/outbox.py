"""How an outgoing message looks before any platform has seen it: the body of an outbox row.

Body, as JSON: `{"text": spans, "inline": rows, "reply": rows, "place": label, "remove": true, "thread": number}`; an
inline button is `{"t": label, "d": data}` or `{"t": label, "u": url}`, a reply button a label; `place` is the label of
a key that sends where the citizen is; `thread` is the topic of a forum.
`{"files": [key, …], "text": spans, …}` are files with the text under them, `{"spot": [lat, lon], …}` a point on the
map, `{"contact": [phone, name], …}` a telephone number. An acknowledgement has `{"alert": text}`, with
`"stays": true` if it must be closed by hand. One body is one call of a platform.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import markup
from bot.markup import Span, Spans
from bot.store.files import File

TEXT_LIMIT = 4000
"""Below the 4,096 of the platforms, since marks and neutralised characters add to it."""
CAPTION_LIMIT = 900
"""Below the 1,024 of Telegram and the 1,000 that Bale is sure to take, for the same reason."""
ALERT_LIMIT = 200
DATA_LIMIT = 64
MOST_TOGETHER = 10
"""Files in one album, on every platform."""
_FAMILIES = {"photo": "seen", "video": "seen", "audio": "heard", "document": "read"}
"""What platforms show side by side; a voice always goes alone."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message. `data` comes back when it is pressed; or `url` opens."""

    label: str
    data: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if len(self.data.encode()) > DATA_LIMIT:
            raise ValueError(f"button data longer than {DATA_LIMIT} bytes: {self.data.partition(':')[0]}")

    def to_json(self) -> dict[str, str]:
        return {"t": self.label, "u": self.url} if self.url else {"t": self.label, "d": self.data}


@dataclass(frozen=True, slots=True)
class Keyboard:
    """What stands under a message: inline rows, or rows of the reply keyboard, or the wish to take that one away.

    `place` is the label of a key above those rows that sends where the citizen is, once. In private talks only.
    """

    inline: Sequence[Sequence[Button]] = ()
    reply: Sequence[Sequence[str]] = ()
    remove: bool = False
    place: str = ""

    def to_json(self) -> dict[str, object]:
        found: dict[str, object] = {}
        if self.inline:
            found["inline"] = [[button.to_json() for button in row] for row in self.inline]
        if self.reply:
            found["reply"] = [list(row) for row in self.reply]
        if self.remove:
            found["remove"] = True
        if self.place:
            found["place"] = self.place
        return found


NO_KEYBOARD = Keyboard()


@dataclass(frozen=True, slots=True)
class Address:
    """A chat that is written to; `thread_id`: the topic of a forum there."""

    platform: str
    chat_id: int
    thread_id: int | None = None


def bodies(
    text: Spans, keyboard: Keyboard = NO_KEYBOARD, files: Sequence[File] = (), thread: int | None = None
) -> list[str]:
    """The message as one body, or several where it is too long; the keyboard stands under the last.

    A short text stands under its file; a longer one, or one with a keyboard where the files are an album, comes after.
    """
    where = _where(thread)
    albums = [[file.key for file in album] for album in _albums(files)]
    is_caption = len(albums) == 1 and len(markup.plain(text)) <= CAPTION_LIMIT
    if is_caption and (len(albums[0]) == 1 or keyboard is NO_KEYBOARD):
        return [json.dumps({"files": albums[0], "text": markup.to_json(text)} | keyboard.to_json() | where)]
    enclosed = [json.dumps({"files": keys, "text": []} | where) for keys in albums]
    pieces = list(split(text))
    return enclosed + [
        json.dumps({"text": markup.to_json(piece)} | (keyboard.to_json() if piece is pieces[-1] else {}) | where)
        for piece in pieces
    ]


def named_bodies(
    text: Spans, keyboard: Keyboard = NO_KEYBOARD, files: Sequence[File] = (), thread: int | None = None
) -> list[str]:
    """As `bodies`, for a message that is edited later: its text never stands under a file, where it cannot be."""
    enclosed = bodies((), files=files, thread=thread) if files else []
    return enclosed + bodies(text, keyboard, thread=thread)


def spot(lat: float, lon: float, keyboard: Keyboard = NO_KEYBOARD, thread: int | None = None) -> str:
    """The body of a point on the map."""
    return json.dumps({"spot": [lat, lon]} | keyboard.to_json() | _where(thread))


def contact(phone: str, name: str, keyboard: Keyboard = NO_KEYBOARD, thread: int | None = None) -> str:
    """The body of a telephone number."""
    return json.dumps({"contact": [phone, name]} | keyboard.to_json() | _where(thread))


def _where(thread: int | None) -> dict[str, int]:
    return {} if thread is None else {"thread": thread}


def _albums(files: Sequence[File]) -> Iterator[list[File]]:
    """The files as they may be shown together, in their order."""
    album: list[File] = []
    for file in files:
        family = _FAMILIES.get(file.kind)
        if album and (len(album) == MOST_TOGETHER or family is None or family != _FAMILIES.get(album[0].kind)):
            yield album
            album = []
        album.append(file)
    if album:
        yield album


def alert(text: str, *, stays: bool = False) -> str:
    """The body of an acknowledgement; empty text only stops the button from spinning. `stays`: until it is closed."""
    word = text if len(text) <= ALERT_LIMIT else f"{text[: ALERT_LIMIT - 1]}…"
    return json.dumps({"alert": word} | ({"stays": True} if stays else {}))


def split(text: Spans) -> Iterator[Spans]:
    """Cut a long text into messages, at line ends where there are any."""
    piece: list[Span] = []
    room = TEXT_LIMIT
    for span in text:
        rest = span
        while len(rest.text) > room:
            cut = rest.text.rfind("\n", 0, room) + 1 or room
            piece.append(rest._replace(text=rest.text[:cut]))
            yield tuple(piece)
            piece, room = [], TEXT_LIMIT
            rest = rest._replace(text=rest.text[cut:])
        piece.append(rest)
        room -= len(rest.text)
    if piece:
        yield tuple(piece)
