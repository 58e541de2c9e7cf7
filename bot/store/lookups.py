"""How many codes somebody has looked up that are not theirs: whoever tries many must wait."""

from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, select

from bot.models import lookups
from bot.store.sql import NOW, insert

_new = insert(lookups).values(platform=bindparam("of"), user_id=bindparam("user"), since=NOW, count=1)
_over = lookups.c.since < NOW - bindparam("span")
COUNT_ONE: Any = _new.on_conflict_do_update(
    index_elements=["platform", "user_id"],
    set_={
        "since": case((_over, NOW), else_=lookups.c.since),
        "count": case((_over, 1), else_=lookups.c.count + 1),
    },
).returning(lookups.c.count)
_who = and_(lookups.c.platform == bindparam("of"), lookups.c.user_id == bindparam("user"))
COUNTED = select(lookups.c.count).where(_who, lookups.c.since >= NOW - bindparam("span"))
FORGET = delete(lookups).where(_who)
FORGET_OLD = delete(lookups).where(lookups.c.since < NOW - bindparam("span"))


class Lookups:
    """The table `lookups`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count_one(self, platform: str, user_id: int, span_ms: int) -> int:
        """One more; how many it are since the first within this span."""
        asked = {"of": platform, "user": user_id, "span": span_ms}
        return int(self._connection.execute(COUNT_ONE, asked).scalar_one())

    def counted(self, platform: str, user_id: int, span_ms: int) -> int:
        """How many it are."""
        found = self._connection.execute(COUNTED, {"of": platform, "user": user_id, "span": span_ms}).scalar()
        return 0 if found is None else int(found)

    def forget(self, platform: str, user_id: int) -> None:
        self._connection.execute(FORGET, {"of": platform, "user": user_id})

    def forget_old(self, span_ms: int) -> int:
        """Forget those whose span is over; how many it were."""
        return self._connection.execute(FORGET_OLD, {"span": span_ms}).rowcount
