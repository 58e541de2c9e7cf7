"""Signs of life: when something last went well, whichever process did it."""

from sqlalchemy import Connection, bindparam, select

from bot.models import beats
from bot.store.sql import NOW, insert

_new = insert(beats).values(name=bindparam("of"), at=NOW)
BEAT = _new.on_conflict_do_update(index_elements=["name"], set_={"at": _new.excluded.at})
ALL = select(beats.c.name, beats.c.at)


class Beats:
    """The table `beats`. A few rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beat(self, name: str) -> None:
        """It went well at this moment."""
        self._connection.execute(BEAT, {"of": name})

    def all(self) -> dict[str, int]:
        """The instant of the last beat of each name."""
        return {row.name: int(row.at) for row in self._connection.execute(ALL)}
