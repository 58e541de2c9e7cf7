"""How many citizens would get an announcement: counted at once where they are few, from a table of sums where not.

To look at a million of them takes a second, and whoever composes wants to know again after every change.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, or_, select

from bot.models import citizens, crowds, staff
from bot.store.recipients import Whom
from bot.store.sql import insert

FEW = 50_000
"""So many citizens are counted in less than a moment."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Citizens of a platform who chose the same. `neighbourhood`: "" if it is not known."""

    platform: str
    neighbourhood: str
    wants: int
    refuses: int
    count: int


_place = func.coalesce(citizens.c.neighbourhood, "")
_there = and_(citizens.c.gone_at.is_(None), citizens.c.left_at.is_(None))
_groups = (citizens.c.platform, _place, citizens.c.wants, citizens.c.refuses)
LARGEST = select(func.max(citizens.c.id))
ALL = select(*_groups, func.count()).where(_there).group_by(*_groups)
KEPT = select(crowds.c.platform, crowds.c.neighbourhood, crowds.c.wants, crowds.c.refuses, crowds.c.count)
CLEAR = delete(crowds)
KEEP = insert(crowds).values(
    platform=bindparam("of"),
    neighbourhood=bindparam("lives"),
    wants=bindparam("chosen"),
    refuses=bindparam("refused"),
    count=bindparam("many"),
)
_topic = bindparam("topic", type_=citizens.c.wants.type)
_meant: ColumnElement[bool] = and_(
    _there,
    citizens.c.refuses.bitwise_and(_topic) == 0,
    or_(bindparam("anyhow") == 1, citizens.c.wants.bitwise_and(_topic) != 0),
    or_(bindparam("anywhere") == 1, citizens.c.neighbourhood.in_(bindparam("places", expanding=True))),
)
# Not by the columns of staff themselves: SQLite would walk the citizens and look each of them up among the staff.
_member = and_(citizens.c.platform == staff.c.platform.concat(""), citizens.c.user_id == staff.c.user_id + 0)
OF_STAFF = (
    select(citizens.c.platform, func.count())
    .select_from(staff)
    .join(citizens, _member)
    .where(staff.c.ended_at.is_(None), _meant)
    .group_by(citizens.c.platform)
)


class Crowds:
    """The table `crowds`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, whom: Whom) -> dict[str, int]:
        """How many citizens are meant, by platform; of very many, how many they were a while ago."""
        if whom.staff_only:
            found = {of: int(n) for of, n in self._connection.execute(OF_STAFF, whom.to_values())}
        else:
            found = _sums(self._known(), whom)
        return {of: count for of, count in found.items() if not whom.platforms or of in whom.platforms}

    def all(self) -> list[Crowd]:
        """As they are at this moment: takes a second for a million citizens."""
        return [Crowd(*row) for row in self._connection.execute(ALL)]

    def keep(self, found: Sequence[Crowd]) -> None:
        """Put down the sums of all, in place of those before."""
        self._connection.execute(CLEAR)
        rows = [
            {"of": one.platform, "lives": one.neighbourhood, "chosen": one.wants, "refused": one.refuses}
            | {"many": one.count}
            for one in found
        ]
        if rows:
            self._connection.execute(KEEP, rows)

    def _known(self) -> list[Crowd]:
        if int(self._connection.execute(LARGEST).scalar() or 0) <= FEW:
            return self.all()
        return [Crowd(*row) for row in self._connection.execute(KEPT)] or self.all()


def _sums(known: Sequence[Crowd], whom: Whom) -> dict[str, int]:
    found: dict[str, int] = {}
    for crowd in known:
        if (
            not crowd.refuses & whom.topic
            and (not whom.chosen_only or crowd.wants & whom.topic)
            and (not whom.neighbourhoods or crowd.neighbourhood in whom.neighbourhoods)
        ):
            found[crowd.platform] = found.get(crowd.platform, 0) + crowd.count
    return found
