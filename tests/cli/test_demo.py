"""`portal demo`: a desk with something on it, in a data folder of its own; and all of it taken away again."""

import re
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.bootstrap import Portal, bootstrap
from portal.cli.demo import demo
from portal.cli.demo_needs import FOLDER, draw, read_needs
from portal.cli.demo_story import Story
from portal.clock import now
from portal.content.git import run
from portal.conversations import offers
from portal.conversations import store as conversations
from portal.conversations.models import Arm
from portal.conversations.store import View
from portal.db import transaction
from portal.errors import Conflict, Invalid, NotFound
from portal.events import log
from portal.events.kinds import Searched
from portal.feedback import flags, opinions
from portal.feedback.models import Reason
from portal.gaps import store
from portal.gaps.models import Gap, State
from portal.gaps.score import read_trend
from portal.gaps.verify import Measure
from portal.links import store as links
from portal.people import accounts, keys
from portal.people.models import Role
from portal.settings import Settings
from portal.visits import totals
from tests.repositories import HELP_CENTRE, ContentRepository

MANUAL = Path(__file__).resolve().parents[2] / "articles" / "en"
LINK = re.compile(r"http://127\.0\.0\.1:8000/desk/keys/([\w-]{43})")
PROVED = {State.DRAFTED, State.WATCHING, State.CLOSED}
DONE = {State.ACCEPTED, State.ASSIGNED, State.DISMISSED, State.DRAFTED, State.WATCHING, State.CLOSED}
NEEDS = read_needs()
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder, and where its articles are."""

    data: Path
    content: Path

    def run(self, *argv: str) -> Result:
        told = {"PORTAL_DATA": str(self.data), "PORTAL_CONTENT": str(self.content), "PORTAL_ENCODER": "none"}
        return CliRunner().invoke(demo, argv, env=told)

    def portal(self) -> Portal:
        return bootstrap(Settings(data=self.data, content=str(self.content)))

    def gaps(self) -> list[Gap]:
        with self.portal().database.session() as session:
            return store.every_gap(session)

    def events(self) -> int:
        with self.portal().database.session() as session:
            return log.count(session)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles, in nobody's repository."""
    folder = tmp_path_factory.mktemp("articles")
    for name, text in HELP_CENTRE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def filled(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Result]:
    """Filled once; read it, don't change it."""
    data = tmp_path_factory.mktemp("demo") / "data"
    place = Place(data, data / "content")
    return place, place.run("--copy", str(articles))


@pytest.fixture
def copied(filled: tuple[Place, Result], tmp_path: Path) -> Place:
    """The same, to be changed."""
    data = tmp_path / "data"
    shutil.copytree(filled[0].data, data, symlinks=True)
    return Place(data, data / "content")


def test_the_desk_has_a_gap_in_every_state(filled: tuple[Place, Result]) -> None:
    place, done = filled
    assert (done.exit_code, done.stderr) == (0, "")
    assert {gap.state for gap in place.gaps()} == DONE | {State.SUGGESTED}


def test_what_was_answered_is_proved_by_those_who_came_after(filled: tuple[Place, Result]) -> None:
    (closed,) = [gap for gap in filled[0].gaps() if gap.state is State.CLOSED]
    before, after = Measure.from_json(closed.before), Measure.from_json(closed.after)
    assert before.resolved == 0 < before.n
    assert after.unresolved().value <= before.unresolved().value / 2
    (watched,) = [gap for gap in filled[0].gaps() if gap.state is State.WATCHING]
    assert watched.revision
    assert watched.watched_from


def test_drafts_and_answers_land_in_the_copy(filled: tuple[Place, Result], articles: Path) -> None:
    place, _ = filled
    copy = ContentRepository(place.content)
    branches = copy.git("branch", "--format=%(refname:short)").splitlines()
    assert sorted(re.sub(r"gap-\d+-.*", "gap", name) for name in branches) == ["main", *["signpost/gap"] * 3]
    assert copy.git("status", "--porcelain") == ""
    assert "Closes-Gap: " in copy.git("log", "--format=%B", "main")
    assert not (articles / ".git").exists()


def test_some_needs_grow_and_others_fade(filled: tuple[Place, Result]) -> None:
    trends = [read_trend(gap.trend) for gap in filled[0].gaps()]
    halves = [(sum(one[4:8]), sum(one[8:])) for one in trends]
    assert any(late > 2 * early for early, late in halves)
    assert any(early > 2 * late for early, late in halves)


def test_three_lines_say_what_to_open_and_each_link_lets_somebody_in(filled: tuple[Place, Result]) -> None:
    place, done = filled
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert lines[2].endswith("http://127.0.0.1:8000/en/search?q=slack+notifications")
    with place.portal().database.session() as session:
        people = [keys.look_at(session, token, now())[1] for token in LINK.findall(done.stdout)]
        assert accounts.is_anybody(session)
    assert [(user.name, user.role) for user in people if user] == [("Ada", "lead"), ("Cleo", "writer"), ("Bo", "agent")]


def test_readers_have_said_why_each_in_their_own_words(filled: tuple[Place, Result]) -> None:
    with filled[0].portal().database.session() as session:
        said = opinions.newest(session, opinions.Asked(has_comment=True), limit=50)
    assert max(Counter(one.comment for one in said).values(), default=1) == 1


def test_customers_wait_and_were_answered_with_articles(filled: tuple[Place, Result]) -> None:
    with filled[0].portal().database.session() as session:
        found = conversations.listed(session, View.ALL, user=1, limit=20)
        sent = links.all_records(session)
    assert Counter(one.standing for one in found) == {"new": 3, "open": 1, "waiting": 1, "closed": 2}
    assert sum(one.sent for one in sent.values()) >= 3


