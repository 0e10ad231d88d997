"""Level index: brings the words of one level's articles into its indexes, one for each language.

What did not change is linked from the generation before. When an article leaves a level, that language is
indexed anew, so that no word of it stays behind in the vocabulary; so it is where many articles changed, for
what is written over still takes time in every search.
"""

from collections.abc import Iterator
from pathlib import Path

from portal.content.compiled import CompiledStore
from portal.content.identity import Entry
from portal.content.rendered import Rendered, Section
from portal.content.shelf import article_url
from portal.content.shelf_maker import Written
from portal.content.shelf_plan import ShelfPlan, summary_of, topic_name
from portal.search.complete import update_completions, write_completions
from portal.search.document import INDEX_VERSION, IndexDocument
from portal.search.hits import Completion
from portal.search.level import COMPLETIONS
from portal.search.text_index import MOST_GONE, needs_rebuild, update_index, write_index
from portal.search.text_index import count_sections as sections_in

VERSION = "version.txt"
"""Holds the INDEX_VERSION that an index was written with."""


def write_words(folder: Path, plan: ShelfPlan, store: CompiledStore, written: Written, before: Path | None) -> None:
    """Index every article of the plan below `folder`.

    before: the same level's folder one generation earlier, whose files are linked, never changed.
    """
    by_language: dict[str, list[Entry]] = {}
    for entry in plan.entries.values():
        by_language.setdefault(entry.article.lang, []).append(entry)
    for lang, entries in sorted(by_language.items()):
        old = before / lang if before else None
        fresh = [entry for entry in entries if entry.id in written.reworded]
        are_few = len(fresh) <= MOST_GONE * len(entries)
        if old and are_few and not written.removed and _is_current(old) and not needs_rebuild(old):
            _carry_on(folder / lang, old, plan, fresh, store)
        else:
            _start_anew(folder / lang, plan, entries, store)


def count_sections(folder: Path) -> int:
    """Return how many sections a level's indexes hold."""
    return sum(sections_in(found) for found in folder.iterdir() if found.is_dir())


def documents_of(entry: Entry, rendered: Rendered) -> Iterator[IndexDocument]:
    """Cut an article into the sections that are searched; an article without text is one section."""
    article = entry.article
    chains = list(_with_parents(rendered))
    filled = [(section, chain) for section, chain in chains if section.text or section.heading]
    for section, chain in filled or chains[:1] or [(Section("", "", 0, ""), rendered.heading)]:
        yield IndexDocument(
            article=entry.id,
            anchor=section.anchor,
            title=article.title,
            aka="\n".join(article.aka),
            headings=chain,
            tags=article.tags,
            topic=article.topic or "",
            summary=summary_of(entry, rendered),
            body=section.text,
            products=article.products,
            stage=article.stage or "",
        )


def completions_of(entry: Entry, rendered: Rendered, plan: ShelfPlan) -> Iterator[Completion]:
    """Give an article's title and headings as they are offered while typing."""
    url, title, topic = article_url(*entry.place), entry.article.title, topic_name(entry, plan)
    offered = [(title, url, "title")]
    offered += [(part.heading, f"{url}#{part.anchor}", "heading") for part in rendered.sections if part.heading]
    for text, where, kind in offered:
        yield Completion(text=text, url=where, kind=kind, article=entry.id, title=title, topic=topic)


def _is_current(old: Path) -> bool:
    """Whether an index can be carried on: it is there, and has the fields that searches ask for today."""
    try:
        return (old / VERSION).read_text("utf-8") == INDEX_VERSION
    except OSError:
        return False


def _start_anew(folder: Path, plan: ShelfPlan, entries: list[Entry], store: CompiledStore) -> None:
    folder.mkdir()
    (folder / VERSION).write_text(INDEX_VERSION, "utf-8")
    write_index(folder, folder.name, _documents(entries, store))
    write_completions(folder / COMPLETIONS, _completions(entries, plan, store))


def _carry_on(folder: Path, old: Path, plan: ShelfPlan, fresh: list[Entry], store: CompiledStore) -> None:
    """Link the files of the index before, then write what changed beside them."""
    folder.mkdir()
    for file in old.iterdir():
        if file.name != COMPLETIONS or not fresh:
            (folder / file.name).hardlink_to(file)
    if fresh:
        ids = {entry.id for entry in fresh}
        update_index(folder, folder.name, removed=ids, documents=_documents(fresh, store))
        update_completions(old / COMPLETIONS, folder / COMPLETIONS, ids, _completions(fresh, plan, store))


def _documents(entries: list[Entry], store: CompiledStore) -> Iterator[IndexDocument]:
    for entry in entries:
        yield from documents_of(entry, store.rendered(entry.article.path, entry.article.blob))


def _completions(entries: list[Entry], plan: ShelfPlan, store: CompiledStore) -> Iterator[Completion]:
    for entry in entries:
        yield from completions_of(entry, store.rendered(entry.article.path, entry.article.blob), plan)


def _with_parents(rendered: Rendered) -> Iterator[tuple[Section, str]]:
    """Pair each section with its headings, from the outermost in, a line each."""
    above: list[Section] = []
    for section in rendered.sections:
        above = [parent for parent in above if parent.depth < section.depth] if section.heading else []
        chain = [parent.heading for parent in above] + [section.heading or rendered.heading]
        yield section, "\n".join(filter(None, chain))
        above.append(section)
