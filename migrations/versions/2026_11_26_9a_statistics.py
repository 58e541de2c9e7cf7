"""PostgreSQL counts anew soon after a backlog begins; indexes for what was searched, or sorted, row by row."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_9a_statistics"
down_revision = "2026_11_26_9_operations"
branch_labels = None
depends_on = None

# By itself it looks again when a tenth of the table has changed. Beside millions of rows that are done, tens of
# thousands that wait are too few for that, and every claim would be planned as if nothing waited.
SOON = (
    "autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000, "
    "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000"
)


def upgrade() -> None:
    op.create_index(op.f("ix_uploads_hash"), "uploads", ["hash"])
    op.create_index(op.f("ix_places_platform_user_id"), "places", ["platform", "user_id"])
    # What waits together is handled by the platform's numbers.
    op.drop_index("ix_inbox_waiting", "inbox")
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["platform", "chat_id", "update_id"],
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("inbox", "outbox", "chats", "files"):
            op.execute(f"ALTER TABLE {table} SET ({SOON})")
