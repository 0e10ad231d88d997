"""Visits."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1420"
down_revision = "20261122_1410"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("resolved", sa.Integer(), nullable=False),
        sa.Column("askers", sa.Text(), nullable=False),
        sa.Column("helped", sa.Text(), nullable=False),
        sa.Column("article", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("day", "lang", "text", name=op.f("pk_asked_days")),
    )
    op.create_table(
        "visit_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "lang", "name", name=op.f("pk_visit_days")),
    )
    op.create_table(
        "visits_counted",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("open_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits_counted")),
    )


def downgrade() -> None:
    op.drop_table("visits_counted")
    op.drop_table("visit_days")
    op.drop_table("asked_days")
