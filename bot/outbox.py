"""How an outgoing message looks before any platform has seen it: the body of an outbox row.

Body, as JSON: `{"text": spans, "inline": rows, "reply": rows, "remove": true, "thread": number}`; an inline button is
`{"t": label, "d": data}` or `{"t": label, "u": url}`, a reply button a label; `thread` is the topic of a forum. An
acknowledgement has `{"alert": text}`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import markup
from bot.markup import Span, Spans

TEXT_LIMIT = 4000
"""Below the 4,096 of the platforms, since marks and neutralised characters add to it."""
DATA_LIMIT = 64


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
    """What stands under a message: inline rows, or rows of the reply keyboard, or the wish to take that one away."""

    inline: Sequence[Sequence[Button]] = ()
    reply: Sequence[Sequence[str]] = ()
    remove: bool = False

    def to_json(self) -> dict[str, object]:
        found: dict[str, object] = {}
        if self.inline:
            found["inline"] = [[button.to_json() for button in row] for row in self.inline]
        if self.reply:
            found["reply"] = [list(row) for row in self.reply]
        if self.remove:
            found["remove"] = True
        return found


NO_KEYBOARD = Keyboard()


def bodies(text: Spans, keyboard: Keyboard = NO_KEYBOARD, thread: int | None = None) -> list[str]:
    """The message as one body, or several where it is too long; the keyboard stands under the last."""
    pieces = list(split(text))
    where = {} if thread is None else {"thread": thread}
    return [
        json.dumps({"text": markup.to_json(piece)} | (keyboard.to_json() if piece is pieces[-1] else {}) | where)
        for piece in pieces
    ]


def alert(text: str) -> str:
    """The body of an acknowledgement; empty text only stops the button from spinning."""
    return json.dumps({"alert": text})


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
