"""A citizen's copy of all that is kept of them: asked for here, written in the background (`bot/copying.py`)."""

from typing import Final

from bot.errors import CitizenError
from bot.incoming import Attachment
from bot.services import cases
from bot.store import Unit
from bot.store.citizens import Citizen
from bot.store.files import COPY, File

NAME: Final = "my-data.html"
MIME: Final = "text/html"
AGAIN_MS: Final = 3600 * 1000
MOST_FILES: Final = 100
MOST_CASES: Final = 1000
NEWEST: Final = 2**62
"""No case has this number."""


def order(unit: Unit, citizen: Citizen, chat_id: int) -> File:
    """The document, which is written soon. Raises `CitizenError`: "copied" where the last hour has one already."""
    source = f"{COPY}{citizen.user_id}"
    last = unit.files.copied_at(citizen.platform, chat_id, source)
    if last is not None and last > unit.now - AGAIN_MS:
        raise CitizenError("copied")
    return unit.files.want(citizen.platform, chat_id, Attachment("document", source, NAME, MIME))


def files(unit: Unit, citizen: Citizen, chat_id: int) -> list[File]:
    """What they sent and what belongs to their cases, as far as it is there; of very many the newest."""
    found = {file.key: file for file in unit.files.latest(citizen.platform, chat_id, MOST_FILES)}
    for case in cases.mine(unit, citizen, NEWEST, MOST_CASES):
        found |= {file.key: file for file in cases.files(unit, case) if file.there}
    return sorted(found.values(), key=lambda file: file.id)[-MOST_FILES:]


def is_copy(file: File) -> bool:
    """Whether a file is to be written rather than fetched."""
    return (file.source or "").startswith(COPY)


def whose(file: File) -> int:
    """The number of the citizen whose copy it is."""
    return int((file.source or "").removeprefix(COPY))
