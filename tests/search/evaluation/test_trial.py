from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.search.evaluation.sections import cut_at_headings
from portal.search.evaluation.trial import Method, Trial
from portal.search.parts import WORDS_ALONE
from tests.search.evaluation.judged import DOCUMENTS, QUERIES, RELEVANT


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    trial = Trial(tmp_path / "index", "en", DOCUMENTS, Method(cut_at_headings, WORDS_ALONE))
    yield trial
    trial.close()


def test_documents_are_found_under_their_own_ids_whatever_these_are(trial: Trial) -> None:
    assert trial.sections == 4
    for key, text in QUERIES.items():
        answer = trial.ask(text)
        assert answer.found[:1] == tuple(RELEVANT[key])
        assert answer.score > 0
        assert answer.milliseconds > 0


def test_an_article_that_is_left_out_is_not_found(trial: Trial) -> None:
    for key, text in QUERIES.items():
        assert not set(trial.ask(text, without=RELEVANT[key]).found) & set(RELEVANT[key])


def test_a_query_that_finds_nothing_has_no_score(trial: Trial) -> None:
    answer = trial.ask("?!")
    assert (answer.found, answer.score) == ((), 0.0)
