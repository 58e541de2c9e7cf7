"""Conversations: what a step sees (`Turn`), how steps are registered (`Conversation`), which one is reached (`Talks`).

A step is a plain function of its `Turn`. It neither sends nor commits nor waits: what it says is stored with
everything else in the turn's one transaction, and leaves after the commit (`bot/switchboard.py`).

A citizen is in at most one conversation: their place is one value in the database, and a command moves it.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from bot import markup, outbox
from bot.answers import Answers, Reply
from bot.content import Wording, key_of
from bot.errors import CitizenError, Faults
from bot.grown import Trouble
from bot.incoming import Attachment, Contact, Incoming, Spot
from bot.knowledge import Entry
from bot.markup import Spans
from bot.models import FileState
from bot.outbox import Button, Keyboard
from bot.screens import Screen, Screens, kinds_of
from bot.services import staff
from bot.services.coming import Coming
from bot.services.places import Places
from bot.services.staff import Role
from bot.store import Unit
from bot.store.citizens import Citizen
from bot.store.files import File
from bot.store.outbox import Outgoing
from bot.store.staff import Member
from bot.text import persian_digits

__all__ = [
    "Button",
    "CitizenError",
    "Conversation",
    "Draft",
    "Keyboard",
    "Library",
    "Spans",
    "Spot",
    "Talks",
    "Turn",
    "as_shown",
    "data",
    "side_by_side",
]

Step = Callable[["Turn"], None]
Reached = tuple[str, Step, str]
"""What an update reaches: conversation, step, argument."""
Rows = list[list[Button]]
SHORT_LABEL = 18


@dataclass(frozen=True, slots=True)
class Library:
    """What the bot can say: the knowledge, the menu, the conversations with their words, the places, the coming events.

    `shipped` are the entries of `content/` by id, over which those of staff count; `troubles` what of these does not.
    """

    answers: Answers
    screens: Screens
    talks: "Talks"
    places: Places
    shipped: Mapping[str, Entry] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    coming: Coming = field(default_factory=Coming)

    @property
    def kinds(self) -> dict[str, Screen]:
        """The groups of programs, as the menu has them, by the short names that events carry."""
        return kinds_of(self.screens)


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


@dataclass(slots=True)
class Turn:
    """One update being handled: who speaks, what they said, the tables, and `say`.

    `found` is what the knowledge has for a text, looked up before the transaction; None for anything but a text.
    `memory` is what this conversation has gathered: JSON values, kept until the conversation ends. `was_busy`: the
    citizen stood in a conversation, this one or another, when they spoke. `draft`: what was handed over to the
    conversation that takes reports.
    """

    incoming: Incoming
    citizen: Citizen
    unit: Unit
    now: datetime
    library: Library
    found: Reply | None
    words: Wording
    argument: str = ""
    place: str | None = None
    was_busy: bool = False
    draft: Draft | None = None
    memory: dict[str, Any] = field(default_factory=dict)
    replies: list[Outgoing] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the citizen wrote, as they wrote it."""
        return self.incoming.text

    @property
    def member(self) -> Member | None:
        """Who the citizen is among the staff; None if they are none."""
        return staff.member(self.unit, self.citizen)

    def name_of(self, member: Member, limit: int = 25) -> str:
        """What a member of the staff is called: visitors of the page have a number instead of a name."""
        name = " ".join((member.name or "").split())[:limit]
        return name or self.library.talks.words["staff"].button("nameless", number=member.id)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """What the citizen sent beside their words; several if it was an album. Nothing of it is checked or fetched."""
        return self.incoming.files

    @property
    def spot(self) -> Spot | None:
        """The point on the map that the citizen sent."""
        return self.incoming.spot

    @property
    def contact(self) -> Contact | None:
        """The telephone number that the citizen sent."""
        return self.incoming.contact

    def keep(self, files: Sequence[Attachment] | None = None) -> list[File]:
        """Keep the files that the citizen sent, now or (if these are given) before: they are fetched after the turn.

        They may be sent on at once. What nobody keeps is never fetched. A visitor's files are with us already.
        """
        wanted = self.files if files is None else files
        at = (self.incoming.platform, self.incoming.chat_id)
        if self.incoming.platform != "web":
            return [self.unit.files.want(*at, sent) for sent in wanted]
        found = self.unit.files.find_theirs(*at, [sent.source for sent in wanted])
        return [found[sent.source] for sent in wanted if sent.source in found]

    def say(
        self, key: str, keyboard: Keyboard = outbox.NO_KEYBOARD, files: Sequence[File] = (), **fields: object
    ) -> None:
        """Say a text of the conversation's content in a new message, with files if there are any."""
        self.tell(self.words.text(key, **fields), keyboard, files)

    def tell(self, text: str | Spans, keyboard: Keyboard = outbox.NO_KEYBOARD, files: Sequence[File] = ()) -> None:
        """Say other content than a text of the conversation, such as an entry. Never a citizen's words: marks count."""
        bodies = outbox.bodies(_spans(text), keyboard, files, self._thread)
        self.replies += [self._out("send", body) for body in bodies]

    def show_spot(self, spot: Spot, keyboard: Keyboard = outbox.NO_KEYBOARD) -> None:
        """Show a point on the map."""
        self.replies.append(self._out("send", outbox.spot(spot.lat, spot.lon, keyboard, self._thread)))

    def show_entry(self, entry: Entry, text: str | Spans, under: Sequence[Sequence[Button]] = ()) -> None:
        """Show an entry as citizens see it: its text, files and address, its links above these buttons, its place.

        `text` is that of `Answers`, as it is true at this instant. A file that could not be fetched is left out.
        """
        found = self.unit.files.find(entry.files)
        files = [found[key] for key in entry.files if key in found and found[key].state != FileState.MISSING]
        self.tell(*as_shown(entry, text, under), files)
        if entry.place is not None:
            self.show_spot(Spot(*entry.place))

    def show_contact(self, contact: Contact, keyboard: Keyboard = outbox.NO_KEYBOARD) -> None:
        """Show a telephone number, to be called or kept."""
        self.replies.append(self._out("send", outbox.contact(contact.phone, contact.name, keyboard, self._thread)))

    def change(self, text: str | Spans, keyboard: Keyboard) -> None:
        """Show this in place of the message whose button was pressed; in a new message if there is none."""
        press = self.incoming.press
        if press is None or press.message_id is None:
            self.tell(text, keyboard)
            return
        first, *more = outbox.bodies(_spans(text), keyboard, thread=self._thread)
        self.replies.append(self._out("edit", first, ref=str(press.message_id)))
        self.replies += [self._out("send", body) for body in more]

    def alert(self, key: str) -> None:
        """Answer the press of a button with a short word that passes by."""
        if self.incoming.press is not None:
            text = markup.plain(self.words.text(key))
            self.replies = [reply for reply in self.replies if reply.kind != "ack"]
            self.replies.insert(0, self._out("ack", outbox.alert(text), ref=self.incoming.press.id))

    def go(self, step: Step) -> None:
        """The citizen's next message reaches `step` of this conversation."""
        self.place = f"{self.words.name}.{step.__name__}"

    def end(self) -> None:
        """The conversation is over: the citizen is nowhere, and what it gathered is dropped."""
        self.place = None
        self.memory = {}

    def button(self, key: str, action: str, argument: str = "", **fields: object) -> Button:
        """A button of this conversation: its label from the content, `action` named by `Conversation.button`."""
        return Button(self.words.button(key, **fields), data(self.words.name, action, argument))

    def link(self, talk: str, key: str, action: str, argument: str = "") -> Button:
        """A button that leads into another conversation, with its label there."""
        return Button(self.library.talks.words[talk].button(key), data(talk, action, argument))

    def door(self, room: str) -> Button:
        """The button by which staff enter the room of a conversation; it says how much waits there."""
        waiting = self.library.talks.waiting(room, self)
        button = self.link(room, "room", "room")
        return replace(button, label=f"{button.label} ({persian_digits(str(waiting))})") if waiting else button

    def call(self, command: str) -> None:
        """Go on as if the citizen had given this command."""
        self._go_over(*self.library.talks.command(command))

    @property
    def takes_reports(self) -> bool:
        """Whether a conversation takes reports, so that they can be handed over."""
        return self.library.talks.reports is not None

    def hand_over(self, draft: Draft) -> None:
        """End here, and go on in the conversation that takes reports, which finds this as `draft`."""
        if self.library.talks.reports is None:
            raise LookupError("no conversation takes reports")
        self.end()
        self.draft = draft
        self._go_over(*self.library.talks.reports)

    def warn(self) -> None:
        """Say what must be said before anything else, if the citizen tells of a danger; their step still runs after."""
        warning = self.library.talks.warning
        if self.found is not None and self.found.urgent and warning is not None and warning[0] != self.words.name:
            self._go_over(*warning)

    def _go_over(self, name: str, step: Step) -> None:
        mine, self.words = self.words, self.library.talks.words[name]
        step(self)
        self.words = mine

    def pass_on(self) -> None:
        """Go on as if this conversation had not been called: the words were meant for the knowledge."""
        name, step, _ = self.library.talks.refused(self.incoming)
        mine, self.words = self.words, self.library.talks.words[name]
        step(self)
        self.words = mine

    def visit(self, talk: str, action: str, argument: str = "") -> None:
        """Go on as if the citizen had pressed that button of another conversation, and hand it this memory.

        Their role is not looked at: lead only to where they may go anyway.
        """
        _, step, self.argument = self.library.talks.at(data(talk, action, argument))
        mine, self.words = self.words, self.library.talks.words[talk]
        step(self)
        self.words = mine

    def chose(self, key: str) -> bool:
        """Whether the citizen wrote what stands on this button of ours."""
        return key_of(self.text) == key_of(self.words.button(key))

    def take_back(self, place: str | None, memory: dict[str, Any]) -> None:
        """Forget what the step did: the citizen stands where they stood, and nothing was said."""
        self.place, self.memory, self.replies = place, memory, []
        self.acknowledge()

    def acknowledge(self) -> None:
        """Stop the pressed button from spinning. Done for every press before its step."""
        if self.incoming.press is not None:
            self.replies.append(self._out("ack", outbox.alert(""), ref=self.incoming.press.id))

    @property
    def _thread(self) -> int | None:
        return self.incoming.thread_id

    def _out(self, kind: str, body: str, ref: str | None = None) -> Outgoing:
        return Outgoing(self.incoming.platform, self.incoming.chat_id, kind, body, ref=ref)


