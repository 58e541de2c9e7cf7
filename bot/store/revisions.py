"""Which parts of the library staff have changed, and how often: processes load anew what they lack."""

from sqlalchemy import Connection, bindparam, select

from bot.models import revisions
from bot.store.sql import insert

_first = insert(revisions).values(subject=bindparam("of"), number=1)
BUMP = _first.on_conflict_do_update(index_elements=["subject"], set_={"number": revisions.c.number + 1})
ALL = select(revisions.c.subject, revisions.c.number)


class Revisions:
    """The table `revisions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def bump(self, subject: str) -> None:
        """What belongs to the subject was changed in this transaction: `bot/refresh.py` makes it live everywhere.

        Call it last: until the transaction ends, others who change the same subject wait here.
        """
        self._connection.execute(BUMP, {"of": subject})

    def all(self) -> dict[str, int]:
        """The number of every subject that was ever changed."""
        return {row.subject: row.number for row in self._connection.execute(ALL)}
