from portal.search.evaluation.honesty import judge_honesty
from portal.search.evaluation.trial import Searched


def _answer(confidence: float | None, score: float = 1.0, *, is_empty: bool = False) -> Searched:
    return Searched(() if is_empty else ("a",), 0.0 if is_empty else score, confidence, 1.0)


def test_confidence_and_top_score_are_judged_on_the_same_queries() -> None:
    answered = [_answer(0.9, 2.0), _answer(0.4, 2.0)]
    unanswered = [_answer(0.1, 2.0), _answer(0.5, 3.0)]
    found = judge_honesty(answered, unanswered, floor=0.45)
    assert found.shown.auroc == 3 / 4
    assert found.top_score_auroc == 1 / 4
    assert (found.shown.answered_empty, found.shown.unanswered_empty) == (1 / 2, 1 / 2)
    assert found.n == 2


def test_a_page_without_hits_is_empty_whatever_the_confidence() -> None:
    found = judge_honesty([_answer(0.9)], [_answer(0.9, is_empty=True)], floor=0.0)
    assert (found.shown.answered_empty, found.shown.unanswered_empty) == (0, 1)
    assert found.top_score_auroc == 1


def test_where_the_search_gives_no_confidence_nothing_is_said_of_it() -> None:
    found = judge_honesty([_answer(None)], [_answer(None)], floor=0.5)
    assert found.shown.auroc is found.control.auroc is None
    assert found.shown.answered_empty == 0


def test_a_query_of_which_no_word_is_left_has_no_confidence() -> None:
    assert judge_honesty([_answer(0.2)], [_answer(None, is_empty=True)], floor=0.5).shown.auroc == 1


def test_shuffled_labels_tell_nothing() -> None:
    answered = [_answer(0.9) for _ in range(400)]
    unanswered = [_answer(0.1) for _ in range(400)]
    found = judge_honesty(answered, unanswered, floor=0.5)
    assert found.shown.auroc == 1
    assert found.control.auroc is not None
    assert abs(found.control.auroc - 0.5) < 0.1
    assert abs(found.control.answered_empty - found.control.unanswered_empty) < 0.2
    assert judge_honesty(answered, unanswered, floor=0.5) == found
