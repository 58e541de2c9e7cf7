"""Answers as staff have made them, and every version of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, func, select, update

from bot.models import entries, entry_versions
from bot.store.sql import NOW, insert

VersionKind = Literal["shipped", "added", "changed", "retired", "restored", "rolled_back", "taken", "kept"]
"""What happened: "shipped" is how it stood in `content/` before staff first changed it; "taken": the newer one of
`content/` counts; "kept": staff have seen that one and stay with theirs."""

MADE: Final = "staff."

_columns = (
    entry_versions.c.entry,
    entry_versions.c.number,
    entry_versions.c.kind,
    entry_versions.c.body,
    entry_versions.c.based_on,
    entry_versions.c.member,
    entry_versions.c.made_at,
)
_id = entries.c.id == bindparam("entry")
_last = select(*_columns, entries.c.retired_at).join(
    entry_versions, and_(entry_versions.c.entry == entries.c.id, entry_versions.c.number == entries.c.number)
)
ALL = _last.order_by(entries.c.id)
FIND = _last.where(_id)
RETIRED = (
    _last.where(entries.c.retired_at.is_not(None))
    .order_by(entries.c.retired_at.desc(), entries.c.id)
    .offset(bindparam("after"))
    .limit(bindparam("most"))
)
COUNT_RETIRED = select(func.count()).select_from(entries).where(entries.c.retired_at.is_not(None))
# No row is ever deleted, so the next number was never given.
COUNT_MADE = select(func.count()).select_from(entries).where(entries.c.id.startswith(MADE))
BEGIN = insert(entries).values(id=bindparam("entry"), number=bindparam("last")).on_conflict_do_nothing()
# Two who change the same entry at once: the second finds another number here.
ADVANCE = (
    update(entries)
    .where(_id, entries.c.number == bindparam("known"))
    .values(number=entries.c.number + 1, retired_at=case((bindparam("off") == 1, NOW), else_=None))
)
KEEP = insert(entry_versions).values(
    entry=bindparam("of"),
    number=bindparam("nr"),
    kind=bindparam("what"),
    body=bindparam("json"),
    based_on=bindparam("upon"),
    member=bindparam("who"),
    made_at=NOW,
)
VERSIONS = (
    select(*_columns)
    .where(entry_versions.c.entry == bindparam("of"))
    .order_by(entry_versions.c.number.desc())
    .offset(bindparam("after"))
    .limit(bindparam("most"))
)
VERSION = select(*_columns).where(entry_versions.c.entry == bindparam("of"), entry_versions.c.number == bindparam("nr"))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an entry. `body` is JSON; `member` a number of the staff, None for what was shipped."""

    entry: str
    number: int
    kind: str
    body: str
    based_on: str | None
    member: int | None
    made_at: int


class Last(NamedTuple):
    """The version of an entry that counts, and since when the entry is retired."""

    version: Version
    retired_at: int | None


class NewVersion(NamedTuple):
    """What happened to an entry, and how it stands then."""

    kind: VersionKind
    body: str
    based_on: str | None
    member: int | None


class Entries:
    """The tables `entries` and `entry_versions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- looking

    def all(self) -> list[Last]:
        """Every entry that staff ever touched, the retired ones too."""
        return [_last_of(row) for row in self._connection.execute(ALL)]

    def find(self, entry: str) -> Last | None:
        row = self._connection.execute(FIND, {"entry": entry}).first()
        return None if row is None else _last_of(row)

    def retired(self, after: int, most: int) -> list[Last]:
        """Retired entries, the newest first."""
        return [_last_of(row) for row in self._connection.execute(RETIRED, {"after": after, "most": most})]

    def count_retired(self) -> int:
        return int(self._connection.execute(COUNT_RETIRED).scalar_one())

    def versions(self, entry: str, after: int, most: int) -> list[Version]:
        """Versions of an entry, the newest first."""
        found = self._connection.execute(VERSIONS, {"of": entry, "after": after, "most": most})
        return [Version(*row) for row in found]

    def version(self, entry: str, number: int) -> Version | None:
        row = self._connection.execute(VERSION, {"of": entry, "nr": number}).first()
        return None if row is None else Version(*row)

    # -- writing

    def make(self) -> str:
        """A new entry of staff: its id. It has no version yet: `keep` the first."""
        number = int(self._connection.execute(COUNT_MADE).scalar_one()) + 1
        while not self.begin(f"{MADE}{number}"):
            number += 1
        return f"{MADE}{number}"

    def begin(self, entry: str) -> bool:
        """Staff touch this entry for the first time. False: somebody has done so already."""
        return self._connection.execute(BEGIN, {"entry": entry, "last": 1}).rowcount == 1

    def advance(self, entry: str, known: int, *, retired: bool) -> bool:
        """The entry gets a version after the one that is known. False: it has another one by now."""
        values = {"entry": entry, "known": known, "off": int(retired)}
        return self._connection.execute(ADVANCE, values).rowcount == 1

    def keep(self, entry: str, number: int, new: NewVersion) -> None:
        """Write a version down."""
        values = {"of": entry, "nr": number, "what": new.kind, "json": new.body}
        self._connection.execute(KEEP, values | {"upon": new.based_on, "who": new.member})


def _last_of(row: Iterable[Any]) -> Last:
    *version, retired_at = row
    return Last(Version(*version), retired_at)
