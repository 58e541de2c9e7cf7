"""What was sent up and never put into a message is found by its age."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_1_uploads"
down_revision = "2026_11_26_9a_statistics"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_files_uploaded",
        "files",
        ["received_at"],
        sqlite_where=sa.text("state = 3"),
        postgresql_where=sa.text("state = 3"),
    )
