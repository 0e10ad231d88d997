"""One test for each thing that we ask of Whoosh, so that another release of it shows at once what it changed."""

import pickle
import subprocess
import sys
from pathlib import Path

from whoosh.index import create_in, open_dir
from whoosh.lang.stopwords import stoplists
from whoosh.query import Phrase
from whoosh.searching import Searcher

from portal.search.schema import WordAnalyser, schema_for
from tests.search.documents import a_section, an_index, checksums


def searcher(folder: Path) -> Searcher:
    an_index(folder, [a_section("one two three", article="a"), a_section("three two one two", article="b")]).close()
    return open_dir(folder, readonly=True, schema=schema_for("en")).searcher()


def test_it_imports_without_warnings_network_or_extras() -> None:
    code = "import sys, whoosh.index, whoosh.qparser, whoosh.query, whoosh.lang.stopwords\n"
    code += "assert not {'socket', 'ssl', 'http.client', 'urllib.request', 'subprocess'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_it_counts_words_in_documents_and_documents_with_words(tmp_path: Path) -> None:
    with searcher(tmp_path) as open_searcher:
        matcher = open_searcher.postings("body", "two", weighting=None)
        counts = {}
        while matcher.is_active():
            counts[matcher.id()] = matcher.weight()
            matcher.next()
        assert counts == {0: 1.0, 1: 2.0}
        assert open_searcher.doc_frequency("body", "two") == 2
        assert open_searcher.doc_frequency("body", "four") == 0
        assert open_searcher.reader().doc_field_length(1, "body") == 4


def test_it_keeps_stored_fields_and_a_column_of_articles(tmp_path: Path) -> None:
    with searcher(tmp_path) as open_searcher:
        reader = open_searcher.reader()
        assert reader.stored_fields(1) == {"article": "b", "anchor": "", "heading": "", "text": "three two one two"}
        column = reader.column_reader("article")
        assert [column[number] for number in reader.all_doc_ids()] == ["a", "b"]


def test_a_column_of_several_segments_is_read_by_document_and_has_no_length(tmp_path: Path) -> None:
    searcher(tmp_path).close()
    writer = open_dir(tmp_path).writer()
    writer.add_document(article="c", place=b"here")
    writer.commit(merge=False)
    with open_dir(tmp_path).searcher() as open_searcher:
        column = open_searcher.reader().column_reader("place")
        assert [column[number] for number in range(3)] == [b"\n", b"\n", b"here"]
        assert len(column) == 0, "so nobody may ask whether there is one by its truth"


def test_it_finds_phrases_by_position(tmp_path: Path) -> None:
    with searcher(tmp_path) as open_searcher:
        assert list(Phrase("body", ["two", "three"]).docs(open_searcher)) == [0]
        assert list(Phrase("body", ["three", "two"]).docs(open_searcher)) == [1]


def test_it_expands_prefixes_by_alphabet(tmp_path: Path) -> None:
    with searcher(tmp_path) as open_searcher:
        assert list(open_searcher.reader().expand_prefix("body", "t")) == [b"three", b"two"]


def test_it_deletes_beside_and_adds_segments_without_merging(tmp_path: Path) -> None:
    searcher(tmp_path).close()
    before = checksums(tmp_path)
    writer = open_dir(tmp_path).writer()
    writer.delete_by_term("article", "a")
    writer.add_document(article="c", body="four")
    writer.commit(merge=False)
    after = checksums(tmp_path)
    assert {name for name in before if name.endswith(".seg")} < {name for name in after if name.endswith(".seg")}
    assert all(after[name] == before[name] for name in before.keys() & after.keys())
    with open_dir(tmp_path).searcher() as open_searcher:
        assert len(open_searcher.reader().leaf_readers()) == 2
        assert list(open_searcher.reader().all_doc_ids()) == [1, 2]


def test_a_schema_given_on_opening_stands_above_the_one_in_the_file(tmp_path: Path) -> None:
    create_in(tmp_path, schema_for("en"))
    assert open_dir(tmp_path, schema=schema_for("de")).schema["body"].analyzer.lang == "de"


def test_an_analyser_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(WordAnalyser("en")))  # noqa: S301 - our own, just made
    assert [token.text for token in copy("Resetting it")] == ["reset", "it"]
    assert [token.text for token in copy("Wi-Fi", mode="query")] == ["wi", "fi"]


def test_it_lists_stop_words_of_fourteen_languages() -> None:
    assert {"da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ru", "sv", "tr"} <= stoplists.keys()
    assert "the" in stoplists["en"]
