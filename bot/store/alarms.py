"""Trouble that stands: told once by whoever wrote it down, and once more by whoever took it away."""

from dataclasses import dataclass

from sqlalchemy import Connection, Executable, and_, bindparam, delete, select, update

from bot.models import alarms
from bot.store.sql import NOW, insert

_columns = (alarms.c.kind, alarms.c.subject, alarms.c.began_at, alarms.c.count)
_one = and_(alarms.c.kind == bindparam("sort"), alarms.c.subject == bindparam("about"))
_new = insert(alarms).values(kind=bindparam("sort"), subject=bindparam("about"), began_at=NOW, last_at=NOW, told_at=NOW)
BEGIN = _new.on_conflict_do_nothing(index_elements=["kind", "subject"]).returning(alarms.c.began_at)
COUNT = _new.on_conflict_do_update(
    index_elements=["kind", "subject"],
    set_={"count": alarms.c.count + 1, "last_at": _new.excluded.last_at},
).returning(alarms.c.count)
END = delete(alarms).where(_one).returning(*_columns)
END_QUIET = delete(alarms).where(_one, alarms.c.last_at < NOW - bindparam("age")).returning(*_columns)
TOLD_AGAIN = (
    update(alarms)
    .where(_one, alarms.c.count > alarms.c.told, alarms.c.told_at < NOW - bindparam("age"))
    .values(told=alarms.c.count, told_at=NOW)
    .returning(*_columns)
)
STANDING = select(*_columns).order_by(alarms.c.kind, alarms.c.subject)


@dataclass(frozen=True, slots=True)
class Standing:
    """An alarm that stands. `count`: how many of what it counts; 1 where nothing is counted."""

    kind: str
    subject: str
    began_at: int
    count: int


class AlarmsTable:
    """The table `alarms`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, kind: str, subject: str) -> int | None:
        """The instant at which the alarm began, if it is new. None: it stands already, and was told."""
        found = self._connection.execute(BEGIN, {"sort": kind, "about": subject}).first()
        return None if found is None else int(found[0])

    def count(self, kind: str, subject: str) -> int:
        """One more; how many since the alarm began. 1: it has just begun."""
        return int(self._connection.execute(COUNT, {"sort": kind, "about": subject}).scalar_one())

    def end(self, kind: str, subject: str) -> Standing | None:
        """Take the alarm away; what it was. None: it did not stand."""
        return self._one(END, kind, subject)

    def end_quiet(self, kind: str, subject: str, age_ms: int) -> Standing | None:
        """Take an alarm that counts away, if nothing was counted for so long. None: it stays."""
        return self._one(END_QUIET, kind, subject, age_ms)

    def told_again(self, kind: str, subject: str, age_ms: int) -> Standing | None:
        """The alarm, if more was counted than was told, and the telling is longer ago than this. It is told now."""
        return self._one(TOLD_AGAIN, kind, subject, age_ms)

    def standing(self) -> list[Standing]:
        """All that stand."""
        return [Standing(*row) for row in self._connection.execute(STANDING)]

    def _one(self, statement: Executable, kind: str, subject: str, age_ms: int | None = None) -> Standing | None:
        values = {"sort": kind, "about": subject} | ({} if age_ms is None else {"age": age_ms})
        found = self._connection.execute(statement, values).first()
        return None if found is None else Standing(*found)
