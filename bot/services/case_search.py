"""How staff find a case: by its code, or by words that were said in it."""

from collections.abc import Callable
from typing import Final

from bot.services import codes, staff
from bot.services.cases import Case
from bot.services.reports import words_of
from bot.services.staff import Member
from bot.store import Unit

MOST_FOUND: Final = 8
MOST_WORDS: Final = 6
"""Of a question: more of them would be looked up for nothing."""


def code_in(text: str) -> str | None:
    """The code, if a message is one and says nothing else."""
    code = codes.read(text)
    return None if code is None else str(code)


def find(unit: Unit, member: Member, text: str, fold: Callable[[str], str]) -> list[Case]:
    """Cases that the member may see, the newest first. `fold` gives a text in the form of `Text.fold`."""
    code = codes.read(text)
    if code is not None:
        case = unit.cases.of_code(code)
        return [case] if case is not None and staff.works_at(unit, member, case.desk_id) else []
    everywhere = staff.may(member.role, "manager")
    desks = None if everywhere else unit.desk_members.of_member(member.id)
    if desks == []:
        return []
    found = unit.case_words.find(words_of(fold(text))[:MOST_WORDS], desks, MOST_FOUND)
    return [case for number in found if (case := unit.cases.find(number)) is not None]
