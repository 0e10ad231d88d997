import gzip
import hashlib
from pathlib import Path

import pytest

from portal.errors import Invalid
from portal.search.evaluation.beir import Document, files_in, half_of, is_development, read_collection
from tests.search.evaluation.judged import a_collection, written


def test_the_three_files_become_documents_queries_and_judgements(tmp_path: Path) -> None:
    read = read_collection(*written(tmp_path))
    assert read.documents["refund"] == Document("", "Refunds reach your bank within five days.")
    assert read.relevant == {"q1": {"password": 1}, "q3": {"refund": 1}}
    assert read.unknown == ()


def test_a_query_without_anything_relevant_is_not_asked(tmp_path: Path) -> None:
    read = read_collection(*written(tmp_path, qrels="q1 password 1\nq2 refund 0\nq1 refund 0\n"))
    assert set(read.queries) == {"q1"}
    assert read.relevant == {"q1": {"password": 1}}


def test_packed_files_and_other_ids_and_missing_titles_are_understood(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        corpus_gz='\ufeff{"id": 7, "text": "seven"}\n\n{"_id": "8", "title": null, "text": "eight"}\n',
        queries='{"id": "q", "text": "seven?"}\r\n',
        qrels_gz="query-id corpus-id score\nq 7 2.5\n",
    )
    read = read_collection(*files)
    assert read.documents == {"7": Document("", "seven"), "8": Document("", "eight")}
    assert read.relevant == {"q": {"7": 2.5}}


def test_ids_with_blanks_are_kept_where_tabs_stand_between(tmp_path: Path) -> None:
    files = written(tmp_path, corpus='{"_id": "a b", "text": "x"}', qrels="q1\ta b\t1\n")
    assert read_collection(*files).relevant == {"q1": {"a b": 1}}


def test_ids_that_no_file_has_are_named_and_left_out(tmp_path: Path) -> None:
    read = read_collection(*written(tmp_path, qrels="q1 password 1\nq9 refund 1\nq1 lost 1\nq9 lost 0\n"))
    assert read.unknown == ("q9", "lost")
    assert read.relevant == {"q1": {"password": 1}}


@pytest.mark.parametrize(
    ("name", "text", "where", "words"),
    [
        ("corpus", '{"_id": "a", "text": "x"}\n{"_id": "b", ', "corpus.jsonl:2", "not a line of JSON"),
        ("corpus", "[" * 200_000, "corpus.jsonl:1", "not a line of JSON"),
        ("corpus", '["a"]', "corpus.jsonl:1", "not an object"),
        ("corpus", '{"text": "x"}', "corpus.jsonl:1", "no `_id` or `id`"),
        ("corpus", '{"_id": true, "text": "x"}', "corpus.jsonl:1", "no `_id` or `id`"),
        ("corpus", '\n{"_id": "a", "title": "x"}', "corpus.jsonl:2", "no `text`"),
        ("corpus", '{"_id": "a", "title": 5, "text": "x"}', "corpus.jsonl:1", "no `title`"),
        ("corpus", '{"_id": "a", "text": "x"}\n{"_id": "a", "text": "y"}', "corpus.jsonl:2", "on line 1 already"),
        ("corpus", "", "corpus.jsonl", "empty"),
        ("queries", '{"_id": "q"}', "queries.jsonl:1", "no `text`"),
        ("qrels", "q1 password\n", "qrels.tsv:1", "2 columns"),
        ("qrels", "q1 0 password 1\n", "qrels.tsv:1", "4 columns"),
        ("qrels", "query-id corpus-id score\nq1 password yes\n", "qrels.tsv:2", "no number"),
        ("qrels", "q1 password nan\n", "qrels.tsv:1", "no number"),
        ("qrels", "q1 password 1\nq1 password 0\n", "qrels.tsv:2", "another score above"),
        ("qrels", "query-id corpus-id score\n", "qrels.tsv", "no judgements"),
        ("qrels", "q1 password 0\n", "qrels.tsv", "no judgement says"),
        ("qrels", "other any 1\n", "qrels.tsv", "no judgement says"),
    ],
)
def test_what_cannot_be_used_is_told_with_file_and_line(
    name: str, text: str, where: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(Invalid) as told:
        read_collection(*written(tmp_path, **{name: text}))
    assert f"{tmp_path / where}: " in str(told.value)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'{"_id": "a", "text": "x"}\n{"_id": "b", "text": "\xff"}', ":2: not UTF-8"),
        (gzip.compress(b'{"_id": "a", "text": "x"}' * 50)[:-12], "can't be read"),
        (b"\x1f\x8bno gzip", "can't be read"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_is_told(raw: bytes, words: str, tmp_path: Path) -> None:
    files = written(tmp_path)
    files[0].write_bytes(raw)
    with pytest.raises(Invalid, match=words):
        read_collection(*files)


def test_a_folder_is_searched_for_the_three_names_packed_or_not(tmp_path: Path) -> None:
    files = written(tmp_path, corpus_gz='{"id": "7", "text": "seven"}')
    assert files_in(tmp_path) == files
    files[1].unlink()
    with pytest.raises(Invalid, match=r"neither queries\.jsonl nor queries\.jsonl\.gz"):
        files_in(tmp_path)


def test_halves_are_told_by_the_hash_of_the_query_id_and_share_nothing() -> None:
    queries = {str(i): f"query {i}" for i in range(50)}
    whole = a_collection(queries=queries, relevant={key: {"refund": 1.0} for key in queries})
    development, test = half_of(whole, "development"), half_of(whole, "test")
    even = {key for key in queries if int(hashlib.sha256(key.encode()).hexdigest(), 16) % 2 == 0}
    assert set(development.queries) == set(development.relevant) == even
    assert set(test.queries) == set(queries) - even
    assert half_of(whole, "all") == whole
    assert is_development("\ud800") in (True, False)


def test_a_half_without_any_query_is_told() -> None:
    key = next(str(i) for i in range(50) if is_development(str(i)))
    one = a_collection(queries={key: "x"}, relevant={key: {"refund": 1.0}})
    with pytest.raises(Invalid, match="No query is in the test half"):
        half_of(one, "test")
