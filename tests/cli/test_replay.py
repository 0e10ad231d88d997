import json
from pathlib import Path

import pytest

from portal.cli.draft import draft
from portal.cli.replay import replay
from portal.errors import Invalid, NotFound
from portal.gaps.replay import Replayed
from tests.cli.loop_stage import ASKED, Stage, set_up
from tests.cli.test_draft import PROPOSAL

ARTICLE = "---\ntitle: Export all invoices\naka: [download every bill as CSV]\n---\nChoose **Export** above the list.\n"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return set_up(tmp_path, PROPOSAL)


def _branch(stage: Stage) -> str:
    stage.repository.git("checkout", "-q", "-b", "answer")
    stage.repository.commit({"en/billing/export-all-invoices.md": ARTICLE})
    stage.repository.git("checkout", "-q", "main")
    return "answer"


def test_a_branch_is_asked_what_people_asked_and_what_is_live_stays(stage: Stage) -> None:
    live = stage.portal.library.current().name
    told = stage.run(replay, str(stage.gap), "--revision", _branch(stage), "--format", "json", "--fail-under", "100")
    assert told.exit_code == 0, told.output
    done = json.loads(told.output)
    assert (done["answered"], done["of"], done["answered_before"]) == (2, 2, 0)
    assert done["files"] == ["en/billing/export-all-invoices.md"]
    assert {one["text"] for one in done["wordings"]} == set(ASKED)
    assert stage.portal.library.current().name == live
    assert Replayed.from_json(stage.state().replay or "").answered == 2


def test_under_the_wanted_share_it_fails_and_says_so(stage: Stage) -> None:
    stage.repository.git("branch", "same")
    told = stage.run(replay, str(stage.gap), "--revision", "same", "--fail-under", "1")
    assert told.exit_code == 1
    assert "now answers 0 of 2 wordings" in told.output
    assert "0 % of the wordings are answered; 1 % are wanted." in told.output


def test_github_gets_annotations_and_the_page_of_the_step(stage: Stage, tmp_path: Path) -> None:
    page = tmp_path / "summary.md"
    told = stage.run(
        replay, str(stage.gap), "--revision", _branch(stage), "--format", "github", GITHUB_STEP_SUMMARY=str(page)
    )
    assert told.output.startswith("::notice file=en/billing/export-all-invoices.md,title=Gap 1::Gap 1 at ")
    assert "| export invoices | en | 2 | none | 1 |" in page.read_text("utf-8")


def test_our_own_draft_can_be_replayed_by_its_branch(stage: Stage) -> None:
    stage.run(draft, str(stage.gap))
    told = stage.run(replay, str(stage.gap), "--revision", stage.state().branch or "")
    assert told.exit_code == 0, told.output
    assert "now answers" in told.output


def test_what_is_not_there_is_told_in_words(stage: Stage) -> None:
    missing = stage.run(replay, str(stage.gap), "--revision", "nowhere").exception
    assert isinstance(missing, Invalid)
    assert "no revision 'nowhere'" in str(missing)
    assert isinstance(stage.run(replay, "99", "--revision", "main").exception, NotFound)
    assert stage.run(replay, "1").exit_code == 2
    assert stage.run(replay, "1", "--revision", "main", "--fail-under", "101").exit_code == 2
