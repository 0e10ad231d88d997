from array import array
from pathlib import Path

import pytest
from whoosh.index import open_dir
from whoosh.scoring import BM25F

from portal.search.impacts import ImpactReader
from portal.search.ranking import (
    BOOSTS,
    COVERAGE,
    K1,
    MOST_FURTHER,
    NEARLY,
    WEAK,
    B,
    Found,
    Impacts,
    Sought,
    add_up,
    further,
    impact,
    rank,
    rarity,
    top,
)
from tests.search.documents import HELP_CENTRE, an_index

ARTICLE_OF = [0, 0, 1, 2]
FIRST = [0, 2, 3]


def heard(sections: dict[int, float], articles: dict[int, float] | None = None, *, is_weak: bool = False) -> Sought:
    articles = articles or {}
    impacts = Impacts(
        array("i", sections), array("f", sections.values()), array("i", articles), array("f", articles.values())
    )
    return Sought(impacts, is_weak=is_weak)


def ranked(*words: Sought, allowed: set[int] | None = None) -> dict[int, Found]:
    return {found.article: found for found in rank(add_up(words), ARTICLE_OF, FIRST, allowed)}


def test_an_article_scores_by_its_own_fields_and_its_best_section() -> None:
    found = ranked(heard({0: 1.0, 1: 2.0, 2: 2.5}, {0: 1.0}))
    assert found == {0: Found(0, 1, 3.0), 1: Found(1, 2, 2.5)}


def test_an_article_met_by_its_title_alone_shows_its_first_section() -> None:
    assert ranked(heard({}, {2: 1.5})) == {2: Found(2, 3, 1.5)}


def test_missing_words_cost_by_their_share() -> None:
    found = ranked(heard({0: 1.0, 2: 1.0}), heard({0: 1.0}, {}))
    assert found[0].score == pytest.approx(2.0)
    assert found[1].score == pytest.approx(1.0 * 0.5**COVERAGE)


def test_a_word_in_title_and_section_is_met_once() -> None:
    found = ranked(heard({0: 1.0}, {0: 1.0}), heard({1: 1.0}))
    assert found[0] == Found(0, 1, 2.0), "section 1 meets both words with the title, section 0 only one of them"


def test_weak_words_lift_only_what_others_found() -> None:
    found = ranked(heard({0: 1.0}), heard({0: 1.0, 2: 9.0}, {1: 9.0}, is_weak=True))
    assert found == {0: Found(0, 0, 1.0 + WEAK)}


def test_only_allowed_articles_are_ranked() -> None:
    assert set(ranked(heard({0: 1.0, 2: 1.0}, {2: 1.0}), allowed={1, 2})) == {1, 2}


def test_further_sections_come_best_first_and_only_where_they_fit_nearly_as_well() -> None:
    weights = add_up([heard({0: 10.0, 1: 7.0, 2: 9.0, 3: 10 * NEARLY - 0.1, 5: 8.0})])
    assert further(weights, Found(0, 0, 10.0), [0, 0, 0, 0, 0, 1], [0, 5]) == (2, 1)
    assert further(weights, Found(1, 5, 8.0), [0, 0, 0, 0, 0, 1], [0, 5]) == ()


def test_further_sections_are_few() -> None:
    weights = add_up([heard(dict.fromkeys(range(40), 1.0))])
    assert further(weights, Found(0, 0, 1.0), [0] * 40, [0]) == tuple(range(1, MOST_FURTHER + 1))


def test_the_best_come_first_and_ties_by_place() -> None:
    assert top([Found(1, 5, 1.0), Found(2, 3, 1.0), Found(3, 9, 2.0)], 2) == [Found(3, 9, 2.0), Found(2, 3, 1.0)]


def test_rarer_words_say_more_and_common_ones_never_count_against() -> None:
    assert rarity(1, 1000) > rarity(500, 1000) > rarity(1000, 1000) > 0


def test_scores_agree_with_whooshs_bm25f_but_for_the_idf(tmp_path: Path) -> None:
    an_index(tmp_path, HELP_CENTRE).close()
    index = open_dir(tmp_path, readonly=True)
    reader = ImpactReader(index)
    with index.searcher(weighting=BM25F(B=B, K1=K1)) as searcher:
        ours, theirs = {}, {}
        for section in reader.sections_with("body", "router"):
            length = searcher.reader().doc_field_length(section, "body")
            ours[section] = impact(2, length, searcher.avg_field_length("body"), searcher.idf("body", "router"))
        matcher = searcher.postings("body", "router", weighting=searcher.weighting)
        while matcher.is_active():
            theirs[matcher.id()] = matcher.score()
            matcher.next()
    impacts = reader.impacts("router")
    reader.close()
    assert ours == pytest.approx(theirs)
    assert list(impacts.sections) == list(theirs)
    in_our_units = theirs[impacts.sections[0]] / searcher.idf("body", "router") * rarity(1, len(HELP_CENTRE))
    # Whoosh rounds the length of a section but not their mean; ours is the mean of the rounded ones.
    assert impacts.section_scores[0] == pytest.approx(in_our_units * BOOSTS["body"], rel=0.01)
