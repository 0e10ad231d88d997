"""Gaps."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1440"
down_revision = "20261122_1430"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("is_title_pinned", sa.Boolean(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "missing",
                "other_words",
                "other_language",
                "not_visible",
                "draft",
                "badly_ranked",
                "unhelpful",
                "out_of_date",
                name=op.f("ck_gaps_cause"),
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "suggested",
                "accepted",
                "assigned",
                "drafted",
                "published",
                "watching",
                "closed",
                "dismissed",
                "merged",
                name=op.f("ck_gaps_state"),
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=80), nullable=True),
        sa.Column("article", sa.String(length=64), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("people_a_week", sa.Double(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("trend", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("dismissal", sa.String(length=500), nullable=True),
        sa.Column("dismissed_people", sa.Integer(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("branch", sa.String(length=200), nullable=True),
        sa.Column("revision", sa.String(length=64), nullable=True),
        sa.Column("watched_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("replay", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["gaps.id"], name=op.f("fk_gaps_merged_into_gaps"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_gaps_owner_users"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    op.create_index(op.f("ix_gaps_state"), "gaps", ["state"], unique=False)
    op.create_table(
        "gap_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gap_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "suggested",
                "accepted",
                "assigned",
                "drafted",
                "published",
                "watching",
                "closed",
                "dismissed",
                "merged",
                name=op.f("ck_gap_changes_state"),
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["gap_id"], ["gaps.id"], name=op.f("fk_gap_changes_gap_id_gaps"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_changes")),
    )
    op.create_index(op.f("ix_gap_changes_gap_id"), "gap_changes", ["gap_id"], unique=False)
    op.create_table(
        "gap_needs",
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("visitor", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("wordings", sa.Text(), nullable=False),
        sa.Column("offered", sa.Text(), nullable=False),
        sa.Column("clicked", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.String(length=64), nullable=True),
        sa.Column("ended_with", sa.String(length=200), nullable=True),
        sa.Column("request", sa.String(length=32), nullable=True),
        sa.Column("gap_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["gap_id"], ["gaps.id"], name=op.f("fk_gap_needs_gap_id_gaps"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_gap_needs")),
    )
    op.create_index(op.f("ix_gap_needs_at"), "gap_needs", ["at"], unique=False)
    op.create_index(op.f("ix_gap_needs_gap_id_at"), "gap_needs", ["gap_id", "at"], unique=False)
    op.create_table(
        "gap_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("gap_id", sa.Integer(), nullable=True),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["gap_id"], ["gaps.id"], name=op.f("fk_gap_wordings_gap_id_gaps"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_wordings")),
    )
    op.create_index(op.f("ix_gap_wordings_gap_id"), "gap_wordings", ["gap_id"], unique=False)
    op.create_index(op.f("ix_gap_wordings_lang_text"), "gap_wordings", ["lang", "text"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_gap_wordings_lang_text"), table_name="gap_wordings")
    op.drop_index(op.f("ix_gap_wordings_gap_id"), table_name="gap_wordings")
    op.drop_table("gap_wordings")
    op.drop_index(op.f("ix_gap_needs_gap_id_at"), table_name="gap_needs")
    op.drop_index(op.f("ix_gap_needs_at"), table_name="gap_needs")
    op.drop_table("gap_needs")
    op.drop_index(op.f("ix_gap_changes_gap_id"), table_name="gap_changes")
    op.drop_table("gap_changes")
    op.drop_index(op.f("ix_gaps_state"), table_name="gaps")
    op.drop_table("gaps")
