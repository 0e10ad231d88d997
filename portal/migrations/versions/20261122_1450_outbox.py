"""Outbox."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1450"
down_revision = "20261122_1440"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "webhook",
                "tracker",
                "mail",
                name=op.f("ck_deliveries_channel"),
                native_enum=False,
                create_constraint=True,
                length=10,
            ),
            nullable=False,
        ),
        sa.Column("target", sa.String(length=1000), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("gap", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "dead",
                name=op.f("ck_deliveries_state"),
                native_enum=False,
                create_constraint=True,
                length=10,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_gap"), "deliveries", ["gap"], unique=False)
    op.create_index(op.f("ix_deliveries_state_next_at"), "deliveries", ["state", "next_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_deliveries_state_next_at"), table_name="deliveries")
    op.drop_index(op.f("ix_deliveries_gap"), table_name="deliveries")
    op.drop_table("deliveries")
