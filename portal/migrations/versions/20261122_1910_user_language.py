"""Staff are written to in their own language."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1910"
down_revision = "20261122_1900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("lang", sa.String(length=35), nullable=True))


def downgrade() -> None:
    # Not by a copy of the table, which SQLite would drop together with the sessions that name it.
    op.drop_column("users", "lang")
