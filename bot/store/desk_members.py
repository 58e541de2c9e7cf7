"""Which operators work at which desks."""

from sqlalchemy import Connection, bindparam, delete, select

from bot.models import desk_members, staff
from bot.store.sql import insert
from bot.store.staff import Member, member_columns

_here = desk_members.c.desk_id == bindparam("desk")
_theirs = desk_members.c.member_id == bindparam("member")
ADD = (
    insert(desk_members)
    .values(desk_id=bindparam("desk"), member_id=bindparam("member"))
    .on_conflict_do_nothing(index_elements=["desk_id", "member_id"])
)
REMOVE = delete(desk_members).where(_here, _theirs)
LEAVE_ALL = delete(desk_members).where(_theirs)
WORKS = select(desk_members.c.desk_id).where(_here, _theirs)
OF_MEMBER = select(desk_members.c.desk_id).where(_theirs).order_by(desk_members.c.desk_id)
OF_DESK = (
    select(*member_columns)
    .select_from(staff.join(desk_members, desk_members.c.member_id == staff.c.id))
    .where(_here, staff.c.ended_at.is_(None))
    .order_by(staff.c.id)
)


class DeskMembers:
    """The table `desk_members`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, desk_id: int, member_id: int) -> bool:
        """They work at this desk from now on. False: they did already."""
        return self._connection.execute(ADD, {"desk": desk_id, "member": member_id}).rowcount == 1

    def remove(self, desk_id: int, member_id: int) -> bool:
        """They do not work at this desk any more. False: they did not."""
        return self._connection.execute(REMOVE, {"desk": desk_id, "member": member_id}).rowcount == 1

    def leave_all(self, member_id: int) -> None:
        """They work at no desk any more."""
        self._connection.execute(LEAVE_ALL, {"member": member_id})

    def works(self, desk_id: int, member_id: int) -> bool:
        """Whether they work at this desk."""
        return self._connection.execute(WORKS, {"desk": desk_id, "member": member_id}).first() is not None

    def of_member(self, member_id: int) -> list[int]:
        """The desks somebody works at, the oldest first."""
        return list(self._connection.execute(OF_MEMBER, {"member": member_id}).scalars())

    def of_desk(self, desk_id: int) -> list[Member]:
        """Who works at a desk, the oldest first; managers and admins, who work at all of them, are not named."""
        return [Member(*row) for row in self._connection.execute(OF_DESK, {"desk": desk_id})]
