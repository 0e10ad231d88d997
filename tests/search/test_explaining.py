from pathlib import Path

import pytest

from portal.content.synonyms_file import parse_synonyms
from portal.search.explaining import Explanation
from portal.search.index_files import Beside, write_index
from portal.search.parts import WHOLE
from portal.search.ranking import COVERAGE
from portal.search.text_index import TextIndex
from portal.search.words.synonyms import compile_synonyms
from tests.search.documents import HELP_CENTRE, an_index


def explained(index: TextIndex, text: str) -> dict[str, Explanation]:
    return dict(index.explain(index.look(text, WHOLE, {}), 10))


def test_the_parts_of_a_score_come_to_what_the_ranking_has(tmp_path: Path) -> None:
    index = an_index(tmp_path)
    for text in ("how do I reset my password", "router", "refund bank", "the expired link"):
        ranked = {one.article: one.score for one in index.search(text, want=10).ranked}
        why = explained(index, text)
        assert list(why) == list(ranked)
        for article, one in why.items():
            share = (one.met / one.looked_for) ** COVERAGE
            words = share * sum(part.section + part.article for part in one.parts) / one.ideal
            assert one.words == pytest.approx(words, abs=1e-5)
            assert one.score == pytest.approx(one.words + one.title_bonus, abs=1e-4)
            assert one.score == pytest.approx(ranked[article])


def test_each_word_says_why_it_was_looked_for(tmp_path: Path) -> None:
    rules, _ = parse_synonyms("synonyms.txt", b"hotspot, router")
    write_index(tmp_path, "en", HELP_CENTRE, Beside(synonyms=compile_synonyms(rules, "en")))
    index = TextIndex(tmp_path, "en")
    kinds = {part.word: part.kind for part in explained(index, "restart the hotspot")["router"].parts}
    assert (kinds["restart"], kinds["router"], kinds["the"]) == ("typed", "synonym", "weak")
    kinds = {part.word: part.kind for part in explained(index, "refunt")["refund"].parts}
    assert kinds["refund"] == "correction"


def test_the_words_of_a_longer_synonym_are_told_at_what_they_count(tmp_path: Path) -> None:
    rules, _ = parse_synonyms("synonyms.txt", b"router, reset your password")
    write_index(tmp_path, "en", HELP_CENTRE, Beside(synonyms=compile_synonyms(rules, "en")))
    (why, *_) = [
        one for article, one in explained(TextIndex(tmp_path, "en"), "router").items() if article == "password"
    ]
    words = sum(part.section + part.article for part in why.parts if part.kind == "synonym") / why.ideal
    assert why.words == pytest.approx(words, abs=1e-5)


def test_an_exact_title_shows_its_bonus(tmp_path: Path) -> None:
    why = explained(an_index(tmp_path), "get a refund")
    assert why["refund"].title_bonus > 0
    assert all(one.title_bonus == 0 for article, one in why.items() if article != "refund")


def test_nothing_found_is_explained_by_nothing(tmp_path: Path) -> None:
    assert explained(an_index(tmp_path), "zzyzx") == {}