def _spans(text: str | Spans) -> Spans:
    return markup.spans(text.strip("\n")) if isinstance(text, str) else text


def data(talk: str, action: str, argument: str = "") -> str:
    """What a button carries: the conversation, what to do there, and with what."""
    return f"{talk}:{action}:{argument}" if argument else f"{talk}:{action}"


def _taken_apart(pressed: str) -> tuple[str, str, str]:
    """(conversation, action, argument) that a button carries."""
    name, _, rest = pressed.partition(":")
    action, _, argument = rest.partition(":")
    return name, action, argument


def side_by_side(buttons: list[Button]) -> Rows:
    """Two short buttons in a row, a long one alone: an answer and its buttons should fit on a phone together."""
    rows: Rows = []
    for button in buttons:
        if len(button.label) <= SHORT_LABEL and rows and len(rows[-1]) == 1 and len(rows[-1][0].label) <= SHORT_LABEL:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


def as_shown(entry: Entry, text: str | Spans, under: Sequence[Sequence[Button]] = ()) -> tuple[Spans, Keyboard]:
    """The first page of an entry: its text with its address, its links above these buttons."""
    links = [[Button(link.label, url=link.url)] for link in entry.links]
    address = markup.spans(f"\n\n📍 {entry.address}") if entry.address else ()
    return (*_spans(text), *address), Keyboard(inline=[*links, *under])


