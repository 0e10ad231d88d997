"""The site's own patterns: taken only where no text can make them slow, and run over short pieces of a text.

Python's `re` can't be stopped, so a pattern is judged by its form before it is used: no repetition within a repetition,
which could take exponential time, no look around and no reference back, and few repetitions behind one another. Over
pieces of 120 characters the worst of what is left takes a few milliseconds.
"""

import re
from collections.abc import Iterator

WINDOW = 120
"""Characters of a piece; the next one begins in its middle, so that a match of up to 60 is always found whole."""
MOST_STEPS = 2_000_000
"""Steps that the worst piece may take, by a rough upper bound; `re` takes some 50 to 100 millions a second."""
LONGEST = 200
_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?P<\w+>|\(\?:|\(\?|\(|\)|\||[*+?]|\{\d*(?:,\d*)?\}|.", re.DOTALL)
_COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}")


def why_slow(pattern: str) -> str:
    """Say in words why a pattern can't be used, and what to write instead; empty for one that can."""
    if len(pattern) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    steps = WINDOW
    groups = [False]
    closed: bool | None = None
    for part in _PART.findall(pattern):
        was_group, closed = closed, None
        if part == "(?" or re.fullmatch(r"\\[1-9]", part):
            return "it looks around, refers back or sets flags; describe the number itself"
        if part in {"(", "(?:"} or part.startswith("(?P<"):
            groups.append(False)
        elif part == ")" and len(groups) > 1:
            closed = groups.pop()
            groups[-1] |= closed
        elif part == "|":
            groups[-1] = True
        elif (least_most := _repetition(part)) is not None:
            least, most = least_most
            if was_group and most > 1:
                return "it repeats what repeats or branches; write {4} or one pattern for each form"
            if least != most:
                groups[-1] = True
                steps *= most - least + 1
    return "" if steps <= MOST_STEPS else "it repeats too much; write {1,12} in place of + and *"


def spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where a pattern matches, in order and apart; a match is widened to whole words, so that no rest is left."""
    after = 0
    for begin in range(0, max(1, len(text) - WINDOW // 2), WINDOW // 2):
        for found in pattern.finditer(text, begin, begin + WINDOW):
            start, end = found.span()
            if start == end or start < after:
                continue
            while start > after and text[start - 1].isalnum() and text[start].isalnum():
                start -= 1
            while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
                end += 1
            yield start, end
            after = end


def _repetition(part: str) -> tuple[int, int] | None:
    """Return how often a part repeats what is before it, at least and at most; None for any other part."""
    if part in {"*", "+"}:
        return (0 if part == "*" else 1), WINDOW
    if part == "?":
        return 0, 1
    count = _COUNT.fullmatch(part)
    if count is None or part in {"{}", "{,}"}:
        return None
    least = int(count[1] or 0)
    most = (int(count[3]) if count[3] else WINDOW) if count[2] else least
    return min(least, WINDOW), min(most, WINDOW)
