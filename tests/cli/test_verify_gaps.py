import json
from pathlib import Path

from portal.cli.find_gaps import find_gaps
from portal.cli.verify_gaps import verify_gaps
from portal.clock import now
from portal.gaps.models import State
from portal.pipeline import publish
from tests.cli.loop_stage import set_up
from tests.cli.test_draft import PROPOSAL


def test_a_published_answer_is_watched_and_the_commit_alone_closes_nothing(tmp_path: Path) -> None:
    stage = set_up(tmp_path, PROPOSAL)
    assert json.loads(stage.run(verify_gaps, "--json").output) == {
        "began": [], "closed": [], "reopened": [], "watching": []
    }  # fmt: skip
    commit = stage.repository.commit({"en/billing/export.md": f"---\ncloses: [{stage.gap}]\n---\n# Export\n\nSo.\n"})
    publish(stage.portal, at=now())
    assert stage.run(verify_gaps).output == "0 closed, 0 opened again, 1 watched (1 newly).\n"
    assert (stage.state().state, stage.state().revision) == (State.WATCHING, commit)
    assert stage.run(verify_gaps).output == "0 closed, 0 opened again, 1 watched (0 newly).\n"


def test_a_number_that_no_gap_has_stops_nothing(tmp_path: Path) -> None:
    stage = set_up(tmp_path, PROPOSAL)
    stage.repository.commit({"en/billing/export.md": "---\ncloses: [99]\n---\n# Export\n\nSo.\n"})
    publish(stage.portal, at=now())
    assert stage.run(verify_gaps).exit_code == 0


def test_finding_gaps_says_its_counts_in_one_line(tmp_path: Path) -> None:
    told = set_up(tmp_path, PROPOSAL).run(find_gaps)
    assert told.exit_code == 0, told.output
    assert len(told.output.splitlines()) == 1
