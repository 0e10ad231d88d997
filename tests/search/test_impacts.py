from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given

from portal.search.counts import count, filter_word
from portal.search.document import IndexDocument
from portal.search.impacts import MOST_BEGUN, Gains, ImpactFile, write_impacts
from portal.search.weighing import weigh
from tests.search.documents import HELP_CENTRE, a_section
from tests.search.drawn import Articles, articles, sections


def written(folder: Path, documents: Sequence[IndexDocument], lang: str = "en") -> ImpactFile:
    counts = count(documents, lang)
    numbers = np.arange(len(documents), dtype=np.int32)[::-1].copy()
    write_impacts(folder / "impacts.bin", counts, weigh(counts), numbers)
    return ImpactFile(folder / "impacts.bin")


def told(found: Gains | None) -> tuple[dict[int, float], dict[int, float]]:
    """Return what a word adds, by section and by article."""
    assert found
    by_section = dict(zip(found.sections.tolist(), found.section_gains.tolist(), strict=True))
    return by_section, dict(zip(found.articles.tolist(), found.article_gains.tolist(), strict=True))


def places(found: Gains | None) -> tuple[list[int], list[int]]:
    by_section, by_article = told(found)
    return list(by_section), list(by_article)


@given(articles())
def test_each_word_adds_what_was_weighed(some: Articles) -> None:
    counts = count(sections(some), "en")
    impacts = weigh(counts)
    with TemporaryDirectory() as folder:
        file = written(Path(folder), sections(some))
        assert file.articles == counts.articles
        for number, word in enumerate(counts.words):
            if word.startswith("\x01"):
                continue  # of a filter, see below
            found = file.gains(word)
            assert found, word
            for scores, units, gains in (
                (impacts.by_section, found.sections, found.section_gains),
                (impacts.by_article, found.articles, found.article_gains),
            ):
                own = slice(*scores.at[number : number + 2])
                assert units.tolist() == scores.units[own].tolist()
                assert gains.tolist() == scores.gains[own].tolist()
            assert (found.peak, found.rarity) == (float(impacts.peaks[number]), float(impacts.rarities[number]))


def test_what_stands_in_a_title_is_the_articles_and_what_stands_in_a_body_is_the_sections(tmp_path: Path) -> None:
    documents = [
        a_section("pen", article="a", title="Ink"),
        a_section("pen", article="b", title="None"),
        a_section("ink", article="b", title="None"),
    ]
    file = written(tmp_path, documents)
    assert places(file.gains("ink")) == ([2], [0])
    assert places(file.gains("pen")) == ([0, 1], [])
    assert [list(file.sections_of(article)) for article in range(2)] == [[0], [1, 2]]
    assert file.documents.tolist() == [2, 1, 0]


def test_a_word_that_stands_nowhere_adds_nothing(tmp_path: Path) -> None:
    file = written(tmp_path, HELP_CENTRE)
    for word in ("zzz", "", "\0", "\U0010ffff", "zzz*", "\udfff"):
        assert file.gains(word) is None, word
        assert file.holders(word) == 0


def test_words_that_begin_so_are_one_word(tmp_path: Path) -> None:
    documents = [
        a_section("inkwell inkjet", article="a", title="Inkblot"),
        a_section("inkjet", article="b", title="Pens"),
        a_section("pens", article="c", title="Inkjet"),
        a_section("pens", article="d", title="Pens"),
    ]
    file = written(tmp_path, documents)
    assert file.begun("ink") == ["inkblot", "inkjet", "inkwel"]
    together = file.gains("ink*")
    assert places(together) == ([0, 1], [0, 2])
    assert together
    rarest = file.gains("inkwel")
    assert rarest
    assert 0 < together.rarity < rarest.rarity, "all of them together are less telling than the rarest one"
    by_section, by_article = told(together)
    apart = [told(file.gains(word)) for word in file.begun("ink")]
    for unit, gain in by_section.items():
        assert 0 < gain <= sum(sums.get(unit, 0.0) for sums, _ in apart) * (1 + 1e-6)
    for unit, gain in by_article.items():
        assert 0 < gain <= sum(sums.get(unit, 0.0) for _, sums in apart) * (1 + 1e-6)


