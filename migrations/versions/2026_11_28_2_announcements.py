"""Announcements: what goes to many, who gets it, and what citizens want to hear."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_2_announcements"
down_revision = "2026_11_28_1_cases"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "announcement_drafts",
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_announcement_drafts")),
    )
    op.create_table(
        "announcements",
        sa.Column("id", ID, nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("key", sa.String(length=80)),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("urgent", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.BigInteger()),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.BigInteger()),
        sa.Column("approved_at", sa.BigInteger()),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("repeat", sa.Text()),
        sa.Column("began_at", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint("key", name=op.f("uq_announcements_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_announcements_due", "announcements", ["due_at"], **_where("state < 5"))
    op.create_index(op.f("ix_announcements_fingerprint"), "announcements", ["fingerprint"])
    op.create_table(
        "crowds",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("neighbourhood", sa.String(length=40), nullable=False),
        sa.Column("wants", sa.Integer(), nullable=False),
        sa.Column("refuses", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "neighbourhood", "wants", "refuses", name=op.f("pk_crowds")),
    )
    op.create_table(
        "greeting_changes",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("hour", sa.SmallInteger()),
        sa.Column("photo", sa.String(length=22)),
        sa.Column("skipped_by", sa.BigInteger()),
        sa.Column("approved_by", sa.BigInteger()),
        sa.Column("changed_by", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_greeting_changes")),
    )
    op.create_table(
        "links",
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger()),
        sa.Column("outcome", sa.String(length=16)),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_links")),
    )
    op.create_table(
        "presses",
        sa.Column("announcement_id", sa.BigInteger(), nullable=False),
        sa.Column("button", sa.SmallInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("announcement_id", "button", "citizen_id", name=op.f("pk_presses")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_presses_citizen_id"), "presses", ["citizen_id"])
    op.create_table(
        "recipients",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("run_id", "citizen_id", name=op.f("pk_recipients")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run_counts",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "outcome", name=op.f("pk_run_counts")),
    )
    op.create_table(
        "runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("announcement_id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("queued_to", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("queued_at", sa.BigInteger()),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("announcement_id", "platform", name=op.f("uq_runs_announcement_id_platform")),
    )
    op.create_index("ix_runs_open", "runs", ["platform"], **_where("ended_at IS NULL"))
    op.add_column("citizens", sa.Column("wants", sa.Integer(), server_default="0", nullable=False))
    op.add_column("citizens", sa.Column("refuses", sa.Integer(), server_default="0", nullable=False))
    op.add_column("citizens", sa.Column("neighbourhood", sa.String(length=40)))
    op.add_column("citizens", sa.Column("quiet_from", sa.SmallInteger()))
    op.add_column("citizens", sa.Column("quiet_until", sa.SmallInteger()))
    op.add_column("citizens", sa.Column("left_at", sa.BigInteger()))
    op.add_column("citizens", sa.Column("nudged_at", sa.BigInteger()))
    op.add_column("citizens", sa.Column("nudged_before", sa.BigInteger()))
    op.add_column("events", sa.Column("announce", sa.SmallInteger()))
