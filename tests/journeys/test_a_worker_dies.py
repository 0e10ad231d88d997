"""A worker is killed at any moment: whoever was thanked is in the database. `make proof` does it for longer."""

from pathlib import Path
from random import Random

from tests.journeys.givers import give, kept, killing, voters_of
from tests.journeys.serving import serve
from tests.repositories import HELP_CENTRE, ContentRepository


def test_whoever_was_thanked_is_in_the_database_though_workers_were_killed(tmp_path: Path) -> None:
    repository = ContentRepository(tmp_path / "content")
    repository.commit(HELP_CENTRE)
    with serve(repository.folder, tmp_path / "portal", PORTAL_TRUSTED_PROXIES="1") as served:
        with killing(served, Random(7), 0.2, 0.5) as killed:
            given = give(served, many=96, a_second=60)
        there = kept(served)
        assert killed
        assert given.votes
        assert given.requests
        assert voters_of(served, given) <= set(there.voters)
        assert set(given.requests) <= set(there.requests)
        assert (len(set(there.voters)), len(set(there.requests))) == (there.voted, there.requested)
