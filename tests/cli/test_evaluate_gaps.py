"""`portal evaluate-gaps`, as a program."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.search.evaluation.beir import is_development

ROWS = [
    {"id": f"q{number}", "text": f"{said} {more}".strip(), "label": label}
    for label, said in (("parcel", "where is my parcel"), ("lamp", "refund for a broken lamp"))
    for number, more in enumerate(["", "now", "please", "today"], start=0 if label == "parcel" else 4)
]
KEYS = {
    "v_measure", "ari", "pairwise_precision", "pairwise_recall", "pairwise_f1", "clusters", "seconds", "n",
    "none_clustered",
}  # fmt: skip


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PORTAL_ENCODER": "none"}
    command = [sys.executable, "-m", "portal", "evaluate-gaps", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    file = tmp_path / "queries.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)), "utf-8")
    return file


def test_json_has_the_keys_that_were_agreed(labelled: Path) -> None:
    done = run(labelled, "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert set(found) == KEYS
    assert (found["n"], found["clusters"], found["pairwise_f1"], found["none_clustered"]) == (8, 2, 1.0, 0.0)


def test_a_packed_file_is_read_and_figures_are_printed(labelled: Path) -> None:
    packed = labelled.with_name("queries.jsonl.gz")
    packed.write_bytes(gzip.compress(labelled.read_bytes()))
    done = run(packed)
    assert done.returncode == 0, done.stderr
    assert "pairwise F1         1.000" in done.stdout
    assert "8 queries, 2 clusters" in done.stdout


def test_halves_part_the_queries(labelled: Path) -> None:
    halves = [json.loads(run(labelled, "--json", "--half", half).stdout)["n"] for half in ("dev", "test")]
    expected = sum(is_development(str(row["id"])) for row in ROWS)
    assert halves == [expected, len(ROWS) - expected]


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"text": "pay"}', '{"text": 3, "label": "a"}', '{"text": "", "label": "a"}']
)
def test_a_line_that_can_t_be_used_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text(f'{{"text": "pay", "label": "pay"}}\n{line}\n', "utf-8")
    done = run(file)
    assert done.returncode == 1
    assert "queries.jsonl:2:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_misuse(tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere.jsonl").returncode == 2
