import errno
import os
import signal
import threading
from pathlib import Path

import pytest

from portal.bootstrap import bootstrap
from portal.errors import Unavailable
from portal.search import manifest as manifests
from portal.search.building import publishing_lock
from portal.search.generation import POINTER, Library
from tests.proof.centre import Centre
from tests.proof.faults import die_after, in_child, refuse_fsync, start

SWITCHES = 5
"""The long way, 200 switches and hundreds of kills, is `make proof`."""


@pytest.fixture(scope="module")
def one_round(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """A centre that was published once; read it, don't change it."""
    centre = Centre(tmp_path_factory.mktemp("one"))
    centre.publish()
    return centre


@pytest.fixture
def centre(one_round: Centre, tmp_path: Path) -> Centre:
    """The same, to be changed."""
    return one_round.copy(tmp_path / "data")


def _exit_code(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(
    ("steps", "is_new"),
    [
        (["fsync"], False),
        (["fsync"] * 9, False),
        (["symlink"], False),
        (["symlink", "replace"], False),
        (["symlink", "replace", "fsync"], True),
    ],
    ids=["first sync", "midway", "named", "before the switch", "after the switch"],
)
def test_a_killed_publishing_leaves_a_whole_generation_and_the_next_one_heals(
    centre: Centre,
    steps: list[str],
    is_new: bool,
) -> None:
    old = centre.number
    centre.turn()
    assert in_child(centre.publish, die_after(*steps)) == -signal.SIGKILL
    assert centre.seen() == (centre.number if is_new else old)
    centre.heal()


@pytest.mark.parametrize("steps", [["fsync"] * 9, ["symlink", "replace"]])
def test_a_killed_first_publishing_leaves_nothing_to_be_read(tmp_path: Path, steps: list[str]) -> None:
    centre = Centre(tmp_path)
    assert in_child(centre.publish, die_after(*steps)) == -signal.SIGKILL
    assert centre.seen() is None
    centre.heal()


def test_what_killed_publishings_left_is_swept_up_even_where_nothing_is_new(centre: Centre) -> None:
    (centre.generations / ".building-1-abc" / "public").mkdir(parents=True)
    (centre.generations / ".building-1-abc" / "public" / "half").write_text("half")
    (centre.generations / f".{POINTER}-abc").symlink_to("nowhere")
    assert not centre.publish().is_new
    assert centre.leftovers() == []


def test_all_is_on_disk_before_the_pointer_moves_and_the_pointer_after(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.turn()
    steps = _record_steps(monkeypatch)
    done = centre.publish()
    folder = centre.generations / done.generation
    switch = steps.index(("replace", centre.generations / POINTER))
    naming = steps.index(("rename", folder))
    inner = [file.stat().st_ino for file in manifests.walk(folder)]
    inner += [Path(each).stat().st_ino for each, *_ in os.walk(folder)]
    linked = {file.stat().st_ino for file in manifests.walk(folder) if file.stat().st_nlink > 1}
    synced = {what for name, what in steps[:naming] if name == "fsync"}
    assert [ino for ino in inner if ino not in synced | linked] == []
    order = [what for name, what in steps[:naming] if name == "fsync" and what in inner]
    last = [(folder / manifests.NAME).stat().st_ino, folder.stat().st_ino]
    assert order[-2:] == last, "the manifest vouches for what is on disk already"
    parent = centre.generations.stat().st_ino
    assert ("fsync", parent) in steps[naming:switch], "a pointer never names what a power cut could take away"
    assert ("fsync", parent) in steps[switch:]


def test_what_did_not_change_is_linked_and_not_written_again(centre: Centre) -> None:
    centre.repository.write({"en/billing/refunds.md": "---\ntitle: Get a refund\n---\nWithin 60 days.\n"})
    centre.rounds[centre.repository.commit()] = centre.number
    before = Library(centre.generations).current()
    known = set(manifests.inodes(before.folder, before.manifest))
    centre.publish()
    after = Library(centre.generations).current()
    shared = {path for path in after.manifest.files if (after.folder / path).stat().st_ino in known}
    assert {path.split("/")[0] for path in shared} >= {"assets", "public", "customers", "staff"}
    assert any(path.startswith("public/de/") for path in shared)
    assert centre.seen() == centre.number


@pytest.mark.parametrize("number", [1, 5, 12])
def test_a_disk_that_refuses_leaves_the_old_generation_and_says_so(centre: Centre, number: int) -> None:
    old = centre.number
    centre.turn()
    said = centre.settings.data / "said"

    def work() -> None:
        with pytest.raises(Unavailable) as caught:
            centre.publish()
        said.write_text(str(caught.value))

    assert in_child(work, refuse_fsync(number, errno.EIO)) == 0
    assert said.read_text() == (
        "The disk failed: Input/output error. The last generation stays. Make room or mend it, and publish again."
    )
    assert centre.seen() == old
    assert "Input/output error" in (Library(centre.generations).trouble() or "")
    centre.heal()
    assert Library(centre.generations).trouble() is None


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    said = pytest.raises(Unavailable, match=r"PORTAL_DATA: .*data can't be written: .*\. Make it writable")
    with said, publishing_lock(tmp_path / "data"):
        pass


@pytest.mark.parametrize("page", [0, 1, 3, 7])
def test_a_damaged_cache_is_made_anew(centre: Centre, page: int) -> None:
    cache = centre.settings.data / "cache" / "compiled.sqlite"
    with cache.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096)
    centre.turn()
    centre.heal()


def test_two_publishers_at_once_both_succeed(centre: Centre) -> None:
    for _ in range(3):
        centre.turn()
        first = start(centre.publish)
        centre.turn()
        second = start(centre.publish)
        assert (_exit_code(first), _exit_code(second)) == (0, 0)
        assert centre.seen() == centre.number
        assert centre.leftovers() == []


def test_a_publisher_waits_for_another_one_and_goes_on_when_that_one_dies(centre: Centre) -> None:
    ready, tell = os.pipe()

    def hold() -> None:
        with publishing_lock(centre.settings.data):
            os.write(tell, b"x")
            signal.pause()

    holder = start(hold)
    os.read(ready, 1)
    centre.turn()
    waiting = start(centre.publish)
    assert centre.seen() == centre.number - 1
    os.kill(holder, signal.SIGKILL)
    assert (_exit_code(holder), _exit_code(waiting)) == (-signal.SIGKILL, 0)
    assert centre.seen() == centre.number


def test_readers_see_one_generation_at_a_time_while_others_come(centre: Centre) -> None:
    first = centre.number
    for _ in range(SWITCHES):
        centre.turn()
    revisions = list(centre.rounds)[first:]
    library = bootstrap(centre.settings).library
    seen, errors = {centre.round_of(library.current())}, list[BaseException]()
    writer = start(lambda: _publish_each(centre, revisions))

    def read() -> None:
        try:
            while centre.number not in seen and not errors:
                seen.add(centre.round_of(library.current()))
        except BaseException as error:  # noqa: BLE001 - a thread's error is the test's
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    code = _exit_code(writer)
    if code:
        errors.append(AssertionError(f"the publisher ended with {code}"))
    for reader in readers:
        reader.join()
    assert errors == []
    assert {first, centre.number} <= seen


def _publish_each(centre: Centre, revisions: list[str]) -> None:
    for revision in revisions:
        centre.repository.git("update-ref", "refs/heads/main", revision)
        centre.publish()


def _record_steps(patch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """Record what is brought to disk, by its inode, and what is given a name, by that name, in order."""
    steps: list[tuple[str, object]] = []
    fsync, rename, replace = os.fsync, os.rename, os.replace

    def recorded_fsync(descriptor: int) -> None:
        steps.append(("fsync", os.fstat(descriptor).st_ino))
        fsync(descriptor)

    def recorded_rename(old: Path, new: Path) -> None:
        steps.append(("rename", new))
        rename(old, new)

    def recorded_replace(old: Path, new: Path) -> None:
        steps.append(("replace", new))
        replace(old, new)

    patch.setattr(os, "fsync", recorded_fsync)
    patch.setattr(os, "rename", recorded_rename)
    patch.setattr(os, "replace", recorded_replace)
    return steps
