"""Article: what one Markdown file says, read from its bytes alone."""

import re
from dataclasses import dataclass, field
from datetime import date

from pydantic import TypeAdapter

from portal import text
from portal.audience import Visibility
from portal.content import front_matter, languages, places
from portal.content.fields import Fields
from portal.content.front_matter import Split
from portal.content.places import Place, is_article
from portal.content.problem import ArticleInvalid, Problem, Severity
from portal.content.site import Site
from portal.content.visibility import read_visibility, visibility_hint

__all__ = ["Article", "article_from_json", "article_to_json", "is_article", "parse", "visibility_hint"]

LONG_TITLE = 300
"""Characters; longer ones fill a screen. Kept whole, with a warning."""
LONG_ROW = 1_000
"""Characters of a heading that are looked at, so that no pattern of signs takes long."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_GAP = re.compile(r"#?([1-9]\d{0,8})")
_ORDER = re.compile(r"[+-]?\d{1,6}")
_CODE_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*")
_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]{1,200}>|\{[#.:][^}]*\}[ \t]*$|[*`]|(?<!\w)_+|_+(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One Markdown file, understood. Knows nothing of git's history; see `Past` for that."""

    path: str
    """Path in the tree, with `/`, from the content root."""
    blob: str
    """git's object id of the bytes."""
    given_id: str | None
    lang: str
    """BCP 47 tag such as "en" or "pt-BR"."""
    slug: str
    """The file's path without suffix and language part, each segment slugified: `accounts/reset-your-password`."""
    title: str
    summary: str
    body: str
    """Markdown without front matter, line ends `\\n`."""
    body_line: int
    """Line of the file on which `body` begins, from 1."""
    visibility: Visibility
    kind: str = "article"
    stage: str | None = None
    topic: str | None = None
    """Slug of its topic; its name stands in `Site.topic_name(topic)` or is `topic_name`."""
    topic_name: str | None = None
    tags: tuple[str, ...] = ()
    aka: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    order: int | None = None
    owner: str | None = None
    aliases: tuple[str, ...] = ()
    """Former addresses as the writer gave them: slugs or URL paths."""
    review_by: date | None = None
    translation_of: str | None = None
    translation_key: str = ""
    """Equal for files that differ in their language part alone."""
    closes: tuple[int, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)
    """Unknown front matter, as text, kept for others' tools."""


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    blob: str
    split: Split
    place: Place


_AS_JSON = TypeAdapter(Article)


def parse(path: str, blob: str, data: bytes, site: Site, common: str = "") -> tuple[Article, tuple[Problem, ...]]:
    """Understand a file; the problems are warnings alone, by line.

    common: the folders that all articles share, from `places.common_folder`.
    Raises ArticleInvalid when something holds it back.
    """
    split = front_matter.split(path, data)
    fields = Fields(path, split)
    file = _File(path, blob, split, places.locate(path, site.languages, common))
    article = _assemble(file, fields, site, common)
    if any(problem.severity is Severity.ERROR for problem in fields.problems):
        raise ArticleInvalid(fields.problems)
    return article, tuple(sorted(fields.problems))


def article_to_json(article: Article) -> str:
    """Write an article down for `article_from_json`."""
    return _AS_JSON.dump_json(article).decode()


def article_from_json(written: str) -> Article:
    """Read what `article_to_json` wrote. Raises ValueError for anything else."""
    return _AS_JSON.validate_json(written)


def _assemble(file: _File, fields: Fields, site: Site, common: str) -> Article:
    split, place = file.split, file.place
    topic, topic_name = _topic(fields, place, site, common)
    return Article(
        path=file.path,
        blob=file.blob,
        given_id=_id(fields),
        lang=_lang(fields, place, site),
        slug=place.slug,
        title=_title(fields, split, place),
        summary=fields.line("summary"),
        body=split.body,
        body_line=split.body_line,
        visibility=read_visibility(fields),
        kind=fields.choice("kind", ("article", "notice")) or "article",
        stage=fields.choice("stage", ("before", "during", "after")),
        topic=topic,
        topic_name=topic_name,
        tags=fields.items("tags"),
        aka=fields.items("aka"),
        products=fields.items("products"),
        order=_order(fields),
        owner=fields.line("owner") or None,
        aliases=fields.items("aliases"),
        review_by=fields.day("review_by"),
        translation_of=fields.line("translation_of") or None,
        translation_key=place.slug,
        closes=_closes(fields),
        extra=fields.extra(),
    )


