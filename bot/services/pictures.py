"""Pictures that staff publish: they belong to the house, not to whoever sent them."""

from typing import Final

from bot.errors import CitizenError
from bot.models import FileState
from bot.store import Unit

NOBODYS: Final = ("house", 0)
"""Whose a published picture is: it stays when the editor who sent it wants to be forgotten."""


def published(unit: Unit, key: str) -> str:
    """The key under which the picture stays. Raises `CitizenError`: "photo_lost"."""
    file = unit.files.find([key]).get(key)
    if file is None or file.state == FileState.MISSING:
        raise CitizenError("photo_lost")
    if not file.there or (file.platform, file.chat_id) == NOBODYS:  # still being fetched: it stays the editor's
        return key
    return unit.files.give(*NOBODYS, file).key
