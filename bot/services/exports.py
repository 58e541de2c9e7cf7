"""Files of the results of a survey: ordered here by staff, written in the background (`bot/exporting.py`)."""

from datetime import datetime
from typing import Final, Literal, get_args

from bot.clock import TEHRAN
from bot.dates import written
from bot.errors import CitizenError
from bot.incoming import Attachment
from bot.services import audit, held_sums, surveys
from bot.services.surveys import Row
from bot.store import Unit
from bot.store.citizens import Citizen
from bot.store.files import SURVEY, File
from bot.store.staff import Member

Form = Literal["png", "xlsx", "csv"]

FORMS: Final[tuple[Form, ...]] = get_args(Form)
AGAIN_MS: Final = 60_000


def order(unit: Unit, row: Row, form: Form, citizen: Citizen, chat_id: int, member: Member | None) -> File:  # noqa: PLR0913, PLR0917 - who, where, what
    """A file that is written soon, and sent when it is.

    Raises `CitizenError`: "exported" where the last minute has one already, "held" for single answers of an
    anonymous survey that is open.
    """
    if form != "png" and held_sums.are_held(row, unit.now):
        raise CitizenError("held")
    source = f"{SURVEY}{row.id}:{form}"
    last = unit.files.copied_at(citizen.platform, chat_id, source)
    if last is not None and last > unit.now - AGAIN_MS:
        raise CitizenError("exported")
    audit.note(unit, member, "survey_exported", surveys.about(row), after={"title": form})
    kind = "photo" if form == "png" else "document"
    return unit.files.want(citizen.platform, chat_id, Attachment(kind, source, name_of(row.id, form, unit.now)))


def name_of(number: int, form: Form, now: int) -> str:
    """A name that every machine takes: "survey-12-1405-09-06.xlsx"."""
    day = datetime.fromtimestamp(now / 1000, TEHRAN).date()
    return f"survey-{number}-{written(day).replace('/', '-')}.{form}"


def is_export(file: File) -> bool:
    """Whether a file is to be written here."""
    return (file.source or "").startswith(SURVEY)


def wanted(file: File) -> tuple[int, Form]:
    """The survey, and which form of file."""
    number, _, form = (file.source or "").removeprefix(SURVEY).partition(":")
    return int(number), next(one for one in FORMS if one == form)
