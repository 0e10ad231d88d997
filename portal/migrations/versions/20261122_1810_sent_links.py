"""Links that agents send."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1810"
down_revision = "20261122_1800"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_links",
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("article", sa.String(length=64), nullable=False),
        sa.Column("anchor", sa.String(length=300), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "reply", "picker", "sidebar", "api", name="origin", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("user", sa.Integer(), nullable=True),
        sa.Column("conversation", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("is_helpful", sa.Boolean(), nullable=True),
        sa.Column("came_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_sent_links_user_users"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_sent_links")),
    )
    with op.batch_alter_table("sent_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_links_article_sent_at"), ["article", "sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sent_links_conversation"), ["conversation"], unique=False)
        batch_op.create_index(batch_op.f("ix_sent_links_message"), ["message"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sent_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sent_links_message"))
        batch_op.drop_index(batch_op.f("ix_sent_links_conversation"))
        batch_op.drop_index(batch_op.f("ix_sent_links_article_sent_at"))

    op.drop_table("sent_links")