def _id(fields: Fields) -> str | None:
    words = fields.line("id")
    if words and not _ID.fullmatch(words):
        mend = "Use up to 64 letters a to z, digits, hyphens, dots and underscores"
        fields.error("id", f"`id: {text.cut(words, 60)}` can't be used in an address", mend)
    return words or None


def _lang(fields: Fields, place: Place, site: Site) -> str:
    by_place = place.lang or site.default_language(())
    words = fields.line("lang")
    if not words:
        return by_place
    tag = languages.normalise(words)
    if tag is None:
        fields.warn("lang", f"`lang: {text.cut(words, 60)}` is not a language tag", "Write one such as en or pt-BR")
        return by_place
    lang = languages.closest(tag, site.languages)
    if place.lang and place.lang != lang:
        what = f"`lang` says {lang}, but the file's place says {place.lang}; `lang` counts"
        fields.warn("lang", what, "Delete `lang`, or move the file")
    return lang


def _title(fields: Fields, split: Split, place: Place) -> str:
    title = fields.line("title") or _first_heading(split.body)
    if not title:
        names = [name for name in place.segments if name.lower() not in ("index", "_index")]
        title = places.readable(names[-1]) if names else "Untitled"
        what = f"There is no title; the file's name makes it {title!r}"
        fields.warn("title", what, "Add `title` to the front matter")
    if len(title) > LONG_TITLE:
        fields.warn("title", f"The title has {len(title)} characters", f"Keep it under {LONG_TITLE}")
    return title


def _first_heading(body: str) -> str:
    """Return the text of the first heading outside code, without its markup; empty when there is none."""
    fence = ""
    before = ""
    for row in (whole[:LONG_ROW] for whole in body.split("\n")):
        mark = _CODE_FENCE.match(row)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        elif (found := _HEADING.fullmatch(row)) and (words := _plain(found[1])):
            return words
        elif before and _UNDERLINE.fullmatch(row):
            return _plain(before)
        before = row if not mark and not row.startswith(("    ", "\t", ">", "-", "|")) else ""
    return ""


def _plain(markdown: str) -> str:
    return text.one_line(_MARKUP.sub(lambda found: found[1] or "", markdown))


def _topic(fields: Fields, place: Place, site: Site, common: str) -> tuple[str | None, str | None]:
    """Return slug and name: from the front matter, else from the folder; the site's own where it knows the topic."""
    words = _topic_words(fields)
    folder = places.topic_folder(place, common)
    name = words or (places.readable(folder) if folder else "")
    if not name:
        return None, None
    known = site.find_topic(words or folder or "")
    return (known.slug, known.name) if known else (text.slugify(words or folder or ""), name)


def _topic_words(fields: Fields) -> str:
    is_own = any(key for key, _ in fields.written("topic")[:1] if key.casefold() == "topic")
    return fields.line("topic") if is_own else next(iter(fields.items("topic")), "")


def _order(fields: Fields) -> int | None:
    word = fields.word("order")
    if word and not _ORDER.fullmatch(word):
        fields.warn("order", f"`order: {text.cut(word, 60)}` is not a whole number", "Write one such as 10")
        return None
    return int(word) if word else None


def _closes(fields: Fields) -> tuple[int, ...]:
    numbers = []
    for item in fields.items("closes"):
        found = _GAP.fullmatch(item)
        if found:
            numbers.append(int(found[1]))
        else:
            fields.error("closes", f"`closes` names {text.cut(item, 60)}, which is no ticket", "Write `closes: [12]`")
    return tuple(numbers)