class Conversation:
    """The steps of one conversation, by what reaches them. The handler module keeps it under the name `talk`.

    With a `role`, all of it is for staff of that role: to anybody else it does not exist. `part_of`: it works on what
    that other conversation has gathered, and the buttons of either find it while the citizen stands in the other.
    """

    def __init__(self, name: str, role: Role | None = None, part_of: str = "") -> None:
        self.name = name
        self.role = role
        self.whole = part_of or name
        self.door: Step | None = None
        self.count: Callable[[Turn], int] | None = None
        self.commands: dict[str, Step] = {}
        self.buttons: dict[str, Step] = {}
        self.steps: dict[str, Step] = {}
        self.desk_commands: dict[str, Step] = {}
        self.desk_buttons: dict[str, Step] = {}
        self.fallback: Step | None = None
        self.stale_button: Step | None = None
        self.unnamed: Step | None = None
        self.reports: Step | None = None
        self.warning: Step | None = None

    def command(self, *names: str) -> Callable[[Step], Step]:
        """Reached from anywhere by `/name`, and by the words that the content lists under the first name.

        In a conversation of staff such a word may also begin a message, as long as the citizen is nowhere else: the
        rest is `turn.argument` then.
        """

        def register(step: Step) -> Step:
            self.commands |= dict.fromkeys(names, step)
            return step

        return register

    def button(self, action: str) -> Callable[[Step], Step]:
        """Reached by pressing a button of this conversation with this action; `turn.argument` is its argument."""

        def register(step: Step) -> Step:
            self.buttons[action] = step
            return step

        return register

    def room(self, step: Step) -> Step:
        """The step by which staff enter: reached by the button `room`, which stands in the menu of `/staff`.

        Its label is `buttons.room` of the content.
        """
        self.door = self.buttons["room"] = step
        return step

    def waiting(self, count: Callable[["Turn"], int]) -> Callable[["Turn"], int]:
        """How much waits in the room; it stands on its door. Must be quick: the menu of `/staff` asks each time."""
        self.count = count
        return count

    def step(self, step: Step) -> Step:
        """Reached by the next message after `turn.go(step)`."""
        self.steps[step.__name__] = step
        return step

    def desk_command(self, *names: str) -> Callable[[Step], Step]:
        """Reached by `/name` in a desk, a group of staff, and nowhere else. There, nothing else that is written is."""

        def register(step: Step) -> Step:
            self.desk_commands |= dict.fromkeys(names, step)
            return step

        return register

    def desk_button(self, action: str) -> Callable[[Step], Step]:
        """As `button`, but for buttons that stand in a desk; those are pressed by whoever is in the group."""

        def register(step: Step) -> Step:
            self.desk_buttons[action] = step
            return step

        return register

    def nameless(self, step: Step) -> Step:
        """Reached in a desk by the command of an admin who hides behind the group. One conversation of all has it."""
        self.unnamed = step
        return step

    def otherwise(self, step: Step) -> Step:
        """Reached by whatever reaches nothing else. One conversation of all may have it."""
        self.fallback = step
        return step

    def takes_reports(self, step: Step) -> Step:
        """Reached when a citizen wants what they told to be a report: `turn.draft`. At most one of all may have it."""
        self.reports = step
        return step

    def warns(self, step: Step) -> Step:
        """Run before the step of any other conversation that a message of danger reaches. At most one may have it.

        It only says something: the citizen stays where they are.
        """
        self.warning = step
        return step

    def stale(self, step: Step) -> Step:
        """Reached by a button that no conversation knows any more. One conversation of all may have it."""
        self.stale_button = step
        return step


