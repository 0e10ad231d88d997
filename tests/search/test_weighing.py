from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from whoosh.index import open_dir
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from portal.search.counts import ARTICLE_KINDS, SECTION_KINDS, Counts, count
from portal.search.document import IndexDocument
from portal.search.weighing import BOOSTS, Formula, Impacts, Scores, mean_where_any, rarity, weigh
from portal.search.whoosh_index import write_whoosh
from tests.search.documents import HELP_CENTRE, a_section
from tests.search.drawn import Articles, articles, sections

LONGEST = 10
"""Words of a field, up to which Whoosh keeps its length to the word; longer ones it rounds."""
_short = st.lists(st.sampled_from(("red", "blue", "green", "ink", "pen", "paper")), max_size=LONGEST).map(" ".join)


def gains(scores: Scores, number: int) -> dict[int, float]:
    own = slice(*scores.at[number : number + 2])
    return dict(zip(scores.units[own].tolist(), scores.gains[own].tolist(), strict=True))


def by_word(counts: Counts, impacts: Impacts, word: str) -> tuple[dict[int, float], dict[int, float]]:
    number = counts.words.index(word)
    return gains(impacts.by_section, number), gains(impacts.by_article, number)


@contextmanager
def whooshs(documents: Sequence[IndexDocument], k1: float, b: float) -> Iterator[Searcher]:
    with TemporaryDirectory() as folder:
        write_whoosh(Path(folder), "en", documents)
        with open_dir(folder, readonly=True).searcher(weighting=BM25F(B=b, K1=k1)) as searcher:
            yield searcher


def scores_by(searcher: Searcher, fields: Sequence[str], word: str, boosts: Mapping[str, float]) -> dict[int, float]:
    """Return Whoosh's own scores of a word, its fields added up."""
    found: dict[int, float] = {}
    for field in fields:
        if (field, word.encode()) in searcher.reader():
            matcher = searcher.postings(field, word, weighting=searcher.weighting)
            while matcher.is_active():
                found[matcher.id()] = found.get(matcher.id(), 0.0) + boosts[field] * matcher.score()
                matcher.next()
    return found


def whooshs_rarity(holders: NDArray[np.float64], of: int) -> NDArray[np.float64]:
    return np.log(of / (holders + 1)) + 1


def whooshs_mean(lengths: NDArray[np.int32]) -> float:
    return float(lengths.sum() / len(lengths)) or 1.0


@settings(max_examples=25)
@given(
    st.lists(st.tuples(_short, _short, _short), min_size=1, max_size=5),
    st.floats(0.1, 3),
    st.floats(0, 1),
    st.lists(st.floats(0.1, 5), min_size=len(BOOSTS), max_size=len(BOOSTS)),
)
def test_scores_are_those_of_whooshs_own_bm25f(
    said: list[tuple[str, str, str]], k1: float, b: float, weights: list[float]
) -> None:
    documents = [
        a_section(body, article=f"a{number}", title=title, headings=headings, aka=title[:3])
        for number, (title, headings, body) in enumerate(said)
    ]
    boosts = dict(zip(BOOSTS, weights, strict=True))
    counts = count(documents, "en")
    impacts = weigh(counts, Formula(k1=k1, b=b, boosts=boosts, rarity=whooshs_rarity, mean=whooshs_mean))
    with whooshs(documents, k1, b) as searcher:
        for word in counts.words:
            in_sections, in_articles = by_word(counts, impacts, word)
            assert in_sections == pytest.approx(scores_by(searcher, SECTION_KINDS, word, boosts), rel=1e-5)
            in_fields = scores_by(searcher, ARTICLE_KINDS[:-1], word, boosts)
            assert {unit: gain for unit, gain in in_articles.items() if gain} == pytest.approx(in_fields, rel=1e-5)


def test_a_score_is_the_formula_of_the_textbook() -> None:
    counts = count(
        [a_section("ink ink pen", article="a", title="Ink"), a_section("pen", article="b", title="Pen")], "en"
    )
    in_sections, in_articles = by_word(counts, weigh(counts), "ink")
    idf = log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    body = idf * BOOSTS["body"] * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2))
    assert in_sections == pytest.approx({0: body})
    assert in_articles == pytest.approx({0: idf * BOOSTS["title"]}), (
        "one word of one, the mean length: neither up nor down"
    )


def test_what_can_be_filtered_by_scores_nothing() -> None:
    counts = count(HELP_CENTRE, "en")
    impacts = weigh(counts)
    for word in (word for word in counts.words if word.startswith("\x01")):
        in_sections, in_articles = by_word(counts, impacts, word)
        assert in_sections == {}
        assert set(in_articles.values()) == {0.0}


@given(articles())
def test_no_word_adds_more_than_its_peak_and_none_takes_away(some: Articles) -> None:
    counts = count(sections(some), "en")
    impacts = weigh(counts)
    assert len(impacts.peaks) == len(impacts.rarities) == len(counts.words)
    for number, word in enumerate(counts.words):
        in_sections, in_articles = by_word(counts, impacts, word)
        assert list(in_sections) == sorted(in_sections)
        assert list(in_articles) == sorted(in_articles)
        added = [
            in_sections.get(section, 0.0) + in_articles.get(article, 0.0)
            for section, article in enumerate(counts.article_of.tolist())
        ]
        assert min(added) >= 0
        assert max(added) <= impacts.peaks[number] * (1 + 1e-6)
        assert impacts.rarities[number] > 0


def test_rarer_words_say_more_and_common_ones_never_count_against() -> None:
    found = rarity(np.array([1.0, 500.0, 1000.0]), 1000).tolist()
    assert found == sorted(found, reverse=True)
    assert found[-1] > 0


def test_texts_without_a_field_do_not_make_the_others_long() -> None:
    assert mean_where_any(np.array([0, 4, 0, 2], np.int32)) == 3
    assert mean_where_any(np.zeros(3, np.int32)) == mean_where_any(np.zeros(0, np.int32)) == 1


def test_a_longer_text_is_held_back() -> None:
    documents = [a_section("ink", article="a"), a_section("ink and many other words beside", article="b")]
    counts = count(documents, "en")
    in_sections, _ = by_word(counts, weigh(counts), "ink")
    assert in_sections[0] > in_sections[1]
    in_sections, _ = by_word(counts, weigh(counts, Formula(b=0)), "ink")
    assert in_sections[0] == pytest.approx(in_sections[1])