def test_a_beginning_that_is_one_words_alone_adds_what_that_word_adds(tmp_path: Path) -> None:
    file = written(tmp_path, HELP_CENTRE)
    for begun, alone in zip(told(file.gains("rout*")), told(file.gains("router")), strict=True):
        assert begun == pytest.approx(alone)


def test_a_beginning_stands_for_so_many_words_and_no_more(tmp_path: Path) -> None:
    many = " ".join(f"ink{number:03}" for number in range(MOST_BEGUN + 20))
    file = written(tmp_path, [a_section(many)])
    assert file.begun("ink") == [f"ink{number:03}" for number in range(MOST_BEGUN)]


def test_a_beginning_is_compared_sign_by_sign_in_any_script(tmp_path: Path) -> None:
    file = written(tmp_path, [a_section("東京 東北 京都 \U00020000\U00020001")], "ja")
    assert file.begun("東") == ["東", "東京", "東北"]
    assert file.begun("\U00020000") == ["\U00020000", "\U00020000\U00020001"]


def test_odd_signs_in_texts_and_filters_come_back_as_they_are(tmp_path: Path) -> None:
    odd = "\ud800a\udfff"
    document = a_section(f"ink {odd} \x01tag\x1fred", article=odd, title=f"{odd} \0", tags=(odd, "\x01"), topic=odd)
    file = written(tmp_path, [document, a_section("ink", article="other")])
    assert file.articles == (odd, "other")
    assert file.articles_with(filter_word("topic", odd)).tolist() == [0]
    assert file.articles_with(filter_word("tag", odd)).tolist() == [0]
    assert file.articles_with(filter_word("tag", "red")).tolist() == [], (
        "who writes a filter's word has not got its tag"
    )


def test_a_filter_is_met_by_articles_that_have_it_and_by_no_text(tmp_path: Path) -> None:
    documents = [
        a_section("red", article="a", title="Red", tags=("blue",), products=("Red",)),
        a_section("blue", article="b", title="Blue", tags=("red", "Reddish"), topic="red", stage="during"),
    ]
    file = written(tmp_path, documents)

    def having(field: str, value: str) -> list[int]:
        return file.articles_with(filter_word(field, value)).tolist()

    assert (having("tag", "RED"), having("product", "red"), having("topic", "red")) == ([1], [0], [1])
    assert (having("stage", "during"), having("stage", "before"), having("title", "red")) == ([1], [], [0])
    assert having("tag", "red*") == [], "a star in a filter is a star"
    assert file.begun("red") == ["red", "reddish"], "no beginning that can be typed meets a filter"


def test_a_tag_with_a_star_is_found_by_its_name_alone(tmp_path: Path) -> None:
    file = written(tmp_path, [a_section(article="a", tags=("c*",)), a_section(article="b", tags=("cat",))])
    assert file.articles_with(filter_word("tag", "c*")).tolist() == [0]


def test_an_index_without_any_section_answers_nothing(tmp_path: Path) -> None:
    file = written(tmp_path, [])
    assert (file.articles, len(file.article_of), len(file.documents)) == ((), 0, 0)
    assert (file.gains("ink"), file.gains("ink*"), file.begun("")) == (None, None, [])
    assert file.articles_with(filter_word("tag", "red")).tolist() == []


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "impacts.bin").write_bytes(b"{}\n" + bytes(61))
    with pytest.raises(ValueError, match="no array"):
        ImpactFile(tmp_path / "impacts.bin")


def test_a_file_is_let_go_of_with_its_reader_and_not_when_the_garbage_collector_comes(tmp_path: Path) -> None:
    file = written(tmp_path, HELP_CENTRE)
    assert file.gains("router")
    assert file.gains("rout*")
    assert _is_open(tmp_path)
    del file
    assert not _is_open(tmp_path)


def _is_open(folder: Path) -> bool:
    opened = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return folder / "impacts.bin" in opened
