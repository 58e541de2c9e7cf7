"""Several processes: the database's clock on PostgreSQL.

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
