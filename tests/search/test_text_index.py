import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from whoosh.index import open_dir

from portal.search.index_files import IMPACTS, SPELLING, count_sections, update_index, write_index
from portal.search.query import LONGEST, read
from portal.search.rankings import Ranking
from portal.search.schema import TEXT_FIELDS
from portal.search.text_index import TextIndex
from portal.search.whoosh_index import MOST_GONE, MOST_SEGMENTS, needs_rebuild
from tests.search.concepts import Concepts, a_meant_index
from tests.search.documents import HELP_CENTRE, a_section, an_index, checksums, found, linked

MANY = [
    a_section(
        f"Section {n} speaks of {'ink' if n % 3 else 'paper'} and {'toner' if n % 5 else 'drums'} word{n % 17}.",
        article=f"article-{n // 4:03}",
        anchor=f"s{n}",
        title=f"Article number {n // 4}",
        headings=f"Article number {n // 4}\nPart {n % 4}",
        topic="even" if n // 4 % 2 == 0 else "odd",
        tags=("printer",) if n < 40 else ("scanner",),
    )
    for n in range(200)
]
QUESTIONS = [f"word{n % 17} {('ink', 'paper', 'toner', 'drums')[n % 4]} article {n}" for n in range(50)]


def lexicon(folder: Path) -> set[str]:
    reader = open_dir(folder, readonly=True).reader()
    known = {term.decode() for field, term in reader.all_terms() if field in TEXT_FIELDS}
    reader.close()
    return known


def test_an_article_is_one_hit_with_its_best_section(tmp_path: Path) -> None:
    index = an_index(tmp_path)
    (hit,) = index.search("expired link", want=10).ranked
    assert hit.article == "password"
    section = index.section(hit.section)
    assert (section.anchor, section.heading) == ("link", "The link has expired")
    assert section.text == "The link in the e-mail works for one hour."


def test_a_hit_by_title_alone_leads_to_the_first_section(tmp_path: Path) -> None:
    index = an_index(tmp_path)
    (hit,) = index.search("forgotten", want=10).ranked
    assert index.section(hit.section).anchor == ""


@pytest.mark.parametrize("word", ["zebra", "lion", "tiger", "puma", "lynx", "ocelot"])
def test_every_field_is_searched(tmp_path: Path, word: str) -> None:
    everywhere = a_section(
        "lion",
        article="this",
        title="zebra",
        headings="tiger",
        aka="puma",
        tags=("lynx",),
        summary="ocelot",
    )
    index = an_index(tmp_path, [a_section("cat", article="other"), everywhere])
    assert found(index, word) == ["this"]


def test_a_title_weighs_more_than_a_passing_mention(tmp_path: Path) -> None:
    documents = [
        a_section("A long text that mentions the printer once among many other words.", article="mention", title="Ink"),
        a_section("It prints.", article="about", title="The printer"),
    ]
    assert found(an_index(tmp_path, documents), "printer") == ["about", "mention"]


def test_more_of_the_words_weigh_more(tmp_path: Path) -> None:
    documents = [
        a_section("invoice invoice invoice invoice", article="one"),
        a_section("an invoice, its payment and its due date are here", article="all"),
    ]
    assert found(an_index(tmp_path, documents), "invoice payment date") == ["all", "one"]


def test_total_counts_articles_and_want_cuts(tmp_path: Path) -> None:
    ranking = an_index(tmp_path, MANY).search("section", want=7)
    assert (ranking.total, len(ranking.ranked)) == (50, 7)


def test_filters_count_before_the_cut(tmp_path: Path) -> None:
    index = an_index(tmp_path, MANY)
    assert index.search("section", topic="even", want=3).total == 25
    assert index.search("section", tag="Printer", want=3).total == 10
    assert index.search("section", topic="odd", tag="printer", want=3).total == 5
    assert index.search("section", topic="nowhere", want=3).total == 0
    assert index.search("section", topic="\ud800", tag="\ud800", want=3).ranked == ()


def test_product_and_stage_narrow_like_tags_do(tmp_path: Path) -> None:
    documents = [
        a_section("clean it", article="one", products=("Café, large", "Kettle"), stage="before"),
        a_section("clean it", article="two", products=("Kettle pro",), stage="after"),
        a_section("clean it once more", article="two", anchor="more"),
        a_section("clean it", article="three"),
    ]
    index = an_index(tmp_path, documents)
    assert found(index, "clean", product="KETTLE") == ["one"]
    assert found(index, "clean", product="cafe, large") == ["one"]
    assert found(index, "clean", product="kettle pro", stage="after") == ["two"]
    assert found(index, "clean", product="kettle", stage="after") == []
    assert found(index, "clean", stage="during") == []
    assert len(found(index, "clean")) == 3


