"""Places: what a file's path says of it: article or not, language, slug, topic."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from portal import text
from portal.content import languages as tags

_SUFFIX = re.compile(r"\.(?:md|mdx|markdown)$", re.IGNORECASE)
_NUMBERED = re.compile(r"^\d{1,4}[-_. ]+(?=\D)")
_PIECES = frozenset({"includes", "_includes", "snippets", "_snippets"})
_NOT_CONTENT = {"_drafts": "a folder of drafts", "node_modules": "a package's own papers"}
_CONTENTS = frozenset({"toc", "summary", "_sidebar", "_navbar", "_coverpage"})
_REPOSITORY = frozenset({"readme", "contributing", "code_of_conduct"})
_REPOSITORY_IN_CAPITALS = frozenset({"LICENSE", "LICENCE", "COPYING", "CHANGELOG", "SECURITY", "NOTICE", "AUTHORS"})


@dataclass(frozen=True, slots=True)
class Place:
    """A path without suffix and language part; `segments` are its folders and its name."""

    lang: str | None
    segments: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The article's address below `/articles/`."""
        return "/".join(text.slugify(segment) for segment in self.segments)


def is_article(path: str) -> str | None:
    """Return why a file is not an article, or None when it is one.

    LICENSE, CHANGELOG and their like count in capitals, or in any case at the top: a help centre
    may well have an article `accounts/security.md`.
    """
    folders = path.split("/")[:-1]
    name = path.rpartition("/")[2]
    if text.without_controls(path) != path or "\n" in path or "\t" in path:
        return "its name has control characters; give it a plain name"
    if any(segment.startswith(".") for segment in path.split("/")):
        return "hidden: its name or folder begins with a dot"
    if not _SUFFIX.search(name):
        return "not a Markdown file"
    for folder in folders:
        if folder.lower() in _PIECES:
            return "included by other articles"
        if folder.lower() in _NOT_CONTENT:
            return _NOT_CONTENT[folder.lower()]
    return _role_of_name(name.split(".")[0].replace("-", "_"), is_at_top=not folders)


def _role_of_name(stem: str, *, is_at_top: bool) -> str | None:
    if stem.lower() in _CONTENTS and (stem.lower() != "summary" or stem.isupper()):
        return "a table of contents"
    is_paper = stem in _REPOSITORY_IN_CAPITALS or (is_at_top and stem.upper() in {"LICENSE", "LICENCE", "COPYING"})
    if is_paper or stem.lower() in _REPOSITORY:
        return "about the repository, not for customers"
    return None


def locate(path: str, languages: Collection[str], common: str = "") -> Place:
    """Take the suffix and the language part out of a path.

    common: the folder all articles share, see `common_folder`; a language folder may stand in it or right below.
    """
    *folders, name = _SUFFIX.sub("", path).split("/")
    lead = [folder for folder in common.split("/") if folder]
    lang: str | None = None
    for number, folder in enumerate(folders[: len(lead) + 1]):
        lang = tags.in_path(folder, languages)
        if lang:
            del folders[number]
            break
        if folder not in lead[number : number + 1]:
            break
    stem, dot, suffix = name.rpartition(".")
    by_suffix = tags.in_path(suffix, languages) if dot and stem else None
    return Place(by_suffix or lang, (*folders, stem if by_suffix else name))


def topic_folder(place: Place, common: str = "") -> str | None:
    """Return the first folder below the common one."""
    lead = tuple(folder for folder in common.split("/") if folder)
    folders = place.segments[:-1]
    rest = folders[len(lead) :] if folders[: len(lead)] == lead else folders
    return rest[0] if rest else None


def readable(name: str) -> str:
    """Make a title of a folder's or file's name: `01-reset_password` is "Reset password"."""
    words = text.one_line(re.sub(r"[-_]+", " ", _NUMBERED.sub("", name)))
    return words[:1].upper() + words[1:]


def common_folder(paths: Iterable[str], languages: Collection[str]) -> str:
    """Return the folders that all articles share, without the language's, such as `content` or `docs/help`."""
    known = list(paths)
    common = ""
    for _ in range(3):  # each round may find a language folder below what the last one found
        folders = [locate(path, languages, common).segments[:-1] for path in known]
        shared = "/".join(_shared(folders))
        if shared == common:
            break
        common = shared
    return common


def _shared(folders: list[tuple[str, ...]]) -> tuple[str, ...]:
    if not folders:
        return ()
    least, most = min(folders), max(folders)
    alike = next((n for n, (a, b) in enumerate(zip(least, most, strict=False)) if a != b), min(len(least), len(most)))
    return least[:alike]


def languages_in(paths: Iterable[str]) -> tuple[str, ...]:
    """Find a tree's languages where `portal.toml` names none, the one with the most articles first; at least `en`.

    A two-letter folder is a language when it has a counterpart elsewhere or when there are no folders of
    another kind beside it: `it/` beside `billing/` is a department. A suffix needs its counterpart.
    """
    known = list(paths)
    common = common_folder(known, ())
    places = [(path, locate(path, (), common)) for path in known]
    per_place = Counter(place.segments for _, place in places)
    is_split = bool(places) and all(place.lang for _, place in places)
    counts: Counter[str] = Counter()
    for path, place in places:
        is_suffix = place.lang is not None and _SUFFIX.sub("", path).split("/")[-1] != place.segments[-1]
        has_counterpart = per_place[place.segments] > 1
        counts[place.lang if place.lang and (has_counterpart or (is_split and not is_suffix)) else "en"] += 1
    return tuple(language for language, _ in counts.most_common()) or ("en",)
