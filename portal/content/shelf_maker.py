"""Shelf maker: writes one level's `Shelf`, from nothing or from the one before it.

The file is written without its own syncing: the generation around it is synced whole before it goes live.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from portal.content.compiled import CompiledStore
from portal.content.identity import Entry
from portal.content.related import Kin, fingerprint, related
from portal.content.shelf_plan import ShelfPlan, page_of, prints_of, row_of, topic_name
from portal.content.site import Site
from portal.text import fold

SHELF_VERSION = "5"
STAGES = ("before", "during", "after")
MORE = {"en": "More articles", "de": "Weitere Artikel"}
"""What articles without a topic are gathered under."""
_SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, lang TEXT NOT NULL, slug TEXT NOT NULL, topic TEXT NOT NULL, place INTEGER NOT NULL,
    sibling TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, updated REAL NOT NULL,
    words_print TEXT NOT NULL, page_print TEXT NOT NULL, card TEXT NOT NULL, UNIQUE (lang, slug)
) WITHOUT ROWID;
CREATE INDEX by_topic ON articles (lang, kind, topic, place);
CREATE INDEX by_update ON articles (lang, kind, updated DESC, id);
CREATE INDEX by_name ON articles (lang, kind, slug);
CREATE INDEX by_sibling ON articles (sibling);
CREATE TABLE pages (id TEXT PRIMARY KEY, page TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE redirects (lang TEXT, slug TEXT, article TEXT NOT NULL, PRIMARY KEY (lang, slug)) WITHOUT ROWID;
CREATE TABLE assets (key TEXT PRIMARY KEY, file TEXT NOT NULL, media_type TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE related (id TEXT PRIMARY KEY, others TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Written:
    """What changed against the shelf before: article ids."""

    reworded: frozenset[str]
    """New, or with other words: to be indexed again."""
    removed: frozenset[str]
    repaged: frozenset[str]
    """Written again, for whatever reason."""


def write_shelf(path: Path, plan: ShelfPlan, store: CompiledStore, previous: Path | None) -> Written:
    """Write the shelf file of a level.

    previous: the same level's shelf one generation earlier, never changed; only what differs is written.
    """
    if previous and _is_current(previous):
        shutil.copyfile(previous, path)
    else:
        with closing(sqlite3.connect(path)) as db:
            db.executescript(_SCHEMA)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = MEMORY")
        db.execute("PRAGMA synchronous = OFF")
        written = _write_articles(db, plan, store)
        _write_around(db, plan, _write_related(db, plan))
        db.commit()
    return written


def _is_current(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            row = db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
    except sqlite3.DatabaseError:
        return False
    return row is not None and row[0] == SHELF_VERSION


def _write_articles(db: sqlite3.Connection, plan: ShelfPlan, store: CompiledStore) -> Written:
    have = {row[0]: (row[1], row[2]) for row in db.execute("SELECT id, words_print, page_print FROM articles")}
    want = {entry.id: entry for entry in plan.entries.values()}
    prints = {key: prints_of(entry, plan) for key, entry in want.items()}
    stale = sorted(key for key, pair in prints.items() if have.get(key, ("", ""))[1] != pair[1])
    gone = have.keys() - want.keys()
    for table in ("articles", "pages"):
        db.executemany(f"DELETE FROM {table} WHERE id = ?", [(key,) for key in (*sorted(gone), *stale)])
    siblings = _siblings(want.values())
    for key in stale:
        rendered = store.rendered(want[key].article.path, want[key].article.blob)
        row = row_of(want[key], prints[key], siblings[key], plan, rendered)
        db.execute(f"INSERT INTO articles VALUES ({','.join('?' * len(row))})", row)
        db.execute("INSERT INTO pages VALUES (?, ?)", (key, page_of(want[key], plan, rendered)))
    ordered = sorted(want.values(), key=_order)
    places = [(place, siblings[entry.id], entry.id) for place, entry in enumerate(ordered)]
    db.executemany(
        "UPDATE articles SET place = ?1, sibling = ?2 WHERE id = ?3 AND (place, sibling) <> (?1, ?2)", places
    )
    reworded = frozenset(key for key, pair in prints.items() if have.get(key, ("", ""))[0] != pair[0])
    return Written(reworded, frozenset(gone), frozenset(stale))


def _write_related(db: sqlite3.Connection, plan: ShelfPlan) -> str:
    """Write down what is nearest to each article, where that changed; return the fingerprint of what it depends on."""
    articles = [_kin(entry, plan) for entry in plan.entries.values() if entry.article.kind == "article"]
    state = fingerprint(articles)
    before = db.execute("SELECT value FROM meta WHERE key = 'related'").fetchone()
    if before and before[0] == state:
        return state
    want = {key: json.dumps(others) for key, others in related(articles).items()}
    have = dict(db.execute("SELECT id, others FROM related"))
    db.executemany("DELETE FROM related WHERE id = ?", [(key,) for key in sorted(have.keys() - want.keys())])
    changed = sorted((key, others) for key, others in want.items() if have.get(key) != others)
    db.executemany("INSERT OR REPLACE INTO related VALUES (?, ?)", changed)
    return state


def _kin(entry: Entry, plan: ShelfPlan) -> Kin:
    """Take from an article what others' nearness depends on; what this level may not see counts for nothing."""
    article = entry.article
    seen = (plan.entries[path].id for path in plan.base.links[article.path] if path in plan.entries)
    return Kin(
        id=entry.id,
        lang=article.lang,
        topic=article.topic,
        tags=article.tags,
        products=article.products,
        links=tuple(seen),
    )


