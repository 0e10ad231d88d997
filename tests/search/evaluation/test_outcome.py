from contextlib import closing
from math import log
from pathlib import Path

import pytest

from portal.search.evaluation.beir import Document
from portal.search.evaluation.outcome import Outcome, Wanted, evaluate
from portal.search.evaluation.sections import keep_whole
from portal.search.evaluation.trial import build_index
from portal.search.parts import PLAIN, WORDS_ALONE
from tests.search.evaluation.judged import a_collection


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    wanted = Wanted(parts=WORDS_ALONE, typo_seed=1, floor=0.0)
    return evaluate(a_collection(), tmp_path_factory.mktemp("outcome"), wanted)


def test_a_collection_whose_answers_come_first_is_perfect(outcome: Outcome) -> None:
    ours = outcome.figures
    assert (ours.ndcg, ours.mrr, ours.recall, ours.success, ours.n) == (1, 1, 1, 1, 3)
    assert 0 < ours.p50_ms <= ours.p99_ms
    assert outcome.sections == 4


def test_bm25_typos_and_honesty_are_measured_on_the_same_queries(outcome: Outcome) -> None:
    assert outcome.bm25
    assert outcome.typos
    assert outcome.honesty
    assert outcome.bm25.n == outcome.typos.figures.n == outcome.honesty.n == 3
    assert outcome.typos.kept == outcome.typos.figures.ndcg


def test_without_their_answers_queries_score_less(outcome: Outcome) -> None:
    assert outcome.honesty
    assert outcome.honesty.top_score_auroc == 1


def test_what_is_not_wanted_is_not_measured(tmp_path: Path) -> None:
    found = evaluate(a_collection(), tmp_path, Wanted(parts=WORDS_ALONE, has_baseline=False))
    assert (found.bm25, found.typos, found.honesty) == (None, None, None)


def test_where_nothing_is_found_every_figure_is_zero_and_nothing_is_kept(tmp_path: Path) -> None:
    lost = a_collection(queries={"q1": "zzzz"}, relevant={"q1": {"refund": 1.0}})
    found = evaluate(lost, tmp_path, Wanted(parts=WORDS_ALONE, has_baseline=False, typo_seed=1))
    assert found.figures.ndcg == found.figures.success == 0
    assert found.typos
    assert found.typos.kept is None


def test_progress_names_what_is_done_and_how_much_of_it(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    wanted = Wanted(parts=WORDS_ALONE, typo_seed=1, floor=0.0)
    evaluate(a_collection(), tmp_path, wanted, lambda *what: told.append(what))
    assert len({what for what, _, _ in told}) == 6
    assert all(done < of == 3 for _, done, of in told)


def test_the_baseline_leaves_all_parts_of_our_search_out(tmp_path: Path) -> None:
    documents = {"stop": Document("", "the"), "other": Document("", "router")}
    asked = a_collection(documents, {"q1": "the router"}, {"q1": {"stop": 1.0}})
    found = evaluate(asked, tmp_path, Wanted(parts=WORDS_ALONE))
    assert found.figures.recall == 0
    assert found.bm25
    assert found.bm25.recall == 1


def test_the_baseline_is_bm25_by_the_book(tmp_path: Path) -> None:
    documents = {
        "short": Document("Router", "lost"),
        "long": Document("", "the router is here and the router is there"),
    }
    sections = [section for key, document in documents.items() for section in keep_whole(key, document)]

    def quotient(text: str) -> float:
        scores = {one.article: one.score for one in index.search(text, want=2, parts=PLAIN).ranked}
        return scores["long"] / scores["short"]

    with closing(build_index(tmp_path, "en", sections)[0]) as index:
        found = [quotient(text) for text in ("router", "lost here", "the router")]
    # 2 and 9 words, so 5.5 on average. Only quotients within a query are looked at: scores are shares of its ideal.
    short, long = (1.2 * (1 - 0.75 + 0.75 * length / 5.5) for length in (2, 9))
    in_both, in_one = log(1 + 0.5 / 2.5), log(1 + 1.5 / 1.5)
    router = 2 / (2 + long) * (1 + short)
    lost_here = (1 + short) / (1 + long)
    assert found == pytest.approx([router, lost_here, router * (in_both + in_one) / in_both], rel=1e-4)
