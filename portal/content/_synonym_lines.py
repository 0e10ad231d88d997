"""Lines of a synonyms file: each becomes a rule, or a problem that says why not."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from portal import text
from portal.content.problem import Problem, Severity

MOST_PHRASES = 50
"""On one side of a rule, and others of one phrase; every query with it is widened by all of them."""
LONGEST_PHRASE = 64
"""Characters; as many as a query has words, so that it can be met even where each character is a word."""
MOST_PROBLEMS = 50
"""Reported for one file; a file in another format would otherwise fill every screen."""
_PIECE = re.compile(r"\\(?P<escaped>.)|(?P<arrow>=>)|(?P<comma>,)|(?P<plain>[^\\,=]+|.)", re.DOTALL)
_NOTE = re.compile(r"\s#")


@dataclass(frozen=True, slots=True)
class SynonymRule:
    """One line, as written but for blanks: whoever searches for one of `said` also means each of `meant`."""

    line: int
    said: tuple[str, ...]
    meant: tuple[str, ...]

    @property
    def is_two_way(self) -> bool:
        """Whether each of the phrases may stand for each other."""
        return self.said == self.meant


class Lines:
    """The lines of one file: the rules that they say and what is wrong with them, so far."""

    def __init__(self, path: str) -> None:
        """path: of the file in the tree."""
        self.rules: list[SynonymRule] = []
        self._path = path
        self._problems: list[Problem] = []
        self._unsaid = 0
        self._first_unsaid: Problem | None = None
        self._lines: dict[tuple[frozenset[str], frozenset[str]], int] = {}
        self._others: Counter[str] = Counter()

    def error(self, line: int, what: str, mend: str) -> None:
        """Note what is left out."""
        self._note(Problem(self._path, line, what, mend))

    def warn(self, line: int, what: str, mend: str) -> None:
        """Note what is odd."""
        self._note(Problem(self._path, line, what, mend, Severity.WARNING))

    def reported(self) -> tuple[Problem, ...]:
        """Return the first `MOST_PROBLEMS` problems by line, and how many more there are."""
        if not self._first_unsaid:
            return tuple(sorted(self._problems))
        what = f"{self._unsaid:,} more problems follow, from this line on"
        mend = "Mend those above first; docs/synonyms.md describes the format."
        return *sorted(self._problems), replace(self._first_unsaid, what=what, mend=mend)

    def _note(self, problem: Problem) -> None:
        """Keep a problem, or count it: the last one says how many there are and is as severe as any of them."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(problem)
            return
        self._unsaid += 1
        first = self._first_unsaid or problem
        self._first_unsaid = replace(
            first, severity=Severity.ERROR if problem.severity is Severity.ERROR else first.severity
        )

    def take(self, line: int, row: bytes) -> None:
        """Read one line into a rule, or note why it is none."""
        try:
            words = row.decode("utf-8")
        except UnicodeDecodeError:
            return self.error(line, "the line is not written in UTF-8, so it is left out", "Save the file as UTF-8.")
        if "\0" in words:
            return self.error(line, "the line has a NUL character, so it is left out", "Type the line anew.")
        sides = _sides(words)
        if len(sides) > 2:  # noqa: PLR2004 - what is said, and what is meant
            return self.error(line, "`=>` stands there twice, so the line is left out", "Make it two lines.")
        if _NOTE.search(words):
            mend = "Put notes on a line of their own; where # belongs to a word, write \\# to be rid of this."
            self.warn(line, "what follows # is read as words", mend)
        kept = [self._usable(line, side) for side in sides]
        if all(usable or not side for side, usable in zip(sides, kept, strict=True)):  # else it has been told why not
            self._keep(line, kept[0], kept[-1], is_one_way=len(kept) > 1)
        return None

    def _usable(self, line: int, side: list[str]) -> tuple[str, ...]:
        """Return the phrases of one side, each once, without those that can't be met."""
        found: dict[str, str] = {}
        for phrase in side:
            if len(phrase) > LONGEST_PHRASE:
                what = f"{text.cut(phrase, 40)!r} has {len(phrase):,} characters, so it is left out"
                self.error(line, what, f"Keep each under {LONGEST_PHRASE}, with commas between them.")
            elif not any(map(str.isalnum, phrase)):
                self.warn(line, f"{phrase!r} has no letter and no digit, so nobody meets it", "Take it out.")
            else:
                found.setdefault(phrase.casefold(), phrase)
        if len(found) > MOST_PHRASES:
            what = f"the line names {len(found):,} at once; the first {MOST_PHRASES} count"
            self.error(line, what, "Keep those that customers write.")
        return tuple(found.values())[:MOST_PHRASES]

    def _keep(self, line: int, said: tuple[str, ...], meant: tuple[str, ...], *, is_one_way: bool) -> None:
        """Keep a rule that says something new."""
        sides = (_folded(said), _folded(meant))
        if not said or not meant:
            mend = "Write words on both sides, such as i-pod => ipod." if is_one_way else "Write words, or delete it."
            return self.error(line, "the line lacks words, so it is left out", mend)
        if len(sides[0] | sides[1]) == 1:
            mend = "Write at least two, with commas between them, or delete the line."
            return self.warn(line, f"{text.cut(said[0], 40)!r} alone means nothing but itself", mend)
        if first := self._lines.get(sides):
            return self.warn(line, f"the line says the same as line {first}", "Delete one of them.")
        others = Counter({phrase: len(sides[1] - {phrase}) for phrase in sides[0]})
        if full := next((phrase for phrase in others if self._others[phrase] + others[phrase] > MOST_PHRASES), None):
            what = f"{full!r} would mean over {MOST_PHRASES} others, so the line is left out"
            return self.error(line, what, "Keep those that customers write.")
        self._others.update(others)
        self._lines[sides] = line
        return self.rules.append(SynonymRule(line, said, meant))


def _sides(words: str) -> list[list[str]]:
    """Cut a line at each `=>`, and each side at its commas; a backslash takes the meaning from the next character."""
    sides: list[list[list[str]]] = [[[]]]
    for piece in _PIECE.finditer(words):
        if piece["arrow"]:
            sides.append([[]])
        elif piece["comma"]:
            sides[-1].append([])
        else:
            sides[-1][-1].append(piece["escaped"] or piece["plain"])
    phrases = [[text.one_line("".join(pieces)) for pieces in side] for side in sides]
    return [[phrase for phrase in side if phrase] for side in phrases]


def _folded(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(phrase.casefold() for phrase in phrases)
