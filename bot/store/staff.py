"""Who works with us, and the one-time codes by which they join."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, and_, bindparam, func, select, update

from bot.models import invites, staff
from bot.store.sql import NOW, insert

member_columns: Final = (
    staff.c.id,
    staff.c.platform,
    staff.c.user_id,
    staff.c.role,
    staff.c.name,
    staff.c.made_at,
)
_who = and_(staff.c.platform == bindparam("of"), staff.c.user_id == bindparam("user"))
_still = staff.c.ended_at.is_(None)
FIND = select(*member_columns).where(_who, _still)
EVER = (
    select(*member_columns, staff.c.ended_at)
    .order_by(staff.c.ended_at.is_not(None), staff.c.id)
    .offset(bindparam("after"))
    .limit(bindparam("most"))
)
GET = select(*member_columns).where(staff.c.id == bindparam("member"))
HERE = GET.where(_still)
KEEP = HERE.with_for_update(read=True)
ALL = select(*member_columns).where(_still).order_by(staff.c.id)
_new = insert(staff).values(
    platform=bindparam("of"),
    user_id=bindparam("user"),
    role=bindparam("as_role"),
    name=bindparam("called"),
    made_at=NOW,
    made_by=bindparam("by"),
)
JOIN = _new.on_conflict_do_update(
    index_elements=["platform", "user_id"],
    set_={
        "role": _new.excluded.role,
        "name": _new.excluded.name,
        "made_at": NOW,
        "made_by": _new.excluded.made_by,
        "ended_at": None,
    },
).returning(*member_columns)
END = update(staff).where(staff.c.id == bindparam("member"), _still).values(ended_at=NOW)
RENAME = update(staff).where(staff.c.id == bindparam("member"), _still).values(name=bindparam("called"))
FORGET = update(staff).where(_who).values(ended_at=func.coalesce(staff.c.ended_at, NOW), name=None)
# Who changes the team waits for whoever is changing it: two admins must not remove each other at once.
HOLD = select(staff.c.id).where(_still, staff.c.role == bindparam("as_role")).order_by(staff.c.id).with_for_update()

INVITE = (
    insert(invites)
    .values(
        code_hash=bindparam("hash"),
        role=bindparam("as_role"),
        desk_id=bindparam("desk"),
        made_at=NOW,
        made_by=bindparam("by"),
        until=NOW + bindparam("good_for"),
    )
    .returning(invites.c.id)
)
USE = (
    update(invites)
    .where(invites.c.code_hash == bindparam("hash"), invites.c.used_at.is_(None), invites.c.until > NOW)
    .values(used_at=NOW)
    .returning(invites.c.id, invites.c.role, invites.c.made_by, invites.c.desk_id)
)
# Whoever does not work with us any more must not come back, or let others in, by a code they made before.
VOID = (
    update(invites)
    .where(
        invites.c.used_at.is_(None),
        invites.c.made_by.in_(select(staff.c.id).where(staff.c.ended_at.is_not(None))),
        invites.c.until > NOW,
    )
    .values(until=NOW)
)
USED = update(invites).where(invites.c.id == bindparam("invite")).values(used_by=bindparam("member"))


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works with us. `id` is ours; `user_id` is the platform's, and the number of their private chat."""

    id: int
    platform: str
    user_id: int
    role: str
    name: str | None
    made_at: int


@dataclass(frozen=True, slots=True)
class Invite:
    """A code that was good, and is used up now. `desk_id`: where an operator begins."""

    id: int
    role: str
    made_by: int | None
    desk_id: int | None


class StaffTable:
    """The tables `staff` and `invites`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, platform: str, user_id: int) -> Member | None:
        """Who this is among the staff; None for a citizen."""
        row = self._connection.execute(FIND, {"of": platform, "user": user_id}).first()
        return None if row is None else Member(*row)

    def get(self, member_id: int) -> Member | None:
        """The member of this number, whether they still work with us or not."""
        row = self._connection.execute(GET, {"member": member_id}).first()
        return None if row is None else Member(*row)

    def here(self, member_id: int) -> Member | None:
        """The member of this number, if they still work with us."""
        row = self._connection.execute(HERE, {"member": member_id}).first()
        return None if row is None else Member(*row)

    def keep(self, member_id: int) -> Member | None:
        """The same; until the transaction ends nobody removes them."""
        row = self._connection.execute(KEEP, {"member": member_id}).first()
        return None if row is None else Member(*row)

    def all(self) -> list[Member]:
        """Everybody who works with us, the oldest first."""
        return [Member(*row) for row in self._connection.execute(ALL)]

    def ever(self, after: int, most: int) -> list[tuple[Member, bool]]:
        """A page of everybody who ever worked with us, and whether they still do; those who do stand first."""
        found = self._connection.execute(EVER, {"after": after, "most": most})
        return [(Member(*row[:-1]), row.ended_at is None) for row in found]

    def hold(self, role: str) -> list[int]:
        """The members of a role; until the transaction ends nobody else changes them."""
        return list(self._connection.execute(HOLD, {"as_role": role}).scalars())

    def join(self, platform: str, user_id: int, role: str, name: str | None, by: int | None) -> Member:
        """Write down a member; whoever is one already gets this role."""
        row = self._connection.execute(
            JOIN, {"of": platform, "user": user_id, "as_role": role, "called": name, "by": by}
        ).one()
        return Member(*row)

    def rename(self, member_id: int, name: str) -> None:
        """They are called so from now on."""
        self._connection.execute(RENAME, {"member": member_id, "called": name})

    def end(self, member_id: int) -> bool:
        """They work with us no more, and their codes are void. False: they did not any more."""
        ended = self._connection.execute(END, {"member": member_id}).rowcount == 1
        self._connection.execute(VOID)
        return ended

    def forget(self, platform: str, user_id: int) -> None:
        """They want to be forgotten: no staff from now on, and without a name; their codes are void."""
        if self._connection.execute(FORGET, {"of": platform, "user": user_id}).rowcount:
            self._connection.execute(VOID)

    def invite(self, code_hash: str, role: str, desk_id: int | None, by: int | None, good_for_ms: int) -> int:
        """Keep a code by its hash; returns the number it gets."""
        values = {"hash": code_hash, "as_role": role, "desk": desk_id, "by": by, "good_for": good_for_ms}
        return int(self._connection.execute(INVITE, values).scalar_one())

    def use(self, code_hash: str) -> Invite | None:
        """Use a code up. None: there is none, or it is used or too old."""
        row = self._connection.execute(USE, {"hash": code_hash}).first()
        return None if row is None else Invite(*row)

    def used(self, invite_id: int, member_id: int) -> None:
        """Note who came by it."""
        self._connection.execute(USED, {"invite": invite_id, "member": member_id})