class Talks:
    """All conversations, and the way from an update to a step."""

    def __init__(self, found: Iterable[tuple[Conversation, Wording]]) -> None:
        self.words: dict[str, Wording] = {}
        self._talks: dict[str, Conversation] = {}
        self._commands: dict[str, tuple[str, Step]] = {}
        self._words: dict[str, tuple[str, Step]] = {}
        self._staff_words: dict[str, tuple[str, Step]] = {}
        self._fallback: list[tuple[str, Step]] = []
        self._stale: list[tuple[str, Step]] = []
        self._nameless: list[tuple[str, Step]] = []
        self._reports: list[tuple[str, Step]] = []
        self._warnings: list[tuple[str, Step]] = []
        self._desk_commands: dict[str, tuple[str, Step]] = {}
        faults: list[tuple[str, str, str]] = []
        for talk, words in found:
            faults += self._add(talk, words)
        only_one = {"otherwise": self._fallback, "stale": self._stale, "nameless": self._nameless}
        for kind, those in only_one.items():
            if len(those) != 1:
                names = [name for name, _ in those]
                faults.append(("handlers/", kind, f"must be in exactly one conversation, is in {names}"))
        for kind, those in {"takes_reports": self._reports, "warns": self._warnings}.items():
            if len(those) > 1:
                names = [name for name, _ in those]
                faults.append(("handlers/", kind, f"may be in one conversation, is in {names}"))
        if faults:
            raise Faults(faults)

    def route(self, incoming: Incoming, place: str | None) -> Reached:
        """What an update of a private talk reaches."""
        if incoming.press is not None:
            return self._pressed(incoming.press.data)
        called = self._called(incoming) or (None if self.is_busy(place) else self._begun(incoming))
        if called is not None:
            return called
        return (*self._fallback[0], "") if incoming.command is not None else self._standing(place)

    def stays(self, place: str | None, name: str) -> bool:
        """Whether what was gathered by whoever stands at `place` is for that conversation too."""
        stood = self._talks.get(place.partition(".")[0]) if place is not None else None
        return stood is not None and stood.whole == self._talks[name].whole

    def _standing(self, place: str | None) -> Reached:
        """What a message reaches that is no command, of somebody who stands there."""
        if place is not None:
            name, _, step_name = place.partition(".")
            step = self._talks[name].steps.get(step_name) if name in self._talks else None
            if step is not None:
                return name, step, ""
        return *self._fallback[0], ""

    def is_busy(self, place: str | None) -> bool:
        """Whether somebody who stands there is in the middle of something. Who only asks and is answered is not."""
        return place is not None and place.partition(".")[0] != self._fallback[0][0]

    @property
    def reports(self) -> tuple[str, Step] | None:
        """The conversation and the step that take reports."""
        return next(iter(self._reports), None)

    @property
    def warning(self) -> tuple[str, Step] | None:
        """The conversation and the step that warn of danger."""
        return next(iter(self._warnings), None)

    def refused(self, incoming: Incoming, place: str | None = None) -> Reached:
        """What an update reaches instead, of somebody at `place` who may not go where it leads.

        A word of staff may be an answer to what a citizen was asked.
        """
        if incoming.press is not None:
            return (*self._stale[0], "")
        reached = self._standing(place if incoming.command is None else None)
        return reached if self.role_of(reached[0]) is None else (*self._fallback[0], "")

    def role_of(self, name: str) -> Role | None:
        """The role that a conversation is for; None: for everybody."""
        return self._talks[name].role

    def rooms(self, role: str) -> list[str]:
        """The conversations that somebody of this role enters from the menu of staff."""
        return [
            name
            for name, talk in self._talks.items()
            if talk.door is not None and (talk.role is None or staff.may(role, talk.role))
        ]

    def waiting(self, name: str, turn: Turn) -> int:
        """How much waits in the room of a conversation."""
        count = self._talks[name].count
        return 0 if count is None else count(turn)

    def at(self, pressed: str) -> Reached:
        """What a button of ours reaches. Raises `LookupError` if there is no such button."""
        found = self._button(pressed)
        if found is None:
            raise LookupError(pressed)
        return found

    def route_in_desk(self, incoming: Incoming) -> Reached | None:
        """As `route`, in a group of staff. None: nothing that is for us; what people tell each other there is not."""
        if incoming.press is not None:
            name, action, argument = _taken_apart(incoming.press.data)
            step = self._talks[name].desk_buttons.get(action) if name in self._talks else None
            return None if step is None else (name, step, argument)
        called = self._desk_commands.get(incoming.command or "")
        if called is None:
            return None
        return (*self._nameless[0], "") if incoming.anonymous else (*called, incoming.argument)

    def described(self) -> dict[str, str]:
        """The commands that a messenger lists for its users, with a short description each."""
        return {name: about for words in self.words.values() for name, about in words.commands.items()}

    def command(self, name: str) -> tuple[str, Step]:
        """The conversation and the step that a command belongs to."""
        return self._commands[name]

    def is_called(self, incoming: Incoming) -> bool:
        """Whether the message is, from whomever, a command or one of the words that stand for one."""
        called = self._called(incoming)
        return called is not None and self.role_of(called[0]) is None

    def knows(self, pressed: str) -> bool:
        """Whether a button with this data leads somewhere."""
        return self._button(pressed) is not None

    def _called(self, incoming: Incoming) -> Reached | None:
        if incoming.command is not None and incoming.command in self._commands:
            return *self._commands[incoming.command], incoming.argument
        key = key_of(incoming.text) if len(incoming.text) < 60 else ""
        found = self._words.get(key) or self._staff_words.get(key)
        return None if found is None else (*found, "")

    def _begun(self, incoming: Incoming) -> Reached | None:
        """The conversation of staff whose word a message begins with."""
        first, _, rest = incoming.text.strip().partition(" ")
        found = self._staff_words.get(key_of(first)) if rest and len(first) < 60 else None
        return None if found is None else (*found, rest.strip())

    def _pressed(self, pressed: str) -> Reached:
        return self._button(pressed) or (*self._stale[0], "")

    def _button(self, pressed: str) -> Reached | None:
        name, action, argument = _taken_apart(pressed)
        step = self._talks[name].buttons.get(action) if name in self._talks else None
        return None if step is None else (name, step, argument)

    def _add(self, talk: Conversation, words: Wording) -> list[tuple[str, str, str]]:
        """Register one conversation; return what collides with an earlier one."""
        where = f"handlers/{talk.name}.py"
        faults: list[tuple[str, str, str]] = []
        self._talks[talk.name] = talk
        self.words[talk.name] = words
        for commands, known in ((talk.commands, self._commands), (talk.desk_commands, self._desk_commands)):
            for name, step in commands.items():
                if name in known:
                    faults.append((where, name, f"the command belongs to {known[name][0]} already"))
                known[name] = (talk.name, step)
        named = [("words", name) for name in words.words] + [("commands", name) for name in words.commands]
        faults += [
            (f"content/{talk.name}.toml", f"{table}.{name}", "no such command")
            for table, name in named
            if name not in talk.commands
        ]
        # A word of staff may be one of everybody's too: it counts then only where it begins a message.
        known_words = self._words if talk.role is None else self._staff_words
        for name in talk.commands.keys() & words.words.keys():
            for spelling in words.words[name]:
                if key_of(spelling) in known_words:
                    faults.append((f"content/{talk.name}.toml", f"words.{name}", f"«{spelling}» is taken already"))
                else:
                    known_words[key_of(spelling)] = (talk.name, talk.commands[name])
        for special, those in (
            (talk.fallback, self._fallback),
            (talk.stale_button, self._stale),
            (talk.unnamed, self._nameless),
            (talk.reports, self._reports),
            (talk.warning, self._warnings),
        ):
            if special is not None:
                those.append((talk.name, special))
        return faults


def gathered(memory: Mapping[str, Any]) -> str:
    """The memory of a conversation as it is stored."""
    return json.dumps(memory, sort_keys=True)
