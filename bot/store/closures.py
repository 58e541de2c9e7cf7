"""What staff said about days: closures of all kinds. Nothing is deleted: who undid what stays to be seen."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from bot.models import closures
from bot.store.sql import NOW, insert

_columns: Final = (
    closures.c.id,
    closures.c.kind,
    closures.c.first_day,
    closures.c.last_day,
    closures.c.reason,
    closures.c.offices,
    closures.c.opens,
    closures.c.closes,
)
IN_FORCE = (
    select(*_columns)
    .where(closures.c.undone_at.is_(None), closures.c.last_day >= bindparam("since"))
    .order_by(closures.c.id)
)
ADD = (
    insert(closures)
    .values(
        kind=bindparam("as_kind"),
        first_day=bindparam("first"),
        last_day=bindparam("last"),
        offices=bindparam("where"),
        opens=bindparam("from_minute"),
        closes=bindparam("to_minute"),
        reason=bindparam("why"),
        made_by=bindparam("by"),
        made_at=NOW,
    )
    .returning(closures.c.id)
)
UNDO = (
    update(closures)
    .where(closures.c.id == bindparam("closure"), closures.c.undone_at.is_(None))
    .values(undone_by=bindparam("by"), undone_at=NOW)
)


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """One closure as it is kept. No `offices`: all of them; `opens` and `closes` are minutes of the day."""

    id: int
    kind: str
    first: date
    last: date
    reason: str
    offices: tuple[str, ...] = ()
    opens: int | None = None
    closes: int | None = None


class Closures:
    """The table `closures`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def in_force(self, since: date) -> list[ClosureRow]:
        """Those that nobody has undone and that last until this day at least, the oldest first."""
        found = self._connection.execute(IN_FORCE, {"since": since.isoformat()})
        return [
            ClosureRow(
                row.id,
                row.kind,
                date.fromisoformat(row.first_day),
                date.fromisoformat(row.last_day),
                row.reason,
                tuple(row.offices.split()),
                row.opens,
                row.closes,
            )
            for row in found
        ]

    def add(self, closure: ClosureRow, by: int) -> int:
        """Keep a closure that a member of staff has said; returns the number it gets."""
        values = {
            "as_kind": closure.kind,
            "first": closure.first.isoformat(),
            "last": closure.last.isoformat(),
            "where": " ".join(closure.offices),
            "from_minute": closure.opens,
            "to_minute": closure.closes,
            "why": closure.reason,
            "by": by,
        }
        return int(self._connection.execute(ADD, values).scalar_one())

    def undo(self, closure_id: int, by: int) -> bool:
        """It does not count any more. False: there is none, or it is undone already."""
        return self._connection.execute(UNDO, {"closure": closure_id, "by": by}).rowcount == 1
