"""`[!INCLUDE [label](path.md)]`: one Markdown file drawn into another before it is rendered."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from portal.content._code import is_inside, not_prose
from portal.content._places import rebase
from portal.content.problem import ArticleInvalid, Problem, Severity

DEEPEST = 10
"""Includes within includes; real collections need 3."""
LARGEST_CHARACTERS = 2_000_000
MOST = 5_000
"""Includes in one article, counted where they stand; the bound on files that multiply each other."""

_INCLUDE = re.compile(
    r"\[!include[ \t]*\[[^\]\n]{0,300}\][ \t]*:?[ \t]*\("
    r"(?P<target>[^()\n]{0,1000}(?:\([^()\n]{0,300}\))?[^()\n]{0,1000})\)[ \t]*\]?",
    re.IGNORECASE,
)
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LEAD = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?[ \t>]*")
_BLOCK = re.compile(r"[>|#]|:::|```|~~~|[-*+] |\d+[.)] ")


@dataclass(frozen=True, slots=True)
class Expanded:
    """A body with its includes drawn in."""

    text: str
    used: tuple[str, ...]
    """Paths in the tree that were read or looked for in vain, in order, each once."""
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Run:
    """What one expansion has gathered so far."""

    read: Callable[[str], str | None]
    root: str
    root_line: int = 1
    size: int = 0
    count: int = 0
    used: dict[str, None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def expand(path: str, body: str, body_line: int, read: Callable[[str], str | None]) -> Expanded:
    """Draw every include of `body` in, those within includes too.

    path: the article's, in the tree; body_line: the line of the file on which body begins.
    read: gives the text at a normalised path in the tree, or None where there is none.
    An include that is missing or outside the tree leaves a warning and no text.
    Raises ArticleInvalid on a cycle, or past DEEPEST, MOST or LARGEST_CHARACTERS.
    """
    run = _Run(read, path)
    text = _expand(run, (path,), body, body_line)
    return Expanded(text, tuple(run.used), tuple(run.problems))


def _expand(run: _Run, chain: tuple[str, ...], text: str, first_line: int) -> str:
    spans = not_prose(text)
    parts: list[str] = []
    done = line_at = 0
    line = first_line
    for match in _INCLUDE.finditer(text):
        if is_inside(spans, match.start()):
            continue
        line += text.count("\n", line_at, match.start())
        line_at = match.start()
        if len(chain) == 1:
            run.root_line = line
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        before, after = text[start : match.start()], text[match.end() : end if end >= 0 else len(text)]
        parts += text[done : match.start()], _fitted(_included(run, chain, match["target"], line), before, after)
        done = match.end()
    return "".join((*parts, text[done:])) if parts else text


def _included(run: _Run, chain: tuple[str, ...], target: str, line: int) -> str:
    """Return the text for one include, its own includes drawn in and its links right for `chain[-1]`."""
    path = _path_of(chain[-1], target)
    if path is None:
        what = f"the include {target.strip()!r} leads out of the content"
        run.problems.append(
            Problem(chain[-1], line, what, "Name a file below the content's root.", Severity.WARNING),
        )
        return ""
    _refuse_endless(run, (*chain, path))
    run.used[path] = None
    text = run.read(path)
    if text is None:
        what = f"the include {path!r} does not exist"
        run.problems.append(
            Problem(chain[-1], line, what, "Mend the path, or take the include out.", Severity.WARNING),
        )
        return ""
    text = text.replace("\r\n", "\n")
    body = _FRONT_MATTER.sub("", text, count=1)
    first_line = 1 + text.count("\n", 0, len(text) - len(body))
    run.size += len(body)
    _refuse_large(run)
    return rebase(_expand(run, (*chain, path), body, first_line), path, chain[-1])


def _path_of(source: str, target: str) -> str | None:
    """Return the normalised path in the tree, or None where it leaves the tree."""
    plain = unquote(target.strip().split(' "')[0].strip("<> \t")).replace("\\", "/")
    if plain.startswith("~/"):
        plain = plain[1:]
    folder = "" if plain.startswith("/") else posixpath.dirname(source)
    path = posixpath.normpath(posixpath.join(folder, plain.lstrip("/")))
    is_outside = path in {"", ".", ".."} or path.startswith("../") or "\0" in path or ":" in path.split("/")[0]
    return None if is_outside else path


def _fitted(text: str, before: str, after: str) -> str:
    """Fit included text between what stands before and after it on its line."""
    text = text.strip("\n").rstrip()
    if "|" in before and "|" in after:
        return " ".join(text.split())
    if "\n" not in text and (not _BLOCK.match(text) or not before.strip()):
        return text.lstrip() if before.strip() else text
    lead = _LEAD.match(before)
    carried = re.sub(r"[^\s>]", " ", lead[0]) if lead else ""
    lines = ("\n" + carried).join(text.split("\n"))
    if lead and lead.end() < len(before) and _BLOCK.match(text):
        return f"\n{carried.rstrip()}\n{carried}{lines}"
    return lines


def _refuse_endless(run: _Run, chain: tuple[str, ...]) -> None:
    """Raise ArticleInvalid where the last of the chain closes a circle, or lies too deep."""
    run.count += 1
    spelled = " → ".join(chain)
    if chain[-1] in chain[:-1]:
        raise _invalid(run, f"includes go round in a circle: {spelled}", "Take one of these includes out.")
    if len(chain) > DEEPEST + 1:
        what = f"includes lie more than {DEEPEST} deep: {spelled}"
        raise _invalid(run, what, "Include the innermost text directly.")
    if run.count > MOST:
        raise _invalid(run, f"there are more than {MOST} includes in all", "Split the article, or include less.")


def _refuse_large(run: _Run) -> None:
    if run.size > LARGEST_CHARACTERS:
        what = f"its includes add up to more than {LARGEST_CHARACTERS // 1_000_000} MB"
        raise _invalid(run, what, "Split the article, or include less.")


def _invalid(run: _Run, what: str, mend: str) -> ArticleInvalid:
    return ArticleInvalid([Problem(run.root, run.root_line, what, mend)])
