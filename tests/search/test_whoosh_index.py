from pathlib import Path

import pytest
from whoosh.query import Phrase, Prefix, Term

from portal.search.document import IndexDocument
from portal.search.impacts import MOST_BEGUN
from portal.search.whoosh_index import (
    MOST_GONE,
    MOST_SEGMENTS,
    WhooshReader,
    documents_of,
    needs_rebuild,
    update_whoosh,
    write_whoosh,
)
from tests.search.documents import HELP_CENTRE, a_section, checksums, linked


def article(name: str, *bodies: str) -> list[IndexDocument]:
    return [a_section(body, article=name, anchor=f"{name}{number}") for number, body in enumerate(bodies)]


def anchors(folder: Path, *articles: str) -> list[str]:
    """Return the anchors of articles' sections, as the index has them, article by article."""
    reader = WhooshReader(folder, "en")
    found = [reader.place(document)[0] for document in documents_of(folder, articles).tolist()]
    reader.close()
    return found


def test_documents_are_numbered_article_by_article_whatever_their_order_in_the_index(tmp_path: Path) -> None:
    write_whoosh(tmp_path, "en", [*article("a", "1", "2"), *article("b", "1"), *article("c", "1", "2")])
    assert anchors(tmp_path, "b", "c", "a") == ["b0", "c0", "c1", "a0", "a1"]
    update_whoosh(tmp_path, "en", removed={"b"}, documents=[*article("d", "1", "2"), *article("b", "1", "2")])
    assert anchors(tmp_path, "a", "c", "d", "b") == ["a0", "a1", "c0", "c1", "d0", "d1", "b0", "b1"]


def test_documents_stay_found_when_segments_are_merged(tmp_path: Path) -> None:
    names = [f"a{number}" for number in range(MOST_SEGMENTS + 3)]
    write_whoosh(tmp_path, "en", [one for number in range(30) for one in article(f"old{number}", "x", "y")])
    for name in names:
        update_whoosh(tmp_path, "en", removed=(), documents=article(name, "x", "y"))
        assert len(list(tmp_path.glob("*.seg"))) <= MOST_SEGMENTS
    assert anchors(tmp_path, *names) == [f"{name}{number}" for name in names for number in range(2)]


def test_an_update_writes_to_no_file_that_was_there_and_leaves_no_lock(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    write_whoosh(tmp_path / "old", "en", HELP_CENTRE)
    before, stamps = (
        checksums(tmp_path / "old"),
        {file: file.stat().st_mtime_ns for file in (tmp_path / "old").iterdir()},
    )
    new = linked(tmp_path / "old", tmp_path / "new")
    for number in range(MOST_SEGMENTS + 1):
        update_whoosh(new, "en", removed={"router", "refund"}, documents=article(f"a{number}", "new"))
    assert checksums(tmp_path / "old") == before
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "old").iterdir()} == stamps
    assert not [file.name for folder in ("old", "new") for file in (tmp_path / folder).glob("*LOCK*")]
    assert anchors(tmp_path / "old", "router") == [""]


def test_an_index_needs_to_be_written_anew_when_much_of_it_is_gone(tmp_path: Path) -> None:
    names = [f"a{number}" for number in range(10)]
    write_whoosh(tmp_path, "en", [one for name in names for one in article(name, "ink")])
    most = int(MOST_GONE * len(names))
    for number, name in enumerate(names[: most + 1], start=1):
        update_whoosh(tmp_path, "en", removed={name}, documents=())
        assert needs_rebuild(tmp_path) is (number > most)


def test_an_index_without_any_section_is_one(tmp_path: Path) -> None:
    write_whoosh(tmp_path, "en", ())
    assert documents_of(tmp_path, ()).tolist() == []
    assert not needs_rebuild(tmp_path)
    reader = WhooshReader(tmp_path, "en")
    assert [
        reader.documents_for(leaf) for leaf in (Term("body", "ink"), Phrase("body", ["a", "b"]), Prefix("body", "i"))
    ] == [[], [], []]
    reader.close()
    update_whoosh(tmp_path, "en", removed={"a"}, documents=article("a", "ink"))
    assert anchors(tmp_path, "a") == ["a0"]


def test_an_article_that_is_not_there_has_no_documents(tmp_path: Path) -> None:
    write_whoosh(tmp_path, "en", article("a", "ink"))
    with pytest.raises(KeyError):
        documents_of(tmp_path, ["b"])


def test_terms_phrases_and_beginnings_are_found_by_section(tmp_path: Path) -> None:
    write_whoosh(tmp_path, "en", article("a", "blue ink", "ink blue", "inkwell"))
    reader = WhooshReader(tmp_path, "en")
    assert sorted(reader.documents_for(Term("body", "ink"))) == [0, 1]
    assert reader.documents_for(Phrase("body", ["blue", "ink"])) == [0]
    assert sorted(set(reader.documents_for(Prefix("body", "ink")))) == [0, 1, 2]
    assert reader.documents_for(Term("body", "pen")) == []
    reader.close()


def test_a_beginning_stands_for_so_many_words_and_no_more(tmp_path: Path) -> None:
    write_whoosh(
        tmp_path, "en", [a_section(f"ink{number:03}", article=f"a{number}") for number in range(MOST_BEGUN + 9)]
    )
    reader = WhooshReader(tmp_path, "en")
    assert sorted(reader.documents_for(Prefix("body", "ink"))) == list(range(MOST_BEGUN))
    reader.close()


def test_a_section_is_kept_as_it_was_written(tmp_path: Path) -> None:
    odd = "Über \x00 \ud800 <b>naïve</b>\n  two lines"
    write_whoosh(tmp_path, "en", [a_section(odd, article="a", anchor="ü", headings=f"Outer\n{odd[:4]}")])
    reader = WhooshReader(tmp_path, "en")
    assert reader.stored(0) == {"article": "a", "anchor": "ü", "heading": "Über", "text": odd}
    assert reader.place(0) == ("ü", "Über")
    reader.close()


def test_a_reader_goes_on_when_its_files_are_gone(tmp_path: Path) -> None:
    write_whoosh(tmp_path, "en", HELP_CENTRE)
    reader = WhooshReader(tmp_path, "en")
    for file in tmp_path.iterdir():
        file.unlink()
    (document,) = reader.documents_for(Term("body", "router"))
    assert reader.stored(document)["article"] == "router"
    reader.close()
