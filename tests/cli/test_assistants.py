"""What assistants may do, asked without any protocol."""

import pytest

from portal import clock
from portal.audience import Level
from portal.bootstrap import Portal
from portal.cli.assistants import Assistants, Caller, at_this_machine
from portal.errors import Forbidden, Invalid, TooMany
from portal.feedback.models import REQUEST_LIMIT, Request
from tests.repositories import canary

AT = clock.now()
ADA = Caller("token-1", Level.PUBLIC, may_report=True)
BEN = Caller("token-2", Level.PUBLIC, may_report=True)


@pytest.fixture
def assistants(portal: Portal) -> Assistants:
    return Assistants(portal)


def report(assistants: Assistants, text: str, caller: Caller = ADA, lang: str = "en") -> str:
    return assistants.report_missing(caller, text, lang, at=AT).id


def kept(portal: Portal) -> list[Request]:
    with portal.database.session() as session:
        return list(session.query(Request).order_by(Request.uid))


def test_the_same_report_twice_is_one_and_another_callers_another(assistants: Assistants, portal: Portal) -> None:
    assert report(assistants, "Gift cards") == report(assistants, "Gift cards")
    report(assistants, "Gift cards", BEN)
    report(assistants, "Gift cards", lang="de")
    assert len(kept(portal)) == 3
    assert len({one.visitor for one in kept(portal)}) == 2


def test_all_that_one_caller_reports_is_one_persons_word_and_of_no_account(
    assistants: Assistants, portal: Portal
) -> None:
    for text in ("Gift cards", "Cancel my order"):
        report(assistants, text)
    assert len({one.visitor for one in kept(portal)}) == 1
    assert all(one.user is None and not one.visitor.startswith("user-") for one in kept(portal))


def test_a_report_an_hour_too_many_is_refused_in_words_and_others_may_go_on(
    assistants: Assistants, portal: Portal
) -> None:
    most = portal.library.current().site.limits.forms_per_hour
    for number in range(most):
        report(assistants, f"Gift card {number}")
    with pytest.raises(TooMany, match=rf"At most {most} reports an hour .* Try again in \d+ seconds"):
        report(assistants, "One more")
    report(assistants, "One more", BEN)
    assert len(kept(portal)) == most + 1


def test_a_call_a_minute_too_many_is_refused_in_words(assistants: Assistants, portal: Portal) -> None:
    most = portal.library.current().site.limits.api_calls_per_minute
    for _ in range(most):
        assistants.read(ADA, "invoice", at=AT)
    with pytest.raises(TooMany, match="calls a minute"):
        assistants.search(ADA, "invoice", "", at=AT)


@pytest.mark.parametrize("text", ["", " \n", "x" * (REQUEST_LIMIT + 1)])
def test_a_report_of_nothing_and_of_too_much_is_refused(assistants: Assistants, portal: Portal, text: str) -> None:
    with pytest.raises(Invalid, match="words"):
        report(assistants, text)
    assert kept(portal) == []


def test_who_may_not_report_keeps_nothing(assistants: Assistants, portal: Portal) -> None:
    with pytest.raises(Forbidden, match="votes:write"):
        report(assistants, "Gift cards", Caller("token-3", Level.STAFF, may_report=False))
    assert kept(portal) == []


def test_each_level_matches_and_reads_its_own_articles_alone(assistants: Assistants, portal: Portal) -> None:
    word = canary("customers", "published")
    staff_shelf = portal.library.current().level(Level.STAFF).shelf
    article = staff_shelf.find("en", f"canaries/{word}")
    assert article
    for level in (Level.CUSTOMERS, Level.STAFF):
        caller = at_this_machine(level)
        assert word in assistants.read(caller, article, at=AT)
        assert [one.article.id for one in assistants.match(caller, f"What is {word} for", "en", at=AT)][:1] == [article]
    assert all(one.article.id != article for one in assistants.match(ADA, f"What is {word} for", "en", at=AT))


def test_what_nothing_answers_is_said_so(assistants: Assistants) -> None:
    found = assistants.search(ADA, "quantum chromodynamics", "en", at=AT)
    assert (found.total, found.articles, found.answer) == (0, [], None)
