"""Words of conversations are found by an index; and those that were merged, by what they were merged into.

The index of words is no model: on SQLite an FTS5 table, on PostgreSQL a plain one, each written by triggers
(`portal/conversations/finding.py`). Whoever makes `messages` or `conversations` anew on SQLite, as `batch_alter_table`
does, loses the triggers: SQLite refuses it because of the view, so drop this first and make it again behind it.
"""

import logging

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

revision = "20261122_1900"
down_revision = "20261122_1850"
branch_labels = None
depends_on = None

SAID = "('customer', 'reply', 'note')"
_HASH = 1024 * 1024
"""Bytes that FTS5 gathers before it writes a part of its index, unless told otherwise."""
_PATIENT = 32 * _HASH
"""While all is indexed at once: fewer parts, less merging."""

SQLITE = (
    f"""
    CREATE VIEW conversation_words_source (place, words) AS
    SELECT (conversation_id << 32) | id, text FROM messages WHERE kind IN {SAID}
    UNION ALL
    SELECT id << 32, subject || char(10) || name || char(10) || coalesce(address, '') FROM conversations
    """,
    """
    CREATE VIRTUAL TABLE conversation_words USING fts5 (
        words, content='conversation_words_source', content_rowid='place', columnsize=0, tokenize='trigram'
    )
    """,
    f"""
    CREATE TRIGGER conversation_words_message_added AFTER INSERT ON messages WHEN new.kind IN {SAID} BEGIN
        INSERT INTO conversation_words (rowid, words) VALUES ((new.conversation_id << 32) | new.id, new.text);
    END
    """,
    f"""
    CREATE TRIGGER conversation_words_message_gone AFTER DELETE ON messages WHEN old.kind IN {SAID} BEGIN
        INSERT INTO conversation_words (conversation_words, rowid, words)
        VALUES ('delete', (old.conversation_id << 32) | old.id, old.text);
    END
    """,
    f"""
    CREATE TRIGGER conversation_words_message_changed AFTER UPDATE OF id, conversation_id, kind, text ON messages BEGIN
        INSERT INTO conversation_words (conversation_words, rowid, words)
        SELECT 'delete', (old.conversation_id << 32) | old.id, old.text WHERE old.kind IN {SAID};
        INSERT INTO conversation_words (rowid, words)
        SELECT (new.conversation_id << 32) | new.id, new.text WHERE new.kind IN {SAID};
    END
    """,
    """
    CREATE TRIGGER conversation_words_added AFTER INSERT ON conversations BEGIN
        INSERT INTO conversation_words (rowid, words)
        VALUES (new.id << 32, new.subject || char(10) || new.name || char(10) || coalesce(new.address, ''));
    END
    """,
    """
    CREATE TRIGGER conversation_words_gone AFTER DELETE ON conversations BEGIN
        INSERT INTO conversation_words (conversation_words, rowid, words)
        VALUES (
            'delete', old.id << 32, old.subject || char(10) || old.name || char(10) || coalesce(old.address, '')
        );
    END
    """,
    """
    CREATE TRIGGER conversation_words_changed AFTER UPDATE OF id, subject, name, address ON conversations BEGIN
        INSERT INTO conversation_words (conversation_words, rowid, words)
        VALUES (
            'delete', old.id << 32, old.subject || char(10) || old.name || char(10) || coalesce(old.address, '')
        );
        INSERT INTO conversation_words (rowid, words)
        VALUES (new.id << 32, new.subject || char(10) || new.name || char(10) || coalesce(new.address, ''));
    END
    """,
    f"INSERT INTO conversation_words (conversation_words, rank) VALUES ('hashsize', {_PATIENT})",
    # FTS5 writes a part each time a row comes before the last one, so they come in order.
    "INSERT INTO conversation_words (rowid, words) SELECT place, words FROM conversation_words_source ORDER BY place",
    f"INSERT INTO conversation_words (conversation_words, rank) VALUES ('hashsize', {_HASH})",
)

