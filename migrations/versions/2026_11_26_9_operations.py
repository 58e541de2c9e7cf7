"""SQLite gives no number of a visitor or of a page's message a second time, even when the last ones are deleted."""

from alembic import op

revision = "2026_11_26_9_operations"
down_revision = "2026_11_26_4_media"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":  # sequences of PostgreSQL never go back
        return
    for table in ("visitors", "web_messages"):
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
