"""Builders of small judged collections."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

from portal.search.evaluation.beir import Collection, Document

DOCUMENTS = {
    "password": Document(
        "Reset your password", "Open the settings.\n\n## The link has expired\n\nAsk for another mail."
    ),
    "a b/ü\t": Document("Connection problems", "Restart the router when the Wi-Fi is lost."),
    "refund": Document("", "Refunds reach your bank within five days."),
}
QUERIES = {"q1": "forgotten password", "q2": "router lost wi-fi", "q3": "refund bank"}
RELEVANT = {"q1": {"password": 1.0}, "q2": {"a b/ü\t": 2.0}, "q3": {"refund": 1.0}}


def a_collection(
    documents: Mapping[str, Document] = DOCUMENTS,
    queries: Mapping[str, str] = QUERIES,
    relevant: Mapping[str, Mapping[str, float]] = RELEVANT,
) -> Collection:
    return Collection(documents=documents, queries=queries, relevant=relevant)


def written(folder: Path, **files: str) -> tuple[Path, Path, Path]:
    """Write the three files, each a good one unless its text is given; one whose name ends in `_gz` is packed."""
    corpus = [{"_id": key, "title": one.title, "text": one.text} for key, one in DOCUMENTS.items() if "\t" not in key]
    texts = {
        "corpus": "\n".join(map(json.dumps, corpus)),
        "queries": "\n".join(json.dumps({"_id": key, "text": text}) for key, text in QUERIES.items()),
        "qrels": "query-id\tcorpus-id\tscore\nq1\tpassword\t1\nq3\trefund\t1\n",
    }
    found = []
    for name, suffix in (("corpus", "jsonl"), ("queries", "jsonl"), ("qrels", "tsv")):
        if packed := files.get(f"{name}_gz"):
            file = folder / f"{name}.{suffix}.gz"
            file.write_bytes(gzip.compress(packed.encode()))
        else:
            file = folder / f"{name}.{suffix}"
            file.write_text(files.get(name, texts[name]), "utf-8")
        found.append(file)
    corpus_file, queries_file, qrels_file = found
    return corpus_file, queries_file, qrels_file
