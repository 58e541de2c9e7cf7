"""Polls and surveys; messages of which nothing stays once they are delivered."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_1_surveys"
down_revision = "2026_11_28_2_announcements"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "answer_counts",
        sa.Column("survey_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("neighbourhood", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ready", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shown", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "survey_id", "question", "value", "platform", "neighbourhood", name=op.f("pk_answer_counts")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "participants",
        sa.Column("survey_id", sa.BigInteger(), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next", sa.String(length=20)),
        sa.Column("answers", sa.Text()),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("token", sa.BigInteger()),
        sa.PrimaryKeyConstraint("survey_id", "citizen_id", "about", name=op.f("pk_participants")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_participants_citizen_id"), "participants", ["citizen_id"])
    op.create_index("ix_participants_left", "participants", ["survey_id", "next"], **_where("sent_at IS NULL"))
    op.create_table(
        "responses",
        sa.Column("survey_id", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("neighbourhood", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "token", name=op.f("pk_responses")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_files",
        sa.Column("key", sa.String(length=22), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_files")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "surveys",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=80)),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.SmallInteger(), nullable=False),
        sa.Column("shows", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("reminds", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("closes_at", sa.BigInteger()),
        sa.Column("lasts_ms", sa.BigInteger()),
        sa.Column("announcement_id", sa.BigInteger()),
        sa.Column("made_by", sa.BigInteger()),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("key", name=op.f("uq_surveys_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_surveys_open", "surveys", ["id"], **_where("closed_at IS NULL"))
    op.add_column("outbox", sa.Column("brief", sa.SmallInteger(), server_default="0", nullable=False))
