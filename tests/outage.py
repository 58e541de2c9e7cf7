"""The database, gone for a while: every statement fails as it does when the server does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.store import Store
from bot.store.writer import OneFile


@contextmanager
def away(store: Store) -> Iterator[None]:
    """Within the block the database answers nobody."""
    gone = True

    def refuse(*_: object) -> None:
        if gone:
            raise OperationalError("statement", None, ConnectionRefusedError("no server"))

    engine = store._engine
    engines = (
        [engine._readers.sync_engine, engine._writer._engine]
        if isinstance(engine, OneFile)
        else [engine._engine.sync_engine]
    )
    for each in engines:
        event.listen(each, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        gone = False
