"""Files from which staff want a survey made."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select

from bot.models import FileState, files, survey_files
from bot.store.sql import NOW, insert


@dataclass(frozen=True, slots=True)
class SurveyFile:
    """A file that has been fetched, or never will be; for whom, and where it stands on the shelf, if it is there."""

    key: str
    member_id: int
    hash: str | None


ASK = (
    insert(survey_files)
    .values(key=bindparam("file"), member_id=bindparam("by"), asked_at=NOW)
    .on_conflict_do_nothing(index_elements=["key"])
)
READY = (
    select(survey_files.c.key, survey_files.c.member_id, files.c.hash)
    .outerjoin(files, files.c.key == survey_files.c.key)
    .where(files.c.state.is_(None) | (files.c.state != FileState.WAITING))
    .order_by(survey_files.c.asked_at)
    .limit(bindparam("most"))
)
FORGET_OLD = delete(survey_files).where(survey_files.c.asked_at < NOW - bindparam("age"))
DONE = delete(survey_files).where(survey_files.c.key == bindparam("file"))


class SurveyFiles:
    """The table `survey_files`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, key: str, member_id: int) -> None:
        """Somebody wants a survey made of this file; once, however often it is sent."""
        self._connection.execute(ASK, {"file": key, "by": member_id})

    def ready(self, most: int) -> list[SurveyFile]:
        """Those that can be read now, or never."""
        return [SurveyFile(*row) for row in self._connection.execute(READY, {"most": most})]

    def forget_old(self, age_ms: int) -> int:
        """Delete those that were asked for longer ago than this; how many."""
        return self._connection.execute(FORGET_OLD, {"age": age_ms}).rowcount

    def done(self, key: str) -> bool:
        """It was dealt with. False: it was already."""
        return self._connection.execute(DONE, {"file": key}).rowcount == 1
