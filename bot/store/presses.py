"""Which buttons of announcements were pressed: each citizen counts once a button."""

from sqlalchemy import Connection, bindparam, delete, func, select

from bot.models import presses
from bot.store.sql import insert

NOTE = (
    insert(presses)
    .values(announcement_id=bindparam("about"), button=bindparam("pressed"), citizen_id=bindparam("citizen"))
    .on_conflict_do_nothing(index_elements=["announcement_id", "button", "citizen_id"])
)
COUNTS = (
    select(presses.c.button, func.count())
    .where(presses.c.announcement_id == bindparam("about"))
    .group_by(presses.c.button)
)
KEPT = select(func.count()).select_from(presses).where(presses.c.citizen_id == bindparam("citizen"))
FORGET = delete(presses).where(presses.c.citizen_id == bindparam("citizen"))


class Presses:
    """The table `presses`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, announcement_id: int, button: int, citizen_id: int) -> None:
        """A citizen pressed it, maybe once more."""
        self._connection.execute(NOTE, {"about": announcement_id, "pressed": button, "citizen": citizen_id})

    def counts(self, announcement_id: int) -> dict[int, int]:
        """How many citizens pressed each button."""
        return {int(b): int(n) for b, n in self._connection.execute(COUNTS, {"about": announcement_id})}

    def kept(self, citizen_id: int) -> int:
        """How many presses of a citizen are kept."""
        return int(self._connection.execute(KEPT, {"citizen": citizen_id}).scalar_one())

    def forget(self, citizen_id: int) -> None:
        """Whatever they pressed."""
        self._connection.execute(FORGET, {"citizen": citizen_id})
