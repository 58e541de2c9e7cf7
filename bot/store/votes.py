"""What citizens think of answers: one vote a citizen and answer."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, func, select

from bot.models import votes
from bot.store.sql import NOW, insert

_new = insert(votes).values(
    platform=bindparam("of"),
    user_id=bindparam("user"),
    entry=bindparam("about"),
    vote=bindparam("given"),
    voted_at=NOW,
)
CAST = _new.on_conflict_do_update(
    index_elements=["platform", "user_id", "entry"], set_={"vote": _new.excluded.vote, "voted_at": NOW}
)
_theirs = and_(votes.c.platform == bindparam("of"), votes.c.user_id == bindparam("user"))
GIVEN = select(votes.c.vote).where(_theirs, votes.c.entry == bindparam("about"))
KEPT = select(func.count()).select_from(votes).where(_theirs)
CAST_BY = select(votes.c.entry, votes.c.vote).where(_theirs).order_by(votes.c.voted_at).limit(bindparam("most"))
FORGET = delete(votes).where(_theirs)


def _sum(kind: int) -> ColumnElement[int]:
    return func.sum(case((votes.c.vote == kind, 1), else_=0))


SUMS = (
    select(votes.c.entry, _sum(1), _sum(-1))
    .where(votes.c.voted_at >= bindparam("since"))
    .group_by(votes.c.entry)
    .order_by(votes.c.entry)
)
OF_ENTRY = select(func.coalesce(_sum(1), 0), func.coalesce(_sum(-1), 0)).where(
    votes.c.entry == bindparam("about"), votes.c.voted_at >= bindparam("since")
)


class Count(NamedTuple):
    """Votes for and against an answer."""

    up: int
    down: int


class Votes:
    """The table `votes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def cast(self, platform: str, user_id: int, entry: str, vote: int) -> None:
        """What somebody thinks of an answer now: 1 or -1. An earlier vote of theirs does not count any more."""
        self._connection.execute(CAST, {"of": platform, "user": user_id, "about": entry, "given": vote})

    def given(self, platform: str, user_id: int, entry: str) -> int | None:
        """What somebody thinks of an answer; None: they have not said."""
        return self._connection.execute(GIVEN, {"of": platform, "user": user_id, "about": entry}).scalar()

    def sums(self, since: int = 0) -> dict[str, Count]:
        """The votes since an instant, for every answer that has any."""
        rows = self._connection.execute(SUMS, {"since": since})
        return {entry: Count(int(up), int(down)) for entry, up, down in rows}

    def of(self, entry: str, since: int = 0) -> Count:
        """The votes on one answer since an instant."""
        up, down = self._connection.execute(OF_ENTRY, {"about": entry, "since": since}).one()
        return Count(int(up), int(down))

    def kept(self, platform: str, user_id: int) -> int:
        """On how many answers somebody has voted."""
        return int(self._connection.execute(KEPT, {"of": platform, "user": user_id}).scalar_one())

    def cast_by(self, platform: str, user_id: int, most: int) -> list[tuple[str, int]]:
        """(entry, vote) of all answers on which somebody has voted."""
        asked = {"of": platform, "user": user_id, "most": most}
        return [(row.entry, row.vote) for row in self._connection.execute(CAST_BY, asked)]

    def forget(self, platform: str, user_id: int) -> None:
        """Delete all votes of somebody."""
        self._connection.execute(FORGET, {"of": platform, "user": user_id})
