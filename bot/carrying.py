"""Fills an empty database with all that another one held: from a backup, or from the other database itself.

One transaction from the first row to the comparison of the checksums, read back from the new database: whoever is
interrupted leaves nothing behind, and simply begins again.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from bot.archive import Tally
from bot.config import Settings
from bot.errors import StoreDown
from bot.opening import CannotStart, database_url, lock, out_of_reach
from bot.store import migrate
from bot.store.address import file_of, without_password
from bot.store.aside import fill
from bot.store.whole import NotTaken, Row, Whole

Told = Callable[[str], None]
TOLD_EVERY = 100_000


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be carried over. `rows(table)` gives the rows of a table, some at a time."""

    revision: str
    columns: dict[str, list[str]]
    rows: Callable[[str], Iterable[list[Row]]]
    last_numbers: dict[str, int]
    leap: int = 0
    """So many numbers are left out, since they may have been given to rows that are not carried over."""
    send_waiting: bool = True


@dataclass(frozen=True, slots=True)
class Carried:
    """How it went: rows and checksum of each table, and how many messages will not be sent any more."""

    sums: dict[str, tuple[int, str]]
    dropped: int

    @property
    def rows(self) -> int:
        return sum(rows for rows, _ in self.sums.values())


@contextlib.contextmanager
def taken(settings: Settings) -> Iterator[str]:
    """The address of a database that no service works on, as far as that can be known: a file is locked meanwhile."""
    url = database_url(settings)
    file = file_of(url) if settings.database.is_one_file else None
    with contextlib.closing(lock(file)) if file is not None else contextlib.nullcontext():
        yield url


def carry(url: str, load: Load, told: Told) -> Carried:
    """Fill the database and bring it up to date. Raises `CannotStart` if it is not empty, or does not take it."""
    if not migrate.is_known(load.revision):
        raise CannotStart(
            f"revision {load.revision} is not known to this version of the program. Mend: update it (git pull) first"
        )
    try:
        if migrate.current(url) is None:
            migrate.upgrade(url, load.revision)
        carried = fill(url, partial(_fill, url=url, load=load, told=told))
        migrate.upgrade(url)
        _make_ready(url)
    except StoreDown as error:
        raise out_of_reach(url, error) from None
    except NotTaken as error:
        raise CannotStart(f"{without_password(url)} does not take {error}. Nothing was written") from None
    return carried


def _fill(whole: Whole, url: str, load: Load, told: Told) -> Carried:
    whole.lock()
    _check_empty(whole, url, load)
    sums = {}
    for name, columns in load.columns.items():
        given = Tally()
        whole.fill(name, columns, _heard(given, load.rows(name), name, told))
        written = Tally()
        for _ in written.over(whole.rows(name)):
            pass
        if (given.rows, given.checksum) != (written.rows, written.checksum):
            raise NotTaken(f"{name}: {given.rows} rows were written, and others are read back")
        sums[name] = (written.rows, written.checksum)
        told(f"{name}: {written.rows} rows, checked")
    whole.count_on(load.last_numbers, load.leap)
    if load.leap:
        whole.leap_talks(load.leap)
    return Carried(sums, 0 if load.send_waiting else whole.drop_waiting("restored"))


def _heard(given: Tally, parts: Iterable[list[Row]], name: str, told: Told) -> Iterator[list[Row]]:
    """The same rows, counted; of a long table the operator hears now and then."""
    for part in given.over(parts):
        yield part
        if given.rows % TOLD_EVERY < len(part) and given.rows >= TOLD_EVERY:
            told(f"{name}: {given.rows} rows so far")


def _check_empty(whole: Whole, url: str, load: Load) -> None:
    where = without_password(url)
    used = whole.first_used()
    if used is not None:
        raise CannotStart(
            f"{where} is not empty (there are rows in {used}). Mend: stop the service; then move the file out of the "
            "way, or make a new database (createdb) and name it by HAMYAR14_DATABASE__URL"
        )
    if whole.revision() != load.revision or {name: whole.columns(name) for name in whole.names} != load.columns:
        raise CannotStart(
            f"{where} has tables of revision {whole.revision()} and not of {load.revision}. They are empty. "
            "Mend: remove the file, or make the database anew (dropdb, createdb), and try again"
        )


def _make_ready(url: str) -> None:
    """Nobody works on anything here yet; and the database knows how much there is."""
    from bot.app import free_all  # noqa: PLC0415 - half a second that a refusal need not wait for

    def work(whole: Whole) -> None:
        free_all(whole.unit)
        whole.count_anew()

    fill(url, work)
