from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given

from portal.search.wordings import Wordings, collect, read_wordings, replace_wordings, write_wordings
from tests.search.documents import HELP_CENTRE, a_section
from tests.search.drawn import Articles, articles, changed, changes, sections


def assert_equal(one: Wordings, other: Wordings) -> None:
    assert (one.words, one.articles) == (other.words, other.articles)
    for mine, theirs in ((one.at, other.at), (one.numbers, other.numbers)):
        assert (mine.dtype, mine.tolist()) == (theirs.dtype, theirs.tolist())


def test_words_are_kept_as_written_in_lower_case_and_counted_by_article() -> None:
    sections_of_two = [
        a_section("Printers printed, a printer prints.", article="a", title="Printers"),
        a_section("PRINTERS", article="a", title="Printers"),
        a_section("Straße", article="b", title="Naïve", aka="printers", tags=("Ink",), summary="of", headings="Part"),
    ]
    counts = dict(collect(sections_of_two, "en").counts())
    assert counts == {
        "a": 1, "printed": 1, "printer": 1, "printers": 2, "prints": 1,
        "straße": 1, "naïve": 1, "ink": 1, "of": 1, "part": 1,
    }  # fmt: skip


def test_parts_of_a_word_are_kept_and_not_what_else_it_is_called() -> None:
    assert "wifi" not in dict(collect([a_section("Wi-Fi")], "en").counts())


@given(articles(), changes)
def test_what_was_changed_is_as_if_it_were_collected_anew(
    some: Articles, steps: list[tuple[set[str], Articles]]
) -> None:
    wordings = collect(sections(some), "en")
    for gone, come in steps:
        wordings = replace_wordings(wordings, {*gone, *come}, collect(sections(come), "en"))
        some = changed(some, gone, come)
        assert_equal(wordings, collect(sections(some), "en"))


@given(articles())
def test_wordings_come_back_from_their_file(some: Articles) -> None:
    wordings = collect(sections(some), "en")
    with TemporaryDirectory() as folder:
        write_wordings(Path(folder) / "wordings.bin", wordings)
        assert_equal(read_wordings(Path(folder) / "wordings.bin"), wordings)


def test_wordings_of_a_file_can_be_replaced_although_it_is_only_read(tmp_path: Path) -> None:
    write_wordings(tmp_path / "wordings.bin", collect(HELP_CENTRE, "en"))
    ink = a_section("ink", article="ink")
    found = replace_wordings(read_wordings(tmp_path / "wordings.bin"), {"router"}, collect([ink], "en"))
    assert_equal(found, collect([*(one for one in HELP_CENTRE if one.article != "router"), ink], "en"))


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "wordings.bin").write_bytes(b"{}\n" + bytes(61))
    with pytest.raises(ValueError, match="no array"):
        read_wordings(tmp_path / "wordings.bin")
