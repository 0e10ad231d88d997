import json
from pathlib import Path

from portal.cli.search_diff import search_diff
from portal.clock import now
from portal.db import transaction
from portal.errors import Invalid
from portal.visits.models import AskedDay
from portal.visits.sketch import sketch
from tests.cli.loop_stage import set_up
from tests.cli.test_draft import PROPOSAL


def test_two_revisions_are_asked_what_people_ask_most(tmp_path: Path) -> None:
    stage = set_up(tmp_path, PROPOSAL)
    with stage.portal.database.session() as session, transaction(session):
        for text in ("reset password", "refund"):
            who = sketch(f"{number:032x}" for number in range(9))
            session.add(
                AskedDay(
                    day=now().date(), lang="en", text=text, people=9, resolved=9, askers=who, helped=who, article="x"
                )
            )
    stage.repository.git("checkout", "-q", "-b", "without")
    stage.repository.remove("en/billing/refunds.md")
    told = stage.run(search_diff, "main", "without", "--format", "json", "--fail-under", "60")
    assert told.exit_code == 1
    done = json.loads(told.stdout)
    assert (done["queries"], done["worse"], done["unanswered"]) == (2, 1, 1)
    assert [one["text"] for one in done["differences"]] == ["refund"]
    same = stage.run(search_diff, "main", "main", "--fail-under", "100")
    assert same.exit_code == 0
    assert "0 of 2 queries have other first hits" in same.output
    assert isinstance(stage.run(search_diff, "main", "nowhere").exception, Invalid)
