"""What an announcement says: its text, its files and its buttons, and the messages that are made of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from bot import markup, outbox
from bot.content import Wording
from bot.markup import Spans
from bot.models import FileState
from bot.outbox import Button, Keyboard
from bot.services.cases import is_number
from bot.store import Unit
from bot.store.announcements import Announcement
from bot.store.files import File

Kind = Literal["link", "entry", "report", "subscribe", "survey", "vote"]

KINDS: Final[tuple[Kind, ...]] = ("link", "entry", "report", "subscribe")
"""Those that staff choose from; the others come with a survey."""
LEFT: Final = -1
"""Instead of the place of a button: whoever left by the last one (the table `presses`)."""


@dataclass(frozen=True, slots=True)
class Action:
    """A button.

    `target`: the address of a "link", the id of an "entry", the category of a "report" or "" for any, the topic that
    somebody chooses by "subscribe", the number of a "survey". A "vote" is one answer to a quick poll, and its target
    what the poll itself understands: who pressed what is not noted here.
    """

    kind: Kind
    label: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent. `files`: keys of the table `files`."""

    text: Spans
    files: tuple[str, ...] = ()
    buttons: tuple[Action, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it stands, written out, in the table and in the memory of a conversation."""
        return {
            "text": markup.to_json(self.text),
            "files": list(self.files),
            "buttons": [asdict(action) for action in self.buttons],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Content":
        buttons = tuple(Action(**action) for action in stored["buttons"])
        return cls(markup.from_json(stored["text"]), tuple(stored["files"]), buttons)

    def keyboard(self, announcement_id: int, topic: str, words: Wording) -> Keyboard:
        """A row for each button, and below them the one by which one leaves. `words`: of `content/announced.toml`."""
        rows = [[_button(action, announcement_id, place)] for place, action in enumerate(self.buttons)]
        label = words.button("leave_topic" if topic else "leave_all")
        return Keyboard(inline=[*rows, [Button(label, f"announced:leave:{announcement_id}")]])


def sent(unit: Unit, number: str) -> Announcement | None:
    """The announcement that a button names, unless nobody can have got it."""
    found = unit.announcements.find(int(number)) if is_number(number) else None
    return found if found is not None and found.began_at is not None else None


def action(announcement: Announcement, place: str) -> Action | None:
    """The button of an announcement that stands at this place."""
    buttons = Content.from_json(json.loads(announcement.content)).buttons
    return buttons[int(place)] if is_number(place) and int(place) < len(buttons) else None


def files_of(unit: Unit, content: Content) -> list[File]:
    """The files as far as they can be sent; what could not be fetched is left out."""
    found = unit.files.find(content.files)
    return [found[key] for key in content.files if key in found and found[key].state != FileState.MISSING]


def bodies(unit: Unit, content: Content, announcement_id: int, topic: str, words: Wording) -> list[str]:
    """The bodies of the outbox for one citizen, the same for all of them. `words`: of `content/announced.toml`."""
    return outbox.bodies(content.text, content.keyboard(announcement_id, topic, words), files_of(unit, content))


def _button(action: Action, announcement_id: int, place: int) -> Button:
    if action.kind == "link":
        return Button(action.label, url=action.target)
    if action.kind == "vote":
        return Button(action.label, f"poll:vote:{action.target}")
    return Button(action.label, f"announced:go:{announcement_id}:{place}")
