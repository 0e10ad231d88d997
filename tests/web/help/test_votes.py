import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.audience import Level
from portal.bootstrap import Portal
from portal.events.kinds import Voted
from portal.feedback.votes import Tally, tally, tally_by_revision
from tests.web.conftest import PASSWORD, SECRET, Recorded

VOTE = f"/en/votes/{PASSWORD}"


def counted(portal: Portal, article: str = PASSWORD) -> Tally:
    with portal.database.session() as session:
        return tally(session, [article])[article]


def test_a_vote_without_a_script_goes_all_the_way(client: FlaskClient, portal: Portal, revision: str) -> None:
    article = client.get("/en/articles/accounts/reset-your-password").text
    assert f'name="revision" value="{revision}"' in article

    thanks = client.post(VOTE, data={"helpful": "no", "revision": revision}, follow_redirects=True)
    assert thanks.status_code == 200
    assert "Thank you, your vote is counted" in thanks.text
    assert "What was the matter?" in thanks.text
    assert counted(portal) == Tally(0, 1)

    why = {"reason": "unclear", "comment": "Which <b>link</b>?", "revision": revision}
    explained = client.post(f"{VOTE}/reason", data=why, follow_redirects=True).text
    assert "Thank you, that is noted" in explained
    assert "Which &lt;b&gt;link&lt;/b&gt;?" in explained
    assert 'value="unclear" checked' in explained

    changed = client.post(VOTE, data={"helpful": "yes", "revision": revision}, follow_redirects=True).text
    assert "You said that this article helped" in changed
    assert counted(portal) == Tally(1, 0)

    withdrawn = client.post(f"{VOTE}/withdrawal", data={"revision": revision}, follow_redirects=True).text
    assert "Did this help?" in withdrawn
    assert counted(portal) == Tally()


def test_a_script_gets_the_part_alone(client: FlaskClient) -> None:
    answer = client.post(VOTE, data={"helpful": "yes"}, headers={"X-Fragment": "vote"}, follow_redirects=False)
    assert answer.status_code == 303
    part = client.get(answer.headers["Location"], headers={"X-Fragment": "vote"}).text
    assert "<html" not in part
    assert "Thank you" in part


