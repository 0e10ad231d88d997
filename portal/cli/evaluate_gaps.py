"""`portal evaluate-gaps`: how well wordings of one need find together, on queries that people have labelled."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from portal.errors import Invalid, Unavailable
from portal.gaps.evaluate import Evaluation, evaluate
from portal.gaps.labelled import Labelled, read_labelled
from portal.gaps.wording_vectors import Vectors
from portal.search.evaluation.beir import is_development
from portal.search.meaning.threads import pin_threads
from portal.settings import Settings

HALVES = ("dev", "test", "all")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("evaluate-gaps")
@click.argument("file", type=_FILE)
@click.option("--lang", default="en", show_default=True, help="Language of the queries, a tag such as en, de or zh.")
@click.option(
    "--half", type=click.Choice(HALVES), default="all", show_default=True, help="Tune on one, report another."
)
@click.option("--json", "as_document", is_flag=True, help="Print the figures as one JSON object.")
def evaluate_gaps(*, file: Path, lang: str, half: str, as_document: bool) -> None:
    """Cluster the queries of FILE as `portal find-gaps` would, and compare with their labels.

    FILE has lines {"text": ..., "label": ..., "id": ...}, packed with gzip or not; `id` may be missing, and a query
    labelled `__none__` belongs to no need. Whose vectors are used is set by PORTAL_ENCODER. Nothing is kept.
    """
    queries = _half_of(read_labelled(file), half, file)
    encoder = Settings.from_env(os.environ).encoder
    pin_threads()
    try:
        with TemporaryDirectory(prefix="portal-evaluate-gaps-") as folder:
            vectors = Vectors(Path(folder) / "vectors.sqlite", encoder)
            try:
                found = evaluate(queries, lang, vectors.of, vectors.background)
            finally:
                vectors.close()
    except OSError as error:
        raise Unavailable(f"Vectors can't be kept in the temporary folder: {error}. Make room there.") from error
    click.echo(json.dumps(asdict(found)) if as_document else "\n".join(_lines(found)))


def _half_of(queries: Sequence[Labelled], half: str, file: Path) -> list[Labelled]:
    """Return the queries of one half, by the SHA-256 of their ids, or all. Raises Invalid where none is left."""
    kept = [query for query in queries if half == "all" or is_development(query.id) == (half == "dev")]
    if not kept:
        raise Invalid(f"{file}: no query is in the {half} half. Leave out --half, or label more queries.")
    return kept


def _lines(found: Evaluation) -> list[str]:
    return [
        f"V-measure           {found.v_measure:.3f}",
        f"ARI                 {found.ari:.3f}",
        f"pairwise precision  {found.pairwise_precision:.3f}",
        f"pairwise recall     {found.pairwise_recall:.3f}",
        f"pairwise F1         {found.pairwise_f1:.3f}",
        f"none, yet clustered {found.none_clustered:.3f}",
        f"{found.n:,} queries, {found.clusters:,} clusters, {found.seconds:.1f} s",
    ]