def test_only_hits_that_are_shown_name_further_sections(tmp_path: Path) -> None:
    index = an_index(tmp_path, MANY)
    first, second = index.search("section", want=2, skip=1).ranked
    assert first.further == ()
    assert len(second.further) == 3
    places = {index.place(number) for number in (second.section, *second.further)}
    assert {heading for _, heading in places} == {"Part 0", "Part 1", "Part 2", "Part 3"}


def test_equal_scores_keep_their_order(tmp_path: Path) -> None:
    index = an_index(tmp_path, [a_section("same words", article=f"a{n}") for n in range(9)])
    assert found(index, "same words") == [f"a{n}" for n in range(9)]


def test_an_empty_index_answers_with_nothing(tmp_path: Path) -> None:
    index = an_index(tmp_path, [])
    assert index.search("anything", want=5).total == 0


def test_an_article_without_any_text_is_indexed(tmp_path: Path) -> None:
    assert write_index(tmp_path, "en", [a_section("", title="")]) == count_sections(tmp_path) == 1


def test_what_is_not_given_to_an_index_is_not_in_its_words(tmp_path: Path) -> None:
    write_index(tmp_path / "public", "en", HELP_CENTRE)
    canary = a_section("xyzzysecret", article="staff", title="Plughword", tags=("Quuxtag",))
    write_index(tmp_path / "staff", "en", [*HELP_CENTRE, canary])
    assert {"xyzzysecret", "plughword", "quuxtag"} <= lexicon(tmp_path / "staff"), "else the next line says nothing"
    assert not {"xyzzysecret", "plughword", "quuxtag"} & lexicon(tmp_path / "public")
    assert not any(b"xyzzysecret" in file.read_bytes() for file in (tmp_path / "public").iterdir())


def test_an_update_writes_to_no_file_that_was_there(tmp_path: Path) -> None:
    live = tmp_path / "live"
    an_index(live, MANY).close()
    before = checksums(live)
    new = linked(live, tmp_path / "new")
    reader = TextIndex(live, "en")
    answer = reader.search("ink word3", want=50)
    update_index(new, "en", removed=["article-003"], documents=[a_section("fresh words", article="article-004")])
    assert checksums(live) == before
    assert reader.search("ink word3", want=50) == answer == TextIndex(live, "en").search("ink word3", want=50)


def test_updates_upon_updates_leave_every_older_folder_as_it_was(tmp_path: Path) -> None:
    folders = [tmp_path / "0"]
    an_index(folders[0]).close()
    sums = [checksums(folders[0])]
    for n in range(1, 6):
        folders.append(linked(folders[-1], tmp_path / str(n)))
        update_index(folders[-1], "en", removed=[], documents=[a_section(f"edition{n}", article="refund")])
        sums.append(checksums(folders[-1]))
    assert [checksums(folder) for folder in folders] == sums
    assert [found(TextIndex(folders[n], "en"), f"edition{n}") for n in range(1, 6)] == [["refund"]] * 5
    assert found(TextIndex(folders[5], "en"), "edition4") == []


def test_an_updated_index_ranks_as_one_written_anew(tmp_path: Path) -> None:
    replaced = [a_section("ink and paper of a new kind", article="article-007", title="Replaced", anchor="s")]
    updated = tmp_path / "updated"
    an_index(updated, MANY).close()
    update_index(updated, "en", removed=["article-001"], documents=replaced)
    kept = [document for document in MANY if document.article not in {"article-001", "article-007"}]
    anew = an_index(tmp_path / "anew", [*kept, *replaced])
    for question in QUESTIONS:
        ranked = TextIndex(updated, "en").search(question, want=50).ranked
        again = anew.search(question, want=50).ranked
        assert [one.score for one in ranked] == pytest.approx([one.score for one in again], rel=1e-5)
        assert {one.article for one in ranked} == {one.article for one in again}


def test_what_an_update_took_out_is_found_no_more(tmp_path: Path) -> None:
    an_index(tmp_path).close()
    update_index(tmp_path, "en", removed=["router"], documents=[])
    index = TextIndex(tmp_path, "en")
    assert found(index, "router") == found(index, "rout*") == found(index, '"the router"') == []
    assert found(index, "topic:network") == []
    assert count_sections(tmp_path) == len(HELP_CENTRE) - 1


