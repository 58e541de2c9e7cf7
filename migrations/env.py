"""How migrations run: on the database that `bot/store/migrate.py` names, with a synchronous driver."""

import sqlite3

from alembic import context
from sqlalchemy import Connection, create_engine, event, make_url

from bot.models import metadata

engine = create_engine(make_url(context.config.attributes["url"]).set(drivername="sqlite"))


# All or nothing: the driver by itself commits each CREATE alone, and a start killed between two would leave tables that
# no later start can make.
@event.listens_for(engine, "connect")
def _connected(raw: sqlite3.Connection, _record: object) -> None:
    raw.isolation_level = None


@event.listens_for(engine, "begin")
def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


with engine.connect() as connection:
    # SQLite cannot alter a column in place: batch mode copies the table.
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
