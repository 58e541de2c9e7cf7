"""A survey that staff are writing: made, changed piece by piece, copied, thrown away. Nothing here is said.

It stands as tables in the shape of a file of `content/surveys/`, finished or not; `survey_sheet.py` says what is still
wrong. Each change is made to what stands there at that instant, so two who write at once undo nothing of each other.
What is done to single questions is in `survey_questions.py`, how typed words are read in `survey_typing.py`.
"""

import json
from collections.abc import Callable, Sequence
from typing import Final

from bot.errors import CitizenError, Faults
from bot.services import audit, counting, survey_sheet, surveys
from bot.services.questionnaire import ONE
from bot.services.quoting import cut
from bot.services.survey_questions import Record, Tables, made_options
from bot.services.survey_sheet import TITLE_LIMIT
from bot.services.surveys import LASTS_MS, Row, Stage
from bot.store import Unit
from bot.store.staff import Member

TWICE_MS: Final = 5_000
"""The same made again within this time was pressed twice."""


def blank(title: str, thanks: str) -> Tables:
    """One without questions, with names."""
    return {"survey": {"title": title, "thanks": thanks, "anonymous": False}, "question": []}


def quick(text: str, labels: Sequence[str], thanks: str) -> Tables:
    """A quick poll."""
    about = {"title": _title_of(text), "thanks": thanks, "anonymous": False, "quick": True}
    made = {"id": "q1", "kind": ONE, "text": text, "options": made_options([], labels)}
    return {"survey": about, "question": [made]}


def ask(tables: Tables, record: Record, text: str) -> None:
    """The question asks this. A quick poll that was called as it asked is called so again."""
    about = tables["survey"]
    if about.get("quick") and about["title"] == _title_of(record["text"]):
        about["title"] = _title_of(text)
    record["text"] = text


def _title_of(text: str) -> str:
    return cut(" ".join(text.split()), TITLE_LIMIT)


def make(unit: Unit, tables: Tables, member: Member, lasts_ms: int | None = LASTS_MS, of: int = 0) -> Row:
    """A new draft. Whoever votes in a quick poll sees the counts, and nobody is reminded of it.

    What was pressed twice is made once; `of`: the number of the one that it is a copy of.
    """
    stored = _stored(tables)
    for found in unit.surveys.open(1):
        is_fresh = unit.now - found.changed_at < TWICE_MS and found.id != of
        if is_fresh and found.made_by == member.id and found.sheet == stored:
            return found
    is_quick, nameless = bool(tables["survey"].get("quick")), bool(tables["survey"]["anonymous"])
    shows = is_quick and not nameless
    number = unit.surveys.add(stored, anonymous=nameless, shows=shows, lasts_ms=lasts_ms, made_by=member.id)
    if number is None:
        raise LookupError("a draft has no key that could be taken")
    unit.surveys.set(number, shows=shows, reminds=not is_quick, closes_at=None, lasts_ms=lasts_ms)
    row = surveys.find(unit, number)
    audit.note(unit, member, "survey_made", surveys.about(row))
    return row


def copied(unit: Unit, number: int, member: Member) -> Row:
    """The same questions and settings as a new draft; when it ends and whom it is for is left behind.

    Raises `CitizenError`: "gone".
    """
    row = surveys.find(unit, number)
    made = make(unit, surveys.tables(row), member, row.lasts_ms or LASTS_MS, row.id)
    unit.surveys.set(made.id, shows=row.shows, reminds=row.reminds, closes_at=None, lasts_ms=made.lasts_ms)
    return surveys.find(unit, made.id)


def drop(unit: Unit, number: int, member: Member) -> None:
    """Raises `CitizenError`: "gone", "published"."""
    row = held(unit, number)
    surveys.wipe(unit, row)
    unit.surveys.drop(number)
    audit.note(unit, member, "survey_dropped", surveys.about(row))


def opened(unit: Unit, number: int) -> Row:
    """A draft to be looked at. Raises `CitizenError`: "gone", "published"."""
    return _draft(unit, surveys.find(unit, number))


def held(unit: Unit, number: int) -> Row:
    """A draft that nobody else changes until this transaction ends. Raises `CitizenError`: "gone", "published"."""
    return _draft(unit, surveys.hold(unit, number))


def change(unit: Unit, number: int, work: Callable[[Tables], object]) -> Row:
    """The draft after `work` has changed its tables; what was answered on trial is wiped.

    Raises `CitizenError`: "gone", "published", and whatever `work` refuses.
    """
    row = held(unit, number)
    tables = surveys.tables(row)
    work(tables)
    stored = _stored(tables)
    if stored == row.sheet:
        return row
    surveys.wipe(unit, row)
    unit.surveys.rewrite(number, stored, anonymous=bool(tables["survey"]["anonymous"]))
    return surveys.find(unit, number)


def faults(tables: Tables) -> list[tuple[str, str, str]]:
    """What keeps it from being asked: (name, key, reason), none if it is finished."""
    try:
        survey_sheet.read_tables("draft", tables)
    except Faults as found:
        return found.faults
    return []


def answered(unit: Unit, row: Row) -> int:
    """How many have sent their answers."""
    return sum(one.count for one in unit.responses.counts(row.id) if counting.is_whole(one))


def _draft(unit: Unit, row: Row) -> Row:
    if surveys.stage(row, unit.now) is not Stage.DRAFT:
        raise CitizenError("published")
    return row


def _stored(tables: Tables) -> str:
    return json.dumps(tables, ensure_ascii=False)
