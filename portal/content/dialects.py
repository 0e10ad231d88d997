"""Dialects of other help centres, put into plain Markdown before it is rendered.

GitHub's and DocFX's alerts, videos, `:::` blocks, comments and cross references. Code is left as it is.
Alerts and Markdown's own containers are carried to the finished tree by `ALERT` marks that no writer can type.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal.content import _colons
from portal.content._code import not_prose
from portal.content._findings import Findings
from portal.content._tags import KNOWN_TAGS
from portal.content._words import Words, words_of
from portal.content.problem import Problem

RESERVED = re.compile("[\ufdd0-\ufdef\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters that are no text in any script; taken out of what writers give, used as marks here."""
ALERT = re.compile("\ufdd2([a-z]+)\ufdd3")
LOOKS = {"note": "note", "tip": "tip", "important": "important", "warning": "warning", "caution": "danger"}

_MASK = re.compile("\ufdd0(\\d+)\ufdd1")
_QUOTED = re.compile(
    r"(?P<lead>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<quote>>[ \t>]*)?)"
    r"!?\[!(?P<word>note|tip|important|warning|caution|div|video)\b(?P<more>[^\]\n]{0,1000})\][ \t]*(?P<rest>.*)",
    re.IGNORECASE,
)
_NOT_LAZY = re.compile(r"[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|\||<|\ufdd0|$)")
_CONTENTS = re.compile(r"^[ \t]*\[(?:\[_TOC_\]|TOC)\][ \t]*$", re.MULTILINE | re.IGNORECASE)
_VIDEO = re.compile(r"\[!video[ \t]+(?P<url>https?://[^\s\]\[()]{1,1000})[^\]\n]{0,300}\]", re.IGNORECASE)
_CODE_FILE = re.compile(r"\[!code[^\[\]\n]{0,100}\[[^\]\n]{0,300}\]\([^)\n]{0,1000}\)\]", re.IGNORECASE)
_ODD_LINK = re.compile(
    r"(?P<image>!)?\[!(?!\[)(?P<text>[^\[\]\n]{0,1000})\](?P<to>\((?P<target><[^>\n]{0,1000}>|[^\s()]{0,1000})[^()\n]{0,500}\))",
)
_IMAGE_FILE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg|bmp)(?:[?#]|>?$)", re.IGNORECASE)
_LEFT_OVER = re.compile(r"\[!(?!\[)(?:include\b)?(?P<text>[^\[\]\n]{0,1000})(?P<end>\]?)", re.IGNORECASE)
_XREF_AUTO = re.compile(r"<xref:(?P<uid>[^>\s?]{1,500})[^>\n]{0,500}>", re.IGNORECASE)
_XREF_LINK = re.compile(r"\[(?P<text>[^\[\]\n]{1,1000})\]\(xref:[^)\n]{0,1000}\)", re.IGNORECASE)
_TAG = re.compile(r"(?<!\]\()<(?=/?(?P<name>[a-z][a-z0-9_.-]{0,100})[^a-z0-9_.:@-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Translated:
    """Plain Markdown with alert marks, and what was odd in the source."""

    text: str
    problems: tuple[Problem, ...]


def translate(path: str, text: str, first_line: int, lang: str = "en") -> Translated:
    """Put the dialects in `text` into plain Markdown. Problems are warnings; nothing is raised."""
    findings = Findings(path, text, first_line)
    words = words_of(lang)
    text = RESERVED.sub("", text)
    masked, code = _mask(text, findings)
    masked = _CONTENTS.sub("", masked)
    masked = _colons.translate(masked, findings)
    masked = "\n".join(_alerts(masked.split("\n"), words))
    masked = _inline(masked, findings, words)
    return Translated(_MASK.sub(lambda match: code[int(match[1])], masked), findings.problems())


def without_comments(text: str) -> str:
    """Return Markdown without its comments, for those who are given the source; code is left as it is."""
    parts: list[str] = []
    done = 0
    for span in not_prose(text):
        if span.is_comment:
            parts.append(text[done : span.start])
            done = _end_of_comment(text, span.start, span.end)
    return "".join((*parts, text[done:]))


def _mask(text: str, findings: Findings) -> tuple[str, list[str]]:
    """Take comments out, and put a mark for each piece of code."""
    code: list[str] = []
    parts: list[str] = []
    done = 0
    for span in not_prose(text):
        parts.append(text[done : span.start])
        if span.is_comment:
            done = _end_of_comment(text, span.start, span.end)
            if not text.startswith("-->", span.end - 3):
                findings.warn("<!--", "a comment that is never closed hides the rest", "Close it with -->.")
        else:
            parts.append(f"\ufdd0{len(code)}\ufdd1")
            code.append(text[span.start : span.end])
            done = span.end
    return "".join((*parts, text[done:])), code


def _end_of_comment(text: str, start: int, end: int) -> int:
    """Return where to go on behind a comment; one between two rows of a table takes its line end along."""
    is_alone = not text[text.rfind("\n", 0, start) + 1 : start].strip() and text.startswith("\n", end)
    above = text[text.rfind("\n", 0, max(text.rfind("\n", 0, start), 0)) + 1 : start].strip()
    if is_alone and above.startswith("|") and text[end + 1 : end + 4].lstrip().startswith("|"):
        return end + 1
    return end


def _alerts(lines: Iterable[str], words: Words) -> Iterable[str]:
    """Put a mark, in a paragraph of its own, for each `> [!NOTE]`, and draw the lines that belong to it in."""
    lazy = ""
    for line in lines:
        match = _QUOTED.match(line)
        if not match or (not match["quote"] and match["word"].lower() in {"div", "video"}):
            lazy = lazy if line.strip() and not _NOT_LAZY.match(line) else ""
            yield lazy + line.lstrip() if lazy else line
            continue
        lead = match["lead"] if match["quote"] else match["lead"] + "> "
        carried = re.sub(r"[^\s>]", " ", lead)
        lazy = ""
        word = match["word"].lower()
        if word in LOOKS:
            lazy = carried
            yield from ([carried.rstrip()] if lead == carried else [])
            yield from (f"{lead}\ufdd2{LOOKS[word]}\ufdd3", carried.rstrip())
        elif word == "video":
            url = match["more"].strip()
            yield f"{lead}[{words.video}](<{url}>)" if url.startswith(("http:", "https:")) else lead
        if match["rest"]:
            yield carried + match["rest"]


def _inline(text: str, findings: Findings, words: Words) -> str:
    def told(pattern: re.Pattern[str], make: Callable[[re.Match[str]], str], what: str, mend: str, text: str) -> str:
        def replaced(match: re.Match[str]) -> str:
            findings.warn(match[0], what.format(match[0][:60]), mend)
            return make(match)

        return pattern.sub(replaced, text)

    text = _VIDEO.sub(lambda match: f"[{words.video}](<{match['url']}>)", text)
    text = told(_CODE_FILE, lambda _: "", "code from another file is not drawn in: {!r}", "Write the code here.", text)
    text = _XREF_AUTO.sub(lambda match: match["uid"].rpartition("/")[2], text)
    text = _XREF_LINK.sub(lambda match: match["text"], text)
    text = _ODD_LINK.sub(_mended_link, text)
    text = told(
        _LEFT_OVER,
        lambda match: match["text"].strip() + (match["end"] if not match["text"].strip() else ""),
        "{!r} is no known mark and is shown as plain text",
        "Write it without the exclamation mark, or as one of NOTE, TIP, IMPORTANT, WARNING, CAUTION.",
        text,
    )
    text = text.replace(":::", "")
    return _TAG.sub(lambda match: match[0] if match["name"].lower() in KNOWN_TAGS else "&lt;", text)


def _mended_link(match: re.Match[str]) -> str:
    """`[!text](x.png)` was meant as an image, `[!text](page.md)` as a link, `![!text](x)` has a mark too many."""
    is_image = match["image"] or _IMAGE_FILE.search(match["target"])
    return f"{'!' if is_image else ''}[{match['text'].strip()}]{match['to']}"