def test_the_voters_key_is_set_by_voting_alone_and_well_kept(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get(VOTE).headers
    cookie = client.post(VOTE, data={"helpful": "yes"}, base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("voter=")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Max-Age=31536000"} <= {part.strip() for part in cookie.split(";")}


def test_over_plain_http_the_key_is_still_set(client: FlaskClient) -> None:
    assert "Secure" not in client.post(VOTE, data={"helpful": "yes"}).headers["Set-Cookie"]


def test_whoever_has_a_key_gets_no_other(client: FlaskClient) -> None:
    client.post(VOTE, data={"helpful": "yes"})
    assert "Set-Cookie" not in client.post(VOTE, data={"helpful": "no"}).headers


def test_the_key_itself_is_nowhere_in_the_database(client: FlaskClient, portal: Portal) -> None:
    cookie = client.post(VOTE, data={"helpful": "yes"}).headers["Set-Cookie"]
    key = cookie.partition("=")[2].partition(";")[0]
    kept = b"".join(path.read_bytes() for path in sqlite_files(portal))
    assert PASSWORD.encode() in kept
    assert key.partition(".")[0].encode() not in kept
    assert b"127.0.0.1" not in kept


def sqlite_files(portal: Portal) -> list[Path]:
    file = Path(str(portal.database.engine.url.database))
    return list(file.parent.glob(file.name + "*"))


def test_a_client_with_the_cookie_has_one_vote_however_often(client: FlaskClient, portal: Portal) -> None:
    for n in range(150):
        assert client.post(VOTE, data={"helpful": "yes" if n % 2 else "no"}).status_code in {303, 429}
    assert counted(portal).total == 1


def test_a_client_without_cookies_has_a_handful(app: Flask, portal: Portal) -> None:
    client = app.test_client(use_cookies=False)
    statuses = [client.post(VOTE, data={"helpful": "yes"}).status_code for _ in range(50)]
    assert statuses == [303] * 5 + [429] * 45
    assert counted(portal).total == 5


def test_a_made_up_key_counts_as_none(app: Flask, portal: Portal) -> None:
    client = app.test_client(use_cookies=False)
    for n in range(20):
        client.post(VOTE, data={"helpful": "yes"}, headers={"Cookie": f"voter={n:032x}.{n:064x}"})
    assert counted(portal).total == 5


def test_keys_gathered_elsewhere_do_not_help(app: Flask, portal: Portal) -> None:
    client = app.test_client(use_cookies=False)
    keys = []
    for number in range(1, 5):
        other = article_id(portal, f"billing/invoice-{number}")
        answers = [client.post(f"/en/votes/{other}", data={"helpful": "yes"}) for _ in range(5)]
        keys += [answer.headers["Set-Cookie"].partition(";")[0] for answer in answers]
    assert len(set(keys)) == 20
    for key in keys:
        client.post(VOTE, data={"helpful": "no"}, headers={"Cookie": key})
    assert counted(portal).total == 5


def article_id(portal: Portal, slug: str) -> str:
    found = portal.library.current().level(Level.PUBLIC).shelf.find("en", slug)
    assert found
    return found


def test_a_forged_forwarded_address_is_no_other_client(app: Flask, portal: Portal) -> None:
    client = app.test_client(use_cookies=False)
    for n in range(20):
        client.post(VOTE, data={"helpful": "yes"}, headers={"X-Forwarded-For": f"192.0.2.{n}"})
    assert counted(portal).total == 5


def test_whoever_voted_once_may_change_it_though_the_address_is_full(app: Flask, portal: Portal) -> None:
    mine = app.test_client()
    mine.post(VOTE, data={"helpful": "yes"})
    others = app.test_client(use_cookies=False)
    for _ in range(10):
        others.post(VOTE, data={"helpful": "yes"})
    assert mine.post(VOTE, data={"helpful": "no"}).status_code == 303
    assert counted(portal) == Tally(4, 1)


def test_a_vote_belongs_to_the_revision_that_was_read(client: FlaskClient, portal: Portal, revision: str) -> None:
    older = "0123abcd" * 5
    client.post(VOTE, data={"helpful": "no", "revision": older})
    client.post(VOTE, data={"helpful": "yes", "revision": revision})
    with portal.database.session() as session:
        assert tally_by_revision(session, PASSWORD) == {older: Tally(0, 1), revision: Tally(1, 0)}


@pytest.mark.parametrize("odd", ["", "HEAD", "x" * 65, "../..", "' OR 1=1", "\x00"])
def test_an_odd_revision_is_taken_for_the_present_one(
    client: FlaskClient, portal: Portal, revision: str, odd: str
) -> None:
    client.post(VOTE, data={"helpful": "yes", "revision": odd})
    with portal.database.session() as session:
        assert tally_by_revision(session, PASSWORD) == {revision: Tally(1, 0)}


@pytest.mark.parametrize("article", ["none", SECRET, "x" * 500])
@pytest.mark.parametrize("verb", ["", "/reason", "/withdrawal"])
def test_an_article_that_the_reader_does_not_see_takes_no_vote(client: FlaskClient, article: str, verb: str) -> None:
    assert client.post(f"/en/votes/{article}{verb}", data={"helpful": "yes"}).status_code == 404


def test_an_article_takes_votes_in_its_own_language(client: FlaskClient) -> None:
    assert client.post(f"/de/votes/{PASSWORD}", data={"helpful": "yes"}).status_code == 404


@pytest.mark.parametrize("answer", ["", "maybe", "YES", "1"])
def test_an_answer_that_is_neither_yes_nor_no_counts_nothing(client: FlaskClient, portal: Portal, answer: str) -> None:
    response = client.post(VOTE, data={"helpful": answer})
    assert response.status_code == 422
    assert "yes or no" in response.text
    assert counted(portal).total == 0


def test_a_reason_without_a_vote_is_told_so(client: FlaskClient) -> None:
    answer = client.post(f"{VOTE}/reason", data={"reason": "wrong"})
    assert answer.status_code == 404
    assert "Vote first" in answer.text


def test_a_reason_that_is_not_known_is_refused(client: FlaskClient) -> None:
    client.post(VOTE, data={"helpful": "no"})
    assert client.post(f"{VOTE}/reason", data={"reason": "ugly"}).status_code == 422


def test_with_the_database_away_the_vote_is_not_counted_and_the_page_says_so(without_database: FlaskClient) -> None:
    answer = without_database.post(VOTE, data={"helpful": "yes"})
    assert answer.status_code == 503
    assert "Set-Cookie" not in answer.headers
    assert int(answer.headers["Retry-After"]) > 0
    assert "Your vote was not counted" in answer.text


def test_with_the_database_away_articles_and_search_go_on(without_database: FlaskClient) -> None:
    for path in ("/en/", "/en/articles/accounts/reset-your-password", "/en/search?q=password"):
        assert without_database.get(path).status_code == 200


def test_the_page_of_a_vote_is_never_kept(client: FlaskClient) -> None:
    assert client.get(VOTE).headers["Cache-Control"] == "no-store"


def test_every_reason_can_be_chosen(client: FlaskClient) -> None:
    page = client.post(VOTE, data={"helpful": "no"}, follow_redirects=True).text
    reasons = re.findall(r'name="reason" value="(\w+)"', page)
    assert reasons == ["wrong", "unclear", "missing", "did_not_work", "not_looked_for"]
    for reason in reasons:
        assert client.post(f"{VOTE}/reason", data={"reason": reason}).status_code == 303


def voted(recorded: Recorded) -> list[tuple[bool, str]]:
    return [(event.is_helpful, event.reason) for event in recorded() if isinstance(event, Voted)]


def test_the_visit_learns_of_a_vote_and_of_its_reason(client: FlaskClient, recorded: Recorded, revision: str) -> None:
    client.get("/en/search?q=telephone")
    client.post(VOTE, data={"helpful": "no", "revision": revision})
    client.post(f"{VOTE}/reason", data={"reason": "unclear", "comment": "Which link?", "revision": revision})
    client.post(VOTE, data={"helpful": "yes", "revision": revision})
    assert voted(recorded) == [(False, ""), (False, "unclear"), (True, "")]
    events = recorded()
    assert len({event.visitor for event in events}) == 1
    assert "Which link" not in repr(events)


def test_of_a_voter_without_a_visit_nothing_is_told_to_one(client: FlaskClient, recorded: Recorded) -> None:
    assert client.post(VOTE, data={"helpful": "no"}).status_code == 303
    assert recorded() == []


def test_a_vote_of_somebody_who_is_not_to_be_followed_counts_and_is_not_recorded(
    client: FlaskClient, portal: Portal, recorded: Recorded
) -> None:
    client.get("/en/search?q=telephone")
    client.post(VOTE, data={"helpful": "no"}, headers={"DNT": "1"})
    assert counted(portal).total == 1
    assert voted(recorded) == []