def test_many_updates_leave_few_segments_and_every_article(tmp_path: Path) -> None:
    write_index(tmp_path, "en", MANY)
    for n in range(MOST_SEGMENTS * 3):
        update_index(tmp_path, "en", removed=[], documents=[a_section(f"quokka ordinal{n}", article=f"new-{n % 10}")])
        assert len(list(tmp_path.glob("*.seg"))) <= MOST_SEGMENTS
    assert not needs_rebuild(tmp_path)
    index = TextIndex(tmp_path, "en")
    assert index.search("quokka", want=50).total == 10
    assert found(index, "ordinal7") == []
    assert found(index, "ordinal17") == ["new-7"]
    assert count_sections(tmp_path) == len(MANY) + 10


def test_many_deletions_ask_for_a_new_index(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    write_index(gone, "en", MANY)
    update_index(gone, "en", removed=[f"article-{n:03}" for n in range(int(50 * MOST_GONE) + 1)], documents=[])
    assert needs_rebuild(gone)


@pytest.fixture(params=["words", "words and meaning"])
def many(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder of an index of many sections."""
    builder = an_index if request.param == "words" else a_meant_index
    builder(tmp_path / "index" if builder is an_index else tmp_path, MANY).close()
    return tmp_path / "index"


def opened(folder: Path) -> TextIndex:
    return TextIndex(folder, "en", Concepts())


def test_eight_threads_get_the_answers_that_one_gets(many: Path) -> None:
    asked = [*QUESTIONS, *(f"wrod{n} tonner" for n in range(9)), '"speaks of ink" word3', "topic:odd pap*"]
    alone, shared = opened(many), opened(many)
    expected = [alone.search(question, want=20) for question in asked]
    wrong: list[str] = []

    def ask(start: int) -> None:
        for n in range(len(asked)):
            at = (n + start * 7) % len(asked)
            ranking = shared.search(asked[at], want=20)
            heard = [shared.section(one.section).anchor for one in ranking.ranked]
            if ranking != expected[at] or len(heard) != len(set(heard)):
                wrong.append(asked[at])

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []


def test_an_open_index_is_read_on_while_another_process_prunes_it(many: Path) -> None:
    asked = [*QUESTIONS, "tonner papper", "section speaks of pri", '"speaks of ink"']
    alone, shared = opened(many), opened(many)
    expected, near = [alone.search(question, want=20) for question in asked], alone.near("article-003", 3)
    shared.search("ink", want=1)
    prune = f"import shutil; shutil.rmtree({str(many)!r})"
    subprocess.run([sys.executable, "-c", prune], check=True)
    assert not many.exists()
    answers: list[Ranking] = []
    thread = threading.Thread(target=lambda: answers.extend(shared.search(one, want=20) for one in asked))
    thread.start()
    thread.join()
    assert answers == expected
    assert shared.near("article-003", 3) == near
    assert shared.section(answers[0].ranked[0].section).text.startswith("Section")


@pytest.mark.parametrize("name", [IMPACTS, SPELLING])
def test_an_index_that_lacks_its_spelling_searches_on_and_one_without_scores_says_so(tmp_path: Path, name: str) -> None:
    an_index(tmp_path).close()
    (tmp_path / name).unlink()
    index = TextIndex(tmp_path, "en")
    if name == IMPACTS:
        with pytest.raises(OSError, match=IMPACTS):
            index.search("refund", want=1)
    else:
        assert (found(index, "refund"), found(index, "passwrod")) == (["refund"], [])


class Mute(Concepts):
    """An encoder to whom no text says anything."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros((len(texts), self.dims), np.float32)


def test_a_query_without_meaning_is_answered_by_its_words(tmp_path: Path) -> None:
    index = a_meant_index(tmp_path, HELP_CENTRE, encoder=Mute())
    assert found(index, "refund") == ["refund"]


@pytest.mark.parametrize(
    "text",
    [
        "refund " * 400,
        " ".join(f"refund{n}" for n in range(300)),
        "the refund of it " * 200,
        "re fund " * 300,
        "refund" * 400,
        "refund. " * 300,
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_two_thousand_characters_are_a_query(tmp_path: Path, text: str) -> None:
    index = a_meant_index(tmp_path, HELP_CENTRE)
    asked = read(text)
    assert len(asked) >= LONGEST - 10 or len(text) < LONGEST
    ranking = index.search(asked, want=5)
    assert 0 <= ranking.total <= 3
    assert "refund" not in text.split() or ranking.ranked[0].article == "refund"


def test_a_closed_index_opens_again(tmp_path: Path) -> None:
    index = an_index(tmp_path)
    first = index.search("refund", want=1)
    index.close()
    index.close()
    assert index.search("refund", want=1) == first


def test_the_folder_may_be_copied(tmp_path: Path) -> None:
    an_index(tmp_path / "one").close()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    assert found(TextIndex(tmp_path / "two", "en"), "refund") == ["refund"]
