"""What happened to cases, in order, and the files that came with it. Only added to, but for forgetting a person."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.models import case_events, case_files
from bot.store.sql import NOW, insert


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case.

    `kind`: see `bot/services/cases.py`. `member_id`: who of the staff did it; None: the citizen, or the clock.
    `public`: the citizen may see it. `before` and `after`: what changed, as JSON values.
    """

    id: int
    case_id: int
    at: int
    kind: str
    member_id: int | None
    public: bool
    text: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that is to be written down: see `Event`. `files`: the keys of those that came with it."""

    kind: str
    text: str | None = None
    member_id: int | None = None
    public: bool = True
    files: Iterable[str] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


_columns = (
    case_events.c.id,
    case_events.c.case_id,
    case_events.c.at,
    case_events.c.kind,
    case_events.c.member_id,
    case_events.c.public,
    case_events.c.text,
    case_events.c.before,
    case_events.c.after,
)
ADD_ALL = insert(case_events).values(
    case_id=bindparam("case"),
    at=NOW,
    kind=bindparam("sort"),
    member_id=bindparam("by"),
    public=bindparam("seen"),
    text=bindparam("said"),
    before=bindparam("was"),
    after=bindparam("became"),
)
ADD = ADD_ALL.returning(*_columns)
_of_case = case_events.c.case_id == bindparam("case")
OF = select(*_columns).where(_of_case).order_by(case_events.c.id.desc()).limit(bindparam("most"))
PUBLIC = OF.where(case_events.c.public == 1)
LAST = OF.where(case_events.c.kind == bindparam("sort"))
COUNT = select(func.count()).select_from(case_events).where(_of_case, case_events.c.kind == bindparam("sort"))
ADD_FILE = (
    insert(case_files)
    .values(case_id=bindparam("case"), event_id=bindparam("event"), file=bindparam("key"))
    .on_conflict_do_nothing(index_elements=["case_id", "file"])
)
FILES = (
    select(case_files.c.file, case_files.c.event_id)
    .where(case_files.c.case_id == bindparam("case"))
    .order_by(case_files.c.id)
)
# What staff sent each other stays with them.
PUBLIC_FILES = FILES.join(case_events, case_events.c.id == case_files.c.event_id).where(case_events.c.public == 1)
REWORD = update(case_events).where(case_events.c.id == bindparam("event")).values(text=bindparam("said"))
SPOKEN = (
    select(case_events.c.id, case_events.c.text)
    .where(_of_case, case_events.c.text.is_not(None))
    .order_by(case_events.c.id)
)
DROP_FILES = delete(case_files).where(
    case_files.c.case_id == bindparam("case"), case_files.c.file.in_(bindparam("keys", expanding=True))
)
COUNT_FILES = select(func.count()).select_from(case_files).where(case_files.c.case_id == bindparam("case"))
MOST: Final = 200


class CaseLog:
    """The tables `case_events` and `case_files`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case_id: int, happened: Happened) -> Event:
        """Write down what happened."""
        event = _event(self._connection.execute(ADD, _values(case_id, happened)).one())
        keys = [{"case": case_id, "event": event.id, "key": key} for key in happened.files]
        if keys:
            self._connection.execute(ADD_FILE, keys)
        return event

    def add_all(self, happened: Mapping[int, Happened]) -> None:
        """Write down what happened to many cases at once, without files."""
        if happened:
            self._connection.execute(ADD_ALL, [_values(case_id, one) for case_id, one in happened.items()])

    def of(self, case_id: int, most: int = MOST, *, public: bool = False) -> list[Event]:
        """What happened to a case, the newest first; with `public` only what its citizen may see."""
        found = self._connection.execute(PUBLIC if public else OF, {"case": case_id, "most": most})
        return [_event(row) for row in found]

    def last(self, case_id: int, kind: str) -> Event | None:
        """The newest of one kind."""
        row = self._connection.execute(LAST, {"case": case_id, "sort": kind, "most": 1}).first()
        return None if row is None else _event(row)

    def count(self, case_id: int, kind: str) -> int:
        """How often something of this kind happened."""
        return int(self._connection.execute(COUNT, {"case": case_id, "sort": kind}).scalar_one())

    def files(self, case_id: int, *, public: bool = False) -> list[tuple[str, int]]:
        """(file key, event) of all files of a case, in the order in which they came; with `public` as in `of`."""
        found = self._connection.execute(PUBLIC_FILES if public else FILES, {"case": case_id})
        return [(row.file, row.event_id) for row in found]

    # -- forgetting a person

    def spoken(self, case_id: int) -> list[tuple[int, str]]:
        """(event, words) of all that was said about a case, the first first."""
        return [(row.id, row.text) for row in self._connection.execute(SPOKEN, {"case": case_id})]

    def reword(self, event_id: int, text: str) -> None:
        """These words stand there from now on."""
        self._connection.execute(REWORD, {"event": event_id, "said": text})

    def drop_files(self, case_id: int, keys: list[str]) -> None:
        """These files belong to the case no more."""
        if keys:
            self._connection.execute(DROP_FILES, {"case": case_id, "keys": keys})

    def count_files(self, case_id: int) -> int:
        return int(self._connection.execute(COUNT_FILES, {"case": case_id}).scalar_one())


def _values(case_id: int, happened: Happened) -> dict[str, object]:
    return {
        "case": case_id,
        "sort": happened.kind,
        "by": happened.member_id,
        "said": happened.text,
        "seen": int(happened.public),
        "was": json.dumps(happened.before),
        "became": json.dumps(happened.after),
    }


def _event(row: Any) -> Event:  # noqa: ANN401 - a row of the columns above
    before, after = json.loads(row.before or "{}"), json.loads(row.after or "{}")
    return Event(row.id, row.case_id, row.at, row.kind, row.member_id, bool(row.public), row.text, before, after)
