"""What staff choose for a survey beside its questions: names, counts, the reminder, and when it ends."""

from dataclasses import asdict, dataclass, replace
from typing import Final

from bot.errors import CitizenError
from bot.services import audit, survey_drafts, surveys
from bot.services.surveys import DAY_MS, LONGEST_MS, Row
from bot.store import Unit
from bot.store.staff import Member

DAYS: Final = (1, 3, 7, 14, 30)
"""From its beginning."""
MORE_DAYS: Final = (1, 3, 7)
"""By which one that is open goes on."""


@dataclass(frozen=True, slots=True)
class Settings:
    """As they stand in the row; `closes_at`: milliseconds, goes before `lasts_ms`, which counts from the beginning."""

    anonymous: bool
    shows: bool
    reminds: bool
    closes_at: int | None
    lasts_ms: int | None


def of(row: Row) -> Settings:
    return Settings(row.anonymous, row.shows, row.reminds, row.closes_at, row.lasts_ms)


def flip_names(unit: Unit, number: int, member: Member) -> Row:
    """With a name or without; then the counts are hidden, unless somebody shows them again: few are easily guessed.

    Raises `CitizenError`: "gone", "published".
    """
    row = survey_drafts.held(unit, number)
    nameless = not row.anonymous
    survey_drafts.change(unit, number, lambda tables: tables["survey"].update(anonymous=nameless))
    return _keep(unit, row, replace(of(row), anonymous=nameless, shows=row.shows and not nameless), member)


def flip_counts(unit: Unit, number: int, member: Member) -> Row:
    """Raises `CitizenError`: "gone", "published", "polls_only"."""
    row = survey_drafts.held(unit, number)
    if not surveys.tables(row)["survey"].get("quick"):
        raise CitizenError("polls_only")
    return _keep(unit, row, replace(of(row), shows=not row.shows), member)


def flip_reminder(unit: Unit, number: int, member: Member) -> Row:
    """Raises `CitizenError`: "gone", "published"."""
    row = survey_drafts.held(unit, number)
    return _keep(unit, row, replace(of(row), reminds=not row.reminds), member)


def last(unit: Unit, number: int, days: int, member: Member) -> Row:
    """So many days from its beginning. Raises `CitizenError`: "gone", "published", "choose"."""
    row = survey_drafts.held(unit, number)
    if days not in DAYS:
        raise CitizenError("choose")
    return _keep(unit, row, replace(of(row), closes_at=None, lasts_ms=days * DAY_MS), member)


def end_at(unit: Unit, number: int, at: int, member: Member) -> Row:
    """Until this instant, whenever it begins. Raises `CitizenError`: "gone", "published", "past", "too_late" (days)."""
    row = survey_drafts.held(unit, number)
    if at <= unit.now:
        raise CitizenError("past")
    if at > unit.now + LONGEST_MS:
        raise CitizenError("too_late", days=LONGEST_MS // DAY_MS)
    return _keep(unit, row, replace(of(row), closes_at=at, lasts_ms=row.lasts_ms), member)


def _keep(unit: Unit, row: Row, after: Settings, member: Member) -> Row:
    before = of(row)
    unit.surveys.set(
        row.id, shows=after.shows, reminds=after.reminds, closes_at=after.closes_at, lasts_ms=after.lasts_ms
    )
    changed = audit.difference(asdict(before), asdict(after))
    if before != after:
        audit.note(unit, member, "survey_changed", surveys.about(row), *changed)
    return surveys.find(unit, row.id)
