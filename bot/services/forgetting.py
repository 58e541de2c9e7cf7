"""Forgetting a person whose cases stay: the hole in the street is still there when nobody is told of it any more.

What leads to somebody goes: who and where they are, their name, telephone numbers in whatever was said, every sound and
film with their voice. Photos of the street stay, as ours. Of a talk with the staff, which mends nothing, no word or
file of theirs stays, and it ends.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.models import CaseState
from bot.services import counting, reports, surveys
from bot.services.cases import TALK, Case, Change
from bot.services.masking import without_person
from bot.services.questionnaire import PHOTO, PLACE, TEXT, Value
from bot.services.surveys import Stage
from bot.store import Unit
from bot.store.case_log import Happened
from bot.store.responses import Response
from bot.store.surveys import Row
from bot.text import fold_ours

AT_ONCE: Final = 100
_EMPTY: Final[Mapping[str, Value]] = {TEXT: "", PHOTO: "", PLACE: ()}
LAST: Final = 2**62
"""No case has this number."""


def forget_person(unit: Unit, platform: str, user_id: int, chat_id: int) -> list[Change]:
    """Their cases are nobody's, and whatever else belongs to reports is gone. Open cases stay open."""
    unit.followers.forget(platform, user_id)
    unit.drafts.forget(platform, user_id)
    unit.lookups.forget(platform, user_id)
    changes: list[Change] = []
    while found := unit.cases.mine(platform, user_id, LAST, AT_ONCE):
        changes += [_without_person(unit, case, chat_id) for case in found]
    _forget_what_staff_were_told(unit, [change.case for change in changes])
    return changes


def forget_answers(unit: Unit, citizen_id: int) -> None:
    """That they took part in surveys; what they have not sent goes with it, and what they sent to one that is open.

    Of surveys that are over it stays in the sums, without words, photos and points of theirs. Of what is anonymous
    nobody knows what they answered.
    """
    for part in unit.participants.of_citizen(citizen_id):
        row = None if part.token is None else unit.surveys.share(part.survey_id)
        response = None if part.token is None else unit.responses.find(part.survey_id, part.token)
        if row is not None and response is not None:
            _forget_response(unit, row, response)
    unit.participants.forget(citizen_id)


def _forget_response(unit: Unit, row: Row, response: Response) -> None:
    """Whoever is forgotten may answer again, as somebody new: then both would count. Visitors of the page never do."""
    is_open = surveys.stage(row, unit.now) is Stage.OPEN and surveys.can_be_asked(row)
    if is_open and response.platform != "web":
        unit.responses.count(row.id, counting.counts(surveys.sheet(row), response, -1))
        unit.files.drop(_blank(unit, row, response))
        unit.responses.drop(row.id, response.token)
    else:
        unit.files.drop(_blank(unit, row, response))


def _blank(unit: Unit, row: Row, response: Response) -> list[str]:
    """Nothing by which somebody is known stays in it; the photos that are to go."""
    kinds = {question.get("id"): question.get("kind", TEXT) for question in surveys.tables(row).get("question", [])}
    found = json.loads(response.answers)
    photos = [str(value) for name, value in found.items() if value and kinds.get(name) == PHOTO]
    # Empty, not skipped: so they count as before.
    kept = {name: _EMPTY.get(kinds.get(name, TEXT), value) if value else value for name, value in found.items()}
    unit.responses.rewrite(row.id, response.token, counting.to_json(kept))
    return photos


def _forget_what_staff_were_told(unit: Unit, cases: list[Case]) -> None:
    """Cards and what was said of the cases, in desks and to each of the staff: their names and words stand there."""
    names = [f"{kind}:{case.id}" for case in cases for kind in ("card", "said")]
    chats = {(desk.platform, desk.chat_id) for desk in unit.desks.all()} if names else set()
    chats |= {(member.platform, member.user_id) for member in unit.staff.all()} if names else set()
    for platform, chat_id in chats:
        unit.outbox.blank_named(platform, chat_id, names)


def _without_person(unit: Unit, found: Case, chat_id: int) -> Change:
    case = unit.cases.hold(found.id) or found
    is_talk = case.kind == TALK
    _forget_files(unit, case, chat_id, photos_stay=not is_talk)
    for event, said in unit.case_log.spoken(case.id):
        plain = "" if is_talk else without_person(said, case.name)
        if plain != said:
            unit.case_log.reword(event, plain)
    if is_talk and case.is_open:
        unit.cases.change(replace(case, state=CaseState.WITHDRAWN, closed_at=unit.now, raised=0))
    address = None if case.address is None else without_person(case.address, case.name)
    now = unit.cases.forget(case, "" if is_talk else without_person(case.text, case.name), address)
    unit.case_words.drop(case.id)
    unit.case_words.add(case.id, reports.words_of(fold_ours(f"{now.text} {now.address or ''}")))
    return Change(now, unit.case_log.add(case.id, Happened("forgotten", public=False)), case)


def _forget_files(unit: Unit, case: Case, chat_id: int, *, photos_stay: bool) -> None:
    """The rest is forgotten with all files of their chat."""
    keys = [key for key, _ in unit.case_log.files(case.id)]
    theirs = unit.files.find_theirs(case.platform or "", chat_id, keys)
    staying = [key for key, file in theirs.items() if photos_stay and file.kind == "photo"]
    unit.files.adopt(staying)
    unit.case_log.drop_files(case.id, [key for key in theirs if key not in staying])
