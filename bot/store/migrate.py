"""Brings the tables up to date. Alembic is loaded only when there is something to do: it costs a start 0.3 s."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from sqlalchemy import Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import StoreDown
from bot.store.postgres import connect_args, is_down

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


class NewerTables(StoreDown):
    """The tables were made by a later version of the program. The text is their revision."""


def upgrade(url: str, revision: str | None = None) -> bool:
    """Apply what is missing. False: nothing was. Blocks: call it from a thread, since it runs a loop of its own.

    `revision`: no further than this one, as a backup of that time needs it. Raises `StoreDown` if the database cannot
    be reached, or others hold its tables; `NewerTables` if they are of a later version.
    """
    try:
        found = current(url)
        if found == (revision or newest()):
            return False
        if found is not None and not is_known(found):
            raise NewerTables(found)
        _run_alembic(url, revision or "head")
    except TimeoutError as error:  # which says nothing itself
        raise StoreDown("no answer in time") from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StoreDown(f"{type(error).__name__}: {error}") from error
    except DBAPIError as error:
        if make_url(url).get_backend_name() != "sqlite" and is_down(error):
            raise StoreDown(f"{type(error.orig).__name__}: {error.orig}") from error
        raise
    return True


def newest() -> str:
    """The revision of the last file: names begin with their date, and the revision is the name."""
    return max(file.stem for file in (FOLDER / "versions").glob("*.py"))


def current(url: str) -> str | None:
    """The revision that the tables have; None: there are none yet."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return asyncio.run(_current_of_postgres(url))
    engine = create_engine(address.set(drivername="sqlite"))
    try:
        with engine.connect() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


async def _current_of_postgres(url: str) -> str | None:
    engine = create_async_engine(url, connect_args=connect_args())
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_revision)
    finally:
        await engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_known(revision: str) -> bool:
    """Whether this version of the program can make tables of the revision, and migrate them."""
    return any(file.stem == revision for file in (FOLDER / "versions").glob("*.py"))


def _run_alembic(url: str, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - see above

    command.upgrade(alembic_config(url), revision)


def alembic_config(url: str) -> "Config":
    """What Alembic's commands need to work on this database."""
    from alembic.config import Config  # noqa: PLC0415 - loaded only where it is used

    config = Config(stdout=sys.stdout)  # by default the one that was there at the import
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    return config
