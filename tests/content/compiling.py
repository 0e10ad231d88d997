"""Compile a test's repository as publishing does, without building a generation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from portal.content.compiled import CompiledStore
from portal.content.history import read_history
from portal.content.knowledge_base import SITE_FILE, KnowledgeBase, candidates, compile_articles
from portal.content.places import common_folder, languages_in
from portal.content.sandbox import RenderPool
from portal.content.site_file import parse_site
from portal.content.source import GitSource, open_source
from portal.content.tree import Reading
from portal.content.workshop import Workshop
from portal.settings import Settings
from tests.repositories import ContentRepository


@contextmanager
def compiled(repository: ContentRepository, cache: Path) -> Iterator[tuple[KnowledgeBase, CompiledStore, Reading]]:
    source = open_source(Settings(content=str(repository.folder), data=cache))
    assert isinstance(source, GitSource)
    tree = source.tree(source.newest())
    paths = list(candidates(tree)[0])
    with (
        tree.reading() as reading,
        CompiledStore(cache / "compiled.sqlite") as store,
        RenderPool(seconds=2, megabytes=512, processes=1) as pool,
    ):
        blob = tree.blobs.get(SITE_FILE)
        site, _ = parse_site(reading.read(blob) if blob else None, tree.blobs)
        site = site if site.languages else replace(site, languages=languages_in(paths))
        common = common_folder(paths, site.languages)
        workshop = Workshop(tree=tree, reading=reading, site=site, common=common, store=store, pool=pool)
        history = read_history(source.repository, tree.revision, source.prefix)
        yield compile_articles(workshop, history), store, reading


def knowledge_base(repository: ContentRepository, cache: Path) -> KnowledgeBase:
    with compiled(repository, cache) as (base, _, _):
        return base
