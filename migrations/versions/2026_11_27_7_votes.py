"""Questions in groups, with whoever is yet to be told; what citizens think of answers."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_7_votes"
down_revision = "2026_11_27_6_knowledge"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("questions", sa.Column("leader", sa.BigInteger(), nullable=True))
    op.add_column("questions", sa.Column("telling", sa.SmallInteger(), nullable=True))
    op.create_index(op.f("ix_questions_leader"), "questions", ["leader"])
    op.create_index(
        "ix_questions_telling",
        "questions",
        ["id"],
        sqlite_where=sa.text("telling IS NOT NULL"),
        postgresql_where=sa.text("telling IS NOT NULL"),
    )
    op.create_table(
        "votes",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.String(length=80), nullable=False),
        sa.Column("vote", sa.SmallInteger(), nullable=False),
        sa.Column("voted_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "user_id", "entry", name=op.f("pk_votes")),
    )
    op.create_index(op.f("ix_votes_entry_voted_at"), "votes", ["entry", "voted_at"])
