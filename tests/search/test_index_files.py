"""An index's files together: written anew, carried on, and what of articles that went is left in them."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from portal.content.synonyms_file import SynonymRule
from portal.search.document import IndexDocument
from portal.search.index_files import (
    COUNTS,
    IMPACTS,
    SPELLING,
    SYNONYMS,
    WORDINGS,
    Beside,
    articles_in,
    count_sections,
    update_index,
    write_index,
    write_synonyms,
)
from portal.search.meaning.indexing import read_state
from portal.search.rankings import Ranking
from portal.search.text_index import TextIndex
from portal.search.words.synonyms import Synonyms, compile_synonyms
from tests.search.documents import HELP_CENTRE, a_section, an_index, checksums, found, linked
from tests.search.drawn import ODD, Articles, articles, changed, changes, sections
from tests.search.meaning.bag import BagOfWords, KeptByBag

WORKED_OUT = (COUNTS, IMPACTS, WORDINGS, SPELLING, SYNONYMS)
SAME_BYTES = (COUNTS, WORDINGS, SPELLING, SYNONYMS)
"""Files that tell nothing of Whoosh's numbers, so that equal articles in equal order make equal bytes."""
FLEECE = compile_synonyms([SynonymRule(1, ("fleece", "wool"), ("fleece", "wool"))], "en")


def answers(index: TextIndex, queries: Sequence[str]) -> list[tuple[Ranking, list[str]]]:
    """Return what an index finds, and the anchors that it leads to."""
    found = [index.search(query, want=10) for query in queries]
    return [(one, [index.place(hit.section)[0] for hit in one.ranked]) for one in found]


def test_an_update_writes_to_no_file_that_was_there(tmp_path: Path) -> None:
    old = tmp_path / "old"
    kept = KeptByBag(tmp_path / "kept.sqlite", BagOfWords())
    write_index(old, "en", HELP_CENTRE, Beside(kept=kept))
    before, stamps = checksums(old), {file: file.stat().st_mtime_ns for file in old.iterdir()}
    assert before.keys() > {*WORKED_OUT, "meaning.json", "passages.bin", "vectors-1.bin"}
    new = linked(old, tmp_path / "new")
    for number in range(8):
        documents = [a_section(f"Of ink {number}.", article=f"a{number}", title="Ink")]
        update_index(new, "en", removed={"refund"}, documents=documents, beside=Beside(synonyms=FLEECE, kept=kept))
    kept.close()
    assert checksums(old) == before
    assert {file: file.stat().st_mtime_ns for file in old.iterdir()} == stamps
    index = TextIndex(old, "en", BagOfWords())
    assert found(index, "refund")[0] == "refund"
    index.close()


def test_what_is_open_goes_on_while_the_index_is_carried_on_below_it(tmp_path: Path) -> None:
    index = an_index(tmp_path)
    before = answers(index, ["router", "refund", "paswords"])
    update_index(tmp_path, "en", removed={"router", "password"}, documents=[a_section("router", article="new")])
    assert answers(index, ["router", "refund", "paswords"]) == before
    index.close()


@pytest.mark.parametrize("is_replaced", [True, False])
def test_an_article_that_is_taken_out_leaves_no_word_in_what_is_worked_out(tmp_path: Path, is_replaced: bool) -> None:
    secret = a_section(
        "Bodyquokka ink. Wi-Quokka.", article="secretquokka", title="Titlequokka", aka="akaquokka",
        headings="Headquokka", tags=("tagquokka",), topic="topicquokka", summary="Sumquokka.",
        products=("productquokka",), stage="stagequokka",
    )  # fmt: skip
    write_index(tmp_path, "en", [*HELP_CENTRE, secret])
    assert all(b"quokka" in (tmp_path / name).read_bytes() for name in WORKED_OUT if name != SYNONYMS)
    come = [a_section("Ink.", article="secretquokka", title="Harmless")] if is_replaced else []
    update_index(tmp_path, "en", removed={"secretquokka"}, documents=come)
    for name in WORKED_OUT:
        held = (tmp_path / name).read_bytes().lower().replace(b"secretquokka" if is_replaced else b"\n", b"")
        assert b"quokka" not in held, name


def test_synonyms_hold_no_word_of_an_article(tmp_path: Path) -> None:
    write_index(tmp_path, "en", [a_section("quokka fleece", title="quokka")], Beside(synonyms=FLEECE))
    assert Synonyms.from_json((tmp_path / SYNONYMS).read_bytes()) == FLEECE
    assert b"quokka" not in (tmp_path / SYNONYMS).read_bytes()


