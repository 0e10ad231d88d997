"""What the gaps' pages ask of the stores and of the shelf; shared by those that show and those that change."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from portal import clock
from portal.bootstrap import Portal
from portal.content.page import Card
from portal.db import Session, unavailable_when_away
from portal.errors import Unavailable
from portal.gaps import desk_store, needs_store
from portal.gaps.desk_store import Listed
from portal.gaps.models import Gap, State
from portal.gaps.states import OPEN
from portal.gaps.story import tell
from portal.outbox import store as outbox
from portal.people import accounts
from portal.people.models import Role
from portal.web.access import shelf
from portal.web.context import site, the
from portal.web.desk.gap_filters import PAGE, Asked
from portal.web.desk.gap_lists import Found
from portal.web.desk.gap_pages import Known, Likely, articles_of
from portal.web.speech import desk_language
from portal.web.staff import staff

WRITES = Role.WRITER
"""The lowest role that may change a gap; whoever is below it reads."""


def found(asked: Asked) -> Found:
    """Return one page of the list that an address asks for. Raises Unavailable."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        return Found(
            rows=desk_store.listed(
                session,
                asked.filters,
                order=asked.order,
                is_falling=asked.is_falling,
                offset=(asked.number - 1) * PAGE,
                limit=PAGE,
            ),
            sizes=desk_store.sizes(session, asked.filters),
            people_a_week=desk_store.waiting_people(session, asked.filters),
            facets=desk_store.facets(session),
            has_gaps=desk_store.count(session) > 0,
            has_needs=desk_store.has_needs(session),
            last_run=desk_store.last_run(session),
            topics=topic_names(),
            least=site().gaps.least_people,
        )


def every(asked: Asked) -> list[Listed]:
    """Return all gaps that an address asks for, on whatever page they would stand. Raises Unavailable."""
    with unavailable_when_away(), the(Portal).database.session() as session:
        return desk_store.listed(session, asked.filters, order=asked.order, is_falling=asked.is_falling)


def known(gap_id: int) -> Known:
    """Return all that is known of a gap. Raises NotFound and Unavailable."""
    days = site().gaps.window_days
    since, least = window_began(clock.now(), days), site().gaps.least_people
    with unavailable_when_away(), the(Portal).database.session() as session:
        listed = desk_store.one(session, gap_id)
        gap, story = listed.gap, tell(needs_store.needs_since(session, since, gap=gap_id))
        into = desk_store.titles(session, [gap.merged_into]) if gap.merged_into else {}
        return Known(
            listed=listed,
            story=story,
            wordings=needs_store.wordings_of(session, gap_id, least_people=least, since=since),
            changes=desk_store.changes(session, gap_id),
            owners=desk_store.staff(session),
            likely=_likely(session, gap),
            others=desk_store.open_titles(session, besides=gap_id, lang=gap.lang) if gap.state != State.MERGED else (),
            merged_into=next(iter(into.items()), None),
            cards=cards(articles_of(gap, story)),
            topics=topic_names(),
            issues=outbox.issues(session, gap_id),
            days=days,
            least=least,
        )


def _likely(session: Session, gap: Gap) -> Likely | None:
    """Return who looks after the topic of an open gap that is nobody's yet, if its topic says so."""
    named = site().topic_owner(gap.topic) if gap.owner is None and gap.state in OPEN else ""
    if not named:
        return None
    user, topic = accounts.called(session, named), topic_names().get(gap.topic or "", "")
    return Likely(user.name, topic, user.id) if user else Likely(named, topic, None)


def window_began(at: datetime, days: int) -> datetime:
    """Return the moment since which needs count."""
    return at - timedelta(days=days)


def cards(ids: Collection[str]) -> dict[str, Card]:
    """Return the cards of articles that this reader may see; none while nothing is published."""
    try:
        return shelf().cards(ids)
    except Unavailable:
        return {}


def topic_names() -> Mapping[str, str]:
    """Return the topics' names by slug, in the desk's language where they have one."""
    lang = desk_language()
    return {topic.slug: dict(topic.names).get(lang, topic.name) for topic in site().topics}


def may_change() -> bool:
    """Whether whoever is signed in may change gaps. Raises SignInNeeded where nobody is."""
    return staff().role.reaches(WRITES)
