"""Each cause, told by asking a real help centre; and the change that is proposed."""

from collections.abc import Sequence

import pytest

from portal import clock
from portal.bootstrap import bootstrap
from portal.content.loop import Gaps
from portal.gaps.alike import Helped
from portal.gaps.finding import Situation, Tools, find
from portal.gaps.found import Found
from portal.gaps.models import Cause
from portal.gaps.probe import LiveProbe
from portal.gaps.suggest import Kind
from portal.gaps.unmet import Unmet
from portal.pipeline import publish
from portal.settings import Settings
from tests.gaps.needs import AT, a_need
from tests.gaps.probes import no_vectors
from tests.repositories import ContentRepository


def _article(title: str, text: str, *lines: str) -> str:
    return "\n".join(["---", f"title: {title}", *lines, "---", text, ""])


_FILES = {
    "portal.toml": 'name = "Acme"\nlanguages = ["en", "de"]\n\n[[topics]]\nslug = "plans"\nname = "Plans"\n',
    "en/plans/end.md": _article("End your membership", "Open the page and choose **End membership**.", "id: end"),
    "en/plans/address.md": _article("Change your postal address", "Open **Settings** and type it.", "id: address"),
    "en/plans/invoice.md": _article("Pay by invoice", "Ask at the till.", "id: invoice", "review_by: 2026-01-01"),
    "en/plans/discount.md": _article(
        "Staff discount voucher", "It is ten per cent.", "id: discount", "audience: staff"
    ),
    "en/plans/gift-cards.md": _article("Redeem gift cards", "Type their number.", "id: gift", "status: draft"),
    "de/plans/rechnung.md": _article("Rechnung herunterladen", "Unter Konto.", "id: rechnung"),
    **{f"en/plans/{n}.md": _article(f"Other matter {n}", f"This is about thing {n} alone.") for n in range(8)},
}


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> LiveProbe:
    folder = tmp_path_factory.mktemp("causes")
    repository = ContentRepository(folder / "content")
    repository.commit(_FILES)
    portal = bootstrap(Settings(content=str(repository.folder), data=folder / "data"))
    publish(portal, at=clock.now())
    return LiveProbe(portal.library.current())


def _the_gap(probe: LiveProbe, needs: Sequence[Unmet], helped: Sequence[Helped] = ()) -> Found:
    found = find(
        Situation(needs=needs, gaps=(), wordings=(), helped=helped),
        Tools(probe=probe, encode=no_vectors),
        Gaps(),
        at=AT,
    ).found
    assert len(found) == 1, [one.title for one in found]
    return found[0]


def _shown(probe: LiveProbe, text: str) -> tuple[str, ...]:
    return probe.typed(text, "en").articles


def test_what_no_article_answers_is_missing(probe: LiveProbe) -> None:
    words = "Can I bring my dog?"
    gap = _the_gap(probe, [a_need(name, words, offered=_shown(probe, words)) for name in ("Ada", "Bo", "Dan")])
    assert (gap.cause, gap.title, gap.people) == (Cause.MISSING, "Can I bring my dog?", 3)
    assert (gap.proposal.kind, gap.proposal.title) == (Kind.NEW_ARTICLE, "Can I bring my dog?")
    assert {one.name for one in gap.evidence.variations} >= {"as_typed", "as_staff", "other_languages"}


def test_a_near_miss_that_all_were_offered_and_nobody_took_is_no_answer(probe: LiveProbe) -> None:
    words = "change postal delivery day"
    offered = _shown(probe, words)
    assert offered[0] == "address"
    gap = _the_gap(probe, [a_need(name, words, offered=offered) for name in ("Ada", "Bo", "Dan")])
    assert gap.cause is Cause.MISSING
    first = gap.evidence.offered[0]
    assert (first.article.id, first.high, first.clicked) == ("address", 3, 0)


