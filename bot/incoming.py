"""What a citizen did, in a form that belongs to no platform."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed: `id` is what the platform wants acknowledged, `message_id` where the button stands."""

    id: str
    data: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update: who, where, and what they said or pressed.

    `command` is without its slash and without the bot's name; `argument` is what follows it. `kind` names what came
    when it is neither text nor a press ("photo", "voice", …). `private`: a talk with one person, not a group.
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