@settings(max_examples=8)
@given(articles(), changes)
def test_an_index_carried_on_is_as_one_written_anew(some: Articles, steps: list[tuple[set[str], Articles]]) -> None:
    queries = [*ODD, "red ink", '"red blue"', "pri*", "-red blue", "tag:red", "gren"]
    with TemporaryDirectory() as place:
        carried, anew = Path(place) / "carried", Path(place) / "anew"
        write_index(carried, "en", sections(some))
        for gone, come in steps:
            added = update_index(carried, "en", removed=gone, documents=sections(come))
            assert added == len(sections(come))
            some = changed(some, gone, come)
        assert write_index(anew, "en", sections(some)) == count_sections(carried) == count_sections(anew)
        assert articles_in(carried) == articles_in(anew) == tuple(some)
        for name in SAME_BYTES:
            assert (carried / name).read_bytes() == (anew / name).read_bytes(), name
        one, other = TextIndex(carried, "en"), TextIndex(anew, "en")
        assert answers(one, queries) == answers(other, queries)
        one.close()
        other.close()


def test_vectors_of_an_index_carried_on_are_those_of_one_written_anew(tmp_path: Path) -> None:
    kept = KeptByBag(tmp_path / "kept.sqlite", BagOfWords())
    beside = Beside(kept=kept)
    some: Articles = {
        name: tuple(one for one in HELP_CENTRE if one.article == name) for name in ("password", "router", "refund")
    }
    write_index(tmp_path / "carried", "en", sections(some), beside)
    for number in range(7):
        bodies = ("The printer is out of ink.", f"Toner number {number}.", "")
        own = tuple(a_section(body, article=f"ink{number % 4}", title="Printing") for body in bodies)
        come: Articles = {f"ink{number % 4}": own}
        gone = {"router"} if number == 3 else set()
        update_index(tmp_path / "carried", "en", removed=gone, documents=sections(come), beside=beside)
        some = changed(some, gone, come)
    write_index(tmp_path / "anew", "en", sections(some), beside)
    kept.close()
    assert read_state(tmp_path / "carried") == read_state(tmp_path / "anew")
    assert read_state(tmp_path / "anew").vectors > 0
    one, other = (TextIndex(tmp_path / name, "en", BagOfWords()) for name in ("carried", "anew"))
    queries = ["toner", "how do I print", "money back", "wireless"]
    assert answers(one, queries) == answers(other, queries)
    assert one.near("ink0", 3) == other.near("ink0", 3) != []
    one.close()
    other.close()


def test_other_synonyms_are_written_beside_those_of_who_has_the_older_ones(tmp_path: Path) -> None:
    write_index(tmp_path / "old", "en", [a_section("wool", article="wool"), a_section("ink", article="ink")])
    new = linked(tmp_path / "old", tmp_path / "new")
    write_synonyms(new, FLEECE)
    index, older = TextIndex(new, "en"), TextIndex(tmp_path / "old", "en")
    assert (found(index, "fleece"), found(older, "fleece")) == (["wool"], [])
    index.close()
    older.close()


def test_an_index_without_any_section_is_one_and_can_be_carried_on(tmp_path: Path) -> None:
    index = an_index(tmp_path / "index", [])
    assert (count_sections(tmp_path / "index"), articles_in(tmp_path / "index")) == (0, ())
    for query in ("ink", "", "ink*", '"ink pen"', "tag:ink", "what is ink"):
        assert found(index, query) == []
        assert found(index, query, tag="ink") == []
    index.close()
    update_index(tmp_path / "index", "en", removed={"a"}, documents=[a_section("ink", article="a")])
    update_index(tmp_path / "index", "en", removed={"a"}, documents=[])
    assert count_sections(tmp_path / "index") == 0
    update_index(tmp_path / "index", "en", removed={"a"}, documents=[a_section("ink", article="a")])
    index = TextIndex(tmp_path / "index", "en")
    assert found(index, "ink") == ["a"]
    index.close()


@pytest.mark.parametrize("name", [COUNTS, WORDINGS])
def test_an_index_whose_files_are_damaged_is_not_carried_on(tmp_path: Path, name: str) -> None:
    write_index(tmp_path, "en", HELP_CENTRE)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:200])
    with pytest.raises(ValueError, match=r"."):
        update_index(tmp_path, "en", removed={"router"}, documents=[])


def test_equal_articles_make_equal_files(tmp_path: Path) -> None:
    documents: list[IndexDocument] = list(HELP_CENTRE)
    for name in ("one", "other"):
        write_index(tmp_path / name, "en", documents)
    for name in WORKED_OUT:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes(), name
