"""What a search of the inbox finds: the index holds what was said, whoever wrote it, and whatever became of it."""

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from portal.conversations import erasing, finding, inbox, store
from portal.conversations.models import Conversation, Kind, Message
from portal.conversations.store import View
from tests.conversations.cast import NOON, after, ask, bo, uid, write_again


def found(session: Session, q: str) -> list[str]:
    """Return the subjects of what is found, after a look that the counts agree."""
    listed = store.listed(session, View.ALL, user=0, q=q, limit=50)
    assert store.counts(session, 0, q=q)[View.ALL] == len(listed)
    return [one.subject for one in listed]


def index_is_right(session: Session) -> bool:
    """Whether the index holds what was said, all of it and nothing else."""
    if session.get_bind().dialect.name == "sqlite":
        check = "INSERT INTO conversation_words (conversation_words, rank) VALUES ('integrity-check', 1)"
        session.execute(text(check))  # raises where it is wrong
        return True
    said = (
        "SELECT conversation_id, id, portal_folded(text) FROM messages WHERE kind IN ('customer', 'reply', 'note') "
        "UNION ALL SELECT id, 0, portal_folded(concat_ws(chr(10), subject, name, address)) FROM conversations"
    )
    held = "SELECT conversation_id, message_id, words FROM conversation_words"
    return all(
        session.execute(text(f"({one}) EXCEPT ALL ({other})")).all() == []
        for one, other in ((said, held), (held, said))
    )


@pytest.mark.parametrize(
    ("written", "q"),
    [
        ("Ich kann es nicht öffnen", "ÖFFNEN"), ("NICHT ÖFFNEN", "öffnen"), ("Où est l'ÉCRAN", "écran"),
        ("Доставка", "ДОСТАВКА"), ("ДОСТАВКА", "доставка"), ("Παραγγελίας", "ΠΑΡΑΓΓΕΛΊΑΣ"), ("ՀԱՅԵՐԵՆ", "հայերեն"),
        ("The İstanbul office", "İSTANBUL"), ("退款申请已提交", "退款申"), ("退款申请", "退款"), ("Größe", "GRÖ"),
        ("Öl fehlt", "öL"), ("это НЕ то", "не"), ("our VW bus", "vw"),
    ],
)  # fmt: skip
def test_capitals_do_not_matter_in_any_script(session: Session, written: str, q: str) -> None:
    ask(session, written, subject="it")
    assert found(session, q) == ["it"]


@pytest.mark.parametrize(
    "q",
    ["betrag", "erstattungs", "48213", "E-4821", "RAG-E", "att", "/x", "gsb", "customer.example", "@customer", "ada"],
)
def test_parts_of_words_are_found(session: Session, q: str) -> None:
    ask(session, "Rückerstattungsbetrag-E-48213/x fehlt", subject="it")
    ask(session, "Nothing like it", subject="other", address="eve@elsewhere.test", name="Eve")
    assert found(session, q) == ["it"]


@pytest.mark.parametrize(
    "q",
    [
        '"', 'a"b', "a*b*", "c^2=", "x:yyy", "NEAR(a", "AND", "OR", "NOT", "{x}", "(((", "-words", "+pluses", "50%off",
        "a_b_c", "//x", "\\nnn", "'; --", "%", "_",
    ],
)  # fmt: skip
def test_signs_are_looked_for_as_they_are(session: Session, q: str) -> None:
    ask(session, "Plain talk, ab axb", subject="plain", name="", address=None)
    assert found(session, q) == []
    signs = """a"b a*b* c^2= x:yyy NEAR(a AND OR NOT {x} ((( -words +pluses 50%off a_b_c //x \\nnn '; -- _"""
    ask(session, signs, subject="signs", name="", address=None)
    assert found(session, q) == ["signs"]


def test_each_word_may_stand_elsewhere(session: Session) -> None:
    one = ask(session, "The zebra", subject="Stripes", name="Ada")
    write_again(session, one, "A giraffe", at=after(minutes=1))
    ask(session, "A zebra alone", subject="Other", name="Bob")
    assert found(session, "zebra giraffe") == ["Stripes"]
    assert found(session, "zebra") == ["Stripes", "Other"]
    assert found(session, "zebra giraffe stripes it ad") == []
    assert found(session, "zebra giraffe stripes ad") == ["Stripes"]


