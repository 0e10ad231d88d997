"""From an episode to what it lacked."""

from datetime import timedelta

from portal.content.loop import Outcomes
from portal.events.kinds import Clicked, Event, Requested, Searched, Viewed
from portal.gaps.unmet import Unmet, unmet
from portal.visits.episodes import episodes
from portal.visits.sessionise import sessionise
from tests.gaps.needs import AT


def _searched(uid: str, query: str, *offered: str, seconds: float = 0) -> Searched:
    at = AT + timedelta(seconds=seconds)
    return Searched(uid=uid, at=at, visitor="Ada", lang="en", query=query, hits=len(offered), offered=offered)


def _read(search: str, article: str, seconds: float) -> list[Event]:
    at = AT + timedelta(seconds=seconds)
    return [
        Clicked(uid=f"c{search}", at=at, visitor="Ada", lang="en", search=search, article=article, position=2),
        Viewed(
            uid=f"v{search}",
            at=at + timedelta(seconds=60),
            visitor="Ada",
            lang="en",
            article=article,
            seconds=60,
            depth=1,
            search=search,
        ),
    ]


def _unmet(*events: Event) -> Unmet | None:
    (visit,) = sessionise(sorted(events, key=lambda event: event.at))
    (episode,) = episodes(visit)
    return unmet(episode, Outcomes())


def test_what_ended_well_at_once_is_no_need() -> None:
    assert _unmet(_searched("1", "end plan", "a"), *_read("1", "a", 5)) is None


def test_other_words_that_helped_stand_apart_from_those_that_failed() -> None:
    need = _unmet(
        _searched("1", "Quit  plan", "a"), _searched("2", "end plan", "b", "a", seconds=20), *_read("2", "b", 25)
    )
    assert need is not None
    assert (need.uid, need.outcome, need.weight) == ("1", "refined", 0.3)
    assert (need.wordings, need.ended_on, need.ended_with) == (("Quit plan",), "b", "end plan")
    assert (need.offered, need.clicked) == (("a", "b"), (("b", 2),))


def test_what_somebody_wrote_is_one_of_their_wordings() -> None:
    written = Requested(
        uid="3", at=AT + timedelta(seconds=30), visitor="Ada", lang="en", text="I want\nout", search="1", request="r"
    )
    need = _unmet(_searched("1", "quit plan"), written)
    assert need is not None
    assert (need.wordings, need.request, need.outcome) == (("quit plan", "I want out"), "r", "requested")
