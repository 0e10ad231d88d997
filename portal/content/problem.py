"""What is wrong with an article, said so that its writer can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """ERROR keeps this revision of the article back; WARNING publishes it all the same."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding. `line` counts from 1 in the file as it lies in git."""

    path: str
    line: int
    what: str
    mend: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Return the compiler's form: `file:line: what, and how to mend it`."""
        return f"{self.path}:{self.line}: {self.severity}: {self.what}. {self.mend}"


@dataclass(frozen=True, slots=True, order=True)
class Skipped:
    """A file that is not an article, and why."""

    path: str
    reason: str


class ArticleInvalid(Exception):
    """A revision of an article that can't be published; carries every problem found, at least one an ERROR."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """problems: sorted by line when shown."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
