"""The time, as one object that is handed around: no module reads the clock by itself, so tests can set it."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

TEHRAN = ZoneInfo("Asia/Tehran")


class Clock:
    """The real time. Instants are milliseconds since 1970 in UTC, as the database keeps them."""

    def millis(self) -> int:
        return time.time_ns() // 1_000_000

    def now(self) -> datetime:
        """Now in Tehran."""
        return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=self.millis())).astimezone(TEHRAN)


def awake() -> float:
    """Seconds of this machine that go on while it sleeps, unlike the event loop's: for leases, which others see end."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
