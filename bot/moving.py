"""`python -m bot move`: from the file of SQLite to an empty PostgreSQL, with the service stopped.

The file is only read and stays as it is. Everything is one transaction over there: after an interruption there is
nothing, and the same command begins again. After success the same command says that it is done.
"""

from collections.abc import Callable

from bot.carrying import Carried, Load, carry, taken
from bot.config import Database, Settings
from bot.errors import StoreDown
from bot.opening import CannotStart, out_of_reach
from bot.store.address import without_password
from bot.store.aside import look
from bot.store.whole import Whole


def move(settings: Settings, target: str, told: Callable[[str], None]) -> str:
    """Carry everything over; one line that says what was done. Raises `CannotStart`; then nothing was written."""
    url = _address(settings, target)
    with taken(settings) as source:
        try:
            return look(source, lambda whole: _move(whole, url, told))
        except StoreDown as error:
            raise out_of_reach(source, error) from None


def _address(settings: Settings, target: str) -> str:
    if not settings.database.is_one_file:
        raise CannotStart("move: database.url is not a file of SQLite. Mend: for anything else use backup and restore")
    try:
        database = Database(url=target)
    except ValueError:  # pydantic's is one
        database = Database()
    if database.is_one_file:
        raise CannotStart("--to: must begin with postgresql://. Mend: postgresql://user@host/database")
    return database.url


def _move(whole: Whole, url: str, told: Callable[[str], None]) -> str:
    revision = whole.revision()
    if revision is None:
        raise CannotStart("move: the file has no tables of Hamyar 14. Mend: check database.url")
    columns = {name: whole.columns(name) for name in whole.names}
    if _is_done(whole, url, told):
        return f"{without_password(url)} has as many rows in each table already: this move was done before. {_NEXT}"
    carried: Carried = carry(url, Load(revision, columns, whole.rows, whole.last_numbers()), told)
    return f"Moved {carried.rows} rows in {len(columns)} tables to {without_password(url)}. {_NEXT}"


_NEXT = "The file stays as it was. Set HAMYAR14_DATABASE__URL to the new address, then start the service."


def _is_done(whole: Whole, url: str, told: Callable[[str], None]) -> bool:
    """Whether an earlier run came to its end and nobody has worked over there since."""

    def same(there: Whole) -> bool:
        if there.first_used() is None:
            if there.revision() is not None:
                told("The tables are there and empty, perhaps from a run that was interrupted.")
            return False
        return there.names == whole.names and all(there.count(name) == whole.count(name) for name in whole.names)

    try:
        return look(url, same)
    except StoreDown as error:
        raise out_of_reach(url, error) from None
