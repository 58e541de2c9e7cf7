"""Conversations: how their steps are registered. Which one an update reaches is in `bot/talks.py`."""

from collections.abc import Callable
from typing import Any

from bot.services.staff import Role

# A step takes a `Turn`. That knows this module, so here it is anything.
Step = Callable[[Any], None]
Find = Callable[[str], str | None]
"""Looks in a message for what its conversation is about."""


def data(talk: str, action: str, argument: str = "") -> str:
    """What a button carries: the conversation, what to do there, and with what."""
    return f"{talk}:{action}:{argument}" if argument else f"{talk}:{action}"


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
        self.count: Callable[[Any], int] | None = None
        self.commands: dict[str, Step] = {}
        self.buttons: dict[str, Step] = {}
        self.steps: dict[str, Step] = {}
        self.replies: dict[str, Step] = {}
        self.ears: list[tuple[Find, Step]] = []
        self.desk_commands: dict[str, Step] = {}
        self.desk_buttons: dict[str, Step] = {}
        self.desk_replies: dict[str, Step] = {}
        self.group_commands: dict[str, tuple[Role, Step]] = {}
        self.fallback: Step | None = None
        self.stale_button: Step | None = None
        self.unnamed: Step | None = None
        self.dead_button: Step | None = None
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

    def waiting(self, count: Callable[[Any], int]) -> Callable[[Any], int]:
        """How much waits in the room; it stands on its door. Must be quick: the menu of `/staff` asks each time."""
        self.count = count
        return count

    def step(self, step: Step) -> Step:
        """Reached by the next message after `turn.go(step)`."""
        self.steps[step.__name__] = step
        return step

    def reply(self, name: str) -> Callable[[Step], Step]:
        """Reached in a private talk by a reply to a message of ours that was said under `logical="name:…"`.

        What follows the colon is `turn.argument`. As a button it leads away from wherever the citizen stands; only a
        command goes before it.
        """

        def register(step: Step) -> Step:
            self.replies[name] = step
            return step

        return register

    def hears(self, find: Find) -> Callable[[Step], Step]:
        """Reached by a message of words alone in which `find` finds something, which is `turn.argument` then.

        Only of somebody who is in the middle of nothing. Commands and their words go before it. `find` must be quick:
        it looks at most messages. Of several conversations, the first by name that finds something is reached.
        """

        def register(step: Step) -> Step:
            self.ears.append((find, step))
            return step

        return register

    def desk_command(self, *names: str) -> Callable[[Step], Step]:
        """Reached by `/name` in a desk, a group of staff, and nowhere else.

        There, only replies to messages of ours reach something besides.
        """

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

    def desk_reply(self, name: str) -> Callable[[Step], Step]:
        """As `reply`, in a desk: whoever is in the group may reply there, with words or files."""

        def register(step: Step) -> Step:
            self.desk_replies[name] = step
            return step

        return register

    def group_command(self, *names: str, role: Role) -> Callable[[Step], Step]:
        """Reached by `/name` in a group that is no desk, by staff of this role; nobody else is heard there."""

        def register(step: Step) -> Step:
            self.group_commands |= dict.fromkeys(names, (role, step))
            return step

        return register

    def nameless(self, step: Step) -> Step:
        """Reached in a desk by a command or a reply of an admin who hides behind the group.

        One conversation of all has it.
        """
        self.unnamed = step
        return step

    def dead(self, step: Step) -> Step:
        """Reached in a group by a button that reaches nothing any more. At most one conversation of all may have it.

        The group may be no desk any more, and whoever pressed anybody: only the press may be answered.
        """
        self.dead_button = step
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
