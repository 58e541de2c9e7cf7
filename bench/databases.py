"""The databases of a measurement. PostgreSQL writes each commit to the disk, as SQLite does here."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.postgres import Server, server

DURABLE = ("fsync=on", "synchronous_commit=on")


@contextmanager
def durable_postgres(engine: str = "postgresql") -> Iterator[Server | None]:
    """A PostgreSQL server of its own; None where the engine is another."""
    if engine != "postgresql":
        yield None
        return
    with server(*DURABLE) as running:
        yield running
