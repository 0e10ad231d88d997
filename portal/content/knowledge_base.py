"""KnowledgeBase: every article of one revision, settled, with all that is wrong."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from portal.audience import Visibility, stricter
from portal.content.brand import Brand, read_brand
from portal.content.compiled import Compiled
from portal.content.history import History, Past
from portal.content.identity import Entry, identify, redirects, settle
from portal.content.links import alias_place, find_target
from portal.content.media import is_media
from portal.content.places import is_article, locate
from portal.content.problem import Problem, Severity, Skipped
from portal.content.rendered import Link
from portal.content.site import Site
from portal.content.synonyms_file import SynonymRule, is_synonyms_file, read_synonyms
from portal.content.tree import Blob, Tree
from portal.content.visibility import visibility_hint
from portal.content.workshop import Attempt, Progress, Workshop

SITE_FILE = "portal.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeBase:
    """One revision, understood. `entries` are by path; what is missing there stands in `problems` or `skipped`."""

    revision: str
    recipe: str
    """`Workshop.recipe`: what the outcomes depend on beside the bytes."""
    site: Site
    entries: Mapping[str, Entry]
    shows: Mapping[str, tuple[str, ...]]
    """Which media each article shows or offers, by its path."""
    links: Mapping[str, tuple[str, ...]]
    """Which articles each article links to, by their paths; any of them may be hidden from a reader."""
    brand: Brand
    redirects: Mapping[tuple[str, str], str]
    media: Mapping[str, Blob]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    held_back: frozenset[str]
    """Paths whose newest bytes can't be published, whether earlier ones stand in for them or not."""
    synonyms: Mapping[str, tuple[SynonymRule, ...]] = field(default_factory=dict)
    """By language tag, for every language under the empty one; `synonyms_for` tells what holds in a language."""

    def warnings(self) -> tuple[Problem, ...]:
        """Return the problems that did not keep an article back."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)


@dataclass(slots=True)
class _Bench:
    """The work in hand: what is settled so far and which earlier bytes are still to be tried."""

    entries: dict[str, Entry] = field(default_factory=dict)
    compiled: dict[str, Compiled] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)
    tried: dict[str, int] = field(default_factory=dict)


def candidates(tree: Tree) -> tuple[dict[str, Blob], tuple[Skipped, ...]]:
    """Part a tree's files into Markdown that is meant as articles, and the rest with its reasons; media are neither."""
    chosen: dict[str, Blob] = {}
    skipped = list(tree.skipped)
    for path, blob in tree.blobs.items():
        reason = is_article(path)
        if reason is None:
            chosen[path] = blob
        elif path != SITE_FILE and not is_synonyms_file(path) and not is_media(path):
            skipped.append(Skipped(path, reason))
    return chosen, tuple(sorted(skipped))


def compile_articles(workshop: Workshop, history: History, *, progress: Progress | None = None) -> KnowledgeBase:
    """Compile every article of the workshop's tree.

    Bytes that can't be published are replaced by the latest earlier ones that can (as git's history has them),
    shown to no more people than both revisions allow. Everything that is wrong is reported, and nothing stops the rest.
    """
    chosen, skipped = candidates(workshop.tree)
    bench = _Bench()
    _take(bench, workshop.compile((Attempt(path, blob) for path, blob in chosen.items()), progress), history.pasts)
    lost = _settle(bench)
    while lost or _waiting(bench, chosen, history):
        attempts = list(_earlier(bench, chosen, history))
        if attempts:
            _take(bench, workshop.compile(attempts), history.pasts, is_last_good=True)
            _narrow(bench, workshop, [attempt.path for attempt in attempts], chosen)
        lost = _settle(bench)
    links = {path: bench.compiled[path].links for path in bench.entries}
    media = {path: blob for path, blob in workshop.tree.blobs.items() if is_media(path)}
    found = _found(links, bench.entries, media)
    bench.problems.extend(_broken_links(links, found))
    brand, wrong_with_it = read_brand(workshop.site, workshop.tree.blobs, workshop.bytes_of)
    synonyms, wrong_with_them = read_synonyms(workshop.tree, workshop.site.languages, workshop.bytes_of)
    former = {path: _former_places(entry, workshop) for path, entry in bench.entries.items()}
    return KnowledgeBase(
        revision=workshop.tree.revision,
        recipe=workshop.recipe,
        site=workshop.site,
        entries=dict(sorted(bench.entries.items())),
        shows=_leading_to(media, links, found),
        links=_leading_to(bench.entries, links, found),
        brand=brand,
        redirects=redirects(bench.entries, former),
        media=media,
        problems=tuple(sorted((*bench.problems, *wrong_with_it, *wrong_with_them))),
        skipped=tuple(file for file in skipped if file.path != workshop.site.stylesheet),
        held_back=frozenset(bench.held_back),
        synonyms=synonyms,
    )


