from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given

from portal.search.counts import (
    ARTICLE_KINDS,
    MOST_COUNTED,
    SECTION_KINDS,
    Counts,
    Rows,
    count,
    filter_word,
    replace_articles,
    title_key,
)
from portal.search.counts_file import read_counts, write_counts
from portal.search.words.languages import words
from tests.search.documents import HELP_CENTRE, a_section
from tests.search.drawn import Articles, articles, changed, changes, sections, texts


def assert_equal(one: Counts, other: Counts) -> None:
    """Hold two against each other, array by array."""
    assert (one.words, one.articles) == (other.words, other.articles)
    pairs = [
        ("first_section", one.first_section, other.first_section),
        ("article_of", one.article_of, other.article_of),
    ]
    for rows in ("by_section", "by_article"):
        mine, theirs = getattr(one, rows), getattr(other, rows)
        pairs += [
            (f"{rows}.{part.name}", getattr(mine, part.name), getattr(theirs, part.name)) for part in fields(Rows)
        ]
    for name, mine, theirs in pairs:
        assert (mine.dtype, mine.shape) == (theirs.dtype, theirs.shape), name
        assert mine.tolist() == theirs.tolist(), name


def told(counts: Counts, word: str) -> dict[tuple[str, int], int]:
    """Return how often a word stands in which field of which section, or of which article."""
    number = counts.words.index(word)
    found = {}
    for kinds, rows in ((SECTION_KINDS, counts.by_section), (ARTICLE_KINDS, counts.by_article)):
        own = slice(*rows.at[number : number + 2])
        for unit, field, times in zip(rows.units[own], rows.fields[own], rows.counts[own], strict=True):
            found[kinds[field], int(unit)] = int(times)
    return found


def test_a_word_is_counted_where_it_stands() -> None:
    counts = count(
        [
            a_section("ink and ink", article="a", title="Ink", headings="Paper"),
            a_section("no paper", article="a", title="Ink", headings="Ink\nInks", tags=("Ink",)),
            a_section("none", article="b", title="Paper", aka="ink\nink pen", summary="Of ink."),
        ],
        "en",
    )
    assert counts.articles == ("a", "b")
    assert (counts.first_section.tolist(), counts.article_of.tolist()) == ([0, 2], [0, 0, 1])
    assert told(counts, "ink") == {
        ("body", 0): 2,
        ("headings", 1): 2,
        ("title", 0): 1,
        ("aka", 1): 2,
        ("summary", 1): 1,
    }, "what is the article's is counted once, by its first section"
    assert told(counts, "paper") == {("headings", 0): 1, ("body", 1): 1, ("title", 1): 1}
    lengths = dict(zip(SECTION_KINDS, counts.by_section.lengths.tolist(), strict=True))
    assert lengths == {"headings": [1, 2, 0], "body": [3, 2, 1]}


def test_all_forms_of_a_word_count_and_make_a_field_longer() -> None:
    counts = count([a_section("Wi-Fi", article="a")], "en")
    assert {"wi", "fi", "wifi"} <= set(counts.words)
    assert counts.by_section.lengths[SECTION_KINDS.index("body")].tolist() == [3]


def test_a_word_said_very_often_is_counted_as_far_as_the_number_goes() -> None:
    counts = count([a_section("ink " * (MOST_COUNTED + 9))], "en")
    assert told(counts, "ink") == {("body", 0): MOST_COUNTED}
    assert counts.by_section.lengths[SECTION_KINDS.index("body")].tolist() == [MOST_COUNTED + 9]


def test_what_can_be_filtered_by_is_counted_apart() -> None:
    document = a_section(title="Red ink", aka="Crimson\nThe scarlet", tags=("Café",), topic="Inks", stage="before")
    counts = count([document], "en")
    expected = {
        filter_word("title", "red ink"),
        filter_word("title", "crimson"),
        filter_word("title", "the scarlet"),
        filter_word("tag", "cafe"),
        filter_word("topic", "Inks"),
        filter_word("stage", "before"),
    }
    assert {word for word in counts.words if ("filters", 0) in told(counts, word)} == expected
    assert filter_word("tag", "CAFÉ") == filter_word("tag", "cafe")
    assert filter_word("topic", "inks") != filter_word("topic", "Inks"), "a slug is taken as it is"


@given(texts)
def test_no_text_has_the_word_of_a_filter(text: str) -> None:
    said = text + filter_word("tag", text) + "\x01tag\x1fred \x01"
    assert not any(word.text.startswith("\x01") for lang in ("en", "ja", "xx") for word in words(said, lang))


def test_titles_of_the_same_words_have_the_same_key() -> None:
    keys = {
        title_key([word.text for word in words(text, "en") if word.is_main])
        for text in ("Reset your password", "reset your PASSWORDS", "Reset: your password?")
    }
    assert len(keys) == 1


@given(articles(), changes)
def test_what_was_changed_is_counted_as_if_it_were_counted_anew(
    some: Articles, steps: list[tuple[set[str], Articles]]
) -> None:
    counts = count(sections(some), "en")
    for gone, come in steps:
        counts = replace_articles(counts, {*gone, *come}, count(sections(come), "en"))
        some = changed(some, gone, come)
        assert_equal(counts, count(sections(some), "en"))


@given(articles())
def test_counts_come_back_from_their_file(some: Articles) -> None:
    counts = count(sections(some), "en")
    with TemporaryDirectory() as folder:
        write_counts(Path(folder) / "counts.bin", counts)
        assert_equal(read_counts(Path(folder) / "counts.bin"), counts)


def test_counts_of_a_file_can_be_replaced_although_it_is_only_read(tmp_path: Path) -> None:
    write_counts(tmp_path / "counts.bin", count(HELP_CENTRE, "en"))
    ink = count([a_section("ink", article="ink")], "en")
    found = replace_articles(read_counts(tmp_path / "counts.bin"), {"router"}, ink)
    rest = [one for one in HELP_CENTRE if one.article != "router"]
    assert_equal(found, count([*rest, a_section("ink", article="ink")], "en"))


def test_nothing_is_counted_of_nothing() -> None:
    counts = count([], "en")
    assert (counts.words, counts.articles, len(counts.article_of)) == ((), (), 0)
    assert_equal(replace_articles(counts, {"a"}, counts), counts)
    assert counts.by_section.lengths.shape == (len(SECTION_KINDS), 0)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    from_others = tmp_path / "counts.bin"
    from_others.write_bytes(b'{"words.text": ["|u1", [1], 0]}\n' + bytes(64))
    with pytest.raises(ValueError, match="no array"):
        read_counts(from_others)
    from_others.write_bytes(b"counts")
    with pytest.raises(ValueError, match="Expecting value"):
        read_counts(from_others)


def test_sections_and_articles_are_numbered_in_the_smallest_room_that_holds_them() -> None:
    rows = count(HELP_CENTRE, "en").by_section
    assert (rows.units.dtype, rows.fields.dtype, rows.counts.dtype) == (np.int32, np.uint8, np.uint16)
