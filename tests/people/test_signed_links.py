"""Links that work once: on both databases, whoever comes second is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.people.models import UsedLink
from portal.people.signed_links import LEEWAY, Fault, LinkRefused, SignedLink, use_up

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_link(jti: str) -> SignedLink:
    return SignedLink("42", "Ada", "", (), "", AT + timedelta(minutes=5), None, jti)


def test_a_link_works_once(session: Session) -> None:
    use_up(session, a_link("one"), at=AT)
    with pytest.raises(LinkRefused) as refused:
        use_up(session, a_link("one"), at=AT + timedelta(seconds=1))
    assert refused.value.fault is Fault.USED
    use_up(session, a_link("two"), at=AT)


def test_a_link_without_a_number_is_not_written_down(session: Session) -> None:
    for _ in range(2):
        use_up(session, a_link(""), at=AT)
    assert session.scalar(select(func.count()).select_from(UsedLink)) == 0


def test_what_nobody_could_use_any_more_is_forgotten(session: Session) -> None:
    use_up(session, a_link("one"), at=AT)
    use_up(session, a_link("two"), at=AT + timedelta(minutes=5) + LEEWAY)
    assert session.scalar(select(func.count()).select_from(UsedLink)) == 1


def test_no_number_is_kept_as_it_was_told(session: Session) -> None:
    use_up(session, a_link("ada@example.com"), at=AT)
    kept = session.scalars(select(UsedLink.token)).one()
    assert len(kept) == 64
    assert "ada" not in kept
