"""Questions that the bot cannot answer: noted, and passed on to staff if their asker wants it."""

from typing import Final

from bot.errors import CitizenError
from bot.store import Unit
from bot.store.citizens import Citizen
from bot.store.questions import Asker

TEXT_LIMIT: Final = 1000
MOST_NOTED: Final = 50
"""So many questions of one citizen that wait for nobody are kept: whoever writes without end must not fill the list."""
MOST_WAITING: Final = 3
"""So many questions of one citizen may wait for staff: more would wait longer, not be answered sooner."""


def note(unit: Unit, citizen: Citizen, chat_id: int, text: str, folded: str) -> int:
    """Write down a question that was not answered. Nobody waits for it yet. Returns its number."""
    return _note(unit, asker(citizen, chat_id), text, folded, None)


def note_lack(unit: Unit, who: Asker, entry: str, text: str, folded: str) -> int:
    """Write down what somebody lacks in an answer, for staff."""
    return _note(unit, who, text, folded, entry)


def _note(unit: Unit, who: Asker, text: str, folded: str, about: str | None) -> int:
    number = unit.questions.missed(who, text[:TEXT_LIMIT], folded[:TEXT_LIMIT], about)
    unit.questions.trim(who, MOST_NOTED)
    return number


def pass_on(unit: Unit, citizen: Citizen, chat_id: int, number: int, others: list[int]) -> int:
    """Pass a noted question on to staff, with `others` that said the same in other words: they become one.

    Returns the number that the asker is told. Raises `CitizenError`: "passed_already", "not_there", "too_many".
    """
    who = asker(citizen, chat_id)
    noted = unit.questions.find_missed(who, sorted({*others, number}))
    if number not in [question.id for question in noted]:
        known = unit.questions.find(number)
        if known is not None and (known.platform, known.user_id) == (who.platform, who.user_id) and known.passed_at:
            raise CitizenError("passed_already", number=number)
        raise CitizenError("not_there")
    if unit.questions.waiting(who) >= MOST_WAITING:
        raise CitizenError("too_many", limit=MOST_WAITING)
    text, folded = (
        "\n".join(dict.fromkeys(filter(None, ways)))
        for ways in ((question.text for question in noted), (question.folded for question in noted))
    )
    if not unit.questions.passed(who, number, text[-TEXT_LIMIT:], folded[-TEXT_LIMIT:]):
        raise CitizenError("not_there")  # staff have closed it at this very moment
    unit.questions.merge(who, [question.id for question in noted if question.id != number])
    return number


def asker(citizen: Citizen, chat_id: int) -> Asker:
    """Somebody as the one who asks, in the chat where they do."""
    return Asker(citizen.platform, chat_id, citizen.user_id)
