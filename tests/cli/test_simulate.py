"""`portal simulate`: a small help centre that lacks some articles, and visitors who ask for them."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.cli.simulate import simulate
from portal.errors import Invalid
from portal.events.kinds import Clicked, Event, Searched, Viewed, Voted
from portal.gaps.crowd import Person, Shown, visits
from portal.gaps.labelled import Labelled, read_labelled
from portal.gaps.models import Cause
from portal.gaps.trial import Claimed, Trial, judge
from portal.visits.episodes import episodes
from portal.visits.outcome import Outcome
from portal.visits.outcome import judge as outcome_of
from portal.visits.sessionise import sessionise

CORPUS = {
    "kettle/descale": ("Descale the kettle", "Boil vinegar and water in the kettle, wait an hour, and rinse it."),
    "toaster": ("Clean the toaster", "Pull the crumb tray out of the toaster and shake it over the sink."),
    "fridge": ("Set the fridge colder", "Turn the dial in the fridge from three to five and wait a day."),
    "mixer": ("Change the whisk of the mixer", "Press the button on the mixer and pull the whisk out."),
    "unasked": ("Wire a plug", "Nobody ever asks for this one."),
}
ASKED = {
    "kettle/descale": ("descale kettle", "kettle has limescale", "remove limescale from kettle", "kettle vinegar"),
    "toaster": ("clean toaster", "toaster full of crumbs", "empty toaster tray", "toaster crumbs smell"),
    "fridge": ("fridge too warm", "make fridge colder", "fridge dial", "set fridge temperature"),
    "mixer": ("change whisk", "whisk stuck in mixer", "remove mixer whisk", "mixer whisk broken"),
    "boat": ("hire a boat",),
}
BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Queries and articles."""
    folder = tmp_path_factory.mktemp("simulate")
    corpus = [{"_id": name, "title": title, "text": text} for name, (title, text) in CORPUS.items()]
    queries = [{"text": text, "label": label} for label, texts in ASKED.items() for text in texts]
    return _write(folder / "queries.jsonl", queries), _write(folder / "corpus.jsonl", corpus)


