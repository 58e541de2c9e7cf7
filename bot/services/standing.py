"""What stands open all the time: the one question that is asked after a case was mended.

It comes with the content, and is written down when it is first asked. Other questions in the content make another one.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Final

from bot.services import invitations, survey_sheet, surveys, taking_part
from bot.services.questionnaire import Survey
from bot.services.taking_part import Ballot
from bot.store import Unit
from bot.store.citizens import Citizen
from bot.store.surveys import Row

AFTER_CASE: Final = "after_case"


def after_case(unit: Unit, known: Mapping[str, Survey]) -> Row | None:
    """The survey asked after a case. `known`: by the names of their files. None: the content has no such poll."""
    survey = known.get(AFTER_CASE)
    if survey is None or not survey.quick:
        return None
    stored = json.dumps(survey_sheet.tables_of(survey), ensure_ascii=False, sort_keys=True)
    key = f"{AFTER_CASE}:{zlib.crc32(stored.encode()):08x}"
    row = unit.surveys.of_key(key)
    if row is None:
        unit.surveys.add(stored, anonymous=survey.anonymous, key=key)  # or another process did, at this moment
        row = unit.surveys.of_key(key)
    return row


def ballots(
    unit: Unit, known: Mapping[str, Survey], citizen: Citizen, case_id: int
) -> tuple[str, list[tuple[str, Ballot]]]:
    """The question about a case and its answers, each with what its button carries; none if it was answered."""
    row = after_case(unit, known)
    if row is None or taking_part.has_sent(unit, citizen, row.id, case_id):
        return "", []
    survey = surveys.sheet(row)
    return survey.questions[0].text, invitations.ballots(row, survey, about=case_id)
