"""Several webhooks hear of gaps and conversations, each of what it chose, from when it is there."""

from datetime import timedelta

from portal import replying, telling
from portal.bootstrap import Portal
from portal.clock import now
from portal.conversations import inbox
from portal.db import transaction
from portal.gaps import tickets
from portal.outbox import receivers, store
from portal.outbox.models import Channel, DeliveryState
from tests.conversations.cast import NOON, after, ask, bo, uid
from tests.web.desk_gaps import a_gap


def _webhooks(portal: Portal, **events: tuple[str, ...]) -> None:
    with portal.database.session() as session, transaction(session):
        for name, chosen in events.items():
            url = f"https://{name}.example.com/hook"
            receivers.make(session, name=name, url=url, events=chosen, by="Ada", at=NOON - timedelta(days=30))


def _told(portal: Portal) -> list[tuple[str, str]]:
    with portal.database.session() as session:
        names, waiting = receivers.names(session), store.listed(session, states=[DeliveryState.WAITING])
    return sorted((receivers.title(one, names), one.event) for one in waiting if one.channel is Channel.WEBHOOK)


def test_each_hears_of_a_gap_once_what_it_chose_and_a_new_one_nothing_of_before(portal: Portal) -> None:
    _webhooks(portal, every=("gap.*",), closed=("gap.closed",))
    with portal.database.session() as session, transaction(session):
        gap = a_gap(session, "Export all invoices", asked=[("export invoices", 3, "no_results")])
        tickets.accept(session, gap.id, by="Cleo", at=now())
    site = portal.library.current().site
    assert telling.announce(portal, site, at=now()) == 1
    with portal.database.session() as session, transaction(session):
        receivers.make(session, name="new", url="https://new.example.com", events=("gap.*",), by="Ada", at=now())
    assert telling.announce(portal, site, at=now()) == 0
    assert _told(portal) == [("every", "gap.accepted")]


def test_each_hears_of_a_conversation_what_it_chose(portal: Portal) -> None:
    _webhooks(portal, every=("conversation.*",), closed=("conversation.closed",), gaps=("gap.*",))
    with portal.database.session() as session, transaction(session):
        number, agent = ask(session).id, bo(session)
    replying.change(portal, inbox.close, number, by=agent, at=after(minutes=1))
    assert _told(portal) == [("closed", "conversation.closed"), ("every", "conversation.closed")]


def test_a_reply_that_is_taken_back_is_told_to_none_of_them(portal: Portal) -> None:
    _webhooks(portal, one=("conversation.*",), two=("conversation.replied",))
    with portal.database.session() as session, transaction(session):
        number, agent = ask(session).id, bo(session)
    sent = replying.reply(portal, number, by=agent, text="Under Billing.", at=NOON, uid=uid())
    assert _told(portal) == [("one", "conversation.replied"), ("two", "conversation.replied")]
    replying.take_back(portal, sent.uid, by=agent, at=after(seconds=9))
    assert _told(portal) == []
