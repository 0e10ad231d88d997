"""What may follow what, and how it is said."""

from datetime import timedelta

import pytest

from portal.gaps import states
from portal.gaps.models import State
from portal.gaps.states import Verb


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7199, "1 hour ago"),
        (3 * 86400, "3 days ago"),
        (-5, "just now"),
    ],
)
def test_time_is_told_as_people_do(seconds: int, said: str) -> None:
    assert states.time_ago(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.FOUND])
@pytest.mark.parametrize("state", list(State))
def test_every_refusal_has_words(verb: Verb, state: State) -> None:
    words = states.why_not(verb, 7, state, merged_into=8 if state is State.MERGED else None)
    assert (words is None) == (state in states.ALLOWED[verb])
    assert words is None or words.startswith("Gap 7 ")


def test_a_dismissed_gap_is_back_when_it_has_doubled() -> None:
    assert not states.is_back(5, 3)
    assert states.is_back(6, 3)


def test_an_owner_turns_what_is_accepted_into_assigned_and_leaves_the_rest() -> None:
    assert states.after_assigning(State.SUGGESTED, has_owner=True) is State.ASSIGNED
    assert states.after_assigning(State.ASSIGNED, has_owner=False) is State.ACCEPTED
    assert states.after_assigning(State.DRAFTED, has_owner=True) is State.DRAFTED
