"""A clock that goes on by itself and jumps at a test's will, for the service and its database, on either engine.

SQLite asks the service. PostgreSQL has a clock of its own: the function of the migrations is made anew, so much ahead.
"""

import time
from datetime import datetime, timedelta

from sqlalchemy import make_url

from tests.conftest import FakeClock
from tests.postgres import ask

AHEAD = """
CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint + ({ahead}) $$
"""


class TownClock(FakeClock):
    """It begins at the hour of `FakeClock`. Call `tells` before the service starts."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead = super().millis() - _real()
        self._database = ""

    def millis(self) -> int:
        return _real() + self._ahead

    def tells(self, database: str) -> None:
        """The database at this address has this time, too."""
        if make_url(database).get_backend_name() == "postgresql":
            self._database = database
            self._tell()

    def later(self, **passed: float) -> None:
        """So much passes at once, as of `timedelta`."""
        self._ahead += int(timedelta(**passed).total_seconds() * 1000)
        self._tell()

    def until(self, instant: datetime) -> None:
        """It becomes this hour at once."""
        self.later(milliseconds=int(instant.timestamp() * 1000) - self.millis())

    def _tell(self) -> None:
        if self._database:
            ask(self._database, AHEAD.format(ahead=self._ahead))


def _real() -> int:
    return time.time_ns() // 1_000_000
