"""kill -9 of a publishing: readers see the old generation or the new one, whole, and the next publishing heals."""

import random
import signal
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.proof.centre import Centre, tally
from tests.proof.conftest import Say
from tests.proof.faults import die_at, in_child
from tests.proof.processes import end, publisher

KILLS = 100
LARGEST_ROUND = 7
"""Articles that differ from one round to the next: more renderings mean that the cache was lost."""
MOST_STEPS = 400


def seconds_of_a_publishing(centre: Centre) -> float:
    centre.turn()
    with publisher(centre.settings) as process:
        began = monotonic()
        _, words = process.communicate()
        assert process.returncode == 0, words
        return monotonic() - began


def where(centre: Centre, old: int | None, seen: int | None) -> str:
    """Say how far a killed publishing had come; fails where readers see neither the old nor the new round."""
    assert seen in {old, centre.number}
    if seen == centre.number:
        return "after the switch"
    return "while building" if centre.generations.exists() and centre.leftovers() else "before or between"


def test_killed_at_random_moments(centre: Centre, say: Say) -> None:
    centre.publish()
    longest = max(seconds_of_a_publishing(centre) for _ in range(3))
    chance = random.Random(2)
    outcomes: list[str] = []
    rendered: list[int] = []
    while len(outcomes) < KILLS and len(rendered) < KILLS * 2:
        old = centre.number
        centre.turn()
        with publisher(centre.settings) as process:
            sleep(chance.uniform(0, longest))
            end(process)
        outcome = where(centre, old, centre.seen())
        if process.returncode == -signal.SIGKILL:
            outcomes.append(outcome)
        rendered.append(centre.heal())
    assert len(outcomes) == KILLS, "too many were quicker than their kill"
    assert max(rendered) <= LARGEST_ROUND, "the cache was lost"
    say(f"{KILLS} kills: {tally(outcomes)}; 0 torn (< {3 / KILLS:.0%}), all healed, caches kept")


@pytest.mark.parametrize("has_generation", [False, True], ids=["first", "incremental"])
def test_killed_between_every_two_steps(tmp_path: Path, say: Say, has_generation: bool) -> None:
    centre = Centre(tmp_path / "0")
    outcomes = []
    for number in range(1, MOST_STEPS):
        if not has_generation:
            centre = Centre(tmp_path / str(number))
        elif number == 1:
            centre.publish()
        old = centre.seen()
        if has_generation:
            centre.turn()
        code = in_child(centre.publish, die_at(number))
        if code == 0:
            break
        assert code == -signal.SIGKILL
        outcomes.append(where(centre, old, centre.seen()))
        assert centre.heal() <= (LARGEST_ROUND if has_generation else LARGEST_ROUND * 2)
    assert 10 < len(outcomes) < MOST_STEPS - 2
    assert "after the switch" in outcomes
    say(f"{len(outcomes)} kills, one before each step: {tally(outcomes)}; 0 torn, all healed")
