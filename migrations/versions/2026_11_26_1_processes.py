"""Several processes: the database's clock on PostgreSQL, and the pace that they share.

The file's name begins with its date and is its revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_1_processes"
down_revision = "2026_11_22_first_tables"
branch_labels = None
depends_on = None

CLOCK = """
CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text(CLOCK))
    op.create_table(
        "paces",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("next_ms", sa.Float(precision=53), nullable=False),
        sa.Column("taken_ms", sa.Float(precision=53), nullable=True),
        sa.Column("rate", sa.Float(precision=53), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_paces")),
    )
