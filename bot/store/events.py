"""Events of the programs, as staff entered them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from bot.models import events
from bot.store.sql import NOW, insert


@dataclass(frozen=True, slots=True)
class Plan:
    """What staff say of an event.

    `program`: an entry's id; `audience`: "" for everybody; `photo`: a file's key; `announce`: so many days before it is
    announced by itself.
    """

    title: str
    kind: str
    times: int
    starts_at: int
    ends_at: int
    place: str
    program: str | None = None
    audience: str = ""
    lat: float | None = None
    lon: float | None = None
    photo: str | None = None
    link: str | None = None
    announce: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A row. `reason`: why it does not take place; "" if it takes place, or nobody says why."""

    id: int
    plan: Plan
    cancelled: bool = False
    reason: str = ""


_SAID: Final = tuple(field.name for field in fields(Plan))
_said: Final[dict[str, Any]] = {name: bindparam(f"new_{name}") for name in _SAID}
_columns = (events.c.id, events.c.cancelled_at, events.c.reason, *(events.c[name] for name in _SAID))
ADD = insert(events).values(**_said, made_by=bindparam("by"), made_at=NOW).returning(*_columns)
_one = events.c.id == bindparam("event")
CHANGE = update(events).where(_one).values(**_said, changed_by=bindparam("by"), changed_at=NOW).returning(*_columns)
CANCEL = (
    update(events)
    .where(_one, events.c.cancelled_at.is_(None))
    .values(cancelled_by=bindparam("by"), cancelled_at=NOW, reason=bindparam("why"))
    .returning(*_columns)
)
RESTORE = (
    update(events)
    .where(_one, events.c.cancelled_at.is_not(None))
    .values(cancelled_by=None, cancelled_at=None, reason=None, changed_by=bindparam("by"), changed_at=NOW)
    .returning(*_columns)
)
FIND = select(*_columns).where(_one)
HOLD = select(events.c.id).where(_one).with_for_update()
AHEAD = (
    select(*_columns)
    .where(events.c.ends_at > bindparam("after"))
    .order_by(events.c.starts_at, events.c.id)
    .limit(bindparam("most"))
)
_old = select(events.c.id).where(events.c.ends_at < NOW - bindparam("age")).limit(bindparam("most"))
PRUNE = delete(events).where(events.c.id.in_(_old))


class Events:
    """The table `events`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, plan: Plan, by: int) -> Event:
        """Write down an event. `by`: a member of the staff, here and below."""
        return _event(self._connection.execute(ADD, _values(plan) | {"by": by}).one())

    def change(self, event_id: int, plan: Plan, by: int) -> Event | None:
        """All of it anew. None: there is no such event."""
        return _maybe(self._connection.execute(CHANGE, _values(plan) | {"event": event_id, "by": by}).first())

    def cancel(self, event_id: int, reason: str, by: int) -> Event | None:
        """It does not take place. None: there is no such event, or it is cancelled already."""
        return _maybe(self._connection.execute(CANCEL, {"event": event_id, "why": reason, "by": by}).first())

    def restore(self, event_id: int, by: int) -> Event | None:
        """It takes place after all. None: there is no such event, or it is not cancelled."""
        return _maybe(self._connection.execute(RESTORE, {"event": event_id, "by": by}).first())

    def find(self, event_id: int) -> Event | None:
        return _maybe(self._connection.execute(FIND, {"event": event_id}).first())

    def hold(self, event_id: int) -> None:
        """Until the transaction ends nobody else changes this event."""
        self._connection.execute(HOLD, {"event": event_id})

    def ahead(self, after: int, most: int) -> list[Event]:
        """The events that end after an instant, cancelled ones too, the earliest first."""
        return [_event(row) for row in self._connection.execute(AHEAD, {"after": after, "most": most})]

    def prune(self, age_ms: int, most: int) -> int:
        """Delete what has been over for longer than this, so many at the most; return how many."""
        return self._connection.execute(PRUNE, {"age": age_ms, "most": most}).rowcount


def _values(plan: Plan) -> dict[str, object]:
    return {f"new_{name}": value for name, value in asdict(plan).items()}


def _maybe(row: Row[Any] | None) -> Event | None:
    return None if row is None else _event(row)


def _event(row: Iterable[Any]) -> Event:
    number, cancelled_at, reason, *said = row
    plan = Plan(**dict(zip(_SAID, said, strict=True)))
    return Event(number, plan, cancelled=cancelled_at is not None, reason=reason or "")
