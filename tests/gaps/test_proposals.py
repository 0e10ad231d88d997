"""Synonym lines, outlines, other names, paths."""

import pytest

from portal.content.synonyms_file import parse_synonyms
from portal.gaps.models import Cause
from portal.gaps.outline import outline
from portal.gaps.propose import Brief, propose, topic_of
from portal.gaps.suggest import Kind
from portal.gaps.word_pairs import Pair, synonyms_line
from tests.gaps.probes import an_article

ARTICLE = "End your membership\nHow to end the membership of your club, with a form."


def _line(*pairs: tuple[str, str, int], article: str = ARTICLE) -> str | None:
    return synonyms_line([Pair(*pair) for pair in pairs], article, lang="en")


def test_the_words_that_differ_are_named_and_not_the_whole_query() -> None:
    assert _line(("how to end my subscription", "how to end my membership", 3)) == "subscription => membership"


def test_the_pair_that_most_people_went_is_taken() -> None:
    pairs = [("quit club", "end club", 1), ("end abo", "end membership", 4)]
    assert _line(*pairs) == "abo => membership"


def test_words_that_the_article_has_need_no_synonym() -> None:
    assert _line(("membership form", "end membership", 3)) is None


def test_words_that_the_article_lacks_lead_nowhere() -> None:
    assert _line(("quit", "leave", 3)) is None


def test_a_long_question_is_no_synonym() -> None:
    assert _line(("my neighbour told me there might be some way out of this", "end membership", 3)) is None


@pytest.mark.parametrize("words", ["rock, paper", "a => b", "c\\d"])
def test_a_line_is_always_one_that_can_be_read(words: str) -> None:
    line = _line((words, "membership", 2))
    if line is not None:
        rules, problems = parse_synonyms("synonyms.txt", line.encode())
        assert (len(rules), problems) == (1, ())


def test_an_outline_names_what_several_people_asked_besides_the_title() -> None:
    said = [("refund for damaged goods", 3), ("refund with voucher", 2), ("refund", 4), ("refund at christmas", 1)]
    assert outline(said, "Refund", lang="en") == ("Refund for damaged goods", "Refund with voucher")


def test_an_outline_of_one_question_is_plain() -> None:
    assert outline([("refund", 4)], "Refund", lang="en") == ("What you need", "Step by step", "If it does not work")
    assert outline([("retour", 4)], "Retour", lang="nl") == ()


def _brief(cause: Cause, **fields: object) -> Brief:
    plain: dict[str, object] = {
        "lang": "en",
        "cause": cause,
        "title": "Quit the club",
        "said": (("quit the club", 2), ("leave it [phone]", 1), ("asdfghjkl", 5)),
        "central": "quit the club",
        "least_people": 2,
    }
    return Brief(**plain | fields)  # type: ignore[arg-type] # fields of Brief


def test_a_new_article_has_a_free_place_a_topic_and_names_of_enough_people() -> None:
    near = [an_article("plans/one", topic="plans"), an_article("two")]
    proposal = propose(_brief(Cause.MISSING, nearest=near, said=(("quit the club", 2), ("stop", 2), ("leave", 1))))
    assert (proposal.path, proposal.topic, proposal.aka) == ("en/plans/quit-the-club.md", "plans", ("stop",))


def test_no_path_is_one_that_a_near_article_has() -> None:
    near = [an_article("quit-the-club")]
    assert propose(_brief(Cause.MISSING, nearest=near)).path == "en/quit-the-club-2.md"


def test_other_names_are_those_of_enough_people_and_no_junk() -> None:
    proposal = propose(_brief(Cause.BADLY_RANKED, article=an_article("end")))
    assert (proposal.kind, proposal.path, proposal.aka) == (Kind.AKA, "en/end.md", ("quit the club",))


def test_where_nobody_shares_a_wording_the_central_one_is_the_other_name() -> None:
    brief = _brief(Cause.OTHER_WORDS, article=an_article("end"), said=(("a b c", 1), ("quit the club", 1)))
    assert propose(brief).aka == ("quit the club",)


def test_an_article_that_is_gone_is_written_anew() -> None:
    assert propose(_brief(Cause.UNHELPFUL)).kind is Kind.NEW_ARTICLE


def test_what_is_to_be_improved_comes_with_its_readers_reasons() -> None:
    proposal = propose(_brief(Cause.UNHELPFUL, article=an_article("end"), reasons=("unclear", "wrong")))
    assert (proposal.kind, proposal.reasons) == (Kind.IMPROVE, ("unclear", "wrong"))


def test_the_topic_is_that_of_most_near_articles() -> None:
    near = [an_article("a", topic="x"), an_article("b", topic="y"), an_article("c", topic="y")]
    assert topic_of(near, None) == "y"
    assert topic_of([], None) is None
