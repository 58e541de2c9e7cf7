"""Surveys and quick polls, from the first word of staff to the last answer.

draft ─publish─► planned ─its announcement begins─► open ─time, close─► closed: results go back (`poll_ends.py`)
  ▲                 │ taken back, refused, missed        └─extend─► open
  └─────────────────┘

Where one stands follows from its announcement and the clock; nothing has to be kept in step. What is published is
never edited, only extended or closed. How citizens answer is in `taking_part.py`, how staff write one in
`survey_drafts.py`.
"""

import json
import zlib
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from bot.errors import CitizenError, Faults
from bot.models import AnnouncementState
from bot.services import audit, survey_sheet
from bot.services.questionnaire import PHOTO, Survey
from bot.store import Unit
from bot.store.staff import Member
from bot.store.surveys import Row

__all__ = ["Row", "Stage"]

DAY_MS: Final = 24 * 3600 * 1000
LASTS_MS: Final = 3 * DAY_MS
LONGEST_MS: Final = 90 * DAY_MS
MOST_TRIALS: Final = 1_000
"""More than staff try before they ask."""
LARGEST: Final = 2**62
"""No survey has such a number, and no database takes much larger ones."""
_NEVER_BEGAN: Final = (AnnouncementState.CANCELLED, AnnouncementState.REFUSED, AnnouncementState.MISSED)


class Stage(Enum):
    """Where a survey stands."""

    DRAFT = "draft"
    """Staff write it. They alone can answer it, and their answers are wiped when it is published."""
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


def stage(row: Row, now: int) -> Stage:
    """Where it stands at an instant."""
    if row.closed_at is not None:
        return Stage.CLOSED
    if row.key is not None:
        return Stage.OPEN
    if row.began_at is None:
        gone_back = row.asked is None or row.asked in _NEVER_BEGAN
        return Stage.DRAFT if gone_back else Stage.PLANNED
    last = closes_at(row)
    return Stage.CLOSED if last is not None and last <= now else Stage.OPEN


def closes_at(row: Row) -> int | None:
    """The instant from which on nobody answers. None: not known before it begins, or never."""
    if row.closes_at is not None or row.lasts_ms is None or row.began_at is None:
        return row.closes_at
    return row.began_at + row.lasts_ms


def sheet(row: Row) -> Survey:
    """What it asks. Raises `Faults`: a draft that is not finished."""
    return _sheet(row.id, row.sheet)


def can_be_asked(row: Row) -> bool:
    """Whether it is finished, and this version reads it."""
    try:
        sheet(row)
    except Faults:
        return False
    return True


@lru_cache(maxsize=256)
def _sheet(number: int, stored: str) -> Survey:
    return survey_sheet.read_tables(f"survey {number}", json.loads(stored))


def tables(row: Row) -> dict[str, Any]:
    """The same as tables, as a file of the content holds them; finished or not."""
    found: dict[str, Any] = json.loads(row.sheet)
    return found


def title(row: Row) -> str:
    return str(tables(row)["survey"].get("title", ""))


def tag(row: Row) -> str:
    """Names what it asks: a button of other questions carries another tag."""
    return f"{zlib.crc32(row.sheet.encode()) & 0xFFFF:04x}"


def find(unit: Unit, number: int) -> Row:
    """Raises `CitizenError`: "gone"."""
    return _sure(unit.surveys.find(number) if 0 < number < LARGEST else None)


def share(unit: Unit, number: int) -> Row:
    """The same; until the transaction ends it is not closed. Raises `CitizenError`: "gone"."""
    return _sure(unit.surveys.share(number) if 0 < number < LARGEST else None)


def hold(unit: Unit, number: int) -> Row:
    """The same, for whoever changes it. Raises `CitizenError`: "gone"."""
    return _sure(unit.surveys.hold(number) if 0 < number < LARGEST else None)


def _sure(row: Row | None) -> Row:
    if row is None:
        raise CitizenError("gone")
    return row


# -- published


def publish(unit: Unit, number: int, announcement_id: int, member: Member) -> None:
    """It is asked by this announcement, as it stands. Whatever was answered on trial is wiped.

    Raises `CitizenError`: "gone", "published" if it is no draft, "unfinished" if it cannot be asked.
    """
    row = hold(unit, number)
    if stage(row, unit.now) is not Stage.DRAFT:
        raise CitizenError("published")
    if not can_be_asked(row):
        raise CitizenError("unfinished")
    wipe(unit, row)
    unit.surveys.ask(number, announcement_id)
    audit.note(unit, member, "survey_published", about(row), after={"announcement": announcement_id})


def wipe(unit: Unit, row: Row) -> None:
    """Drop whatever staff have answered on trial, with their photos."""
    begun = unit.participants.drop_unsent(row.id, MOST_TRIALS)
    sent = unit.responses.page(row.id, 0, MOST_TRIALS)
    unit.files.drop([*photos(row, [one.answers for one in begun]), *photos(row, [one.answers for one in sent])])
    unit.participants.wipe(row.id)
    unit.responses.wipe(row.id)


def photos(row: Row, stored: Iterable[str | None]) -> list[str]:
    """The keys of the photos in answers as they are stored. Of a draft, too, which `questionnaire` cannot read yet."""
    asked = [one.get("id") for one in tables(row)["question"] if one.get("kind") == PHOTO]
    given = [json.loads(answers or "{}") for answers in stored] if asked else []
    return [answers[name] for answers in given for name in asked if answers.get(name)]


def extend(unit: Unit, number: int, to: int, member: Member) -> Row:
    """It is open until then.

    Raises `CitizenError`: "gone", "not_open", "sooner" if that is no later than it is, "too_late" (days).
    """
    row = hold(unit, number)
    last = closes_at(row)
    if stage(row, unit.now) is not Stage.OPEN or last is None:
        raise CitizenError("not_open")
    if to <= last:
        raise CitizenError("sooner")
    if to > unit.now + LONGEST_MS:
        raise CitizenError("too_late", days=LONGEST_MS // DAY_MS)
    unit.surveys.set(number, shows=row.shows, reminds=row.reminds, closes_at=to, lasts_ms=row.lasts_ms)
    audit.note(unit, member, "survey_extended", about(row), {"closes_at": last}, {"closes_at": to})
    return find(unit, number)


def close(unit: Unit, number: int, member: Member) -> Row:
    """Nobody answers any more; what follows is done by the clock, as if its time were over.

    Raises `CitizenError`: "gone", "not_open".
    """
    row = hold(unit, number)
    if stage(row, unit.now) is not Stage.OPEN or row.key is not None:
        raise CitizenError("not_open")
    unit.surveys.set(number, shows=row.shows, reminds=row.reminds, closes_at=unit.now, lasts_ms=row.lasts_ms)
    audit.note(unit, member, "survey_closed", about(row), {"closes_at": closes_at(row)}, {"closes_at": unit.now})
    return find(unit, number)


def about(row: Row) -> str:
    """As the audit names it."""
    return f"survey:{row.id}"
