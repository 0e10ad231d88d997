"""Votes and requests while workers are killed: whoever was thanked is in the database, once."""

from pathlib import Path
from random import Random

from tests.journeys.givers import give, kept, killing, voters_of
from tests.journeys.serving import serve
from tests.proof.conftest import Say
from tests.repositories import HELP_CENTRE, ContentRepository

MANY = 4_000
A_SECOND = 200.0
KILLS = 10


def test_votes_and_requests_while_workers_are_killed(tmp_path: Path, say: Say) -> None:
    repository = ContentRepository(tmp_path / "content")
    repository.commit(HELP_CENTRE)
    with serve(repository.folder, tmp_path / "portal", PORTAL_TRUSTED_PROXIES="1") as served:
        with killing(served, Random(1), 0.1, 1.0) as killed:
            given = give(served, many=MANY, a_second=A_SECOND)
        there = kept(served)
        voters = voters_of(served, given)
    acknowledged = len(given.votes) + len(given.requests)
    say(
        f"{acknowledged:,} acknowledged in {given.seconds:.0f} s ({acknowledged / given.seconds:.0f} a second of "
        f"{A_SECOND:.0f} that were tried; {len(given.votes):,} votes, {len(given.requests):,} requests), "
        f"{len(killed)} workers killed: {len(voters - set(there.voters))} votes and "
        f"{len(set(given.requests) - set(there.requests))} requests lost; {given.unanswered} not answered, "
        f"{given.again} requests kept when sent again, refused: {dict(given.refused)}"
    )
    assert len(killed) >= KILLS
    assert voters <= set(there.voters)
    assert set(given.requests) <= set(there.requests)
    assert len(there.voters) == len(set(there.voters)) == there.voted
    assert len(there.requests) == len(set(there.requests)) == there.requested
    assert len(there.voters) + len(there.requests) <= acknowledged + given.unanswered
