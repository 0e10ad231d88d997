"""Collects warnings about a source, and tells on which line of the file a piece of it stands."""

from portal.content.problem import Problem, Severity


class Lines:
    """Finds pieces of a source one after the other; equal pieces are found in the order they stand."""

    def __init__(self, text: str, first_line: int) -> None:
        """first_line: the line of the file on which `text` begins, from 1."""
        self._text = text
        self._first = first_line
        self._next: dict[str, tuple[int, int]] = {}

    def line_of(self, piece: str) -> int:
        """Return the line of the next `piece`; that of the last one found, or the first line, where there is none."""
        position, line = self._next.get(piece, (0, self._first))
        found = self._text.find(piece, position) if piece and position >= 0 else -1
        if found < 0:
            self._next[piece] = (-1, line)
            return line
        line += self._text.count("\n", position, found)
        self._next[piece] = (found + len(piece), line + piece.count("\n"))
        return line


class Findings:
    """Warnings about one file."""

    def __init__(self, path: str, text: str, first_line: int) -> None:
        """As for Lines; path: of the file in the tree."""
        self._path = path
        self._problems: list[Problem] = []
        self.lines = Lines(text, first_line)

    def warn(self, piece: str, what: str, mend: str) -> None:
        """Note a warning at the next place where `piece` stands in the source."""
        line = self.lines.line_of(piece)
        self._problems.append(Problem(self._path, line, what, mend, Severity.WARNING))

    def problems(self) -> tuple[Problem, ...]:
        """Return all warnings by line, each once."""
        return tuple(sorted(set(self._problems)))
