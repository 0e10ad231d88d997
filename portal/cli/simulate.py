"""`portal simulate`: made-up visitors with labelled needs, some of which have no article; how well that is told."""

import html
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import click

from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.clock import now
from portal.db import transaction
from portal.events import log
from portal.gaps import store
from portal.gaps.crowd import Person, Shown, visits
from portal.gaps.labelled import Labelled, read_labelled
from portal.gaps.trial import Claimed, Trial, judge
from portal.pipeline import find_gaps, publish
from portal.search.evaluation.beir import Document, is_development, read_documents
from portal.search.hits import Query
from portal.settings import Settings

DAYS = 28
OFFERED = 10
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is asked, and what of it has an article."""

    asked: Sequence[Labelled]
    documents: Mapping[str, Document]
    without: frozenset[str]
    lang: str
    seed: int


@click.command()
@click.argument("queries", type=_FILE)
@click.option("--articles", type=_FILE, required=True, help="BEIR corpus whose ids are the queries' labels.")
@click.option("--without", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Share taken away.")
@click.option("--seed", type=int, default=1, show_default=True, help="Which are taken away, and what visitors do.")
@click.option("--half", type=click.Choice(["all", "development", "test"]), default="all", show_default=True)
@click.option("--lang", default="en", show_default=True, metavar="TAG", help="Their language.")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document.")
def simulate(
    *, queries: Path, articles: Path, without: float, seed: int, half: str, lang: str, as_document: bool
) -> None:
    """Replay labelled queries as visitors against a help centre that lacks some of the articles.

    Builds that help centre in a temporary folder, with a database of its own; nothing that is published is read or
    changed. Whose vectors are used is set by PORTAL_ENCODER.
    """
    asked = [
        one for one in read_labelled(queries) if half == "all" or is_development(one.label) == (half == "development")
    ]
    plan = _plan(asked, read_documents(articles), without, seed, lang)
    with TemporaryDirectory(prefix="portal-simulate-") as folder:
        trial = _run(plan, Path(folder))
    if as_document:
        shares = {"precision": trial.precision, "recall": trial.recall}
        click.echo(json.dumps(asdict(trial) | shares | {"seed": seed, "half": half}, indent=1))
        return
    for line in _lines(trial):
        click.echo(line)


def _plan(asked: Sequence[Labelled], documents: Mapping[str, Document], share: float, seed: int, lang: str) -> _Plan:
    """Draw which articles are taken away, among those that somebody asks for."""
    wanted = sorted({one.label for one in asked if one.label in documents})
    if not wanted:
        raise click.UsageError("No query has a label that is an article's id.")
    gone = frozenset(Random(seed).sample(wanted, round(len(wanted) * share)))  # noqa: S311 - chance, not secrecy
    return _Plan([one for one in asked if one.label in documents], documents, gone, lang, seed)


def _run(plan: _Plan, folder: Path) -> Trial:
    settings = replace(Settings.from_env(os.environ), content=str(folder / "content"), data=folder / "data",
                       revision=None, database_url=None)  # fmt: skip
    _write_articles(plan, folder / "content")
    settings.data.mkdir()
    portal = bootstrap(settings)
    portal.database.upgrade()
    at = now()
    publish(portal, at=at)
    labels = _visit(portal, plan, at)
    find_gaps(portal, at=at)
    return _judge(portal, plan, labels)


def _write_articles(plan: _Plan, folder: Path) -> None:
    below = folder / plan.lang / "articles"
    below.mkdir(parents=True)
    for number, (name, document) in enumerate(plan.documents.items()):
        if name not in plan.without:
            text = "\n".join(line.strip() for line in html.escape(document.text).splitlines())
            head = f"---\nid: {json.dumps(name)}\ntitle: {json.dumps(document.title)}\n---\n"
            (below / f"{number}.md").write_text(f"{head}{text}\n", "utf-8")


def _visit(portal: Portal, plan: _Plan, at: datetime) -> dict[str, str]:
    """Let everybody visit; return each visitor's label."""
    reader, generation = portal.library.current().level(Level.PUBLIC), portal.library.current().name

    def look(text: str) -> Shown:
        page = reader.search(Query(text=text, lang=plan.lang), offset=0, limit=OFFERED)
        shown = page.hits or page.nearest
        return Shown(tuple(hit.card.id for hit in shown), not page.hits, page.confidence, generation)

    labels: dict[str, str] = {}
    with portal.database.session() as session, transaction(session):
        for label, person in _people(plan):
            began = at - timedelta(days=DAYS + 1)
            events = list(visits([person], look, began=began, days=DAYS, seed=hash((plan.seed, len(labels)))))
            labels[events[0].visitor] = label
            log.append(session, events)
    return labels


def _people(plan: _Plan) -> Iterator[tuple[str, Person]]:
    """Give each query to a person, who knows two other ways to say it."""
    rng = Random(plan.seed)  # noqa: S311 - chance, not secrecy
    ways: dict[str, list[str]] = {}
    for one in plan.asked:
        ways.setdefault(one.label, []).append(one.text)
    for one in plan.asked:
        others = [text for text in ways[one.label] if text != one.text]
        wordings = (one.text, *rng.sample(others, min(2, len(others))))
        yield one.label, Person(wordings, None if one.label in plan.without else one.label, plan.lang)


def _judge(portal: Portal, plan: _Plan, labels: dict[str, str]) -> Trial:
    with portal.database.session() as session:
        gaps = {gap.id: gap.cause for gap in store.every_gap(session)}
        behind = store.visitors_by_gap(session)
        least = portal.library.current().site.gaps.least_people
        unresolved = {visitor for visitors in behind.values() for visitor in visitors}
    asked = Counter(labels.values())
    claims = [
        Claimed(number, cause, Counter(labels[visitor] for visitor in behind.get(number, ())))
        for number, cause in gaps.items()
    ]
    wanted = {label for label in plan.without if asked[label] >= least}
    return judge(claims, without=plan.without, wanted=wanted, people=len(labels), unresolved=len(unresolved))


def _lines(trial: Trial) -> Iterator[str]:
    yield f"{trial.people} people, {trial.unresolved} of them in a gap; {trial.gaps} gaps: {_causes(trial)}"
    if trial.precision is not None:
        yield f"missing: precision {trial.precision:.3f} ({trial.right} of {trial.missing})"
    if trial.recall is not None:
        yield f"missing: recall {trial.recall:.3f} ({trial.found} of {trial.wanted})"
    yield f"needs in more than one gap: {trial.split} gaps too many"


def _causes(trial: Trial) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(trial.causes.items())) or "none"
