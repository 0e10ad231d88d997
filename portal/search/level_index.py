"""Level index: brings the words of one level's articles into its indexes, one for each language.

What did not change is linked from the generation before. When an article leaves a level, that language is
indexed anew, so that no word of it stays behind in the vocabulary; so it is where many articles changed, for
what is written over still takes time in every search.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.content.compiled import CompiledStore
from portal.content.identity import Entry
from portal.content.rendered import Rendered, Section
from portal.content.shelf import article_url
from portal.content.shelf_maker import Written
from portal.content.shelf_plan import ShelfPlan, summary_of, topic_name
from portal.content.synonyms_file import synonyms_for
from portal.search.completions_file import update_completions, write_completions
from portal.search.document import INDEX_VERSION, IndexDocument
from portal.search.hits import Completion
from portal.search.index_files import Beside, articles_in, update_index, write_index, write_synonyms
from portal.search.index_files import count_sections as sections_in
from portal.search.level import COMPLETIONS
from portal.search.meaning.indexing import State, can_carry_on, read_state, write_meaning
from portal.search.meaning.kept import KeptVectors
from portal.search.whoosh_index import MOST_GONE, needs_rebuild
from portal.search.words.synonyms import compile_synonyms

VERSION = "version.txt"
"""Holds the INDEX_VERSION that an index was written with."""


@dataclass(frozen=True, slots=True)
class Words:
    """Where an index's words and vectors come from."""

    plan: ShelfPlan
    store: CompiledStore
    kept: KeptVectors | None = None
    """Without it words alone are searched."""

    def beside(self, lang: str) -> Beside:
        """Return what an index is made of beside its documents."""
        return Beside(synonyms=compile_synonyms(synonyms_for(self.plan.base.synonyms, lang), lang), kept=self.kept)

    def documents(self, entries: Iterable[Entry]) -> Iterator[IndexDocument]:
        """Give the sections of articles."""
        for entry in entries:
            yield from documents_of(entry, self.store.rendered(entry.article.path, entry.article.blob))

    def completions(self, entries: Iterable[Entry]) -> Iterator[Completion]:
        """Give what articles offer while somebody types."""
        for entry in entries:
            yield from completions_of(entry, self.store.rendered(entry.article.path, entry.article.blob), self.plan)


def write_words(folder: Path, words: Words, written: Written, before: Path | None) -> None:
    """Index every article of the plan below `folder`.

    before: the same level's folder one generation earlier, whose files are linked, never changed.
    """
    by_language: dict[str, list[Entry]] = {}
    for entry in words.plan.entries.values():
        by_language.setdefault(entry.article.lang, []).append(entry)
    for lang, entries in sorted(by_language.items()):
        old = before / lang if before else None
        fresh = [entry for entry in entries if entry.id in written.reworded]
        are_few = len(fresh) <= MOST_GONE * len(entries)
        if old and are_few and not written.removed and _is_current(old) and not needs_rebuild(old):
            _carry_on(folder / lang, old, words, fresh)
            if not can_carry_on(old, lang, words.kept):
                write_meaning(folder / lang, lang, words.documents(_in_order(folder / lang, entries)), words.kept)
        else:
            _start_anew(folder / lang, words, entries)


def count_sections(folder: Path) -> int:
    """Return how many sections a level's indexes hold."""
    return sum(sections_in(found) for found in folder.iterdir() if found.is_dir())


def count_vectors(folder: Path) -> State:
    """Return how many passages a level's indexes have vectors of, and how many wait."""
    states = [read_state(found) for found in folder.iterdir() if found.is_dir()]
    encoders = sorted({state.encoder for state in states if state.encoder})
    return State(", ".join(encoders), sum(one.vectors for one in states), sum(one.missing for one in states))


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
    """Give an article's title, other names and headings as they are offered while typing."""
    url, title, topic = article_url(*entry.place), entry.article.title, topic_name(entry, plan)
    offered = [(title, url, "title"), *((name, url, "aka") for name in entry.article.aka)]
    offered += [(part.heading, f"{url}#{part.anchor}", "heading") for part in rendered.sections if part.heading]
    for text, where, kind in offered:
        yield Completion(text=text, url=where, kind=kind, article=entry.id, title=title, topic=topic)


def _is_current(old: Path) -> bool:
    """Whether an index can be carried on: it is there, and has the fields that searches ask for today."""
    try:
        return (old / VERSION).read_text("utf-8") == INDEX_VERSION
    except OSError:
        return False


def _start_anew(folder: Path, words: Words, entries: list[Entry]) -> None:
    folder.mkdir()
    (folder / VERSION).write_text(INDEX_VERSION, "utf-8")
    write_index(folder, folder.name, words.documents(entries), words.beside(folder.name))
    write_completions(folder / COMPLETIONS, words.completions(entries))


def _carry_on(folder: Path, old: Path, words: Words, fresh: list[Entry]) -> None:
    """Link the files of the index before, then write what changed beside them."""
    folder.mkdir()
    for file in old.iterdir():
        if file.name != COMPLETIONS or not fresh:
            (folder / file.name).hardlink_to(file)
    beside = words.beside(folder.name)
    if fresh:
        ids = {entry.id for entry in fresh}
        update_index(folder, folder.name, removed=ids, documents=words.documents(fresh), beside=beside)
        update_completions(old / COMPLETIONS, folder / COMPLETIONS, ids, words.completions(fresh))
    else:
        write_synonyms(folder, beside.synonyms)


def _in_order(folder: Path, entries: list[Entry]) -> list[Entry]:
    """Return the articles as the index has them, one after the other."""
    by_id = {entry.id: entry for entry in entries}
    return [by_id[article] for article in articles_in(folder)]


def _with_parents(rendered: Rendered) -> Iterator[tuple[Section, str]]:
    """Pair each section with its headings, from the outermost in, a line each."""
    above: list[Section] = []
    for section in rendered.sections:
        above = [parent for parent in above if parent.depth < section.depth] if section.heading else []
        chain = [parent.heading for parent in above] + [section.heading or rendered.heading]
        yield section, "\n".join(filter(None, chain))
        above.append(section)
