"""All conversations, and which one of them an update reaches.

How their steps are registered is in `bot/conversation.py`, what a step is given in `bot/flow.py`.
"""

from collections.abc import Iterable, Mapping

from bot.content import Wording, key_of
from bot.conversation import Conversation, Find, Step
from bot.errors import Faults
from bot.incoming import Incoming
from bot.services import staff
from bot.services.staff import Role

Reached = tuple[str, Step, str]
"""What an update reaches: conversation, step, argument."""


def _taken_apart(pressed: str) -> tuple[str, str, str]:
    """(conversation, action, argument) that a button carries."""
    name, _, rest = pressed.partition(":")
    action, _, argument = rest.partition(":")
    return name, action, argument


def _answering(steps: Mapping[str, tuple[str, Step]], incoming: Incoming, replied: str | None) -> Reached | None:
    """What is reached by a reply to our message of that name."""
    name, _, rest = (replied or "").partition(":")
    found = None if incoming.command is not None else steps.get(name)
    return None if found is None else (*found, rest)


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
        self._dead: list[tuple[str, Step]] = []
        self._reports: list[tuple[str, Step]] = []
        self._warnings: list[tuple[str, Step]] = []
        self._replies: dict[str, tuple[str, Step]] = {}
        self._ears: list[tuple[str, Find, Step]] = []
        self._desk_commands: dict[str, tuple[str, Step]] = {}
        self._desk_replies: dict[str, tuple[str, Step]] = {}
        self._group_commands: dict[str, tuple[str, Step]] = {}
        self._group_roles: dict[str, Role] = {}
        faults: list[tuple[str, str, str]] = []
        for talk, words in found:
            faults += self._add(talk, words)
        self._ears.sort(key=lambda ear: ear[0])
        only_one = {"otherwise": self._fallback, "stale": self._stale, "nameless": self._nameless}
        for kind, those in only_one.items():
            if len(those) != 1:
                names = [name for name, _ in those]
                faults.append(("handlers/", kind, f"must be in exactly one conversation, is in {names}"))
        for kind, those in {"takes_reports": self._reports, "warns": self._warnings, "dead": self._dead}.items():
            if len(those) > 1:
                names = [name for name, _ in those]
                faults.append(("handlers/", kind, f"may be in one conversation, is in {names}"))
        if faults:
            raise Faults(faults)

    def route(self, incoming: Incoming, place: str | None, replied: str | None = None) -> Reached:
        """What an update of a private talk reaches. `replied`: the name of our message to which it is a reply."""
        if incoming.press is not None:
            return self._pressed(incoming.press.data)
        called = _answering(self._replies, incoming, replied) or self._called(incoming)
        if called is None and not self.is_busy(place):
            called = self._begun(incoming) or self._heard(incoming)
        if called is not None:
            return called
        return (*self._fallback[0], "") if incoming.command is not None else self._standing(place)

    def stays(self, place: str | None, name: str) -> bool:
        """Whether what was gathered by whoever stands at `place` is for that conversation too."""
        return self.whole(place) == self._talks[name].whole

    def whole(self, place: str | None) -> str:
        """The conversation that somebody at this place is in, of parts the whole; "" if they are nowhere."""
        stood = self._talks.get(place.partition(".")[0]) if place is not None else None
        return "" if stood is None else stood.whole

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

    @property
    def dead(self) -> Reached | None:
        """What a button in a group reaches that reaches nothing any more."""
        return (*self._dead[0], "") if self._dead else None

    def refused(self, incoming: Incoming, place: str | None = None) -> Reached:
        """What an update reaches instead, of somebody at `place` who may not go where it leads.

        A word of staff may be an answer to what a citizen was asked, and what staff's conversation hears may be heard
        by everybody's too.
        """
        if incoming.press is not None:
            return (*self._stale[0], "")
        heard = None if self.is_busy(place) else self._heard(incoming, everybodys=True)
        if heard is not None:
            return heard
        reached = self._standing(place if incoming.command is None else None)
        return reached if self.role_of(reached[0]) is None else (*self._fallback[0], "")

    def role_of(self, name: str) -> Role | None:
        """The role that a conversation is for; None: for everybody."""
        return self._talks[name].role

    def rooms(self, role: str) -> list[str]:
        """The conversations that somebody of this role enters from the menu of staff; first those for the most."""
        found = [
            (sum(talk.role is None or staff.may(other, talk.role) for other in staff.ROLES), name)
            for name, talk in self._talks.items()
            if talk.door is not None and (talk.role is None or staff.may(role, talk.role))
        ]
        return [name for _, name in sorted(found, key=lambda room: -room[0])]

    def waiting(self, name: str, turn: object) -> int:
        """How much waits in the room of a conversation."""
        count = self._talks[name].count
        return 0 if count is None else count(turn)

    def at(self, pressed: str) -> Reached:
        """What a button of ours reaches. Raises `LookupError` if there is no such button."""
        found = self._button(pressed)
        if found is None:
            raise LookupError(pressed)
        return found

    def route_in_desk(self, incoming: Incoming, replied: str | None = None) -> Reached | None:
        """As `route`, in a group of staff. None: nothing that is for us; what people tell each other there is not."""
        if incoming.press is not None:
            name, action, argument = _taken_apart(incoming.press.data)
            step = self._talks[name].desk_buttons.get(action) if name in self._talks else None
            return self.dead if step is None else (name, step, argument)
        command = self._desk_commands.get(incoming.command or "")
        called = _answering(self._desk_replies, incoming, replied) or (command and (*command, incoming.argument))
        return (*self._nameless[0], "") if called is not None and incoming.anonymous else called

    def route_in_group(self, incoming: Incoming) -> tuple[Role, Reached] | None:
        """As `route`, in a group that is no desk: what is reached there, and the role that it takes."""
        name = incoming.command or ""
        if name not in self._group_commands or incoming.anonymous:
            return None
        return self._group_roles[name], (*self._group_commands[name], incoming.argument)

    def described(self) -> dict[str, str]:
        """The commands that a messenger lists for its users, with a short description each."""
        return {name: about for words in self.words.values() for name, about in words.commands.items()}

    def command(self, name: str) -> tuple[str, Step]:
        """The conversation and the step that a command belongs to."""
        return self._commands[name]

    def is_called(self, incoming: Incoming) -> bool:
        """Whether the message is, from whomever, a command, a word for one, or what a conversation hears."""
        called = self._called(incoming) or self._heard(incoming, everybodys=True)
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

    def _heard(self, incoming: Incoming, *, everybodys: bool = False) -> Reached | None:
        """The conversation that finds in a message what it is about; `everybodys`: not one of staff."""
        if incoming.command is not None or incoming.files or not incoming.text:
            return None
        ears = (ear for ear in self._ears if not everybodys or self.role_of(ear[0]) is None)
        found = ((name, step, find(incoming.text)) for name, find, step in ears)
        return next(((name, step, argument) for name, step, argument in found if argument is not None), None)

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
        of_groups = {name: step for name, (_, step) in talk.group_commands.items()}
        self._group_roles |= {name: role for name, (role, _) in talk.group_commands.items()}
        for steps, known, what in (
            (talk.commands, self._commands, "the command"),
            (talk.desk_commands, self._desk_commands, "the command"),
            (of_groups, self._group_commands, "the command"),
            (talk.replies, self._replies, "the reply"),
            (talk.desk_replies, self._desk_replies, "the reply"),
        ):
            for name, step in steps.items():
                if name in known:
                    faults.append((where, name, f"{what} belongs to {known[name][0]} already"))
                known[name] = (talk.name, step)
        self._ears += [(talk.name, find, step) for find, step in talk.ears]
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
            (talk.dead_button, self._dead),
            (talk.reports, self._reports),
            (talk.warning, self._warnings),
        ):
            if special is not None:
                those.append((talk.name, special))
        return faults
