"""Cases, the desks that take them, and what staff did."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_1_cases"
down_revision = "2026_11_27_8_events"
branch_labels = None
depends_on = None


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


NEVER_CHANGED = """
CREATE FUNCTION audit_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit is only added to';
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger()),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_about_id"), "audit", ["about", "id"])
    op.create_index(op.f("ix_audit_member_id_id"), "audit", ["member_id", "id"])
    op.create_table(
        "bans",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "user_id", name=op.f("pk_bans")),
    )
    op.create_table(
        "case_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger()),
        sa.Column("public", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    op.create_index(op.f("ix_case_events_case_id_id"), "case_events", ["case_id", "id"])
    op.create_table(
        "case_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.String(length=22), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_files")),
        sa.UniqueConstraint("case_id", "file", name=op.f("uq_case_files_case_id_file")),
    )
    op.create_index(op.f("ix_case_files_file"), "case_files", ["file"])
    op.create_table(
        "case_followers",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "platform", "user_id", name=op.f("pk_case_followers")),
    )
    op.create_index(op.f("ix_case_followers_platform_user_id"), "case_followers", ["platform", "user_id"])
    op.create_table(
        "case_words",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("word", "case_id", name=op.f("pk_case_words")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("platform", sa.String(length=16)),
        sa.Column("chat_id", sa.BigInteger()),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("name", sa.Text()),
        sa.Column("phone", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("neighbourhood", sa.String(length=40)),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        sa.Column("cell", sa.BigInteger()),
        sa.Column("answers", sa.Text()),
        sa.Column("likeness", sa.String(length=64)),
        sa.Column("desk_id", sa.BigInteger()),
        sa.Column("owner_id", sa.BigInteger()),
        sa.Column("raised", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("same_as", sa.BigInteger()),
        sa.Column("filed_by", sa.BigInteger()),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("verdict", sa.SmallInteger()),
        sa.Column("reopened", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("ask_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("code", name=op.f("uq_cases_code")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cases_ask", "cases", ["ask_at"], **_where("ask_at IS NOT NULL"))
    op.create_index("ix_cases_citizen", "cases", ["platform", "user_id", "id"], **_where("user_id IS NOT NULL"))
    op.create_index("ix_cases_desk", "cases", ["desk_id", "owner_id", "priority", "id"], **_where("closed_at IS NULL"))
    op.create_index("ix_cases_due", "cases", ["due_at", "id"], **_where("closed_at IS NULL"))
    op.create_index("ix_cases_near", "cases", ["category", "cell"], **_where("closed_at IS NULL"))
    op.create_index("ix_cases_owner", "cases", ["owner_id", "priority", "id"], **_where("closed_at IS NULL"))
    op.create_index("ix_cases_raised", "cases", ["id"], **_where("raised = 1 AND closed_at IS NULL"))
    op.create_table(
        "desk_members",
        sa.Column("desk_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("desk_id", "member_id", name=op.f("pk_desk_members")),
    )
    op.create_index(op.f("ix_desk_members_member_id"), "desk_members", ["member_id"])
    op.create_table(
        "drafts",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("offered_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("platform", "chat_id", "user_id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_changed_at"), "drafts", ["changed_at"])
    op.create_table(
        "lookups",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "user_id", name=op.f("pk_lookups")),
    )
    op.add_column("citizens", sa.Column("consent", sa.SmallInteger()))
    op.add_column("citizens", sa.Column("consent_at", sa.BigInteger()))
    op.add_column("desks", sa.Column("thread_id", sa.BigInteger()))
    op.add_column("desks", sa.Column("covers", sa.Text()))
    op.add_column("desks", sa.Column("made_by", sa.BigInteger()))
    op.add_column("desks", sa.Column("closed_at", sa.BigInteger()))
    op.add_column("invites", sa.Column("desk_id", sa.BigInteger()))
    op.create_index("ix_outbox_named", "outbox", ["platform", "chat_id", "message_id"], **_where("logical IS NOT NULL"))
    only_added_to()


def only_added_to() -> None:
    """The database itself refuses to change what staff did."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(NEVER_CHANGED)
        op.execute(
            "CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE ON audit "
            "FOR EACH ROW EXECUTE FUNCTION audit_is_never_changed()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'audit is only added to'); END"
        )
