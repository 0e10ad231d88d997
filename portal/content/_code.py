"""Where a Markdown source is code or comment, found in one pass, so that no dialect is read inside it."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

_OPENING = re.compile(
    r"^(?P<lead>[ \t>]{0,200}(?:(?:[-*+]|\d{1,9}[.)])[ \t>]{1,200}){0,3})(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
    r"|(?P<comment><!--)"
    r"|<(?P<raw>pre|code|script|style)(?=[\s>])"
    r"|\\(?P<escaped>.)"
    r"|(?P<ticks>`+)",
    re.MULTILINE | re.IGNORECASE,
)
_PARAGRAPH_END = re.compile(r"\n[ \t>]*\n")
_UNQUOTED = re.compile(r"^(?![ \t]*>)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` is not prose; a comment is never shown, code is shown as it is."""

    start: int
    end: int
    is_comment: bool = False


def not_prose(text: str) -> tuple[Span, ...]:
    """Return fenced code, inline code, raw `<pre>`, `<code>`, `<script>`, `<style>`, and comments, in order.

    Takes time in proportion to the text, whatever is in it. An unclosed fence or comment reaches to the end.
    """
    return tuple(_spans(text))


def is_inside(spans: tuple[Span, ...], position: int) -> bool:
    """Whether the character at `position` belongs to one of the spans."""
    index = bisect_right(spans, position, key=lambda span: span.start) - 1
    return index >= 0 and position < spans[index].end


def _spans(text: str) -> Iterator[Span]:
    ticks = _Ticks(text)
    closed = _Closers(text)
    position = 0
    while match := _OPENING.search(text, position):
        position = match.end()
        if match["fence"]:
            start, position = match.start("fence"), _end_of_fence(text, match)
            yield Span(start, position)
        elif match["comment"]:
            position = closed.after("-->", match.end()) or len(text)
            yield Span(match.start(), position, is_comment=True)
        elif match["raw"]:
            end = closed.after(f"</{match['raw'].lower()}>", match.end())
            if end:
                yield Span(match.start(), end)
                position = end
        elif match["ticks"]:
            end = ticks.closing(match.start(), match.end())
            if end:
                yield Span(match.start(), end)
                position = end


def _end_of_fence(text: str, opening: re.Match[str]) -> int:
    """Return where the fence ends, its closing line included; a fence in a quotation ends with the quotation."""
    mark = opening["fence"]
    body = text.find("\n", opening.end())
    if body < 0:
        return len(text)
    limit = len(text)
    if ">" in opening["lead"] and (outside := _UNQUOTED.search(text, body + 1)):
        limit = outside.start()
    closing = re.compile(rf"^[ \t>]*{mark[0]}{{{len(mark)},}}[ \t]*$", re.MULTILINE).search(text, body + 1, limit)
    return closing.end() if closing else limit


class _Closers:
    """Ends of comments and raw elements; remembers what is nowhere ahead, so that no search is made twice."""

    def __init__(self, text: str) -> None:
        self._text = text.lower()
        self._absent: set[str] = set()

    def after(self, closer: str, position: int) -> int | None:
        if closer not in self._absent:
            found = self._text.find(closer, position)
            if found >= 0:
                return found + len(closer)
            self._absent.add(closer)
        return None


class _Ticks:
    """Finds the run of backticks that closes another: equally long, in the same paragraph."""

    def __init__(self, text: str) -> None:
        self._starts: defaultdict[int, list[int]] = defaultdict(list)
        for run in re.finditer("`+", text):
            self._starts[len(run[0])].append(run.start())
        self._ends = [match.start() for match in _PARAGRAPH_END.finditer(text)]
        self._length = len(text)

    def closing(self, start: int, end: int) -> int | None:
        runs = self._starts[end - start]
        index = bisect_right(runs, start)
        paragraph = bisect_right(self._ends, start)
        limit = self._ends[paragraph] if paragraph < len(self._ends) else self._length
        if index < len(runs) and runs[index] < limit:
            return runs[index] + end - start
        return None
