"""Front matter: taken apart whole, or refused with the line and the mending."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.front_matter import MOST_BYTES, Split, split
from portal.content.problem import ArticleInvalid, Problem, Severity

ALIASES = ", ".join(["*b{0}"] * 9)
BOMB = "b0: &b0 [x, x, x, x]\n" + "\n".join(f"b{n}: &b{n} [{ALIASES.format(n - 1)}]" for n in range(1, 10))


def taken(text: str) -> Split:
    return split("a.md", text.encode())


def refused(data: bytes | str) -> Problem:
    with pytest.raises(ArticleInvalid) as caught:
        split("a.md", data.encode() if isinstance(data, str) else data)
    assert caught.value.problems[0].severity is Severity.ERROR
    assert caught.value.problems[0].mend
    return caught.value.problems[0]


def test_keys_lines_and_body_come_apart() -> None:
    got = taken("---\ntitle: Reset\n\ntags:\n  - a\n  - b\nlist: {x: [1]}\n---\n# Hello\nyou\n")
    assert got.keys == {"title": "Reset", "tags": ["a", "b"], "list": {"x": ["1"]}}
    assert got.lines == {"title": 2, "tags": 4, "list": 7}
    assert (got.body, got.body_line, got.problems) == ("# Hello\nyou\n", 9, ())


def test_a_file_without_front_matter_is_all_body() -> None:
    assert taken("# Hello\n\nyou") == Split({}, {}, "# Hello\n\nyou", 1)


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_every_kind_of_line_end_counts_alike(ends: str) -> None:
    got = taken(ends.join(["---", "title: x", "id: 7", "---", "one", "two"]))
    assert (got.lines["id"], got.body, got.body_line) == (3, "one\ntwo", 5)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert split("a.md", b"\xef\xbb\xbf---\ntitle: x\n---\n").keys == {"title": "x"}


def test_blank_lines_above_the_front_matter_do_not_make_it_text() -> None:
    got = taken("\n\n---\naudience: staff\n---\nbody")
    assert (got.keys, got.lines, got.body_line) == ({"audience": "staff"}, {"audience": 4}, 6)


def test_values_stay_as_they_are_written() -> None:
    got = taken("---\nid: 007\nlang: no\ndate: 2026-13-45\nat: 12:30\nx: !!python/object:os.system y\n---\n")
    assert got.keys == {"id": "007", "lang": "no", "date": "2026-13-45", "at": "12:30", "x": "y"}


def test_toml_between_pluses_is_front_matter_too() -> None:
    got = taken('+++\ntitle = "x"\ndraft = true\ntags = ["a"]\n[more]\nn = 1\n+++\nbody')
    assert got.keys == {"title": "x", "draft": "true", "tags": ["a"], "more": {"n": "1"}}
    assert got.lines["draft"] == 3
    assert got.body == "body"


def test_bad_toml_is_refused_with_its_line() -> None:
    assert refused("+++\ntitle = 'x'\ndraft = maybe\n+++\n").line == 3


def test_dots_close_front_matter_as_yaml_says() -> None:
    assert taken("---\ntitle: x\n...\nbody").body == "body"


@pytest.mark.parametrize(
    "text", ["---\n\nA text below a rule.\n", "---\n\nA text.\n\n---\n\nMore: of it.\n", "---", "---\n\n\n"]
)
def test_a_horizontal_rule_at_the_top_is_text(text: str) -> None:
    assert taken(text) == Split({}, {}, text, 1)


def test_front_matter_that_is_never_closed_is_refused_where_it_opens() -> None:
    problem = refused("\n---\ntitle: x\naudience: staff\n\nText.\n")
    assert (problem.line, problem.what) == (2, "The front matter is never closed")


def test_keys_without_the_first_fence_are_refused_rather_than_shown_to_everybody() -> None:
    problem = refused("title: Salaries\naudience: staff\n---\nText")
    assert (problem.line, problem.mend) == (2, "Put --- above the keys")


@pytest.mark.parametrize("text", ["Status: it works.\n\nMore", "Note: draft: no\n", "audience: all\nwho came.\n"])
def test_prose_with_colons_is_not_taken_for_keys(text: str) -> None:
    assert taken(text).body == text


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_says_so(data: bytes) -> None:
    assert refused(data).what == "The file is empty"


def test_latin_1_is_refused_with_byte_and_line() -> None:
    problem = refused("---\ntitle: x\n---\nGr\xfc\xdfe".encode("latin-1"))
    assert problem == Problem("a.md", 4, "Byte 19 (0xfc) is not UTF-8", "Save the file as UTF-8")


def test_nul_is_refused_with_its_line() -> None:
    assert refused(b"one\r\ntwo\r\nth\x00ree").line == 3


def test_utf_16_is_named() -> None:
    assert "UTF-16" in refused("hello".encode("utf-16")).what


def test_a_huge_file_is_refused_unread() -> None:
    assert "50,000,000 bytes" in refused(b"x" * 50_000_000).what
    assert split("a.md", b"x" * MOST_BYTES).body_line == 1


def test_front_matter_over_16_kib_is_refused() -> None:
    assert "16 KiB" in refused(f"---\ntitle: {'x' * 17_000}\n---\n").what


@pytest.mark.parametrize(
    ("rows", "line", "mend"),
    [
        ("title: a\nsummary: b: c", 3, "Put quotes around a value that has a colon"),
        ("title: a\nsummary: 'b\nid: c", 3, "quot"),
        ("title: a\ntags: [b, c\nid: d", 3, "bracket"),
        ("title: a\ntags:\n\t- b", 4, "not with tabs"),
        ("title: @a", 2, "quotes"),
        ("title: a\nid: *x", 3, "begins with `*`"),
        ("title: a\nid: \x07", 3, "control character"),
        ("title: a\n- b", 3, "key: value"),
        ("title: 'It's me'", 2, "quotes"),
        ("just words", 2, "blank after each colon"),
        ("- a\n- b", 2, "blank after each colon"),
        ("title: a\n? [b]\n: c", 3, "key: value"),
        ("x: &x {audience: staff}\n<<: *x", 3, "key: value"),
    ],
)
def test_unreadable_front_matter_names_line_and_mending(rows: str, line: int, mend: str) -> None:
    problem = refused(f"---\n{rows}\n---\nText")
    assert problem.line == line
    assert mend in problem.mend


@pytest.mark.parametrize(
    "rows",
    [
        "a: " + "[" * 7000 + "]" * 7000,
        "a: " + "[" * 16_000,
        "a: " + "{b: " * 3000 + "}" * 3000,
        "- " * 8000,
        BOMB,
        "a: &a [*a]",
    ],
)  # fmt: skip
def test_deep_nesting_and_bombs_of_aliases_are_refused_quickly(rows: str) -> None:
    start = time.perf_counter()
    refused(f"---\n{rows}\n---\nText")
    assert time.perf_counter() - start < 20, "a bomb would take for ever"


def test_a_key_that_stands_twice_is_reported_and_the_last_one_counts() -> None:
    got = taken("---\ntitle: a\ntitle: b\n---\n")
    assert got.keys == {"title": "b"}
    assert [(problem.line, problem.severity) for problem in got.problems] == [(3, Severity.WARNING)]


def test_an_audience_that_stands_twice_is_an_error() -> None:
    assert taken("---\naudience: staff\naudience: public\n---\n").problems[0].severity is Severity.ERROR


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"---\n{text}\n---\nx".encode()))
def test_any_bytes_are_taken_apart_or_refused(data: bytes) -> None:
    try:
        got = split("a.md", data)
    except ArticleInvalid as error:
        assert all(problem.line >= 1 and problem.mend for problem in error.problems)  # noqa: PT017 - either is fine
    else:
        assert "\r" not in got.body
        assert set(got.lines) == set(got.keys)
