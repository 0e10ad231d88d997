"""Several webhooks, each with its own secret and events; deliveries know what a receiver answered."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1920"
down_revision = "20261122_1910"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("events", sa.String(length=1000), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_by", sa.String(length=100), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_webhooks")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_deliveries_target_created_at"), ["target", "created_at"], unique=False)


def downgrade() -> None:
    # The release before knows addresses alone: what names a webhook could never be sent by it.
    op.execute("DELETE FROM deliveries WHERE channel = 'webhook' AND target IN (SELECT uid FROM webhooks)")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_target_created_at"))
        batch_op.drop_column("status")
    op.drop_table("webhooks")
