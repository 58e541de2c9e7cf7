"""What an anonymous survey leaves behind: updates that could not be handled, and what was said on the chat page.

A messenger keeps what was said on its own servers, out of our reach. On the page our questions and a visitor's words
are rows of ours: each goes as soon as the next question comes, so that what is sent finds nothing beside it, however
the visitor went away and came back in between.
"""

import json
import re
from typing import Final

from bot.incoming import Incoming
from bot.services import surveys
from bot.store import Unit

_BUTTON: Final = re.compile(r'"(?:survey|poll):[a-z]+:(\d{1,18})[."]')
"""In an update as it came: the press of a button of a survey, with its number."""


def is_nameless(unit: Unit, platform: str, chat_id: int, raw: str) -> bool:
    """Whether an update belongs to a survey without names: by its button, or by where its citizen stands.

    Of an update that nobody could handle nothing else is known: it may be what stops the process, and is not read.
    """
    numbers = map(int, _BUTTON.findall(raw))
    rows = [unit.surveys.find(number) for number in numbers if number < surveys.LARGEST]
    stands = unit.citizens.find(platform, chat_id, chat_id)  # in a private talk both are one number
    return any(row is not None and row.anonymous for row in rows) or (
        stands is not None and bool(json.loads(stands.memory).get("nameless"))
    )


def name(survey: int) -> str:
    """The name under which all that is said in a survey is found again."""
    return f"survey:{survey}"


def clear(unit: Unit, incoming: Incoming, survey: int, *, whole: bool = False) -> None:
    """Take back what was said in a survey. Not `whole`: the message whose button was pressed stays, to be changed."""
    pressed = None if incoming.press is None or whole else incoming.press.message_id
    said = unit.outbox.messages_of(incoming.platform, incoming.chat_id, name(survey))
    theirs = [] if incoming.message_id is None else [incoming.message_id]
    for message in {*said, *theirs} - {pressed}:
        found = unit.web.find(incoming.chat_id, message)
        if found is not None and found.kind in {"in", "out"}:
            unit.web.take_back(incoming.chat_id, message)
