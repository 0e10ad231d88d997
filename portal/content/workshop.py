"""Workshop: from the bytes of files to `Compiled`, by way of the store; renders only what it has never seen."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from portal.content.article import Article, parse
from portal.content.compiled import Compiled, CompiledStore, is_current
from portal.content.dialects import without_comments
from portal.content.includes import expand
from portal.content.problem import ArticleInvalid, Problem
from portal.content.render import RENDERER_VERSION
from portal.content.rendered import Rendered
from portal.content.sandbox import RenderJob, RenderPool
from portal.content.site import Site
from portal.content.tree import Blob, Reading, Tree

PARSER_VERSION = "1"
"""Changes when the same bytes are read as another article."""
SAVE_EVERY = 200
_NEVER_CURRENT = ("", "tried again each time: the mending may lie in another file")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A file's bytes that may become its article: today's, or earlier ones."""

    path: str
    blob: Blob


@dataclass(slots=True)
class Workshop:
    """Compiles attempts of one tree; single-threaded."""

    tree: Tree
    reading: Reading
    site: Site
    common: str
    store: CompiledStore
    pool: RenderPool
    recipe: str = ""
    """Fingerprint of all but the bytes that an outcome depends on."""
    _known: dict[tuple[str, str], Compiled] = field(default_factory=dict)
    _oids: dict[str, str] = field(default_factory=dict)
    _texts: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up what this recipe has made before."""
        topics = tuple((topic.slug, topic.name, topic.names) for topic in self.site.topics)
        parts = (RENDERER_VERSION, PARSER_VERSION, self.common, repr(self.site.languages), repr(topics))
        self.recipe = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        self._known = self.store.find(self.recipe)
        self._oids = {path: blob.oid for path, blob in self.tree.blobs.items()}

    def compile(self, attempts: Iterable[Attempt], progress: Progress | None = None) -> dict[str, Compiled]:
        """Return each attempt's outcome by its path; a path may be attempted once in a call."""
        done: dict[str, Compiled] = {}
        fresh: list[Attempt] = []
        for attempt in attempts:
            known = self._known.get((attempt.path, attempt.blob.oid))
            if known and is_current(known, self._oids):
                done[attempt.path] = known
            else:
                fresh.append(attempt)
        done.update(self._compile_fresh(fresh, progress))
        return done

    def bytes_of(self, blob: Blob) -> bytes:
        """Return the bytes of a blob of this tree or of its history."""
        return self.reading.read(blob)

    def _compile_fresh(self, attempts: list[Attempt], progress: Progress | None) -> dict[str, Compiled]:
        made: dict[str, Compiled] = {}
        for count, (compiled, rendered) in enumerate(self._render(attempts), start=1):
            made[compiled.path] = self._known[compiled.path, compiled.blob] = compiled
            self.store.keep(compiled, rendered)
            if count % SAVE_EVERY == 0:
                self.store.save()
            if progress:
                progress(count, len(attempts))
        self.store.save()
        return made

    def _render(self, attempts: list[Attempt]) -> Iterable[tuple[Compiled, Rendered | None]]:
        """Parse each attempt and render it in a process that may be killed; the finished ones come as they come."""
        waiting: dict[str, Compiled] = {}
        jobs: list[RenderJob] = []
        for attempt in attempts:
            parsed = self._parse(attempt)
            if isinstance(parsed, Compiled):
                yield parsed, None
                continue
            compiled, job = parsed
            waiting[compiled.path] = compiled
            jobs.append(job)
        for job, outcome in self.pool.map(jobs):
            compiled = waiting[job.path]
            if isinstance(outcome, ArticleInvalid):
                yield replace(compiled, article=None, problems=(*compiled.problems, *outcome.problems)), None
            else:
                problems = (*compiled.problems, *outcome.problems)
                yield (
                    replace(compiled, problems=problems, links=outcome.links),
                    replace(outcome, markdown=without_comments(job.text)),
                )

    def _parse(self, attempt: Attempt) -> Compiled | tuple[Compiled, RenderJob]:
        data = self.bytes_of(attempt.blob)
        try:
            article, problems = parse(attempt.path, attempt.blob.oid, data, self.site, common=self.common)
        except ArticleInvalid as invalid:
            return self._compiled(attempt, None, invalid.problems, ())
        try:
            expanded = expand(article.path, article.body, article.body_line, self._text)
        except ArticleInvalid as invalid:
            return self._compiled(attempt, None, (*problems, *invalid.problems), (_NEVER_CURRENT,))
        used = tuple((path, self._oids.get(path, "")) for path in expanded.used)
        compiled = self._compiled(attempt, article, (*problems, *expanded.problems), used)
        return compiled, RenderJob(article.path, article.path, expanded.text, article.body_line, article.lang)

    def _compiled(
        self,
        attempt: Attempt,
        article: Article | None,
        problems: tuple[Problem, ...],
        used: tuple[tuple[str, str], ...],
    ) -> Compiled:
        return Compiled(
            path=attempt.path,
            blob=attempt.blob.oid,
            recipe=self.recipe,
            used=used,
            article=article,
            problems=problems,
        )

    def _text(self, path: str) -> str | None:
        """Return the text of a file to include, None where there is none to be read."""
        if path not in self._texts:
            blob = self.tree.blobs.get(path)
            try:
                self._texts[path] = self.bytes_of(blob).decode("utf-8-sig") if blob else None
            except UnicodeDecodeError:
                self._texts[path] = None
        return self._texts[path]
