"""Lunar months that staff have moved by a day. Nothing is deleted: who undid what stays to be seen."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from bot.models import lunar_shifts
from bot.store.sql import NOW, insert

_columns: Final = (lunar_shifts.c.id, lunar_shifts.c.year, lunar_shifts.c.month, lunar_shifts.c.days)
IN_FORCE = select(*_columns).where(lunar_shifts.c.undone_at.is_(None)).order_by(lunar_shifts.c.id)
ADD = (
    insert(lunar_shifts)
    .values(
        year=bindparam("of_year"),
        month=bindparam("of_month"),
        days=bindparam("by_days"),
        made_by=bindparam("by"),
        made_at=NOW,
    )
    .returning(lunar_shifts.c.id)
)
UNDO = (
    update(lunar_shifts)
    .where(lunar_shifts.c.id == bindparam("shift"), lunar_shifts.c.undone_at.is_(None))
    .values(undone_by=bindparam("by"), undone_at=NOW)
)
CHANGED = select(
    exists().where(or_(lunar_shifts.c.made_at > bindparam("instant"), lunar_shifts.c.undone_at > bindparam("instant")))
)


class Shift(NamedTuple):
    """A month that begins a day later (1) or earlier (-1)."""

    id: int
    year: int
    month: int
    days: int

    @property
    def key(self) -> tuple[int, int]:
        return self.year, self.month


class LunarShifts:
    """The table `lunar_shifts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def in_force(self) -> list[Shift]:
        """Those that nobody has undone, the oldest first."""
        return [Shift(*row) for row in self._connection.execute(IN_FORCE)]

    def add(self, year: int, month: int, days: int, by: int) -> int:
        """Keep a move that a member of staff has said; returns the number it gets."""
        values = {"of_year": year, "of_month": month, "by_days": days, "by": by}
        return int(self._connection.execute(ADD, values).scalar_one())

    def undo(self, shift_id: int, by: int) -> bool:
        """It does not count any more. False: there is none, or it is undone already."""
        return self._connection.execute(UNDO, {"shift": shift_id, "by": by}).rowcount == 1

    def changed_since(self, instant: int) -> bool:
        """Whether a month was moved, or moved back, after an instant."""
        return bool(self._connection.execute(CHANGED, {"instant": instant}).scalar())
