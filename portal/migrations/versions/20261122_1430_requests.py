"""Requests."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1430"
down_revision = "20261122_1420"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "requests",
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("visitor", sa.String(length=40), nullable=False),
        sa.Column("search", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("user", sa.Integer(), nullable=True),
        sa.Column("gap", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_requests")),
    )
    op.create_index(op.f("ix_requests_gap"), "requests", ["gap"], unique=False)
    op.create_index(op.f("ix_requests_visitor"), "requests", ["visitor"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_requests_visitor"), table_name="requests")
    op.drop_index(op.f("ix_requests_gap"), table_name="requests")
    op.drop_table("requests")
