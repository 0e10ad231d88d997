"""Votes."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0500"
down_revision = None
branch_labels = None
depends_on = None

REASONS = ("wrong", "unclear", "missing", "did_not_work", "not_looked_for")


def upgrade() -> None:
    op.create_table(
        "votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.String(64), nullable=False),
        sa.Column("article_revision", sa.String(64), nullable=False),
        sa.Column("lang", sa.String(35), nullable=False),
        sa.Column("voter", sa.String(64), nullable=False),
        sa.Column("is_helpful", sa.Boolean(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(*REASONS, name=op.f("ck_votes_reason"), length=20, native_enum=False, create_constraint=True),
            nullable=True,
        ),
        sa.Column("comment", sa.String(2000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes")),
        sa.UniqueConstraint(
            "article_id", "article_revision", "voter", name=op.f("uq_votes_article_id_article_revision_voter")
        ),
        sa.CheckConstraint("length(voter) = 64", name=op.f("ck_votes_voter")),
    )
    op.create_index(
        op.f("ix_votes_article_id_article_revision_is_helpful"),
        "votes",
        ["article_id", "article_revision", "is_helpful"],
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_votes_article_id_article_revision_is_helpful"), table_name="votes")
    op.drop_table("votes")
