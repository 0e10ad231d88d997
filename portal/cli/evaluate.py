"""`portal evaluate`: how well the search finds what people judged to be right, beside plain BM25 in the same run."""

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from portal.cli.machine import describe
from portal.errors import Unavailable
from portal.search.confidence import FLOOR
from portal.search.evaluation.beir import HALVES, Collection, files_in, half_of, read_collection
from portal.search.evaluation.outcome import Outcome, Progress, Wanted
from portal.search.evaluation.outcome import evaluate as measure
from portal.search.evaluation.report import as_json, as_lines
from portal.search.meaning.threads import pin_threads
from portal.search.parts import WHOLE, Parts
from portal.settings import Settings

BASELINES = ("bm25", "none")
MOST_NAMED = 5
SWITCHES = tuple(part.name for part in fields(Parts) if part.type is bool)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def _language(_: click.Context, __: click.Parameter, value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise click.BadParameter(f"{value!r} is no language. Write a tag such as en, de or zh.")
    return value


def _parts(_: click.Context, __: click.Parameter, value: str) -> Parts:
    names = [name.strip() for name in value.split(",") if name.strip()]
    unknown = [name for name in names if name not in SWITCHES]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is no part of the search. There are: {', '.join(SWITCHES)}.")
    left_out: dict[str, Any] = dict.fromkeys(names, False)
    return replace(WHOLE, **left_out)


@click.command()
@click.option("--folder", type=_FOLDER, help="Folder with corpus.jsonl, queries.jsonl and qrels.tsv, or each with .gz.")
@click.option("--corpus", type=_FILE, help="Documents: a line of JSON each, with _id, text and perhaps title.")
@click.option("--queries", type=_FILE, help="Queries: a line of JSON each, with _id and text.")
@click.option("--qrels", type=_FILE, help="Judgements: query-id, corpus-id, score.")
@click.option("--lang", callback=_language, default="en", show_default=True, help="Language of documents and queries.")
@click.option(
    "--half", type=click.Choice(HALVES), default="all", show_default=True, help="Tune on one, report the other."
)
@click.option("--baseline", type=click.Choice(BASELINES), default="bm25", show_default=True, help="What stands beside.")
@click.option("--typos", type=int, metavar="SEED", help="Also ask each query with one typo in it.")
@click.option("--unanswerable", is_flag=True, help="Also ask each query without its relevant documents.")
@click.option(
    "--floor", type=click.FloatRange(0, 1), default=FLOOR, show_default=True, help="Confidence of an empty page."
)
@click.option(
    "--without", "parts", callback=_parts, default="", metavar="PARTS", help=f"Leave out: {','.join(SWITCHES)}."
)
@click.option("--vectors", type=_NEW_FILE, help="File to keep vectors in, so that the next run need not encode.")
@click.option("--json", "as_document", is_flag=True, help="Print all of it as one JSON document.")
def evaluate(
    *,
    folder: Path | None,
    corpus: Path | None,
    queries: Path | None,
    qrels: Path | None,
    lang: str,
    half: str,
    baseline: str,
    typos: int | None,
    unanswerable: bool,
    floor: float,
    parts: Parts,
    vectors: Path | None,
    as_document: bool,
) -> None:
    """Measure the search on a judged collection in BEIR's layout, packed with gzip or not.

    Whose vectors are used is set by PORTAL_ENCODER, as for `portal serve`. Indexes are built in a temporary
    folder; nothing that is published is read or changed.
    """
    files = _files(folder, corpus, queries, qrels)
    collection = read_collection(*files)
    _name_unknown(collection)
    collection = half_of(collection, half)
    wanted = Wanted(
        lang=lang,
        parts=parts,
        encoder=Settings.from_env(os.environ).encoder,
        vectors=vectors,
        has_baseline=baseline == "bm25",
        typo_seed=typos,
        floor=floor if unanswerable else None,
    )
    pin_threads()
    outcome = _measure(collection, wanted)
    if as_document:
        about = _about(files, collection, outcome, wanted) | {"half": half}
        click.echo(json.dumps(as_json(outcome, about), indent=1, ensure_ascii=False))
        return
    for line in (
        f"{click.format_filename(files[0])}:",
        _headline(collection, outcome, wanted, half),
        *as_lines(outcome),
    ):
        click.echo(line)


def _files(
    folder: Path | None, corpus: Path | None, queries: Path | None, qrels: Path | None
) -> tuple[Path, Path, Path]:
    if folder and not (corpus or queries or qrels):
        return files_in(folder)
    if corpus and queries and qrels and not folder:
        return corpus, queries, qrels
    raise click.UsageError("Give either --folder, or all of --corpus, --queries and --qrels.")


def _name_unknown(collection: Collection) -> None:
    """Say on standard error which ids of the judgements are in neither of the other files."""
    if not collection.unknown:
        return
    named = ", ".join(map(repr, collection.unknown[:MOST_NAMED]))
    more = ", \u2026" if len(collection.unknown) > MOST_NAMED else ""
    said = "ids of the judgements are in no other file, and what is said of them is left out"
    click.echo(f"portal: {len(collection.unknown):,} {said}: {named}{more}", err=True)


def _measure(collection: Collection, wanted: Wanted) -> Outcome:
    """Measure below a temporary folder, which is gone afterwards. Raises Unavailable where the disk fails."""
    try:
        with TemporaryDirectory(prefix="portal-evaluate-") as folder, _progress_line() as progress:
            return measure(collection, Path(folder), wanted, progress)
    except OSError as error:
        raise Unavailable(f"The index can't be kept in the temporary folder: {error}. Make room there.") from error


@contextmanager
def _progress_line() -> Iterator[Progress]:
    """Give a progress that redraws one line on a terminal, and says nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    yield lambda what, done, of: click.echo(f"\r\033[K{what}: {done:,} of {of:,} ...", err=True, nl=False)
    click.echo("\r\033[K", err=True, nl=False)


def _about(
    files: tuple[Path, Path, Path], collection: Collection, outcome: Outcome, wanted: Wanted
) -> dict[str, object]:
    return {
        "machine": describe(),
        "data": {
            **dict(zip(("corpus", "queries_file", "qrels"), map(click.format_filename, files), strict=True)),
            "documents": len(collection.documents),
            "sections": outcome.sections,
            "queries": len(collection.queries),
            "judgements": sum(map(len, collection.relevant.values())),
            "unknown_ids": len(collection.unknown),
        },
        "lang": wanted.lang,
        "without": [name for name in SWITCHES if not getattr(wanted.parts, name)],
        "encoder": outcome.encoder,
    }


def _headline(collection: Collection, outcome: Outcome, wanted: Wanted, half: str) -> str:
    size = f"{len(collection.documents):,} documents, {outcome.sections:,} sections"
    asked = f"{len(collection.queries):,} queries ({'all' if half == 'all' else f'{half} half'}, {wanted.lang})"
    return f"{size}, {asked}; encoder: {outcome.encoder or 'none'}; {describe()}"
