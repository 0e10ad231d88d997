import gc
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock
from portal.app import create_app
from portal.audience import Level
from portal.bootstrap import bootstrap
from portal.db import Database
from portal.errors import Conflict, Unavailable
from portal.pipeline import publish
from portal.search.building import KEPT
from portal.search.generation import Library, read_report
from portal.settings import Settings
from tests.proof.centre import Centre, assert_whole
from tests.proof.faults import in_child
from tests.repositories import HELP_CENTRE, ContentRepository


@pytest.fixture(scope="module")
def three_rounds(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """A centre with three generations; read it, don't change it."""
    centre = Centre(tmp_path_factory.mktemp("three"))
    centre.publish()
    for _ in range(2):
        centre.turn()
        centre.publish()
    return centre


@pytest.fixture
def centre(three_rounds: Centre, tmp_path: Path) -> Centre:
    """The three generations, to be changed."""
    return three_rounds.copy(tmp_path / "data")


def _library(centre: Centre) -> Library:
    return Library(centre.generations)


def _live(centre: Centre) -> Path:
    return centre.generations / _library(centre).pointed()


def _trouble_of_a_fresh_reader(centre: Centre) -> str | None:
    library = _library(centre)
    assert library.current()
    return library.trouble()


def _change_a_byte(folder: Path) -> None:
    file = folder / "public" / "shelf.sqlite"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _cut_a_file(folder: Path) -> None:
    os.truncate(folder / "site.json", 5)


def _lose_a_file(folder: Path) -> None:
    next(folder.glob("public/en/*.seg")).unlink()


def _lose_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _garble_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"name": ', "utf-8")


def _change_manifest(folder: Path, **fields: object) -> None:
    known = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps(known | fields), "utf-8")


def _date_the_format_forward(folder: Path) -> None:
    _change_manifest(folder, format="2999")


def _add_a_field(folder: Path) -> None:
    _change_manifest(folder, colour="blue")


def _list_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("[]", "utf-8")


def _lose_everything(folder: Path) -> None:
    shutil.rmtree(folder)