POSTGRESQL = (
    """
    CREATE TABLE conversation_words (
        conversation_id integer NOT NULL, message_id integer NOT NULL, words text NOT NULL,
        CONSTRAINT pk_conversation_words PRIMARY KEY (conversation_id, message_id)
    )
    """,
    """
    CREATE FUNCTION portal_words_of_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM conversation_words WHERE conversation_id = OLD.id AND message_id = 0;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO conversation_words VALUES
                (NEW.id, 0, portal_folded(concat_ws(chr(10), NEW.subject, NEW.name, NEW.address)));
        END IF;
        RETURN NULL;
    END
    $$
    """,
    f"""
    CREATE FUNCTION portal_words_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM conversation_words WHERE conversation_id = OLD.conversation_id AND message_id = OLD.id;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO conversation_words
                SELECT NEW.conversation_id, NEW.id, portal_folded(NEW.text) WHERE NEW.kind IN {SAID};
        END IF;
        RETURN NULL;
    END
    $$
    """,
    f"""
    INSERT INTO conversation_words
    SELECT conversation_id, id, portal_folded(text) FROM messages WHERE kind IN {SAID}
    UNION ALL
    SELECT id, 0, portal_folded(concat_ws(chr(10), subject, name, address)) FROM conversations
    """,
    """
    CREATE TRIGGER conversation_words AFTER INSERT OR DELETE OR UPDATE OF id, subject, name, address ON conversations
    FOR EACH ROW EXECUTE FUNCTION portal_words_of_conversation()
    """,
    """
    CREATE TRIGGER conversation_words AFTER INSERT OR DELETE OR UPDATE OF id, conversation_id, kind, text ON messages
    FOR EACH ROW EXECUTE FUNCTION portal_words_of_message()
    """,
)
_TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_conversation_words_words ON conversation_words USING gin (words gin_trgm_ops)",
)
_UNICODE = """
    SELECT 1 FROM pg_catalog.pg_collation WHERE collname = 'und-x-icu'
    AND collencoding IN (-1, (SELECT encoding FROM pg_catalog.pg_database WHERE datname = current_database()))
"""


def upgrade() -> None:
    # Without it, whoever deletes conversations reads all of them for each one: 200 of 100,000 took eight seconds.
    op.create_index(op.f("ix_conversations_merged_into"), "conversations", ["merged_into"])
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _run(connection, SQLITE)
        return
    _run(connection, (_folded(connection), *POSTGRESQL))
    try:
        with connection.begin_nested():
            _run(connection, _TRIGRAMS)
    except DBAPIError as error:
        logging.getLogger(__name__).warning("The inbox's search goes without pg_trgm, and is slower: %s", error.orig)


def downgrade() -> None:
    op.drop_index(op.f("ix_conversations_merged_into"), "conversations")
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for name in ("message_added", "message_gone", "message_changed", "added", "gone", "changed"):
            op.execute(f"DROP TRIGGER conversation_words_{name}")
        op.execute("DROP TABLE conversation_words")
        op.execute("DROP VIEW conversation_words_source")
        return
    op.execute("DROP TRIGGER conversation_words ON messages")
    op.execute("DROP TRIGGER conversation_words ON conversations")
    op.execute("DROP TABLE conversation_words")
    for name in ("portal_words_of_message()", "portal_words_of_conversation()", "portal_folded(text)"):
        op.execute(f"DROP FUNCTION {name}")


def _folded(connection: Connection) -> str:
    """Return what makes the function that words, stored and looked for, are compared by.

    The database's own collation may know no capitals but A to Z, so ICU's is taken where the server was built with it.
    The two signs are as in Unicode's folding, and so FTS5's.
    """
    collate = ' COLLATE "und-x-icu"' if connection.scalar(text(_UNICODE)) else ""
    return (
        "CREATE FUNCTION portal_folded(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS "
        f"$$ SELECT translate(lower(words{collate}), 'ςſ', 'σs') $$"
    )


def _run(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)
