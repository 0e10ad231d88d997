from pathlib import Path

from portal.cli.github import add_to_summary, annotation, table
from portal.cli.replay_formats import (
    diff_annotations,
    diff_lines,
    diff_summary,
    replay_annotations,
    replay_headline,
    replay_lines,
    replay_summary,
)  # fmt: skip
from portal.gaps.replay import Answered, Replayed, Seen, Worse
from portal.gaps.search_diff import Diff, Difference


def _seen(rank: int | None, *first: str) -> Seen:
    return Seen(rank=rank, confidence=0.5, first=first)


DONE = Replayed(
    gap=12,
    revision="signpost/gap-12",
    files=("en/export,all.md",),
    wordings=(
        Answered(text="export | all", lang="en", people=7, before=_seen(None), after=_seen(1, "Export")),
        Answered(text="csv", lang="en", people=3, before=_seen(None), after=_seen(None, "Taxes")),
        Answered(text="my own secret", lang="en", people=1, before=_seen(None), after=_seen(4)),
    ),
    worse=(Worse(text="taxes", lang="en", people=5, article="t", before=1, after=None),),
    worked=9,
)
DIFF = Diff(
    before="main",
    after="b",
    queries=4,
    differences=(
        Difference(text="a", lang="en", people=9, before=("X",), after=("Y", "X")),
        Difference(text="b", lang="en", people=1, before=("X",), after=(), lost="X"),
        Difference(text="c", lang="en", people=8, before=("X",), after=("Y",), lost="X"),
    ),
)


def test_a_replay_is_one_headline_and_the_unanswered_first() -> None:
    assert replay_headline(DONE) == (
        "Gap 12 at signpost/gap-12: now answers 1 of 3 wordings, 0 before; 1 of 9 that worked get worse."
    )
    lines = list(replay_lines(DONE))
    assert lines[1:3] == ["Not answered:", "  “csv” (en, 3 people): place none before, none after; first: Taxes"]
    assert "  “taxes” (en, 5 people): place 1 before, none after" in lines
    assert lines[-1] == "  “export | all” (en, 7 people): place none before, 1 after"


def test_annotations_name_the_file_and_no_wording_of_too_few_people() -> None:
    lines = list(replay_annotations(DONE, 2))
    assert lines[0] == "::error file=en/export%2Call.md,title=Gap 12::“csv” is not answered"
    assert lines[1].endswith("::1 further wording is not answered")
    assert [line.split()[0] for line in lines] == ["::error", "::error", "::warning", "::notice"]
    assert "secret" not in "".join(lines) + replay_summary(DONE, 2)


def test_no_wording_can_give_orders_to_the_workflow() -> None:
    said = annotation("error", "a\n::set-output name=x::y\r%", file="a:b", title="")
    assert said == "::error file=a%3Ab::a%0A::set-output name=x::y%0D%25"
    cells = table(("A",), [("a|b\n<img> [x](y) @all `c`",)])
    assert cells.splitlines()[2] == "| a\\|b &lt;img> \\[x](y) @\u200ball \\`c\\` |"


def test_the_page_of_the_step_is_added_to_where_there_is_one(tmp_path: Path) -> None:
    page = tmp_path / "summary.md"
    page.write_text("before\n")
    add_to_summary(replay_summary(DONE, 2), {"GITHUB_STEP_SUMMARY": str(page)})
    add_to_summary("nothing", {})
    assert "before\n### Gap 12" in page.read_text("utf-8")
    assert "| export \\| all | en | 7 | none | 1 |" in page.read_text("utf-8")


def test_a_search_diff_tells_what_was_lost_first() -> None:
    lines = list(diff_lines(DIFF))
    assert lines[0] == (
        "main to b: 3 of 4 queries have other first hits; "
        "2 lost their first, 1 find nothing any more, 0 find something now."
    )
    assert lines[1] == "  “b” (en, 1 person): lost X"
    assert lines[3] == "    after:  nothing"
    assert list(diff_annotations(DIFF, 2))[:1] == [
        "::warning title=Lost its first hit::“c”: X was first; now Y",
    ]
    assert "| c | en | 8 | X | Y |" in diff_summary(DIFF, 2)
    assert "| b |" not in diff_summary(DIFF, 2)
