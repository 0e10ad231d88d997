"""Finding: which conversations hold the words of a search. By an index that the database itself keeps right.

`conversation_words` is made by a migration, with triggers that write it, so that no code here can forget to. It holds
subject, name and address of each conversation, and each message that was said: no draft, no event. It is no model,
since it is another thing on each database: on SQLite an FTS5 table of trigrams, whose `rowid` is a conversation's
number shifted left by 32 bits, plus the message's; on PostgreSQL a plain table of folded words, with a GIN index of
trigrams where `pg_trgm` can be had (decision 29).
"""

from itertools import product

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SelectBase,
    String,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from portal.conversations.models import Conversation, Kind, Message, Standing
from portal.text import without_controls

INDEX = "conversation_words"
"""The index's table; on SQLite also the beginning of the names of the tables that FTS5 keeps it in."""
SAID = (Kind.CUSTOMER, Kind.REPLY, Kind.NOTE)
"""What counts as said, and is found. The index's triggers say the same."""
MOST_NUMBER = 2**31 - 1
"""The largest number that a conversation can have; drivers refuse far larger ones with errors of their own."""
MOST_WORDS = 8
"""Words of a search that count."""
SHORTEST = 3
"""Characters of a word that the index can find: those of a trigram."""
NEWEST = 5_000
"""Conversations that are read through for a word shorter than that: some 20,000 messages."""
MERGED_AT_ONCE = 250
"""Pages of SQLite's index that one step of tidying writes: 1 MB, so that nobody who writes meanwhile has to wait."""

_WORDS = table(INDEX, column("rowid", Integer), column("conversation_id", Integer), column("words", String))
_UNLED = literal_column("+conversations.id", Integer)
"""The number, which SQLite's planner may not begin with: it walks in the order asked for, and stops at the limit."""
_DIGITS = len(str(MOST_NUMBER))


def holds(session: Session, q: str, *, is_list: bool = False) -> list[ColumnElement[bool]]:
    """Return what holds of the conversations in which each word of a search stands; nothing where it has no word.

    A word is looked for as it is typed, in the midst of others too, whatever its capitals; `#7` and `7` find the number
    too. One shorter than SHORTEST is looked for in the NEWEST conversations that the longer ones find.
    is_list: the caller asks for the first of them in the order of `updated_at`, not for all.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    words = without_controls(q).split()[:MOST_WORDS]
    found = [_by_index(word, is_sqlite=is_sqlite) for word in words if len(word) >= SHORTEST]
    newest = _newest(found, is_sqlite=is_sqlite)
    found += [_by_reading(word, newest, is_sqlite=is_sqlite) for word in words if len(word) < SHORTEST]
    number = _UNLED if is_sqlite and is_list else Conversation.id
    return [number.in_(ids) for ids in found]


def tidy(session: Session, *, begins: bool) -> bool:
    """Write a part of SQLite's index anew, and return whether there is more to do; elsewhere there is nothing.

    FTS5 only notes of what is deleted that it is: its trigrams stay until the parts that have them are merged. Once
    steps have gone from the one that `begins` until False, none is left of what was deleted before.
    Each is a transaction of its own. https://sqlite.org/fts5.html#the_merge_command
    """
    if session.get_bind().dialect.name != "sqlite":
        return False
    changes = text("SELECT total_changes()")
    before = session.scalar(changes) or 0
    pages = -MERGED_AT_ONCE if begins else MERGED_AT_ONCE
    session.execute(text(f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('merge', :pages)"), {"pages": pages})
    return (session.scalar(changes) or 0) - before > 1  # the command itself counts as one


def _by_index(word: str, *, is_sqlite: bool) -> SelectBase:
    if is_sqlite:
        phrase = '"' + word.replace('"', '""') + '"'  # FTS5 takes what stands in quotes as it is
        asked = select(_WORDS.c.rowid.op(">>")(32)).where(literal_column(INDEX).op("MATCH")(phrase))
    else:
        asked = select(_WORDS.c.conversation_id).where(_has(word))
    return _or_numbered(word, asked)


def _by_reading(word: str, newest: Select[int], *, is_sqlite: bool) -> SelectBase:
    """Look for a word in the newest conversations without the index."""
    if not is_sqlite:
        number = _WORDS.c.conversation_id
        stands = func.strpos(_WORDS.c.words, func.portal_folded(word)) > 0  # by LIKE it might read all of the index
        # Its planner takes this for common, and would rather read along a list of everything.
        read = select(number).where(number.in_(newest), stands).cte().prefix_with("MATERIALIZED")
        return _or_numbered(word, select(read.c.conversation_id))
    fields = (Conversation.subject, Conversation.name, Conversation.address)
    spelt = _spellings(word)
    return _or_numbered(
        word,
        select(Message.conversation_id).where(
            Message.conversation_id.in_(newest),
            Message.kind.in_(SAID),
            or_(*(Message.text.contains(one, autoescape=True) for one in spelt)),
        ),
        select(Conversation.id).where(
            Conversation.id.in_(newest),
            or_(*(field.contains(one, autoescape=True) for field in fields for one in spelt)),
        ),
    )


def _newest(found: list[SelectBase], *, is_sqlite: bool) -> Select[int]:
    number = _UNLED if is_sqlite else Conversation.id
    asked = select(Conversation.id).where(Conversation.standing != Standing.MERGED, *(number.in_(ids) for ids in found))
    ordered = asked.order_by(Conversation.updated_at.desc(), Conversation.id.desc()).limit(NEWEST)
    return select(ordered.cte("newest").c.id)  # found once, however often it is asked for


def _has(word: str) -> ColumnElement[bool]:
    """Whether PostgreSQL's folded words have a word. `%` and `_` are looked for as they are."""
    pattern = word.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return _WORDS.c.words.like(func.portal_folded(f"%{pattern}%"), escape="/")


def _spellings(word: str) -> set[str]:
    """Return a short word with and without capitals, where SQLite's LIKE, which folds A to Z, does not do so itself."""
    kinds = [{one} if one.isascii() else {one, one.lower(), one.upper()} for one in word]
    return {"".join(one) for one in product(*kinds) if len("".join(one)) == len(word)}


def _or_numbered(word: str, *found: Select[int]) -> SelectBase:
    """Add the conversation whose number a word is."""
    number = word.removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS and not number.startswith("0")):
        return union_all(*found) if len(found) > 1 else found[0]
    return union_all(*found, select(Conversation.id).where(Conversation.id == min(int(number), MOST_NUMBER)))
