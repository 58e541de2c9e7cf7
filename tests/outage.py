"""The database, gone for a while: every statement fails as it does when the server does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.store import Store


@contextmanager
def away(store: Store) -> Iterator[None]:
    """Within the block the database answers nobody."""
    gone = True

    def refuse(*_: object) -> None:
        if gone:
            raise OperationalError("statement", None, ConnectionRefusedError("no server"))

    engines = [store._engine.sync_engine] + ([store._writer._engine] if store._writer is not None else [])
    for engine in engines:
        event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        gone = False
