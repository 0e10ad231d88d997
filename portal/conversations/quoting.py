"""Quoting: what somebody newly wrote in a mail, without the mails that they answered and without their signature.

Needs the extra `mail`, whose patterns know how mail programs of fifteen languages begin a quote; without it a text
stays as it is. Where it is not certain what is new, all of it stays: an answer that nobody sees is worse than a quote.
"""

import re
from functools import lru_cache
from typing import Any

try:
    from mailparser_reply import EmailMessage as _Patterns  # type: ignore[import-untyped]
except ImportError:
    _Patterns = None

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "sv", "da", "cs", "ja", "ko", "zh")
_LONGEST_LINE = 160
"""Characters of a line that its patterns are shown: some take the third power of a line's length."""
_MOST_LINES = 600
"""Lines that are looked at; a quote that begins further down stays."""
_FEWEST_FIELDS = 3
_SHORT_WORDS = 4
_LONGEST_SIGNATURE_LINES, _LONGEST_SIGNATURE = 12, 600
_CERTAIN = re.compile(
    r"--\s*$|__+\s*$|sent from|gesendet von|get outlook|envoy|enviado|inviato|verzonden", re.IGNORECASE
)
_GOES_ON = re.compile(r"\?|\bp\.? ?s\b", re.IGNORECASE)


def is_available() -> bool:
    """Whether the package is installed."""
    return _Patterns is not None


def newly_written(text: str) -> str:
    """Return what is new in a mail's text; all of it where that is not certain, or would be nothing."""
    lines = text.replace("\r\n", "\n").split("\n")
    patterns = _patterns()
    if patterns is None:
        return text.strip()
    lines = lines[: _quote_begins(lines, patterns)]
    lines = lines[: _signature_begins(lines, patterns)]
    return "\n".join(lines).strip() or text.strip()


@lru_cache(maxsize=1)
def _patterns() -> Any:  # noqa: ANN401 - the package is not typed
    """Return what holds the patterns: HEADER_REGEX and SIGNATURE_REGEX."""
    if _Patterns is None:
        return None
    message = _Patterns(text="", languages=list(LANGUAGES))
    message.keep_hyphen_lists = True
    return message


def _quote_begins(lines: list[str], patterns: Any) -> int:  # noqa: ANN401
    """Return the line with which the answered mail begins; the number of lines where there is none."""
    found = patterns.HEADER_REGEX.search(shown := _shown(lines))
    if found is None:
        return len(lines)
    begins = shown.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip()))
    ends = begins + found[0].strip().count("\n") + 1
    is_certain = _is_header(lines[begins:ends]) and not _is_answered_between(lines[ends:])
    return begins if is_certain else len(lines)


def _is_header(lines: list[str]) -> bool:
    """Whether lines begin a quote: "Ada wrote:", a ruler, or three fields; two may be of what somebody tells."""
    fields = sum(":" in line for line in lines)
    return fields >= _FEWEST_FIELDS or lines[-1].rstrip().endswith((":", "\uff1a", "--"))


def _is_answered_between(lines: list[str]) -> bool:
    """Whether somebody wrote below or between what they quote."""
    said = [line for line in lines if line.strip()]
    quotes = [at for at, line in enumerate(said) if line.lstrip().startswith(">")]
    return bool(quotes) and any(not said[at].lstrip().startswith(">") for at in range(len(said)))


def _signature_begins(lines: list[str], patterns: Any) -> int:  # noqa: ANN401
    found = patterns.SIGNATURE_REGEX.search(shown := _shown(lines))
    if found is None:
        return len(lines)
    begins = shown.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip()))
    return begins if _is_signature(lines[begins:]) else len(lines)


def _is_signature(lines: list[str]) -> bool:
    """Whether lines at the end are no more than a name and a greeting: "Thanks, but it fails" is a message."""
    first, rest = lines[0].strip().rstrip(",.! "), "\n".join(lines)
    if len(lines) > _LONGEST_SIGNATURE_LINES or len(rest) > _LONGEST_SIGNATURE or _GOES_ON.search(rest):
        return False
    return bool(_CERTAIN.match(lines[0].strip())) or ("," not in first and len(first.split()) <= _SHORT_WORDS)


def _shown(lines: list[str]) -> str:
    """Return lines as the patterns are shown them: as many as there are, cut, and none of them blank.

    They go through blank lines again and again; a dot in place of each is none of their marks.
    """
    return "\n".join(line.strip()[:_LONGEST_LINE] or "." for line in lines[:_MOST_LINES])
