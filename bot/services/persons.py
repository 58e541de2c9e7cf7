"""A citizen talks with the staff: a case of the kind `talk`, which goes the way of every case."""

from dataclasses import dataclass, replace
from typing import Final

from bot.models import CaseState
from bot.services import reports
from bot.services.cases import TALK, Case, Change
from bot.services.categories import OTHER
from bot.services.reports import Report, Sender
from bot.store import Unit
from bot.store.case_log import Happened
from bot.store.citizens import Citizen

ANSWERED_WITHIN_MS: Final = 24 * 3600 * 1000
LOOKED_AT: Final = 20
"""Of a citizen's newest cases: their open talk is among them."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The first words of a talk, the keys of their files, and the words in the form of `Text.fold`."""

    text: str
    files: tuple[str, ...]
    folded: str


def talking(unit: Unit, citizen: Citizen) -> Case | None:
    """The talk that a citizen has with the staff now, held."""
    for case in unit.cases.mine(citizen.platform, citizen.user_id, 2**62, LOOKED_AT):
        held = unit.cases.hold(case.id) if case.kind == TALK and case.is_open else None
        if held is not None and held.is_open:
            return held
    return None


def begin(unit: Unit, citizen: Citizen, chat_id: int, said: Opening) -> Change:
    """Staff have it from now on."""
    report = Report(TALK, OTHER, said.text, said.files)
    sender = Sender(citizen, chat_id)
    return reports.file(unit, sender, report, said.folded, unit.now + ANSWERED_WITHIN_MS).change


def end(unit: Unit, case: Case) -> Change:
    """The citizen ends it."""
    now = unit.cases.change(replace(case, state=CaseState.ANSWERED, closed_at=unit.now, raised=0, ask_at=None))
    return Change(now, unit.case_log.add(case.id, Happened("ended")), case)
