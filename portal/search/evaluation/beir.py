"""A judged collection in BEIR's layout: documents and queries as lines of JSON, judgements as a table; gzip too."""

import gzip
import hashlib
import json
import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from portal.errors import Invalid

HALVES = ("development", "test", "all")
NAMES = ("corpus.jsonl", "queries.jsonl", "qrels.tsv")
_GZIP = b"\x1f\x8b"
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Document:
    """What is searched for; `title` may be empty."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Documents by id, and queries by id that have something to find among them."""

    documents: Mapping[str, Document]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, float]]
    """For each of the queries, its relevant documents and how much each is worth; all above 0, never empty."""
    unknown: tuple[str, ...] = ()
    """Ids in the judgements that neither file of the other two has; what was said of them is left out."""


def read_collection(corpus: Path, queries: Path, qrels: Path) -> Collection:
    """Read the three files. Raises Invalid with file and line for what can't be used.

    Each line of JSON has `_id` or `id` and `text`, a document perhaps a `title`. Judgements have the columns query-id,
    corpus-id and score, apart by tabs or blanks, perhaps below their names; a score of 0 says: judged, not relevant.
    """
    documents = read_documents(corpus)
    texts = {key: _words(fields, "text", where) for key, fields, where in _entries(queries)}
    judged = _judgements(qrels)
    known = [pair for pair in judged if pair[0] in texts and pair[1] in documents]
    relevant: dict[str, dict[str, float]] = {}
    for query, document in known:
        if judged[query, document] > 0:
            relevant.setdefault(query, {})[document] = judged[query, document]
    if not relevant:
        raise Invalid(
            f"{qrels}: no judgement says that a document of {corpus.name} is relevant to a query of {queries.name}. "
            "Look whether the three files belong together, and whether any score is above 0."
        )
    unknown = dict.fromkeys(one for q, d in judged for one, of in ((q, texts), (d, documents)) if one not in of)
    asked = {key: text for key, text in texts.items() if key in relevant}
    return Collection(documents=documents, queries=asked, relevant=relevant, unknown=tuple(unknown))


def read_documents(corpus: Path) -> dict[str, Document]:
    """Read a corpus alone, by id. Raises Invalid with file and line for what can't be used."""
    return {key: _document(fields, where) for key, fields, where in _entries(corpus)}


def files_in(folder: Path) -> tuple[Path, Path, Path]:
    """Return corpus, queries and judgements of a folder, packed or not. Raises Invalid where one is missing."""
    found = []
    for name in NAMES:
        choices = [folder / name, folder / f"{name}.gz"]
        found.append(next((file for file in choices if file.is_file()), None))
        if found[-1] is None:
            raise Invalid(f"{folder} has neither {name} nor {name}.gz. Name the files one by one, or rename them.")
    corpus, queries, qrels = (file for file in found if file is not None)
    return corpus, queries, qrels


def half_of(collection: Collection, half: str) -> Collection:
    """Return the collection with the queries of one half, or all of them. Raises Invalid where none is left."""
    if half == "all":
        return collection
    kept = {key: text for key, text in collection.queries.items() if is_development(key) == (half == "development")}
    if not kept:
        raise Invalid(f"No query is in the {half} half. Leave out --half, or judge more queries.")
    return replace(collection, queries=kept, relevant={key: collection.relevant[key] for key in kept})


def is_development(query: str) -> bool:
    """Whether a query is for tuning: the SHA-256 of its id is even. All others are for reporting alone."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).digest()[-1] % 2 == 0


def _document(fields: Mapping[str, Any], where: str) -> Document:
    title = fields.get("title")
    return Document("" if title is None else _words(fields, "title", where), _words(fields, "text", where))


def _entries(file: Path) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Yield (id, fields, place in the file) of each line of JSON."""
    lines: dict[str, int] = {}
    for number, line in _lines(file):
        where = f"{file}:{number}"
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Invalid(f"{where}: not a line of JSON ({error}). Write one object a line.") from error
        if not isinstance(fields, dict):
            raise Invalid(f'{where}: not an object. Write {{"_id": "…", "text": "…"}}.')
        key = _identity(fields, where)
        if key in lines:
            raise Invalid(f"{where}: the id {key!r} is on line {lines[key]} already. Give each its own.")
        lines[key] = number
        yield key, fields, where
    if not lines:
        raise Invalid(f"{file}: empty. It needs a line of JSON for each entry.")


def _identity(fields: Mapping[str, Any], where: str) -> str:
    name = "_id" if "_id" in fields else "id"
    key = fields.get(name)
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)
    if not isinstance(key, str) or not key:
        raise Invalid(f"{where}: no `_id` or `id`, or none that is text. Give each entry one.")
    return key


def _words(fields: Mapping[str, Any], name: str, where: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise Invalid(f"{where}: no `{name}`, or none that is text. Put it in quotes.")
    return value


def _judgements(file: Path) -> dict[tuple[str, str], float]:
    judged: dict[tuple[str, str], float] = {}
    for number, line in _lines(file):
        columns = [part.strip() for part in line.split("\t")] if "\t" in line else line.split()
        where = f"{file}:{number}"
        if len(columns) != _COLUMNS:
            raise Invalid(f"{where}: {len(columns)} columns. It needs three: query-id, corpus-id and score.")
        query, document, score = columns
        if not judged and score.casefold() == "score":
            continue
        value = _score(score, where)
        if judged.setdefault((query, document), value) != value:
            raise Invalid(f"{where}: {query!r} and {document!r} have another score above. Keep one of the two.")
    if not judged:
        raise Invalid(f"{file}: no judgements. It needs a line for each: query-id, corpus-id and score.")
    return judged


def _score(written: str, where: str) -> float:
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Invalid(f"{where}: the score {written!r} is no number. Write 1 for relevant, 0 for not relevant.")
    return value


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yield each line that is not blank, with its number. Raises Invalid where the file can't be read to its end."""
    number = 0
    try:
        with file.open("rb") as plain:
            is_packed = plain.peek(2)[:2] == _GZIP
            for number, raw in enumerate(gzip.GzipFile(fileobj=plain) if is_packed else plain, start=1):
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                if line.strip():
                    yield number, line
    except UnicodeDecodeError as error:
        raise Invalid(f"{file}:{number}: not UTF-8. Save the file as UTF-8.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise Invalid(f"{file}:{number + 1}: can't be read ({error}). Fetch or pack it again.") from error
