"""How migrations run: on the database that `bot/store/migrate.py` names, all or nothing, one process at a time."""

import asyncio
import sqlite3

from alembic import context
from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.models import metadata
from bot.store.postgres import connect_args_at_leisure

LOCK = 1_405_14
"""The number under which PostgreSQL keeps a second process waiting until the first has migrated."""
TURN_SECONDS = 600
TABLE_SECONDS = 10
url = make_url(context.config.attributes["url"])


def migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Another process that migrates is waited for. Whoever still works with the tables may hold a change up much
        # less: then the start fails with its reason instead of everybody waiting behind us.
        connection.execute(text(f"SET LOCAL lock_timeout = '{TURN_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{TABLE_SECONDS}s'"))
    # SQLite cannot alter a column in place: batch mode copies the table.
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def on_sqlite() -> None:
    engine = create_engine(url.set(drivername="sqlite"))

    # All or nothing: the driver by itself commits each CREATE alone, and a start killed between two would leave tables
    # that no later start can make.
    @event.listens_for(engine, "connect")
    def _connected(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None
        # Kept in the file. Set here, while nobody else has it open: two that did it at once would get in their way.
        raw.execute("PRAGMA journal_mode=WAL").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        migrate(connection)
    engine.dispose()


async def on_postgres() -> None:
    engine = create_async_engine(url, connect_args=connect_args_at_leisure())
    try:
        async with engine.begin() as connection:
            await connection.run_sync(migrate)
    finally:
        await engine.dispose()


if url.get_backend_name() == "sqlite":
    on_sqlite()
else:
    asyncio.run(on_postgres())
