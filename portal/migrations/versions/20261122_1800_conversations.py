"""Conversations of customers and agents."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1800"
down_revision = "20261122_1460"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_forms",
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=True),
        sa.Column(
            "arm",
            sa.Enum("offered", "held_out", name="arm", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "ending",
            sa.Enum("open", "withdrawn", "sent", name="ending", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("offered", sa.Text(), nullable=False),
        sa.Column("article", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_contact_forms")),
    )
    with op.batch_alter_table("contact_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_forms_at"), ["at"], unique=False)

    op.create_table(
        "incoming_mails",
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "taken",
                "bounce",
                "loop",
                "refused",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("conversation", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_incoming_mails")),
    )
    with op.batch_alter_table("incoming_mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_mails_at"), ["at"], unique=False)

    op.create_table(
        "saved_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_replies")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_replies_name")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "new",
                "open",
                "waiting",
                "closed",
                "merged",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "entry",
            sa.Enum(
                "form", "widget", "mail", "api", name="entry", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("lang", sa.String(length=35), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("visitor", sa.String(length=40), nullable=True),
        sa.Column("has_trail", sa.Boolean(), nullable=False),
        sa.Column("search", sa.String(length=32), nullable=True),
        sa.Column("assignee", sa.Integer(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignee"], ["users.id"], name=op.f("fk_conversations_assignee_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["conversations.id"],
            name=op.f("fk_conversations_merged_into_conversations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("uid", name=op.f("uq_conversations_uid")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversations_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_conversations_assignee_standing"), ["assignee", "standing"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_conversations_standing_updated_at"), ["standing", "updated_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_conversations_updated_at_id"), ["updated_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conversations_visitor"), ["visitor"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "customer",
                "reply",
                "note",
                "event",
                "draft",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("author", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author"], ["users.id"], name=op.f("fk_messages_author_users"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_messages_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_message_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_messages_uid")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_messages_conversation_id_created_at"), ["conversation_id", "created_at"], unique=False
        )

    op.create_table(
        "attachments",
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_message_id"), ["message_id"], unique=False)

    op.create_table(
        "attachment_contents",
        sa.Column("attachment", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment"],
            ["attachments.uid"],
            name=op.f("fk_attachment_contents_attachment_attachments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("attachment", name=op.f("pk_attachment_contents")),
    )


def downgrade() -> None:
    op.drop_table("attachment_contents")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_message_id"))

    op.drop_table("attachments")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_conversation_id_created_at"))

    op.drop_table("messages")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversations_visitor"))
        batch_op.drop_index(batch_op.f("ix_conversations_updated_at_id"))
        batch_op.drop_index(batch_op.f("ix_conversations_standing_updated_at"))
        batch_op.drop_index(batch_op.f("ix_conversations_assignee_standing"))
        batch_op.drop_index(batch_op.f("ix_conversations_address"))

    op.drop_table("conversations")
    op.drop_table("saved_replies")
    with op.batch_alter_table("incoming_mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incoming_mails_at"))

    op.drop_table("incoming_mails")
    with op.batch_alter_table("contact_forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_forms_at"))

    op.drop_table("contact_forms")