def _write(file: Path, rows: list[dict[str, str]]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def run(files: tuple[Path, Path], *argv: str) -> Result:
    queries, corpus = map(str, files)
    return CliRunner().invoke(simulate, [queries, "--articles", corpus, *argv], env={"PORTAL_ENCODER": "none"})


@pytest.fixture(scope="module")
def half_gone(files: tuple[Path, Path]) -> dict[str, Any]:
    done = run(files, "--without", "0.5", "--seed", "3", "--json")
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def test_what_was_taken_away_is_found_missing(half_gone: dict[str, Any]) -> None:
    assert (half_gone["people"], half_gone["wanted"]) == (16, 2)
    assert (half_gone["precision"], half_gone["recall"]) == (1.0, 1.0)
    assert half_gone["causes"]["missing"] == half_gone["missing"] >= 2


def test_the_same_seed_comes_to_the_same(files: tuple[Path, Path], half_gone: dict[str, Any]) -> None:
    assert json.loads(run(files, "--without", "0.5", "--seed", "3", "--json").stdout) == half_gone


def test_where_nothing_was_taken_away_there_is_nothing_to_find(files: tuple[Path, Path]) -> None:
    told = run(files, "--without", "0").stdout.splitlines()
    assert told[0].startswith("16 people, ")
    assert not any("recall" in line for line in told)


def test_queries_that_belong_to_no_article_are_refused_in_words(tmp_path: Path, files: tuple[Path, Path]) -> None:
    strangers = _write(tmp_path / "queries.jsonl", [{"text": "hire a boat", "label": "boat"}])
    done = run((strangers, files[1]))
    assert (done.exit_code, "No query has a label that is an article's id." in done.output) == (2, True)


def test_a_bad_row_is_named_with_its_line(tmp_path: Path, files: tuple[Path, Path]) -> None:
    good = '{"text": "clean toaster", "label": "toaster"}\n'
    for bad in (
        '{"text": "no label"}',
        '{"text": " ", "label": "a"}',
        '["a", "b"]',
        "no JSON",
        '{"text": 1, "label": "a"}',
    ):
        file = tmp_path / "queries.jsonl"
        file.write_text(f"{good}\n{bad}\n", "utf-8")
        refused = run((file, files[1])).exception
        assert isinstance(refused, Invalid)
        assert str(refused).startswith(f"{file}:3: ")


def test_labelled_queries_may_be_packed_and_number_themselves(tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"text": "a", "label": "x"}\n{"id": "q7", "text": "b", "label": "y"}\n'))
    assert read_labelled(file) == [Labelled("1", "a", "x"), Labelled("q7", "b", "y")]


def test_a_file_without_lines_or_that_is_no_text_is_refused_in_words(tmp_path: Path) -> None:
    for name, content in (("empty.jsonl", b"\n"), ("torn.jsonl.gz", gzip.compress(b"{}")[:-3]), ("raw.jsonl", b"\xff")):
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(Invalid, match=name):
            read_labelled(file)
    with pytest.raises(Invalid, match="read"):
        read_labelled(tmp_path / "away.jsonl")


def test_a_claim_is_right_where_most_of_its_people_wanted_what_is_gone() -> None:
    claims = [
        Claimed(1, Cause.MISSING, {"gone": 3, "there": 1}),
        Claimed(2, Cause.MISSING, {"there": 2}),
        Claimed(3, Cause.MISSING, {"gone": 2}),
        Claimed(4, Cause.OTHER_WORDS, {"there": 2}),
        Claimed(5, Cause.MISSING, {}),
    ]
    trial = judge(claims, without={"gone", "rare"}, wanted={"gone"}, people=20, unresolved=10)
    assert (trial.gaps, trial.missing, trial.right, trial.found, trial.wanted, trial.split) == (4, 3, 2, 1, 1, 2)
    assert (trial.precision, trial.recall) == (2 / 3, 1.0)


def test_where_nothing_is_claimed_or_wanted_there_is_no_share() -> None:
    trial = judge([], without=(), wanted=(), people=0, unresolved=0)
    assert isinstance(trial, Trial)
    assert (trial.precision, trial.recall) == (None, None)


def come(person: Person, shown: Shown, seed: int = 1) -> list[Event]:
    return list(visits([person], lambda _: shown, began=BEGAN, days=1, seed=seed))


def outcomes(person: Person, shown: Shown) -> Iterator[Outcome]:
    """Yield how it ended, for twenty people of the same kind."""
    for seed in range(20):
        (visit,) = sessionise(come(person, shown, seed))
        yield from map(outcome_of, episodes(visit))


def test_who_sees_their_answer_opens_and_reads_it() -> None:
    person, shown = Person(("a", "b"), "right"), Shown(("right", "other"), is_empty=False)
    kinds = [type(event) for event in come(person, shown)]
    assert kinds[:4] == [Searched, Viewed, Clicked, Viewed]
    assert set(outcomes(person, shown)) <= {Outcome.ASSUMED, Outcome.CONFIRMED}


def test_who_has_no_answer_is_not_helped_and_tries_other_words_at_most_twice() -> None:
    person, shown = Person(("a", "b", "c", "d"), None), Shown((), is_empty=True)
    tries = [sum(isinstance(event, Searched) for event in come(person, shown, seed)) for seed in range(40)]
    assert set(tries) == {1, 2, 3}
    assert set(outcomes(person, shown)) == {Outcome.NO_RESULTS, Outcome.GAVE_UP}


def test_whoever_never_gives_up_has_tried_all_words_they_are_let() -> None:
    person = Person(("a", "b", "c"), None, tries=1.0)
    assert [event.query for event in come(person, Shown((), is_empty=True)) if isinstance(event, Searched)] == [*"abc"]


def test_whom_an_answer_lets_down_comes_straight_back_or_says_no_with_a_reason() -> None:
    person, shown = Person(("a",), "right", reasons=("unclear",)), Shown(("right",), is_empty=False)
    assert set(outcomes(person, shown)) == {Outcome.CAME_BACK, Outcome.DOWNVOTED}
    noes = [one for seed in range(20) for one in come(person, shown, seed) if isinstance(one, Voted)]
    assert {(one.is_helpful, one.reason) for one in noes} == {(False, "unclear")}


def test_people_come_within_the_days_they_are_given_each_once() -> None:
    people = [Person(("a",), None)] * 30
    events = list(visits(people, lambda _: Shown((), is_empty=True), began=BEGAN, days=2, seed=5))
    assert len({event.visitor for event in events}) == 30
    first = [next(event.at for event in events if event.visitor == name) for name in {one.visitor for one in events}]
    assert all(BEGAN <= at <= BEGAN + timedelta(days=2) for at in first)
    assert events == list(visits(people, lambda _: Shown((), is_empty=True), began=BEGAN, days=2, seed=5))
