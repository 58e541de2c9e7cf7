"""Files, what was uploaded of them, and albums in the inbox."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_4_media"
down_revision = "2026_11_26_3_desks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("mime", sa.String(length=100), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("preview", sa.String(length=64), nullable=True),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("key", name=op.f("uq_files_key")),
    )
    op.create_index(
        op.f("ix_files_hash"),
        "files",
        ["hash"],
        unique=False,
        sqlite_where=sa.text("hash IS NOT NULL"),
        postgresql_where=sa.text("hash IS NOT NULL"),
    )
    op.create_index(op.f("ix_files_platform_chat_id"), "files", ["platform", "chat_id"], unique=False)
    op.create_index(
        op.f("ix_files_preview"),
        "files",
        ["preview"],
        unique=False,
        sqlite_where=sa.text("preview IS NOT NULL"),
        postgresql_where=sa.text("preview IS NOT NULL"),
    )
    op.create_index(op.f("ix_files_received_at"), "files", ["received_at"], unique=False)
    op.create_index(
        "ix_files_waiting",
        "files",
        ["platform", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )

    op.create_table(
        "uploads",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "bot_id", "hash", "kind", name=op.f("pk_uploads")),
    )
    op.add_column("inbox", sa.Column("album", sa.String(length=80), nullable=True))
