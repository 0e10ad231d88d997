"""Deliveries know their conversation."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1840"
down_revision = "20261122_1830"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("conversation", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_deliveries_conversation"), ["conversation"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_conversation"))
        batch_op.drop_column("conversation")
