"""How migrations run: on the database that `bot/store/migrate.py` names, with a synchronous driver."""

from alembic import context
from sqlalchemy import create_engine, make_url

from bot.models import metadata

engine = create_engine(make_url(context.config.attributes["url"]).set(drivername="sqlite"))
with engine.connect() as connection:
    # SQLite cannot alter a column in place: batch mode copies the table.
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
