"""Synonyms file: which words mean the same here, in Solr's format, read from its bytes alone.

`synonyms.txt` at the root of the content is for every language, `synonyms.de.txt` beside it for German.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from portal import text
from portal.content import languages as tags
from portal.content._synonym_lines import Lines, SynonymRule
from portal.content.problem import Problem, Severity
from portal.content.tree import MAX_OTHER_BYTES, Blob, Tree

__all__ = ["SynonymRule", "is_synonyms_file", "parse_synonyms", "read_synonyms", "synonyms_for"]

LARGEST_FILE = 1024 * 1024
"""Bytes; `MOST_LINES` of a hundred letters, which is far more than anybody keeps by hand."""
MOST_LINES = 10_000
"""Of one file that are read, comments not counted; Elasticsearch's limit for one set of synonyms was as high."""
_NAME = re.compile(r"synonyms(?:\.([^/]*))?\.txt", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def is_synonyms_file(path: str) -> bool:
    """Whether a path is `synonyms.txt` or `synonyms.<anything>.txt`, in any case, at the root of the content."""
    return _NAME.fullmatch(path) is not None


def read_synonyms(
    tree: Tree, languages: Collection[str], read: Callable[[Blob], bytes]
) -> tuple[dict[str, tuple[SynonymRule, ...]], tuple[Problem, ...]]:
    """Read all synonyms of a tree, by language tag; those for every language stand under the empty one.

    languages: those of the help centre; a file for another one is read all the same, with a warning.
    """
    problems = [_unreadable(file.path, file.reason) for file in tree.skipped if is_synonyms_file(file.path)]
    found: dict[str, tuple[SynonymRule, ...]] = {}
    for path, blob in tree.blobs.items():
        if is_synonyms_file(path):
            lang, wrong_with_its_name = _language(path, languages)
            problems.extend(wrong_with_its_name)
            if lang is not None:
                rules, wrong_with_it = parse_synonyms(path, read(blob))
                problems.extend(wrong_with_it)
                found[lang] = (*found.get(lang, ()), *rules)
    return found, tuple(sorted(problems))


def synonyms_for(synonyms: Mapping[str, tuple[SynonymRule, ...]], lang: str) -> tuple[SynonymRule, ...]:
    """Return the rules that hold in a language: those for every one, for `pt` and for `pt-BR`, in this order."""
    base = lang.partition("-")[0]
    return tuple(rule for tag in dict.fromkeys(("", base, lang)) for rule in synonyms.get(tag, ()))


def parse_synonyms(path: str, data: bytes) -> tuple[tuple[SynonymRule, ...], tuple[Problem, ...]]:
    """Read the file's bytes, line by line. Never fails; the problems are by line, and the other lines count.

    ERROR: a line, or a part of one, that is left out. WARNING: a line that says nothing, or likely not what was meant.
    """
    lines = Lines(path)
    if data.startswith(_UTF_16):
        lines.error(1, "the file is written in UTF-16, so it is left out", "Save it as UTF-8.")
        return (), lines.reported()
    if len(data) > LARGEST_FILE:
        whole, data = len(data), data[:LARGEST_FILE].rpartition(b"\n")[0]
        what = f"the file has {whole // 1024:,} KB; its lines from here on are left out"
        lines.error(len(data.splitlines()) + 1, what, f"Keep it under {LARGEST_FILE // 1024:,} KB.")
    for count, (line, row) in enumerate(_rows(data)):
        if count == MOST_LINES:
            what = f"the file has over {MOST_LINES:,} rules; those from here on are left out"
            lines.error(line, what, "Keep those that customers need.")
            break
        lines.take(line, row)
    return tuple(lines.rules), lines.reported()


def _unreadable(path: str, reason: str) -> Problem:
    mend = f"Put a text file there, of at most {min(LARGEST_FILE, MAX_OTHER_BYTES) // 1024:,} KB."
    return Problem(path, 1, f"the synonyms are left out: {reason}", mend)


def _language(path: str, languages: Collection[str]) -> tuple[str | None, tuple[Problem, ...]]:
    """Return the tag in a file's name, empty where there is none to be, None where it is no tag."""
    found = _NAME.fullmatch(path)
    written = found[1] if found else None
    if written is None:
        return "", ()
    tag = tags.normalise(written)
    if tag is None:
        what = f"{text.cut(written, 40)!r} in the file's name is no language tag, so the file is left out"
        return None, (Problem(path, 1, what, "Name it synonyms.txt, or after a language, such as synonyms.de.txt."),)
    if any(f"{known}-".startswith(f"{tag}-") for known in languages):
        return tag, ()
    what = f"the help centre has no language {tag!r} that these synonyms could be for"
    mend = f"Name the file after one of {', '.join(sorted(languages)[:10])}, or synonyms.txt for all of them."
    return tag, (Problem(path, 1, what, mend, Severity.WARNING),)


def _rows(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give each line that says something, with its number from 1; a `#` before all else makes it a comment."""
    for number, row in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        said = row.strip()
        if said and not said.startswith(b"#"):
            yield number, said
