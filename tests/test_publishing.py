"""A revision built beside the live one."""

from dataclasses import replace
from pathlib import Path

import pytest

from portal import clock
from portal.audience import Level
from portal.bootstrap import Portal, bootstrap
from portal.errors import Invalid
from portal.pipeline import publish
from portal.publishing import beside
from portal.search.hits import Query
from portal.settings import Settings
from tests.repositories import ContentRepository

ARTICLE = "---\ntitle: {title}\n---\n{text}\n"


@pytest.fixture
def repository(tmp_path: Path) -> ContentRepository:
    repository = ContentRepository(tmp_path / "content")
    repository.commit({"en/orders/returns.md": ARTICLE.format(title="Return an order", text="Send it back.")})
    return repository


@pytest.fixture
def live(repository: ContentRepository, tmp_path: Path) -> Portal:
    portal = bootstrap(Settings(content=str(repository.folder), data=tmp_path / "data"))
    publish(portal, at=clock.now())
    return portal


def _found(portal: Portal, revision: str, words: str) -> list[str]:
    with beside(portal, revision, at=clock.now()) as generation:
        reader = generation.level(Level.PUBLIC)
        return [hit.card.title for hit in reader.search(Query(text=words, lang="en"), offset=0, limit=10).hits]


def _branch(repository: ContentRepository) -> None:
    repository.git("checkout", "-q", "-b", "idea")
    repository.commit({"en/orders/gift-cards.md": ARTICLE.format(title="Pay with a gift card", text="Type its code.")})
    repository.git("checkout", "-q", "-")


def test_a_branch_is_searched_as_if_it_were_live_and_what_is_live_stays(
    live: Portal, repository: ContentRepository
) -> None:
    _branch(repository)
    before = live.library.current().name
    assert _found(live, "idea", "gift card") == ["Pay with a gift card"]
    assert _found(live, "HEAD", "gift card") == []
    assert live.library.current().name == before


def test_a_revision_is_built_once(live: Portal, repository: ContentRepository) -> None:
    _branch(repository)
    with beside(live, "idea", at=clock.now()) as first, beside(live, "idea", at=clock.now()) as second:
        assert first.name == second.name


def test_a_branch_that_does_not_exist_is_named(live: Portal) -> None:
    with pytest.raises(Invalid, match="no revision 'nowhere'"):
        _found(live, "nowhere", "gift card")


def test_a_plain_folder_has_no_revisions(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    (folder / "en").mkdir(parents=True)
    (folder / "en/one.md").write_text("# One\n", "utf-8")
    portal = bootstrap(replace(Settings(), content=str(folder), data=tmp_path / "data"))
    publish(portal, at=clock.now())
    with pytest.raises(Invalid, match="not in a git repository"):
        _found(portal, "idea", "one")