def _write_around(db: sqlite3.Connection, plan: ShelfPlan, related_print: str) -> None:
    """Write what is small enough to be written anew each time."""
    ids = {entry.id for entry in plan.entries.values()}
    redirects = [(*place, key) for place, key in plan.base.redirects.items() if key in ids]
    for table in ("redirects", "assets", "meta"):
        db.execute(f"DELETE FROM {table}")
    db.executemany("INSERT INTO redirects VALUES (?, ?, ?)", redirects)
    assets = [(medium.key, file, media_type, medium.name) for medium, file, media_type in plan.media]
    db.executemany("INSERT OR IGNORE INTO assets VALUES (?, ?, ?, ?)", assets)
    meta = {
        "version": SHELF_VERSION,
        "languages": json.dumps(_languages(plan)),
        "topics": json.dumps(_topics(plan)),
        "facets": json.dumps(_facets(plan.entries.values())),
        "site_files": json.dumps(asdict(plan.site_files)),
        "related": related_print,
    }
    db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())


def _siblings(entries: Iterable[Entry]) -> dict[str, str]:
    """Return, by id, a name that translations of one another share."""
    known = list(entries)
    keys = {entry.id: entry.article.translation_key or entry.id for entry in known}
    return {entry.id: keys.get(entry.article.translation_of or "", keys[entry.id]) for entry in known}


def _order(entry: Entry) -> tuple[str, str, bool, int, str, str]:
    article = entry.article
    return article.lang, article.topic or "", article.order is None, article.order or 0, fold(article.title), entry.id


def _languages(plan: ShelfPlan) -> list[str]:
    seen = sorted({entry.article.lang for entry in plan.entries.values()})
    return list(dict.fromkeys((*plan.base.site.languages, *seen)))


def _topics(plan: ShelfPlan) -> dict[str, list[dict[str, str]]]:
    """Return each language's topics: the company's first, in its order, then those only folders know, last none."""
    chosen = [topic.slug for topic in plan.base.site.topics]
    found: dict[str, dict[str, str]] = {}
    for entry in plan.entries.values():
        slug = entry.article.topic or ""
        found.setdefault(entry.article.lang, {}).setdefault(slug, topic_name(entry, plan) or "")
    return {
        lang: [_listed(slug, plan.base.site, lang, names) for slug in _in_order(names, chosen)]
        for lang, names in found.items()
    }


def _listed(slug: str, site: Site, lang: str, names: Mapping[str, str]) -> dict[str, str]:
    topic = site.topic(slug)
    name = names[slug] if slug else MORE.get(lang, MORE["en"])
    summary = site.topic_summary(slug, lang)
    return {"slug": slug, "name": name, "summary": summary, "icon": topic.icon if topic else ""}


def _facets(entries: Iterable[Entry]) -> dict[str, dict[str, list[str]]]:
    """Return what each language can be narrowed by; products that differ in case alone are one, as in search."""
    found: dict[str, tuple[dict[str, str], set[str]]] = {}
    for entry in entries:
        products, stages = found.setdefault(entry.article.lang, ({}, set()))
        for product in entry.article.products:
            products[fold(product)] = min(product, products.get(fold(product), product))
        stages.update({entry.article.stage} if entry.article.stage else ())
    return {
        lang: {"products": [products[key] for key in sorted(products)], "stages": sorted(stages, key=STAGES.index)}
        for lang, (products, stages) in found.items()
    }


def _in_order(names: Mapping[str, str], chosen: list[str]) -> list[str]:
    others = sorted((slug for slug in names if slug and slug not in chosen), key=lambda slug: fold(names[slug]))
    return [*(slug for slug in chosen if slug in names), *others, *([""] if "" in names else [])]
