"""What citizens want to hear of: their topics, neighbourhood and quiet hours. Columns of the table `citizens`."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from bot.models import citizens
from bot.store.sql import NOW


@dataclass(frozen=True, slots=True)
class Choice:
    """What one citizen chose. `wants`, `refuses`: topics, a bit each (bot/services/topics.py).

    `neighbourhood`: an id of `content/neighbourhoods.toml`. `quiet`: the hours from and until which nothing is
    announced to them; None: as usual. `left`: they want no announcements at all.
    """

    wants: int = 0
    refuses: int = 0
    neighbourhood: str | None = None
    quiet: tuple[int, int] | None = None
    left: bool = False


_one = citizens.c.id == bindparam("citizen")
OF = select(
    citizens.c.wants,
    citizens.c.refuses,
    citizens.c.neighbourhood,
    citizens.c.quiet_from,
    citizens.c.quiet_until,
    citizens.c.left_at,
).where(_one)
CHOOSE = update(citizens).where(_one).values(wants=bindparam("chosen"), refuses=bindparam("refused"))
LIVE_IN = update(citizens).where(_one).values(neighbourhood=bindparam("lives"))
BE_QUIET = update(citizens).where(_one).values(quiet_from=bindparam("since"), quiet_until=bindparam("till"))
LEAVE = update(citizens).where(_one, citizens.c.left_at.is_(None)).values(left_at=NOW)
RETURN = update(citizens).where(_one).values(left_at=None)


class Choices:
    """What the table `citizens` holds of announcements."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, citizen_id: int) -> Choice:
        """What a citizen chose; nothing of somebody unknown."""
        row = self._connection.execute(OF, {"citizen": citizen_id}).first()
        if row is None:
            return Choice()
        quiet = None if row.quiet_from is None else (row.quiet_from, row.quiet_until)
        return Choice(row.wants, row.refuses, row.neighbourhood, quiet, row.left_at is not None)

    def choose(self, citizen_id: int, wants: int, refuses: int) -> None:
        self._connection.execute(CHOOSE, {"citizen": citizen_id, "chosen": wants, "refused": refuses})

    def live_in(self, citizen_id: int, neighbourhood: str | None) -> None:
        self._connection.execute(LIVE_IN, {"citizen": citizen_id, "lives": neighbourhood})

    def be_quiet(self, citizen_id: int, quiet: tuple[int, int] | None) -> None:
        """Hours of the day; None: as usual."""
        since, till = quiet or (None, None)
        self._connection.execute(BE_QUIET, {"citizen": citizen_id, "since": since, "till": till})

    def leave(self, citizen_id: int) -> None:
        """They want no announcements."""
        self._connection.execute(LEAVE, {"citizen": citizen_id})

    def come_back(self, citizen_id: int) -> None:
        self._connection.execute(RETURN, {"citizen": citizen_id})