def test_drafts_and_events_are_not_found(session: Session) -> None:
    one, agent = ask(session, subject="it"), bo(session)
    sent = inbox.reply(session, one.id, by=agent, at=NOON, uid=uid(), text="Look under xylophones")
    assert found(session, "xylophones") == ["it"]
    inbox.take_back(session, sent.uid, by=agent, at=NOON)
    assert found(session, "xylophones") == []
    assert found(session, "xy") == []
    inbox.set_aside(session, one.id, by=agent, at=NOON, uid=uid(), text="A marimba")
    inbox.close(session, one.id, by=agent, at=NOON)
    assert (found(session, "marimba"), found(session, "closed")) == ([], [])
    assert index_is_right(session)


def test_what_is_changed_moved_or_deleted_is_found_as_it_is_now(session: Session) -> None:
    one, target, agent = ask(session, "zebra", subject="one"), ask(session, subject="target"), bo(session)
    session.execute(update(Message).where(Message.text == "zebra").values(text="giraffe"))
    assert (found(session, "zebra"), found(session, "giraffe")) == ([], ["one"])
    inbox.merge(session, one.id, into=target.id, by=agent, at=after(minutes=1))
    assert found(session, "giraffe") == ["target"]
    session.execute(update(Conversation).where(Conversation.id == target.id).values(subject="renamed", name="Zoe"))
    session.expire_all()
    assert (found(session, "zoe giraffe"), found(session, "target")) == (["renamed"], [])
    assert index_is_right(session)
    session.execute(delete(Conversation).where(Conversation.id == target.id))
    session.expire_all()
    assert found(session, "giraffe") == []
    assert index_is_right(session)
    erasing.erase(session, one.address or "")
    assert index_is_right(session)


def test_nothing_is_found_twice(session: Session) -> None:
    one = ask(session, "zebra zebra", subject="A zebra")
    write_again(session, one, "Zebra?", at=after(minutes=1))
    assert found(session, "zebra") == ["A zebra"]
    assert found(session, "ze") == ["A zebra"]


def test_a_short_word_is_looked_for_in_the_newest_and_a_number_in_all(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [ask(session, "our VW", subject=f"{place}. subject", at=after(minutes=place)) for place in range(3)]
    monkeypatch.setattr(finding, "NEWEST", 2)
    assert found(session, "vw") == ["2. subject", "1. subject"]
    assert "0. subject" in found(session, f"#{made[0].id}")
    assert "0. subject" in found(session, f"{made[0].id}")
    write_again(session, made[0], "a zebra", at=after(minutes=1))
    monkeypatch.setattr(finding, "NEWEST", 1)
    assert found(session, "zebra vw") == ["0. subject"]


def test_long_numbers_find_by_number_too(session: Session) -> None:
    one = ask(session, subject="it", name="", address=None)
    session.execute(delete(Message).where(Message.conversation_id == one.id))
    session.execute(update(Conversation).where(Conversation.id == one.id).values(id=48213))
    session.expire_all()
    assert [found(session, q) for q in ("48213", "#48213", "4821", "048213", "9" * 10, "9" * 5000)] == [
        ["it"], ["it"], [], [], [], []
    ]  # fmt: skip


@pytest.mark.parametrize("q", ["x" * 20_000, "\x00", "zeb\x00ra", "\u202e", "a " * 500, "ab" * 5])
def test_whatever_is_typed_is_answered(session: Session, q: str) -> None:
    ask(session, "a zebra", subject="it")
    assert found(session, q) in ([], ["it"])


def test_views_and_pages_hold_of_what_is_found(session: Session) -> None:
    agent = bo(session)
    made = [
        ask(session, "zebra" if place % 2 else "horse", subject=f"{place}", at=after(minutes=place))
        for place in range(6)
    ]
    inbox.close(session, made[5].id, by=agent, at=after(hours=1))
    inbox.assign(session, made[3].id, to=agent, by=agent, at=after(hours=2))
    counted = store.counts(session, agent.id, q="zebra")
    assert [counted[view] for view in View] == [1, 1, 0, 1, 3]
    page = store.listed(session, View.ALL, user=0, q="zebra", limit=2)
    rest = store.listed(session, View.ALL, user=0, q="zebra", limit=2, before=store.Cursor.of(page[-1]))
    assert [one.subject for one in (*page, *rest)] == ["3", "5", "1"]
    assert [one.subject for one in store.listed(session, View.MINE, user=agent.id, q="zebra", limit=9)] == ["3"]


def test_what_counts_as_said_is_what_the_index_holds(session: Session) -> None:
    one = ask(session, subject="it", name="", address=None)
    for kind in Kind:
        session.execute(update(Message).where(Message.conversation_id == one.id).values(kind=kind, text=f"{kind}-word"))
        assert bool(found(session, f"{kind}-word")) == (kind in finding.SAID)
