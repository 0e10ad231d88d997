"""`portal search`: what the live help centre answers, as readers of one level see it."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import click

from portal.audience import LEVELS, Level
from portal.bootstrap import bootstrap
from portal.search.explaining import Explanation
from portal.search.hits import Hit, Query, ResultPage
from portal.settings import Settings
from portal.text import one_line
from portal.web.api.shapes import of_hit, of_results

MOST_HITS = 50
DEFAULT_LANGUAGE = "en"
"""Where the content names none."""


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--lang", help="Language to search in; without it the first one of the help centre.")
@click.option(
    "--level",
    type=click.Choice([str(level) for level in LEVELS]),
    default=str(Level.PUBLIC),
    show_default=True,
    help="Whose view.",
)
@click.option("--limit", type=click.IntRange(1, MOST_HITS), default=10, show_default=True, help="Most hits to print.")
@click.option("--verbatim", is_flag=True, help="Search for words that no article has as they are, uncorrected.")
@click.option("--explain", "is_explained", is_flag=True, help="Show every part of each hit's score.")
@click.option("--json", "as_document", is_flag=True, help="Print what the API would answer, and `elsewhere`.")
def search(
    *,
    words: tuple[str, ...],
    lang: str | None,
    level: str,
    limit: int,
    verbatim: bool,
    is_explained: bool,
    as_document: bool,
) -> None:
    """Search what is live for WORDS, and print the hits with their scores.

    --level: what its readers may see is searched, and nothing else.
    """
    generation = bootstrap(Settings.from_env(os.environ)).library.current()
    asked = lang or next(iter(generation.site.languages), DEFAULT_LANGUAGE)
    query = Query(text=" ".join(words), lang=asked, is_verbatim=verbatim)
    reader = generation.level(Level(level))
    page = reader.search(query, offset=0, limit=limit)
    why = dict(reader.explain(query, limit)) if is_explained else {}
    if as_document:
        found = of_results(page) | {"elsewhere": [of_hit(hit) for hit in page.elsewhere]}
        if is_explained:
            found["explained"] = {article: asdict(each) for article, each in why.items()}
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for line in _lines(page, why):
        click.echo(line)


def _lines(page: ResultPage, why: Mapping[str, Explanation]) -> Iterator[str]:
    sure = "" if page.confidence is None else f", confidence {page.confidence:.2f}"
    yield f"{page.total:,} {'article' if page.total == 1 else 'articles'} in {page.query.lang}{sure}"
    if page.corrected:
        yield f"Searched for: {one_line(page.corrected)}"
    yield from _table(page.hits, why)
    for heading, hits in (("Nearest, but no answer:", page.nearest), ("In other languages:", page.elsewhere)):
        if hits:
            yield heading
            yield from _table(hits, why)


def _table(hits: tuple[Hit, ...], why: Mapping[str, Explanation]) -> Iterator[str]:
    """Give each hit two lines: place, score, title and section; then its address; then why, where that is asked."""
    for place, hit in enumerate(hits, start=1):
        section = f" \u203a {one_line(hit.heading)}" if hit.anchor else ""
        yield f"{place:>3}  {hit.score:8.4f}  {one_line(hit.card.title)}{section}"
        yield f"{'':15}{hit.section_url}"
        if hit.card.id in why:
            yield from _reasons(why[hit.card.id])


def _reasons(why: Explanation) -> Iterator[str]:
    """Give the sum that a score is, and a line for each word."""
    words = f"{1 - why.share_of_meaning:.1f} * {why.words:.3f} words"
    meaning = "" if why.nearness is None else f" + {why.share_of_meaning:.1f} * {why.nearness:.3f} meaning"
    title = f" + {why.title_bonus:.2f} exact title" if why.title_bonus else ""
    yield f"{'':15}= {words}{meaning}{title}"
    yield f"{'':15}  {why.met} of {why.looked_for} words met; the most they could add up to is {why.ideal:.2f}"
    for part in why.parts:
        told = f"{part.section:6.2f} section {part.article:6.2f} article"
        yield f"{'':17}{told}  {one_line(part.word)} ({part.kind}, {part.worth:g})"
