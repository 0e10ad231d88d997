import json

from portal.search.evaluation.honesty import Honesty, Shown
from portal.search.evaluation.outcome import Figures, Outcome, Typos
from portal.search.evaluation.report import as_json, as_lines

OURS = Figures(ndcg=0.9, mrr=0.8, recall=0.95, success=0.7, p50_ms=1.5, p99_ms=9.25, n=40)
LESS = Figures(ndcg=0.6, mrr=0.5, recall=0.75, success=0.4, p50_ms=0.5, p99_ms=1, n=40)
HONESTY = Honesty(shown=Shown(0.91, 0.05, 0.6), top_score_auroc=0.7, control=Shown(0.5, 0.32, 0.33), floor=0.3, n=40)
WHOLE = Outcome(sections=9, encoder="use", figures=OURS, bm25=LESS, typos=Typos(7, LESS, 2 / 3), honesty=HONESTY)
BARE = Outcome(sections=9, encoder=None, figures=OURS, bm25=None, typos=None, honesty=None)


def test_our_figures_stand_at_the_top_and_those_of_bm25_below_its_name() -> None:
    told = as_json(WHOLE, {"half": "test"})
    assert [told[key] for key in ("ndcg@10", "mrr@10", "recall@10", "success@1", "p50_ms", "p99_ms", "n")] == [
        *(0.9, 0.8, 0.95, 0.7, 1.5, 9.25),
        40,
    ]
    assert told["half"] == "test"
    assert told["bm25"]["ndcg@10"] == 0.6
    assert told["typos"]["seed"] == 7
    assert told["typos"]["ndcg@10"] == 0.6
    assert told["typos"]["kept"] == 0.666667
    assert told["unanswerable"]["auroc"] == 0.91
    assert told["unanswerable"]["control"] == {"auroc": 0.5, "answered_empty": 0.32, "unanswered_empty": 0.33}
    assert json.loads(json.dumps(told)) == told


def test_what_was_not_measured_is_not_told() -> None:
    assert not {"bm25", "typos", "unanswerable"} & set(as_json(BARE, {}))
    assert len(list(as_lines(BARE))) == 2


def test_people_read_a_table_and_sentences() -> None:
    lines = list(as_lines(WHOLE))
    assert lines[0].split() == ["nDCG@10", "MRR@10", "Recall@10", "Success@1", "p50", "ms", "p99", "ms"]
    assert lines[1].split() == ["this", "search", "0.9000", "0.8000", "0.9500", "0.7000", "1.50", "9.25"]
    assert lines[2].startswith("plain BM25")
    said = "\n".join(lines[3:])
    for words in ("66.7% of nDCG@10 is kept", "confidence: 0.9100", "top score: 0.7000", "60.0% unanswered"):
        assert words in said