def test_people_who_came_to_an_article_by_other_words_name_the_synonym(probe: LiveProbe) -> None:
    needs = [
        a_need(name, "quit subscription", outcome="refined", ended_on="end", ended_with="end membership")
        for name in ("Ada", "Bo", "Dan")
    ]
    gap = _the_gap(probe, [*needs, a_need("Eve", "quit subscription")])
    assert (gap.cause, gap.article) == (Cause.OTHER_WORDS, "end")
    assert (gap.proposal.kind, gap.proposal.line) == (Kind.SYNONYMS, "quit subscription => end membership")


def test_others_who_were_helped_with_the_same_words_show_that_the_article_is_there(probe: LiveProbe) -> None:
    words = "end membership"
    needs = [a_need(name, words, offered=_shown(probe, words)) for name in ("Ada", "Bo")]
    gap = _the_gap(probe, needs, [Helped("en", words, "end", 9)])
    assert (gap.cause, gap.article, gap.proposal.kind) == (Cause.BADLY_RANKED, "end", Kind.AKA)


def test_others_who_were_helped_with_nearly_the_same_words_do_so_too(probe: LiveProbe) -> None:
    words = "end my club membership"
    needs = [a_need(name, words, offered=_shown(probe, words)) for name in ("Ada", "Bo")]
    helped = [Helped("en", text, "end", 3) for text in ("end the membership", "how to end my membership")]
    assert _the_gap(probe, needs, helped).cause is Cause.BADLY_RANKED
    assert _the_gap(probe, needs).cause is Cause.MISSING


def test_what_staff_alone_may_see_is_not_visible(probe: LiveProbe) -> None:
    gap = _the_gap(probe, [a_need(name, "staff discount voucher") for name in ("Ada", "Bo")])
    assert (gap.cause, gap.article, gap.proposal.kind) == (Cause.NOT_VISIBLE, "discount", Kind.OPEN_UP)


def test_what_waits_as_a_draft_is_to_be_published(probe: LiveProbe) -> None:
    gap = _the_gap(probe, [a_need(name, "redeem gift cards") for name in ("Ada", "Bo")])
    assert (gap.cause, gap.article, gap.proposal.kind) == (Cause.DRAFT, "gift", Kind.PUBLISH)
    assert gap.proposal.path == "en/plans/gift-cards.md"


def test_what_another_language_has_is_to_be_translated(probe: LiveProbe) -> None:
    gap = _the_gap(probe, [a_need(name, "rechnung herunterladen") for name in ("Ada", "Bo")])
    assert (gap.cause, gap.article) == (Cause.OTHER_LANGUAGE, "rechnung")
    assert (gap.proposal.kind, gap.proposal.path) == (Kind.TRANSLATE, "en/plans/rechnung.md")


def test_what_was_read_and_voted_down_is_to_be_improved(probe: LiveProbe) -> None:
    needs = [a_need(name, "end membership", outcome="downvoted", clicked=(("end", 1),)) for name in ("Ada", "Bo")]
    gap = _the_gap(probe, needs)
    assert (gap.cause, gap.article, gap.proposal.kind) == (Cause.UNHELPFUL, "end", Kind.IMPROVE)


def test_what_was_voted_down_and_is_past_its_review_is_out_of_date(probe: LiveProbe) -> None:
    needs = [a_need(name, "pay by invoice", outcome="downvoted", clicked=(("invoice", 1),)) for name in ("Ada", "Bo")]
    assert _the_gap(probe, needs).cause is Cause.OUT_OF_DATE


def test_an_article_that_nobody_was_offered_yet_is_not_missing(probe: LiveProbe) -> None:
    needs = [a_need(name, "change your postal address", offered=("gone",)) for name in ("Ada", "Bo")]
    assert _the_gap(probe, needs).cause is Cause.BADLY_RANKED


def test_a_new_article_goes_beside_the_nearest(probe: LiveProbe) -> None:
    words = "postal address of the museum"
    gap = _the_gap(probe, [a_need(name, words, offered=_shown(probe, words)) for name in ("Ada", "Bo")])
    assert gap.proposal.path == "en/plans/postal-address-of-the-museum.md"
