"""`portal evaluate` as somebody runs it: by what it prints and by its exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli.evaluate import evaluate
from tests.search.evaluation.judged import written


def _evaluate(*argv: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "portal", "evaluate", *map(str, argv)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_everything_is_printed_as_one_document(tmp_path: Path) -> None:
    corpus, queries, qrels = written(tmp_path)
    named = ("--corpus", corpus, "--queries", queries, "--qrels", qrels)
    done = _evaluate(
        *named, "--json", "--typos", "3", "--unanswerable", "--floor", "0.2", "--without", "meaning, titles"
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {"ndcg@10", "mrr@10", "recall@10", "success@1", "p50_ms", "p99_ms", "n"} <= set(told["bm25"]) & set(told)
    assert {"machine", "data", "half", "lang", "encoder"} <= set(told)
    assert (told["n"], told["half"], told["lang"], told["data"]["documents"]) == (2, "all", "en", 2)
    assert told["without"] == ["meaning", "titles"]
    assert told["typos"]["seed"] == 3
    assert told["unanswerable"]["floor"] == 0.2
    assert done.stderr == ""


def test_a_folder_is_enough_and_people_get_a_table(tmp_path: Path) -> None:
    written(tmp_path, qrels="q1 password 1\nq3 refund 1\nq3 gone 1\n")
    done = _evaluate("--folder", tmp_path, "--baseline", "none", "--without", "meaning")
    assert done.returncode == 0, done.stderr
    assert "this search" in done.stdout
    assert "BM25" not in done.stdout
    assert "1 ids" in done.stderr
    assert "'gone'" in done.stderr


def test_bad_data_is_told_with_its_line_and_exit_code_1(tmp_path: Path) -> None:
    written(tmp_path, queries='{"_id": "q1", "text": "x"}\n{"_id": "q2"}')
    done = _evaluate("--folder", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("portal: ")
    assert "queries.jsonl:2: no `text`" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ((), "Give either --folder"),
        (("--folder", ".", "--corpus", __file__), "Give either --folder"),
        (("--corpus", __file__), "Give either --folder"),
        (("--folder", "nowhere at all"), "does not exist"),
        (("--folder", ".", "--half", "third"), "--half"),
        (("--folder", ".", "--without", "luck"), "is no part of the search"),
        (("--folder", ".", "--without", "without"), "is no part of the search"),
        (("--folder", ".", "--lang", "../en"), "is no language"),
        (("--folder", ".", "--floor", "2"), "--floor"),
        (("--folder", ".", "--typos", "many"), "--typos"),
    ],
)
def test_misuse_is_told_with_exit_code_2(argv: tuple[str, ...], words: str) -> None:
    told = CliRunner().invoke(evaluate, argv)
    assert told.exit_code == 2
    assert words in told.output
