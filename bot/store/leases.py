"""Who does what only one process may do, such as polling a bot."""

from sqlalchemy import Connection, and_, bindparam, delete, or_, select

from bot.models import leases
from bot.store.sql import NOW, insert

_new = insert(leases).values(name=bindparam("of"), holder=bindparam("by"), until=NOW + bindparam("length"))
TAKE = _new.on_conflict_do_update(
    index_elements=["name"],
    set_={"holder": _new.excluded.holder, "until": _new.excluded.until},
    where=or_(leases.c.holder == _new.excluded.holder, leases.c.until <= NOW),
).returning(leases.c.holder)
END = delete(leases).where(and_(leases.c.name == bindparam("of"), leases.c.holder == bindparam("by")))
END_ALL = delete(leases)
HELD = select(leases.c.name).where(leases.c.holder == bindparam("by"), leases.c.until > NOW).order_by(leases.c.name)


class Leases:
    """The table `leases`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, name: str, holder: str, length_ms: int) -> bool:
        """Take the lease or lengthen it. False: somebody else has it."""
        return self._connection.execute(TAKE, {"of": name, "by": holder, "length": length_ms}).first() is not None

    def end(self, name: str, holder: str) -> None:
        """Give the lease up, so that the next one need not wait."""
        self._connection.execute(END, {"of": name, "by": holder})

    def held(self, holder: str) -> list[str]:
        """What this process holds."""
        return list(self._connection.execute(HELD, {"by": holder}).scalars())

    def free_all(self) -> None:
        """End every lease: only for a process that knows it is alone, at its start."""
        self._connection.execute(END_ALL)
