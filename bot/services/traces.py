"""What an anonymous survey leaves on the chat page: our questions and a visitor's words, which are rows of ours there.

A messenger keeps them on its own servers, out of our reach. On the page each goes as soon as the next question comes,
so that what is sent finds nothing beside it, however the visitor went away and came back in between.
"""

from bot.incoming import Incoming
from bot.store import Unit


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
