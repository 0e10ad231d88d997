from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.search.query import LONGEST, MOST_WORDS, parse, read
from portal.search.schema import schema_for
from portal.search.text_index import TextIndex
from tests.search.concepts import a_meant_index
from tests.search.documents import HELP_CENTRE, a_section, an_index, found

HOSTILE = [
    "",
    " ",
    "a" * 10_000,
    "a " * 5_000,
    '"' * 10_000,
    '" ' * 300,
    "(" * 400,
    "-" * 400,
    "* " * 250,
    "-a " * 160,
    '"a" ' * 120,
    "title:" * 80,
    "a OR " * 99,
    "AND",
    "OR",
    "NOT",
    "tag:",
    "tag:*",
    "title:-",
    "title:title:title:x",
    '"~99999999999999999999"',
    '"a b"~99999999999999999999',
    "\x00\x01\x1b[31m",
    "\u202etxt\u202c",
    "\ud800",
    "tag:\ud800",
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "مرحبا بالعالم",
    "' OR 1=1; DROP TABLE articles; --",
    "<script>alert(1)</script>",
    "{{7*7}} ${7*7}",
    "(a+)+$ [[:alpha:]] \\",
    "[a TO z] {a TO} date:>5 ^9 ~ a~2 r'x'",
    "../../etc/passwd %00",
]
_PIECES = st.lists(
    st.sampled_from(["title:", "tag:", "body:", '"', "-", "*", "OR", "AND", "(", ")", "~2", " ", "a", "password", "^"]),
    max_size=60,
).map("".join)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextIndex]:
    with_index = an_index(tmp_path_factory.mktemp("index") / "en")
    yield with_index
    with_index.close()


@pytest.fixture(scope="module")
def meant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextIndex]:
    """The same with vectors."""
    with_index = a_meant_index(tmp_path_factory.mktemp("meant"), HELP_CENTRE)
    yield with_index
    with_index.close()


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_gets_an_answer(index: TextIndex, text: str) -> None:
    ranking = index.search(read(text), want=10)
    assert len(ranking.ranked) == ranking.total


_SCRIPTS = st.sampled_from(
    [
        "password",
        "Отпуск",
        "重置密码",
        "パスワード",
        "שלום",
        "مرحبا",
        "\u202e",
        "🔑",
        "👩‍💻",
        "ไทย",
        "\u0301",
        "\ud800",
        "\x00",
        "ß",
        "İ",
    ]
)
_PASTES = st.lists(st.one_of(_SCRIPTS, st.text(max_size=9)), max_size=300).map(" ".join)


@given(st.one_of(st.text(st.characters(), max_size=300), _PIECES, _PASTES))
@example("title:* -")
@example("the and of is " * 90)
@example("...!?---" * 50)
def test_any_text_is_a_query(index: TextIndex, meant: TextIndex, text: str) -> None:
    for one in (index, meant):
        ranking = one.search(read(text), want=3)
        assert len(ranking.ranked) == ranking.total <= 3
        assert ranking.confidence is None or 0 <= ranking.confidence <= 1
        assert [found.score for found in ranking.ranked] == sorted((f.score for f in ranking.ranked), reverse=True)


def test_reading_drops_what_must_not_be_kept_and_cuts() -> None:
    assert read(" re\u0301set\x00 \u202epass\n\tword ") == "r\u00e9set pass word"
    assert len(read("word " * 5_000)) <= LONGEST
    assert read(read("e\u0301\u202a x")) == read("e\u0301\u202a x")


def test_words_are_joined_by_or(index: TextIndex) -> None:
    assert set(found(index, "password refund")) == {"password", "refund"}


def test_a_phrase_is_required_as_it_stands(index: TextIndex) -> None:
    assert found(index, '"new password"') == ["password"]
    assert found(index, '"password new"') == []
    assert found(index, '"the wi-fi" refund') == ["router"]


def test_a_phrase_is_found_in_a_title(index: TextIndex) -> None:
    assert found(index, '"get a refund"') == ["refund"]


