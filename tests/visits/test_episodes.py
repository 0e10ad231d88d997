from portal.events.kinds import Event, Flagged, Linked, Where
from portal.visits.episodes import Episode, _plain, _sorted, episodes, never
from tests.visits.cast import (
    NOON,
    a_click,
    a_message,
    a_request,
    a_search,
    a_view,
    a_visit,
    a_vote,
    seen,
)


def needs(*events: Event, alike: bool = False) -> list[Episode]:
    return episodes(a_visit(*events), lambda _lang, _one, _other: alike)


def wordings(*events: Event, alike: bool = False) -> list[tuple[str, ...]]:
    return [need.wordings for need in needs(*events, alike=alike)]


def test_searches_that_share_a_stem_are_one_need() -> None:
    assert wordings(a_search("resetting passwords", 0), a_search("password lost", 900)) == [
        ("resetting passwords", "password lost")
    ]


def test_words_that_say_little_tie_nothing() -> None:
    assert len(wordings(a_search("how do I pay", 0), a_search("how do I travel", 60))) == 2


def test_chinese_queries_are_tied_by_pairs_of_characters_and_not_by_single_ones() -> None:
    assert len(wordings(a_search("重置密码", 0, lang="zh"), a_search("忘记密码", 60, lang="zh"))) == 1
    assert len(wordings(a_search("电话", 0, lang="zh"), a_search("电池", 60, lang="zh"))) == 2


def test_the_same_article_on_top_ties_searches_without_a_common_word() -> None:
    one, other = (
        a_search("lost key", 0, offered=("reset", "x")),
        a_search("sign-in trouble", 900, offered=("reset", "y")),
    )
    assert len(wordings(one, other)) == 1


def test_an_article_further_down_ties_nothing_unless_it_was_opened() -> None:
    one = a_search("lost key", 0, offered=("a", "reset"))
    other = a_search("sign-in trouble", 300, offered=("b", "reset"))
    assert len(wordings(one, other)) == 2
    assert len(wordings(one, a_click(one, "reset"), other)) == 1


def test_what_is_only_nearest_ties_nothing() -> None:
    one, other = a_search("xyzzy", 0, hits=0, offered=("a",)), a_search("plugh", 300, hits=0, offered=("a",))
    assert len(wordings(one, other)) == 2


def test_searches_within_two_minutes_that_mean_alike_are_one_need() -> None:
    one, soon, late = a_search("lost key"), a_search("sign-in trouble", 120), a_search("sign-in trouble", 121)
    assert len(wordings(one, soon, alike=True)) == 1
    assert len(wordings(one, late, alike=True)) == 2
    assert len(wordings(one, soon)) == 2


def test_somebody_comes_back_to_their_first_need() -> None:
    found = wordings(a_search("reset password", 0), a_search("invoice", 60), a_search("password mail", 120))
    assert found == [("reset password", "password mail"), ("invoice",)]


def test_languages_are_needs_apart() -> None:
    assert len(wordings(a_search("login", 0), a_search("login", 60, lang="de"), alike=True)) == 2


def test_a_helpful_vote_ends_the_need() -> None:
    first = a_search("reset password", 0)
    events = [a_click(first), a_vote(at=60, is_helpful=True), a_search("password rules", 90)]
    assert wordings(first, *events) == [("reset password",), ("password rules",)]


def test_each_wording_is_told_once_as_typed_in_order() -> None:
    assert wordings(a_search("Reset  Password", 0), a_search("lost password", 60), a_search("reset password", 90)) == [
        ("Reset Password", "lost password")
    ]


def test_a_click_on_a_repeated_search_belongs_to_the_first() -> None:
    first, again = a_search("reset", 0), a_search("reset", 60)
    (need,) = needs(first, again, a_click(again, at=70))
    assert [click.search for click in need.clicks] == [first.uid]


def test_clicks_reads_votes_and_messages_go_to_their_need() -> None:
    one = a_search("reset password", 0, offered=("reset",))
    other = a_search("invoice", 60, offered=("bill",))
    click, view, vote = a_click(one), a_view("reset", 55, search=one), a_vote("reset", 58, is_helpful=False)
    read, message = a_view("bill", 100), a_message(110)
    first, second = needs(one, click, view, vote, other, read, message)
    assert (first.clicks, first.views, first.votes, first.contacts) == ((click,), (view,), (vote,), ())
    assert (second.clicks, second.views, second.votes, second.contacts) == ((), (read,), (), (message,))
    assert (first.uid, first.began, first.ended) == (one.uid, NOON, vote.at)


def test_an_article_read_from_the_home_page_is_no_need() -> None:
    assert needs(a_view("welcome"), a_vote("welcome", is_helpful=False), a_message()) == []


def test_what_somebody_wrote_is_a_need_of_its_own_without_a_search() -> None:
    (need,) = needs(a_request("a  word for it"))
    assert (need.wordings, need.searches) == (("a word for it",), ())
    assert need.request


def test_what_somebody_wrote_after_a_search_belongs_to_it() -> None:
    search = a_search("xyzzy")
    (need,) = needs(search, a_request("a word for it", search=search.uid))
    assert need.wordings == ("xyzzy",)
    assert need.request


def test_what_an_agent_asks_for_is_a_need_and_what_they_search_is_not() -> None:
    agent = {"visitor": "user-7"}
    linked = Linked(uid="a" * 32, at=NOON, visitor="user-7", lang="en", article="reset")
    flagged = Flagged(uid="b" * 32, at=NOON, visitor="user-7", lang="en", article="reset")
    (need,) = needs(linked, flagged, a_search("vacuum", **agent), a_request("an article on vacuums", **agent))
    assert need.wordings == ("an article on vacuums",)


def test_a_visit_is_watched_if_a_script_spoke_in_it() -> None:
    search = a_search()
    assert [need.is_watched for need in needs(search)] == [False]
    assert [need.is_watched for need in needs(search, seen(search))] == [True]
    assert [need.is_watched for need in needs(search, a_click(search))] == [True]
    assert [need.is_watched for need in needs(a_search(where=Where.TYPING))] == [True]


def test_the_quick_way_for_plain_visits_says_the_same() -> None:
    search = a_search("Reset  it", offered=("reset",))
    click, read, back = a_click(search), a_view("reset", 60, search=search), a_view("x", 70, search=search)
    for events in (
        [],
        [seen(search)],
        [click],
        [click, read],
        [seen(search), click, read, back],
        [click, seen(search)],
    ):
        visit = a_visit(search, *events)
        plain = _plain(visit)
        assert plain is not None
        assert [plain] == _sorted(visit, never)