def test_forms_were_begun_and_articles_flagged(filled: tuple[Place, Result]) -> None:
    with filled[0].portal().database.session() as session:
        forms = offers.numbers(session, since=EVER, until=now())[Arm.OFFERED]
        flagged = len(flags.waiting(session)) + len(flags.settled(session, limit=9))
    assert forms.begun > forms.sent + forms.withdrawn > forms.sent > 0
    assert flagged > 0


def test_run_again_it_changes_nothing_and_prints_new_links(copied: Place) -> None:
    before = [(gap.id, gap.version) for gap in copied.gaps()], copied.events()
    done = copied.run("--copy", "/")
    assert done.exit_code == 0, done.output
    assert ([(gap.id, gap.version) for gap in copied.gaps()], copied.events()) == before
    assert len(set(LINK.findall(done.stdout))) == 3


def test_removed_nothing_is_left_but_what_others_did(copied: Place) -> None:
    portal, at = copied.portal(), now() - timedelta(days=3)
    with portal.database.session() as session, transaction(session):
        log.append(session, [Searched(uid="a" * 32, at=at, visitor="f" * 32, lang="en", query="my own need")])
    done = copied.run("--remove")
    assert done.exit_code == 0, done.output
    said = r"Removed \d{3} visitors with [\d,]+ events and \d+ gaps, and 7 conversations; 3 accounts are shut\.\n"
    assert re.fullmatch(said, done.output)
    assert (copied.gaps(), copied.events()) == ([], 1)
    with portal.database.session() as session:
        counted = totals.measures(session, since=(at - timedelta(days=90)).date(), until=now().date())
        assert opinions.newest(session, opinions.Asked(), limit=1) == []
        assert [one.text for one in totals.top_queries(session, at - timedelta(days=90), 9)] == ["my own need"]
        assert conversations.listed(session, View.ALL, user=1, limit=1) == []
        assert flags.waiting(session) == flags.settled(session, limit=1) == []
        assert offers.numbers(session, since=EVER, until=now())[Arm.OFFERED].begun == 0
        assert links.all_records(session) == {}
    assert {one.n for one in counted.values()} <= {0, 1}
    with pytest.raises(NotFound), portal.database.session() as session:
        keys.look_at(session, "a" * 43, now())


def test_real_visitors_are_left_alone_unless_somebody_insists(articles: Path, tmp_path: Path) -> None:
    place = Place(tmp_path / "data", articles)
    place.data.mkdir()
    portal = place.portal()
    portal.database.upgrade()
    with portal.database.session() as session, transaction(session):
        log.append(session, [Searched(uid="a" * 32, at=now(), visitor="f" * 32, lang="en", query="mine")])
    refused = place.run().exception
    assert isinstance(refused, Conflict)
    assert "left events: 1." in str(refused)
    assert place.events() == 1


def test_somebodys_own_repository_is_no_copy(articles: Path, tmp_path: Path) -> None:
    own = ContentRepository(tmp_path / "own")
    own.commit(HELP_CENTRE)
    refused = Place(tmp_path / "data", own.folder).run("--copy", str(articles)).exception
    assert isinstance(refused, Invalid)
    assert "not inside the data folder" in str(refused)
    assert own.git("rev-list", "--all", "--count") == "1"


def test_nothing_is_written_to_somebodys_own_repository(published: Settings, tmp_path: Path) -> None:
    shutil.copytree(published.data, tmp_path / "data", symlinks=True)
    portal, at = bootstrap(replace(published, data=tmp_path / "data")), now()
    portal.database.upgrade()
    with portal.database.session() as session, transaction(session):
        cleo = accounts.add(session, email="cleo@example.com", name="Cleo", role=Role.WRITER, at=at)
    people = draw([need for need in NEEDS if need.desk], until=at, days=56, seed=1)
    story = Story(portal, until=at, owners={"Cleo": cleo.id}, is_own=False)
    story.tell(people, lambda _: None)
    assert story.problems == []
    with portal.database.session() as session:
        states = {gap.state for gap in store.every_gap(session)}
    assert states == {State.SUGGESTED, *DONE} - PROVED
    branches = run("branch", "--format=%(refname:short)", folder=Path(published.content), protocols="file")
    assert b"signpost/" not in branches


def test_every_need_is_whole() -> None:
    known = {line[4:].strip() for file in MANUAL.rglob("*.md") for line in file.read_text("utf-8").splitlines()
             if line.startswith("id: ")}  # fmt: skip
    answers = {"windows", "containers"}
    for need in NEEDS:
        assert need.article is None or need.article in known | answers, need.name
        assert 5 <= len(need.wordings) == len(set(need.wordings)) <= 12, need.name
        assert set(need.reasons) <= set(Reason), need.name
    assert {need.desk for need in NEEDS} - {""} == {"accepted", "assigned", "closed", "dismissed", "drafted", "watched"}
    assert len({need.name for need in NEEDS}) == len(NEEDS)
    assert sorted(need.answer for need in NEEDS if need.answer) == sorted(
        file.name for file in (FOLDER / "answers").iterdir()
    )


def test_the_same_seed_draws_the_same_people_in_order_and_in_time() -> None:
    until = datetime(2026, 3, 2, 7, tzinfo=UTC)
    people = draw(NEEDS, until=until, days=56, seed=7)
    assert people == draw(NEEDS, until=until, days=56, seed=7)
    assert people != draw(NEEDS, until=until, days=56, seed=8)
    assert len(people) == sum(need.people for need in NEEDS)
    assert [one.at for one in people] == sorted(one.at for one in people)
    assert all(until - timedelta(days=64) <= one.at < until for one in people)
    assert all(len(one.visitor) <= 40 and one.person.wordings[0] in one.need.wordings for one in people)
