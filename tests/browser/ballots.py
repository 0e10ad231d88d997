"""The votes as the database has them, read past the portal."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass

from tests.journeys.serving import Served

Row = tuple[bool, str | None, str | None]
"""helpful, reason, comment"""


@dataclass(frozen=True, slots=True)
class Ballots:
    """Votes on one article that were not there when a test began."""

    served: Served
    article: str
    before: frozenset[int]

    @classmethod
    def of(cls, served: Served, article: str) -> "Ballots":
        return cls(served, article, frozenset(_rows(served, article)))

    def new(self) -> list[Row]:
        return [row for number, row in _rows(self.served, self.article).items() if number not in self.before]

    def voters(self) -> int:
        """How many voters ever voted on the article."""
        return len(_rows(self.served, self.article))


def _rows(served: Served, article: str) -> dict[int, Row]:
    asked = "SELECT id, is_helpful, reason, comment FROM votes WHERE article_id = ? ORDER BY id"
    with closing(sqlite3.connect(f"file:{served.data / 'portal.sqlite'}?mode=ro", uri=True)) as database:
        return {row[0]: (bool(row[1]), row[2], row[3]) for row in database.execute(asked, (article,))}
