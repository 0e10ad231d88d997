import json
from pathlib import Path

import pytest

from portal.cli.draft import draft
from portal.errors import Conflict, NotFound
from portal.gaps.models import State
from portal.gaps.suggest import Kind, Proposal, Reference
from tests.cli.loop_stage import Stage, set_up

INVOICE = Reference(id="invoice", title="Read your invoice", path="en/billing/read-your-invoice.md", lang="en")
PROPOSAL = Proposal(lang="en", title="Export all invoices", nearest=(INVOICE,), outline=("As a CSV file",))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return set_up(tmp_path, PROPOSAL)


def test_a_draft_is_a_branch_with_the_evidence_and_running_it_again_changes_nothing(stage: Stage) -> None:
    told = stage.run(draft, str(stage.gap), "--by", "Cleo")
    assert told.exit_code == 0, told.output
    assert told.output.startswith(f"Gap {stage.gap} drafted on signpost/gap-1-export-all-invoices (")
    assert told.output.strip().endswith("en/billing/export-all-invoices.md.")
    message = stage.repository.git("log", "-1", "--format=%B", "signpost/gap-1-export-all-invoices")
    assert "4 people had this need" in message
    assert '- "export invoices" (2 people)' in message
    assert message.endswith("Closes-Gap: 1")
    assert (stage.state().state, stage.state().branch) == (State.DRAFTED, "signpost/gap-1-export-all-invoices")
    version = stage.state().version
    again = json.loads(stage.run(draft, str(stage.gap), "--json").output)
    assert (again["is_new"], again["paths"]) == (False, ["en/billing/export-all-invoices.md"])
    assert stage.state().version == version


def test_a_forge_that_is_down_is_told_and_the_draft_is_there(stage: Stage, tmp_path: Path) -> None:
    forge = {"PORTAL_PUSH_REMOTE": f"file://{tmp_path / 'forge.git'}", "PORTAL_GIT_PROTOCOLS": "file"}
    told = stage.run(draft, str(stage.gap), **forge)
    assert told.exit_code == 0
    assert "drafted on" in told.output
    assert "will be tried again" in told.output


def test_a_gap_that_is_not_there_or_over_is_told_in_words(stage: Stage, tmp_path: Path) -> None:
    assert isinstance(stage.run(draft, "99").exception, NotFound)
    assert stage.run(draft, "nine").exit_code == 2
    over = set_up(tmp_path / "over", PROPOSAL, State.DISMISSED)
    refused = over.run(draft, "1").exception
    assert isinstance(refused, Conflict)
    assert "dismissed" in str(refused)
    assert over.repository.git("branch", "--list", "signpost/*") == ""


def test_synonyms_are_one_line_on_a_branch(tmp_path: Path) -> None:
    stage = set_up(tmp_path, Proposal(kind=Kind.SYNONYMS, lang="en", line="invoice, bill"))
    assert stage.run(draft, "1").exit_code == 0
    branch = stage.state().branch or ""
    assert stage.repository.git("show", f"{branch}:synonyms.txt") == "invoice, bill"
