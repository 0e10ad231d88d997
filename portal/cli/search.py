"""`portal search`: what the live help centre answers, as readers of one level see it."""

import json
import os
from collections.abc import Iterator

import click

from portal.audience import LEVELS, Level
from portal.bootstrap import bootstrap
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
@click.option("--json", "as_document", is_flag=True, help="Print what the API would answer, and `elsewhere`.")
def search(*, words: tuple[str, ...], lang: str | None, level: str, limit: int, as_document: bool) -> None:
    """Search what is live for WORDS, and print the hits with their scores.

    --level: what its readers may see is searched, and nothing else.
    """
    generation = bootstrap(Settings.from_env(os.environ)).library.current()
    asked = lang or next(iter(generation.site.languages), DEFAULT_LANGUAGE)
    query = Query(text=" ".join(words), lang=asked)
    page = generation.level(Level(level)).search(query, offset=0, limit=limit)
    if as_document:
        found = of_results(page) | {"elsewhere": [of_hit(hit) for hit in page.elsewhere]}
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for line in _lines(page):
        click.echo(line)


def _lines(page: ResultPage) -> Iterator[str]:
    sure = "" if page.confidence is None else f", confidence {page.confidence:.2f}"
    yield f"{page.total:,} {'article' if page.total == 1 else 'articles'} in {page.query.lang}{sure}"
    if page.corrected:
        yield f"Searched for: {one_line(page.corrected)}"
    yield from _table(page.hits)
    for heading, hits in (("Nearest, but no answer:", page.nearest), ("In other languages:", page.elsewhere)):
        if hits:
            yield heading
            yield from _table(hits)


def _table(hits: tuple[Hit, ...]) -> Iterator[str]:
    """Give each hit two lines: place, score, title and section; then its address."""
    for place, hit in enumerate(hits, start=1):
        section = f" \u203a {one_line(hit.heading)}" if hit.anchor else ""
        yield f"{place:>3}  {hit.score:8.4f}  {one_line(hit.card.title)}{section}"
        yield f"{'':15}{hit.section_url}"
