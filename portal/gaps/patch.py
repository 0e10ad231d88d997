"""Patch: what a proposal changes, as files. Values in, files out; `content.drafts` makes a commit of them."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from portal import text
from portal.content import front_matter, languages
from portal.content.front_matter_lines import add_items, set_text, write_front_matter
from portal.content.keys import own
from portal.content.synonym_line import add_synonyms, synonyms_path
from portal.errors import Conflict, Invalid
from portal.gaps.suggest import Kind, Proposal

MOST_AKA = 5
_MARKDOWN = re.compile(r"\.(?:md|mdx|markdown)$", re.IGNORECASE)
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|!~])")
_SHOWN = (("draft", "false"), ("status", "published"), ("published", "true"))


@dataclass(frozen=True, slots=True)
class Content:
    """The articles as they are published: paths from the content root, and the bytes of one."""

    paths: Collection[str]
    read: Callable[[str], bytes]


def changes(proposal: Proposal, gap: int, content: Content) -> dict[str, bytes | None]:
    """Return each file that the proposal makes or changes, by path, with its new bytes.

    Where the content says so already the bytes are those that are there. Raises Invalid and Conflict, in words.
    """
    if proposal.kind in (Kind.NEW_ARTICLE, Kind.TRANSLATE):
        path = new_path(proposal, gap, content)
        return {path: content.read(path) if path in content.paths else new_article(proposal, gap)}
    if proposal.kind is Kind.SYNONYMS:
        path = proposal.path or synonyms_path(proposal.lang, content.paths)
        before = content.read(path) if path in content.paths else b""
        return {path: add_synonyms(path, before, proposal.line)}
    path = _existing(proposal, content)
    return {path: _edited(proposal, path, content.read(path))}


def new_path(proposal: Proposal, gap: int, content: Content) -> str:
    """Return where the new article goes: as proposed, else beside the nearest one of its language.

    A place that is taken is not used, unless by what was drafted for this gap before.
    """
    wanted = proposal.path or _beside(proposal, content)
    stem = _MARKDOWN.sub("", wanted)
    suffix = wanted[len(stem) :] or ".md"
    for number in range(1, 100):
        path = f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}"
        if path not in content.paths or _is_for(path, content.read(path), gap):
            return path
    raise Invalid(f"Every name like {wanted} is taken. Give the gap another title.")


def new_article(proposal: Proposal, gap: int) -> bytes:
    """Return a new article: front matter filled in, and the outline as headings for its writer to fill."""
    title = text.one_line(proposal.title) or f"Gap {gap}"
    values: dict[str, object] = {"title": title}
    aka = [one for name in proposal.aka if (one := text.one_line(name)) and one.casefold() != title.casefold()]
    if aka:
        values["aka"] = aka[:MOST_AKA]
    if proposal.topic:
        values["topic"] = proposal.topic
    if proposal.kind is Kind.TRANSLATE and proposal.article:
        values["translation_of"] = proposal.article.id
    values["closes"] = [gap]
    return (write_front_matter(values) + _headings(proposal.outline)).encode()


def _headings(outline: Collection[str]) -> str:
    rows = [f"\n## {_SIGNS.sub(_escape, text.one_line(heading))}\n" for heading in outline if text.one_line(heading)]
    return "".join(rows) or "\n"


def _escape(found: "re.Match[str]") -> str:
    """Take the meaning of Markdown from a sign that a customer typed."""
    return f"\\{found[1]}"


def _beside(proposal: Proposal, content: Content) -> str:
    slug = text.slugify(proposal.title)
    near = next((one for one in proposal.nearest if one.path in content.paths and one.lang == proposal.lang), None)
    if near:
        folder, slash, name = near.path.rpartition("/")
        parts = name.split(".")
        by_suffix = f".{parts[-2]}" if len(parts) > 2 and languages.normalise(parts[-2]) else ""  # noqa: PLR2004 - a name, a language, md
        return f"{folder}{slash}{slug}{by_suffix}.md"
    has_folder = any(path.startswith(f"{proposal.lang}/") for path in content.paths)
    return f"{proposal.lang}/{slug}.md" if has_folder else f"{slug}.md"


def _is_for(path: str, data: bytes, gap: int) -> bool:
    """Whether an article says that it closes this gap."""
    said = front_matter.split(path, data).keys.get("closes", "")
    items = said.split(",") if isinstance(said, str) else [str(item) for item in said]
    return str(gap) in {item.strip().lstrip("#") for item in items}


def _existing(proposal: Proposal, content: Content) -> str:
    path = proposal.path or (proposal.article.path if proposal.article else "")
    if not path:
        raise Invalid("The proposal names no article to change. Run `portal find-gaps` first, or write it by hand.")
    if path not in content.paths:
        raise Conflict(f"{path} is no longer among the articles. Run `portal find-gaps` for a new proposal.")
    return path


def _edited(proposal: Proposal, path: str, data: bytes) -> bytes:
    """Return an article that is there with what is proposed for it."""
    if proposal.kind is Kind.AKA:
        return add_items(path, data, "aka", [text.one_line(name) for name in proposal.aka])
    if proposal.kind is Kind.OPEN_UP:
        return set_text(path, data, "audience", "public")
    if proposal.kind is Kind.PUBLISH:
        return _shown(path, data)
    end = b"\r\n" if b"\r\n" in data else b"\n"
    there = data.decode("utf-8", "replace").casefold()
    added = _headings([one for one in proposal.outline if text.one_line(one).casefold() not in there])
    if not added.strip():
        message = f"What to improve in {path} is told by its readers' reasons; no line can do it. Edit the article."
        raise Invalid(message)
    return data.rstrip() + end + added.encode().replace(b"\n", end)


def _shown(path: str, data: bytes) -> bytes:
    """Return a draft as a published article; what else hides it is its writer's to say."""
    given = {own(key) for key in front_matter.split(path, data).keys}
    if not given & {key for key, _ in _SHOWN}:
        raise Invalid(
            f"{path} is hidden by something else than `draft` or `status`, such as its dates. Edit it by hand."
        )
    for key, value in _SHOWN:
        data = set_text(path, data, key, value) if key in given else data
    return data
