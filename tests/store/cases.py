"""Cases for tests of the tables: a plain one, with whatever a test wants to be otherwise."""

from typing import Any

from bot.store.cases import Case
from bot.store.unit import Unit

PLAIN = {
    "kind": "complaint",
    "category": "lights",
    "platform": "bale",
    "chat_id": 501,
    "user_id": 501,
    "text": "چراغ کوچه سوخته",
    "due_at": 2_000_000_000_000,
}


def filed(unit: Unit, code: int, **others: Any) -> Case:  # noqa: ANN401 - any column
    """A new case."""
    case = unit.cases.file(PLAIN | {"code": code} | others)
    assert case is not None
    return case
