"""When the next message may go to a platform, or to one of its groups, whichever process sends it.

`next_ms` is the instant that nobody has taken yet; it may lie in the past by the length of a burst. As the rates of
tests are high, it counts fractions of a millisecond.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Float, bindparam, case, cast, update

from bot.models import paces
from bot.store.sql import NOW, insert

_now = cast(NOW, Float(53))
_new = insert(paces).values(
    name=bindparam("called"), next_ms=_now, rate=bindparam("start", type_=Float(53)), paused_until=0
)
MEET = _new.on_conflict_do_nothing(index_elements=["name"])
_burst = bindparam("burst", type_=Float(53))
_earliest = case((paces.c.next_ms > _now - _burst, paces.c.next_ms), else_=_now - _burst)
_start = case((_earliest > paces.c.paused_until, _earliest), else_=paces.c.paused_until)
_recovered = paces.c.rate + bindparam("recovered", type_=Float(53))
_most = bindparam("most", type_=Float(53))
_rate = case((_recovered < _most, _recovered), else_=_most)
_length = bindparam("size", type_=Float(53)) * 1000.0 / paces.c.rate
TAKE = (
    update(paces)
    .where(paces.c.name == bindparam("called"))
    .values(next_ms=_start + _length, taken_ms=_start, rate=_rate)
    .returning(paces.c.taken_ms - _now, paces.c.rate)
)
_until = NOW + bindparam("wait")
_half = case((paces.c.rate / 2 > bindparam("slowest", type_=Float(53)), paces.c.rate / 2), else_=bindparam("slowest"))
COMPLAINED = (
    update(paces)
    .where(paces.c.name == bindparam("called"))
    .values(
        # One complaint of many that were under way counts.
        rate=case((paces.c.paused_until <= NOW, _half), else_=paces.c.rate),
        paused_until=case((paces.c.paused_until > _until, paces.c.paused_until), else_=_until),
    )
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """Messages a second at the most, how many may go at once, the pace of the first time, and what is added to it.

    `recovered` counts only as long as the pace is below the most, as after a complaint.
    """

    most: float
    burst: float
    start: float
    recovered: float


@dataclass(frozen=True, slots=True)
class Window:
    """Time that was taken: it begins in `wait_ms` (below zero: it has begun), at `rate` messages a second."""

    wait_ms: float
    rate: float


class Paces:
    """The table `paces`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, name: str, size: int, wishes: Wishes) -> Window:
        """Take the time of `size` messages."""
        wanted = {
            "called": name,
            "most": wishes.most,
            "size": size,
            "burst": (wishes.burst - 1) * 1000 / wishes.most,
            "recovered": wishes.recovered,
        }
        found = self._connection.execute(TAKE, wanted).first()
        if found is None:
            self._connection.execute(MEET, {"called": name, "start": wishes.start})
            found = self._connection.execute(TAKE, wanted).one()
        return Window(float(found[0]), float(found[1]))

    def complained(self, name: str, wait_ms: int, slowest: float) -> None:
        """Nothing goes for so long, and after it half as much."""
        self._connection.execute(COMPLAINED, {"called": name, "wait": wait_ms, "slowest": slowest})
