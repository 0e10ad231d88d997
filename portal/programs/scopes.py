"""Scopes: what a token may be made for, and the role that its account needs for it."""

from collections.abc import Iterable
from enum import StrEnum

from portal.people.models import Role


class Scope(StrEnum):
    """One kind of thing that a program may do. Nothing follows from another scope, nor from having a token at all."""

    ARTICLES_READ = "articles:read"
    """Search and read as staff do. Without it a program reads what the public reads."""
    VOTES_WRITE = "votes:write"
    """Hand in readers' votes, what they were looking for, and what is wrong with an article."""
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    LINKS_WRITE = "links:write"
    """Make links to articles, and read what came of them."""
    GAPS_READ = "gaps:read"
    GAPS_WRITE = "gaps:write"
    MEASURES_READ = "measures:read"

    @property
    def least(self) -> Role:
        """The lowest role whose accounts may do this; as at the desk, writers and above change gaps."""
        return Role.WRITER if self is Scope.GAPS_WRITE else Role.AGENT


def within(scopes: Iterable[Scope], role: Role) -> frozenset[Scope]:
    """Return those of the scopes that a role may have."""
    return frozenset(one for one in scopes if role.reaches(one.least))


def read_scopes(words: str) -> frozenset[Scope]:
    """Return the scopes of a row; a word that is no scope any more counts for nothing."""
    kept = frozenset(words.split())
    return frozenset(scope for scope in Scope if scope.value in kept)