DAMAGES = (
    _change_a_byte,
    _cut_a_file,
    _lose_a_file,
    _lose_the_manifest,
    _garble_the_manifest,
    _date_the_format_forward,
    _add_a_field,
    _list_the_manifest,
    _lose_everything,
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_generation_gives_way_to_the_one_before(
    centre: Centre, sqlite_database: Database, damage: Callable[[Path], None]
) -> None:
    newest, before = _library(centre).names()[:2]
    damage(centre.generations / newest)
    library = _library(centre)
    assert library.current().name == before
    assert centre.round_of(library.current()) == centre.number - 1
    assert library.is_damaged()
    assert f"{newest} is damaged" in (library.trouble() or "")
    assert "Publish again" in (library.trouble() or "")
    app = create_app(replace(bootstrap(centre.settings), library=_library(centre), database=sqlite_database))
    ready = app.test_client().get("/readyz").json
    assert ready
    assert (ready["generation"], f"{newest} is damaged" in ready["trouble"]) == (before, True)
    centre.publish()
    assert centre.seen() == centre.number
    assert library.current().name == _library(centre).pointed() > before
    assert library.trouble() is None


def test_where_all_are_damaged_the_next_publishing_begins_anew(centre: Centre) -> None:
    for name in _library(centre).names():
        _change_a_byte(centre.generations / name)
    with pytest.raises(Unavailable, match="Nothing has been published"):
        _library(centre).current()
    centre.publish()
    assert centre.seen() == centre.number


def test_a_pointer_that_leads_nowhere_is_mended_by_the_next_publishing(centre: Centre) -> None:
    (centre.generations / "current").unlink()
    (centre.generations / "current").symlink_to("00000009-nowhere")
    assert "00000009-nowhere is damaged" in (_trouble_of_a_fresh_reader(centre) or "")
    assert centre.publish().is_new
    assert centre.seen() == centre.number
    assert _trouble_of_a_fresh_reader(centre) is None


def test_before_the_first_publishing_nothing_is_there_to_be_read(tmp_path: Path) -> None:
    library = Library(tmp_path / "generations")
    with pytest.raises(Unavailable, match="portal publish"):
        library.current()
    assert (library.newest(), library.names(), library.pointed(), library.trouble()) == (None, [], "", None)


def test_a_new_generation_is_noticed_at_once_and_the_old_one_kept_until_then(centre: Centre) -> None:
    library = _library(centre)
    before = library.current()
    assert library.current() is before
    centre.turn()
    done = centre.publish()
    assert library.current().name == done.generation
    assert centre.round_of(before) == centre.number - 1, "who has it in hand can go on reading it"


def test_what_is_damaged_while_it_is_open_is_still_read_from_it(centre: Centre) -> None:
    library = _library(centre)
    before = library.current()
    (centre.generations / "current").unlink()
    (centre.generations / "current").symlink_to("99999999-nowhere")
    assert library.current().name == before.name
    assert library.is_damaged()


def test_only_the_newest_few_are_kept_and_those_that_somebody_holds(centre: Centre) -> None:
    held = _library(centre).current()
    for _ in range(KEPT + 2):
        centre.turn()
        centre.publish()
    names = _library(centre).names()
    assert len(names) == KEPT + 1
    assert names[-1] == held.name
    assert_whole(centre.generations / held.name)
    assert centre.round_of(held) == centre.number - KEPT - 2
    del held
    centre.turn()
    centre.publish()
    assert len(_library(centre).names()) == KEPT


def test_a_reader_that_is_overtaken_while_it_opens_a_generation_takes_the_newest(centre: Centre) -> None:
    class Slow(Library):
        calls = 0

        def pointed(self) -> str:
            found = super().pointed()
            self.calls += 1
            for _ in range(KEPT + 1 if self.calls == 2 else 0):
                centre.turn()
                centre.publish()
            return found

    library = Slow(centre.generations)
    assert centre.round_of(library.current()) == centre.number
    assert library.trouble() is None


def test_what_nobody_holds_keeps_no_file_open(centre: Centre) -> None:
    with _without_collector():
        library = _library(centre)
        for _ in range(2):
            centre.round_of(library.current())
            centre.turn()
            assert in_child(centre.publish) == 0
        live = library.current()
        centre.round_of(live)
        opened = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        inside = [path for path in opened if path.startswith(str(centre.generations))]
        assert inside
        assert [path for path in inside if not path.startswith(str(live.folder))] == []


def test_names_sort_by_age_even_where_the_clock_was_set_back(centre: Centre) -> None:
    portal = bootstrap(centre.settings)
    made = [_library(centre).names()[0]]
    for days in (0, 400, 1):
        centre.turn()
        made.append(publish(portal, at=clock.now() - timedelta(days=days)).generation)
    assert made == sorted(made)
    assert _library(centre).names()[0] == made[-1] == portal.library.current().name


def test_a_failure_is_remembered_until_a_publishing_succeeds(centre: Centre) -> None:
    library = _library(centre)
    with pytest.raises(Conflict), library.remembering_failure():
        raise Conflict("Only 2 of 5 articles would remain.")
    for each in (library, _library(centre)):
        assert each.trouble() == "The last publishing failed: Only 2 of 5 articles would remain."
        assert not each.is_damaged()
    with library.remembering_failure():
        assert library.trouble()
    assert _library(centre).trouble() is None


def test_a_failure_before_the_first_publishing_is_remembered_too(tmp_path: Path) -> None:
    library = Library(tmp_path / "generations")
    with pytest.raises(Conflict), library.remembering_failure():
        raise Conflict("No.")
    assert library.trouble() == "The last publishing failed: No."
    assert library.names() == []


def test_a_disk_that_fails_is_said_in_plain_words(centre: Centre) -> None:
    library = _library(centre)
    said = pytest.raises(Unavailable, match=r"^The disk failed: No space left on device\. .* publish again\.$")
    with said, library.remembering_failure():
        raise OSError(28, "No space left on device", "somewhere")
    assert "No space left" in (library.trouble() or "")
    (centre.generations / "failed.txt").write_text("", "utf-8")
    assert library.trouble() == "The last publishing failed."


def test_levels_that_may_see_the_same_share_a_folder(tmp_path: Path) -> None:
    repository = ContentRepository(tmp_path / "content")
    repository.commit(HELP_CENTRE)
    portal = bootstrap(Settings(content=str(repository.folder), data=tmp_path / "data"))
    staff = "---\ntitle: For us\naudience: staff\n---\nText.\n"
    shared: list[list[set[Level]]] = []
    for files in ({}, {"en/us.md": staff}, {"en/us.md": staff.replace("staff", "customers")}):
        repository.commit(files)
        publish(portal, at=clock.now())
        levels = portal.library.current().manifest.levels
        folders = sorted(set(levels.values()))
        assert folders == sorted(entry.parent.name for entry in portal.library.current().folder.glob("*/shelf.sqlite"))
        shared.append([{level for level in Level if levels[level] == folder} for folder in folders])
    everybody = {Level.PUBLIC, Level.CUSTOMERS, Level.STAFF}
    assert shared == [
        [everybody],
        [everybody - {Level.STAFF}, {Level.STAFF}],
        [everybody - {Level.PUBLIC}, {Level.PUBLIC}],
    ]


def test_a_generation_says_what_it_is_made_of(centre: Centre) -> None:
    generation = _library(centre).current()
    assert centre.rounds[generation.revision] == centre.number
    assert generation.counts["articles"] == len(generation.level(Level.STAFF).shelf.prints())
    assert generation.changes_since(None)["added"] == generation.counts["articles"]
    assert read_report(generation.folder)["problems"] == []
    assert [each["path"] for each in read_report(generation.folder)["skipped"]] == ["README.md"]


@contextmanager
def _without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
