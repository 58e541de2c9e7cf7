"""All tables at once, whatever they are: for backups and moves; the running service never uses it.

How a database is opened for that is in `aside.py`. The tables are taken from the database itself, not from
the models, so a database of an older revision is carried over as it is and migrated afterwards.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    case,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.models import RowState
from bot.store.postgres import is_down
from bot.store.unit import Unit

Value = int | float | str | bool | None
Row = list[Value]

PASSING = frozenset({"leases", "paces"})
"""Who is alive and what may be sent at this moment: worth nothing a minute later, and never carried over."""
REVISION = "alembic_version"
AT_ONCE = 1_000
"""Rows that are in memory at once."""


class NotTaken(Exception):
    """The database refuses a row. The text names the table and what is wrong, without the row's words."""


class Whole:
    """Everything in one database, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_postgres = connection.dialect.name == "postgresql"
        self._now = Clock().millis()  # tables of an older revision may have no clock of their own
        found = MetaData()
        found.reflect(connection)
        self._all = {name: found.tables[name] for name in sorted(found.tables)}
        self._tables = {name: table for name, table in self._all.items() if name not in {REVISION, *PASSING}}

    # -- what is there

    @property
    def unit(self) -> Unit:
        return Unit(self._connection)

    @property
    def engine(self) -> str:
        return self._connection.dialect.name

    @property
    def names(self) -> list[str]:
        """The tables that are carried over."""
        return list(self._tables)

    def revision(self) -> str | None:
        """The revision of the tables; None: there are none of ours."""
        if REVISION not in self._all:
            return None
        return self._connection.execute(text(f"SELECT version_num FROM {REVISION}")).scalar()  # noqa: S608 - a constant

    def columns(self, name: str) -> list[str]:
        return [column.name for column in self._tables[name].columns]

    def rows(self, name: str) -> Iterator[list[Row]]:
        """All rows of a table in an order that both engines agree on, some at a time."""
        table = self._tables[name]
        order = [self._ordered(column) for column in (table.primary_key.columns or table.columns)]
        found = self._connection.execute(
            select(table).order_by(*order), execution_options={"yield_per": AT_ONCE, "stream_results": True}
        )
        for part in found.partitions():
            yield [[_portable(name, value) for value in row] for row in part]

    def count(self, name: str) -> int:
        return int(self._connection.execute(select(func.count()).select_from(self._tables[name])).scalar_one())

    def last_numbers(self) -> dict[str, int]:
        """The last number given to a row of each table that counts its rows, whether the row is still there or not."""
        counted = [name for name, table in self._tables.items() if _counts(table)]
        return {name: max(self._highest(name), self._given(name)) for name in counted}

    def first_used(self) -> str | None:
        """The name of a table that holds anything. None: the database is empty, or nearly so: nobody works on it."""
        for name, table in self._tables.items():
            if self._connection.execute(select(text("1")).select_from(table).limit(1)).first():
                return name
        leases = self._all.get("leases")
        if leases is not None:
            held = select(leases.c.name).where(leases.c.until > self._now).limit(1)
            return "leases" if self._connection.execute(held).first() else None
        return None

    # -- filling

    def lock(self) -> None:
        """Keep everybody else out of the tables until the transaction ends."""
        if self._is_postgres and self._all:
            self._connection.execute(text(f"LOCK TABLE {self._names()} IN ACCESS EXCLUSIVE MODE"))

    def fill(self, name: str, columns: Sequence[str], parts: Iterable[list[Row]]) -> None:
        """Write rows into a table. Raises `NotTaken`."""
        statement = insert(self._tables[name])
        written = 0
        for part in parts:
            try:
                self._connection.execute(statement, [dict(zip(columns, row, strict=True)) for row in part])
            except DBAPIError as error:
                if self._is_postgres and is_down(error):
                    raise
                # What the driver says may quote the row.
                why = type(getattr(error.orig, "__cause__", None) or error.orig).__name__
                raise NotTaken(f"{name}: a row between {written + 1} and {written + len(part)}: {why}") from None
            written += len(part)

    def count_on(self, last_numbers: dict[str, int], leap: int) -> None:
        """The next row of each table gets a number beyond these, and `leap` further."""
        for name, last in last_numbers.items():
            number = max(last, self._highest(name)) + leap
            if number and self._is_postgres:
                self._connection.execute(
                    text("SELECT setval(pg_get_serial_sequence(:named, 'id'), :number)"),
                    {"named": self._quoted(name), "number": number},
                )
            elif number and self._keeps_count(name):
                which = {"named": name, "number": number}
                self._connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :named"), which)
                self._connection.execute(text("INSERT INTO sqlite_sequence VALUES (:named, :number)"), which)

    def count_anew(self) -> None:
        """Let PostgreSQL count what was filled in, so that the first questions are planned for full tables."""
        if self._is_postgres:
            self._connection.execute(text(f"ANALYZE {self._names()}"))

    def drop_waiting(self, why: str) -> int:
        """Nothing that waits to be sent is sent any more; how many messages those were."""
        outbox = self._tables["outbox"]
        waits = outbox.c.state == RowState.WAITING
        dropped = update(outbox).where(waits).values(state=RowState.DROPPED, error=why, done_at=self._now)
        if "brief" in outbox.c:  # of what is brief nothing stays once it is done
            dropped = dropped.values(body=case((outbox.c.brief == 0, outbox.c.body), else_=None))
        return self._connection.execute(dropped).rowcount

    def leap_talks(self, leap: int) -> None:
        """Open pages have seen numbers that the backup does not know: go on beyond them."""
        visitors = self._tables["visitors"]
        self._connection.execute(update(visitors).values(seq=visitors.c.seq + leap))

    def _names(self) -> str:
        return ", ".join(map(self._quoted, self._all))

    def _ordered(self, column: Column[Any]) -> ColumnElement[Any]:
        """Each language sorts in its own way; bytes are the same everywhere."""
        if self._is_postgres and isinstance(column.type, String):
            return column.collate("C")
        return column

    def _highest(self, name: str) -> int:
        return int(self._connection.execute(select(func.max(self._tables[name].c.id))).scalar() or 0)

    def _given(self, name: str) -> int:
        if self._is_postgres:
            asked = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:named, 'id')::regclass)")
            return int(self._connection.execute(asked, {"named": self._quoted(name)}).scalar() or 0)
        if not self._keeps_count(name):
            return 0
        asked = text("SELECT seq FROM sqlite_sequence WHERE name = :named")
        return int(self._connection.execute(asked, {"named": name}).scalar() or 0)

    def _quoted(self, name: str) -> str:
        return self._connection.dialect.identifier_preparer.quote(name)

    def _keeps_count(self, name: str) -> bool:
        """Whether SQLite remembers the last number of a table whose last row is gone."""
        made = self._connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :named"), {"named": name})
        return "AUTOINCREMENT" in str(made.scalar())


def _counts(table: Table) -> bool:
    """Whether the database numbers the rows by itself."""
    key = list(table.primary_key.columns)
    return [column.name for column in key] == ["id"] and isinstance(key[0].type, Integer)


def _portable(table: str, value: object) -> Value:
    """A value as every engine takes it."""
    if isinstance(value, str):
        # SQLite holds zero bytes, PostgreSQL none.
        return value.replace("\x00", "\ufffd") if "\x00" in value else value
    if value is None or isinstance(value, int | float):
        return value
    raise TypeError(f"{table}: a value of type {type(value).__name__} cannot be carried over yet")