def _take(
    bench: _Bench, outcomes: Mapping[str, Compiled], pasts: Mapping[str, Past], *, is_last_good: bool = False
) -> None:
    """Put outcomes on the bench. The problems of earlier bytes are not reported: nobody can mend them."""
    for path, compiled in outcomes.items():
        if not is_last_good:
            bench.problems.extend(compiled.problems)
        if compiled.article is None:
            bench.held_back.add(path)
            continue
        past = _past_at(pasts[path], compiled.blob)
        bench.compiled[path] = compiled
        bench.entries[path] = Entry(
            id=identify(compiled.article, past),
            article=compiled.article,
            past=past,
            visibility=compiled.article.visibility,
            used=compiled.used,
            is_last_good=is_last_good,
        )


def _past_at(past: Past, blob: str) -> Past:
    """Return the past as it was when these bytes were the newest."""
    then = next((former for former in past.former if former.blob == blob), None)
    return replace(past, revision=then.revision, updated_at=then.updated_at) if then else past


def _settle(bench: _Bench) -> bool:
    """Take from the bench whoever lost an id or an address to another; say whether anybody did."""
    bench.entries, problems = settle(bench.entries.values())
    bench.problems.extend(problem for problem in problems if problem.path not in bench.held_back)
    bench.held_back.update(problem.path for problem in problems)
    return bool(problems)


def _waiting(bench: _Bench, chosen: Mapping[str, Blob], history: History) -> bool:
    return any(True for _ in _earlier(bench, chosen, history, peek=True))


def _earlier(bench: _Bench, chosen: Mapping[str, Blob], history: History, *, peek: bool = False) -> Iterator[Attempt]:
    """Give, for each file that is held back without a stand-in, its next earlier bytes."""
    for path in sorted(bench.held_back - bench.entries.keys()):
        former = history.pasts[path].former
        step = bench.tried.get(path, 0)
        if step < len(former):
            if not peek:
                bench.tried[path] = step + 1
            yield Attempt(path, replace(chosen[path], oid=former[step].blob))


def _narrow(bench: _Bench, workshop: Workshop, paths: Iterable[str], chosen: Mapping[str, Blob]) -> None:
    """Show earlier bytes to no more people than today's, as far as those can be read, would allow."""
    for path in paths:
        entry = bench.entries.get(path)
        if entry:
            hint = visibility_hint(workshop.bytes_of(chosen[path])) or Visibility()
            bench.entries[path] = replace(entry, visibility=stricter(entry.visibility, hint))


def _found(
    links: Mapping[str, tuple[Link, ...]], entries: Container[str], media: Container[str]
) -> dict[str, str | None]:
    """Return the path in the tree that each target means, None where it leads nowhere; each is looked for once."""
    targets = {link.target for some in links.values() for link in some}
    return {target: find_target(target, entries, media) for target in targets}


def _leading_to(
    known: Container[str], links: Mapping[str, tuple[Link, ...]], found: Mapping[str, str | None]
) -> dict[str, tuple[str, ...]]:
    """Return, by path, those targets of an article's links that are among the known ones."""
    return {path: tuple(t for link in some if (t := found[link.target]) in known and t) for path, some in links.items()}


def _broken_links(links: Mapping[str, tuple[Link, ...]], found: Mapping[str, str | None]) -> Iterator[Problem]:
    for path, some in links.items():
        for link in some:
            if found[link.target] is None:
                what = f"the {'image' if link.is_image else 'link'} leads to {link.target!r}, which is not there"
                yield Problem(path, link.line, what, "Mend the path, or take it out.", Severity.WARNING)


def _former_places(entry: Entry, workshop: Workshop) -> tuple[tuple[str, str], ...]:
    """Return the places of an article's former paths, then of its aliases."""
    lang, languages = entry.article.lang, workshop.site.languages
    moved = (locate(path, languages, workshop.common) for path in entry.past.former_paths if is_article(path) is None)
    former = ((place.lang or lang, place.slug) for place in moved)
    return *former, *(alias_place(alias, lang) for alias in entry.article.aliases)