def test_a_phrase_without_blanks_is_found(tmp_path: Path) -> None:
    documents = [a_section("画面設定", article="one"), a_section("設定画面", article="two")]
    assert found(an_index(tmp_path, documents, "ja"), '"設定画面"') == ["two"]


def test_minus_leaves_out_articles_with_the_word_in_any_section(index: TextIndex) -> None:
    assert found(index, "account -refund") == ["password"]
    assert found(index, "settings -link") == []
    assert found(index, "account -tag:billing") == ["password"]


def test_fields_narrow_to_titles_tags_and_topics(index: TextIndex) -> None:
    assert found(index, "title:refund") == ["refund"]
    assert found(index, "title:router") == []
    assert found(index, "tag:account refund") == ["refund"]
    assert set(found(index, "tag:ACCOUNT")) == {"password", "refund"}
    assert found(index, 'tag:"sign-in"') == ["password"]
    assert found(index, "topic:network wifi") == ["router"]


def test_or_frees_what_would_be_required(index: TextIndex) -> None:
    assert set(found(index, '"get a refund" OR "lost the wi-fi"')) == {"refund", "router"}


def test_a_star_stands_for_the_rest_of_a_word(index: TextIndex) -> None:
    assert found(index, "rout*") == ["router"]
    assert found(index, "title:conn*") == ["router"]
    assert {"refund", "router"} == set(found(index, "re*")) - {"password"}
    assert "refund" in index.search("ref*", want=3).words


def test_the_words_that_a_star_stands_for_count_as_one(tmp_path: Path) -> None:
    documents = [
        a_section("posting post posts", article="much"),
        a_section("postcodes of places far away", article="rare"),
    ]
    documents += [a_section("post", article=f"a{n}") for n in range(9)]
    assert found(an_index(tmp_path, documents), "post*")[0] == "much"


@pytest.mark.parametrize("text", ["r*", "*", "*outer*", "r*ter"])
def test_other_stars_are_plain_words(index: TextIndex, text: str) -> None:
    assert parse(text, schema_for("en"), "en").prefixes == ()
    ranking = index.search(text, want=10)
    assert [one.article for one in ranking.ranked] == found(index, text.replace("*", " "))
    assert not ranking.is_exact


@pytest.mark.parametrize("field", ["body", "article", "anchor", "text", "summary", "heading", "aka", "visibility"])
def test_no_other_field_can_be_named(index: TextIndex, field: str) -> None:
    asked = parse(f"{field}:password", schema_for("en"), "en")
    assert asked.condition is None
    assert "password" in asked.words
    assert "password" in found(index, f"{field}:password")
    assert found(index, f'"get a refund" {field}:router') == ["refund"], "else the field would be required"


@pytest.mark.parametrize("text", ["AND", '"', "((", "title:", "-", "-password", '"" password', 'password "'])
def test_what_does_not_parse_is_plain_words(index: TextIndex, text: str) -> None:
    assert found(index, text) == (["password"] if "password" in text else [])


def test_a_query_of_stop_words_alone_still_finds(tmp_path: Path) -> None:
    index = an_index(tmp_path, [a_section("To be or not to be", article="hamlet"), a_section("Prose", article="other")])
    assert found(index, "to be") == ["hamlet"]
    assert found(index, '"not to be"') == ["hamlet"]


def test_stop_words_only_move_what_other_words_found(index: TextIndex) -> None:
    assert found(index, "how do I the refund") == ["refund"]
    assert found(index, "how do I the xylophone") == []


def test_a_long_message_is_cut_to_its_first_words() -> None:
    asked = parse(read(" ".join(f"word{n}" for n in range(500))), schema_for("en"), "en")
    assert len(asked.words) == MOST_WORDS


def test_every_section_of_the_cast_is_indexed(index: TextIndex) -> None:
    assert {document.article for document in HELP_CENTRE} == set(found(index, "password router refund"))
