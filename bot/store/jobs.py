"""Jobs done by the clock: for each time that a job was due one row, which says how it went."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, delete, select, update

from bot.models import jobs
from bot.store.sql import NOW, insert

_new = insert(jobs).values(name=bindparam("called"), due_at=bindparam("due"), holder=bindparam("by"), began_at=NOW)
# A row without an end is of a process that died, or lost the database, in the middle: it is begun again.
BEGIN = _new.on_conflict_do_update(
    index_elements=["name", "due_at"],
    set_={"holder": _new.excluded.holder, "began_at": _new.excluded.began_at, "tries": jobs.c.tries + 1},
    where=and_(jobs.c.ended_at.is_(None), jobs.c.tries < bindparam("most")),
).returning(jobs.c.id)
END = (
    update(jobs)
    .where(jobs.c.id == bindparam("row"), jobs.c.holder == bindparam("by"), jobs.c.ended_at.is_(None))
    .values(ended_at=NOW, outcome=bindparam("result"))
)
FORGET = delete(jobs).where(jobs.c.name == bindparam("called"), jobs.c.due_at < NOW - bindparam("age"))
LATEST = (
    select(jobs.c.due_at, jobs.c.tries, jobs.c.began_at, jobs.c.ended_at, jobs.c.outcome)
    .where(jobs.c.name == bindparam("called"))
    .order_by(jobs.c.due_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Run:
    """One time that a job was due. `outcome` is JSON; None, as `ended_at`: it has not ended."""

    due_at: int
    tries: int
    began_at: int
    ended_at: int | None
    outcome: str | None


class Jobs:
    """The table `jobs`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, name: str, due_at: int, holder: str, most_tries: int) -> int | None:
        """Begin the job that was due then; the number of its row. None: it has ended, or was tried so often already."""
        values = {"called": name, "due": due_at, "by": holder, "most": most_tries}
        found = self._connection.execute(BEGIN, values).first()
        return None if found is None else int(found[0])

    def end(self, row_id: int, holder: str, outcome: str) -> bool:
        """The job has come to its end. False: another process has begun it anew meanwhile."""
        return self._connection.execute(END, {"row": row_id, "by": holder, "result": outcome}).rowcount == 1

    def forget(self, name: str, age_ms: int) -> None:
        """Delete results of a job that was due longer ago than this."""
        self._connection.execute(FORGET, {"called": name, "age": age_ms})

    def latest(self, name: str) -> Run | None:
        """How it went the last time."""
        found = self._connection.execute(LATEST, {"called": name}).first()
        return None if found is None else Run(*found)
