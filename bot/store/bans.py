"""Who may not file reports."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, Connection, and_, bindparam, delete, or_, select, tuple_

from bot.models import bans
from bot.store.sql import NOW, insert

_columns: Final = (bans.c.platform, bans.c.user_id, bans.c.at, bans.c.until, bans.c.by, bans.c.reason)
_who = and_(bans.c.platform == bindparam("of"), bans.c.user_id == bindparam("user"))
_stands = or_(bans.c.until.is_(None), bans.c.until > NOW)
_new = insert(bans).values(
    platform=bindparam("of"),
    user_id=bindparam("user"),
    at=NOW,
    until=NOW + bindparam("length", type_=BigInteger),  # none and none: no end
    by=bindparam("member"),
    reason=bindparam("why"),
)
PUT = _new.on_conflict_do_update(
    index_elements=["platform", "user_id"],
    set_={"at": NOW, "until": _new.excluded.until, "by": _new.excluded.by, "reason": _new.excluded.reason},
).returning(*_columns)
LIFT = delete(bans).where(_who)
FIND = select(*_columns).where(_who, _stands)
ALL = (
    select(*_columns)
    .where(_stands)
    .order_by(bans.c.at.desc(), bans.c.platform, bans.c.user_id)
    .limit(bindparam("most"))
)
_over = select(bans.c.platform, bans.c.user_id).where(bans.c.until < NOW - bindparam("age")).limit(bindparam("most"))
PRUNE = delete(bans).where(tuple_(bans.c.platform, bans.c.user_id).in_(_over))


@dataclass(frozen=True, slots=True)
class Ban:
    """A row. `until`: None, until it is lifted; `by`: of the staff; `reason`: as the citizen is told."""

    platform: str
    user_id: int
    at: int
    until: int | None
    by: int
    reason: str


class Bans:
    """The table `bans`. What is over counts as not being there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, platform: str, user_id: int, for_ms: int | None, by: int, reason: str) -> Ban:
        """Ban a citizen for so long, in place of what stood before; None: until it is lifted."""
        values = {"of": platform, "user": user_id, "length": for_ms, "member": by, "why": reason}
        return Ban(*self._connection.execute(PUT, values).one())

    def lift(self, platform: str, user_id: int) -> Ban | None:
        """End a ban; return what stood until now."""
        stood = self.find(platform, user_id)
        lifted = self._connection.execute(LIFT, {"of": platform, "user": user_id}).rowcount
        return stood if lifted else None

    def find(self, platform: str, user_id: int) -> Ban | None:
        """What stands against a citizen."""
        row = self._connection.execute(FIND, {"of": platform, "user": user_id}).first()
        return None if row is None else Ban(*row)

    def all(self, most: int) -> list[Ban]:
        """What stands against anybody, the newest first."""
        return [Ban(*row) for row in self._connection.execute(ALL, {"most": most})]

    def prune(self, age_ms: int, most: int) -> int:
        """Delete what has been over for longer than this, so many at the most; return how many."""
        return self._connection.execute(PRUNE, {"age": age_ms, "most": most}).rowcount
