"""The company's stylesheet: it asks nobody else for anything, and ends where it ends."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.problem import Problem, Severity
from portal.content.stylesheet import DEEPEST, NOTHING, Unusable, rewrite

KNOWN = {"a.woff2": "/assets/1/a.woff2", "a b.png": "/assets/2/a%20b.png"}


def find(address: str) -> str:
    if address not in KNOWN:
        raise Unusable(f"asks for {address!r}", "Mend it.")
    return KNOWN[address]


def quietly(source: str) -> str:
    text, problems = rewrite("brand.css", source, find)
    assert problems == ()
    return text.strip()


def noted(source: str) -> tuple[str, Problem]:
    text, problems = rewrite("brand.css", source, find)
    assert len(problems) == 1
    assert (problems[0].path, problems[0].severity) == ("brand.css", Severity.WARNING)
    assert problems[0].mend
    return text.strip(), problems[0]


@pytest.mark.parametrize(
    "source",
    [
        ":root { --accent: #0b6e63; }",
        'a::before { content: "url(https://example.com)" }',
        "/* @import 'x'; url(https://example.com) } */",
        'a { content: "a \\" } b" }',
        "@media (min-width: 40em) { a { color: rgb(1 2 3 / 50%) } }",
        'svg { fill: url("#gradient") }',
        ".a\\:b > c { width: calc(1px + (2px * 3)) }",
        'a { font-family: "Größe", "日本" }',
        "@font-face { unicode-range: U+26, U+100-24F }",
        "@container (width<400px) { a { --empty: ; b & { c: d } } }",
    ],
)
def test_rules_that_ask_for_nothing_stay_as_they_are(source: str) -> None:
    assert quietly(source) == source


def test_single_quotes_are_written_as_double_ones() -> None:
    assert quietly("a { b: 'c\"d' }") == 'a { b: "c\\"d" }'


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("a { b: url(a.woff2) }", 'a { b: url("/assets/1/a.woff2") }'),
        ("a { b: URL( 'a.woff2' ) }", 'a { b: URL( "/assets/1/a.woff2" ) }'),
        ("a { b: u\\72l(a.woff2) }", 'a { b: url("/assets/1/a.woff2") }'),
        ("a { b: url(a\\.woff2) }", 'a { b: url("/assets/1/a.woff2") }'),
        ("a { b: url(a\\ b.png) }", 'a { b: url("/assets/2/a%20b.png") }'),
        (
            'a { b: image-set("a b.png" type("image/png") 1x) }',
            'a { b: image-set(url("/assets/2/a%20b.png") type("image/png") 1x) }',
        ),
        ('a { b: src("a.woff2") }', 'a { b: src("/assets/1/a.woff2") }'),
        (":root { --mark: url(a.woff2); }", ':root { --mark: url("/assets/1/a.woff2"); }'),
        ('a { b: src(var(--c, "a.woff2")) }', 'a { b: src(var(--c, "/assets/1/a.woff2")) }'),
        ('a { b: image-set(var(--c, "a.woff2") 1x) }', 'a { b: image-set(var(--c, url("/assets/1/a.woff2")) 1x) }'),
        ("a { b: url() }", 'a { b: url("") }'),
    ],
)
def test_an_address_becomes_that_of_the_published_file(source: str, written: str) -> None:
    assert quietly(source) == written


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/x.png",
        "//example.com/x.png",
        "data:image/png;base64,AA",
        "gone.png",
        "x'y",
        "jav\\61script:x",
    ],
)
def test_an_address_that_is_no_file_of_the_content_is_nothing_and_noted(address: str) -> None:
    text, problem = noted(f"a {{ color: red }}\nb {{ c: url({address}) }}")
    assert text == f'a {{ color: red }}\nb {{ c: url("{NOTHING}") }}'
    assert problem.line == 2


def test_an_address_kept_in_a_custom_property_is_nothing_and_noted() -> None:
    text, problem = noted(":root {\n  --mark: url(https://example.com/x.png);\n}")
    assert text == f':root {{\n  --mark: url("{NOTHING}");\n}}'
    assert problem.line == 2


def test_a_string_that_is_an_address_is_nothing_too() -> None:
    assert noted('a { b: image-set(var(--c, "https://example.com/x") 1x) }')[0].count("example.com") == 0
    assert noted('a { b: -webkit-image-set("https://example.com/x" 1x) }')[0].count("example.com") == 0
    assert noted('a { b: u\\000072l("https://example.com/x") }')[0].count("example.com") == 0
    assert noted("a { b: url('https://example.com/x\n) }")[0].count("example.com") == 0


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("@import 'https://example.com/x.css'; a { b: c }", "a { b: c }"),
        ("@import url(x.css) screen;a{}", "a{}"),
        ("@IMPORT url('x.css') layer(a) supports(display: grid);a{}", "a{}"),
        ("@\\69mport 'x.css';a{}", "a{}"),
        ("a { @import 'x' }", "a { }"),
        ("@import {x} a{}", "a{}"),
        ("@import 'x", ""),
    ],
)
def test_an_import_is_left_out_and_noted(source: str, written: str) -> None:
    text, problem = noted(source)
    assert text.split() == written.split()
    assert "@import" in problem.what


@pytest.mark.parametrize("source", ["@namespace svg url(http://example.com/svg); a{}", "@NameSpace 'example.com';a{}"])
def test_a_namespace_is_left_out_and_noted(source: str) -> None:
    text, problem = noted(source)
    assert text == "a{}"
    assert "@namespace" in problem.what


def test_what_stood_around_something_left_out_stays_apart() -> None:
    assert "/*" not in rewrite("brand.css", "a { b: c /}}* d: e }", find)[0]
    assert "/*" not in rewrite("brand.css", "a{} /@import 'x';* b{}", find)[0]


def test_a_character_set_is_left_out_without_a_word() -> None:
    assert quietly('@charset "utf-8"; a{}') == "a{}"


@pytest.mark.parametrize(
    ("source", "end"),
    [
        ("a {\n b: c", "}"),
        ("a { b: rgb(1, 2", ")"),
        ("a { b: [x", "]"),
        ("a /* b", "*/"),
        ("a { b: c \\", "}"),
        ("a { b: c\\41", "}"),
    ],
)
def test_what_is_left_open_is_closed(source: str, end: str) -> None:
    text, problems = rewrite("brand.css", source, find)
    assert end in text
    assert problems
    assert rewrite("brand.css", text, find) == (text, ())
    assert all("never closed" in problem.what and problem.line == 1 for problem in problems)


@pytest.mark.parametrize(
    "end", ["'b", '"b', "'b\\", "url(", "url(b", "url(b\\", "url('b", "url(a.woff2", "/*", "/*/", "@import"]
)
def test_what_is_cut_off_is_noted_where_it_begins_and_hurts_nothing_behind_it(end: str) -> None:
    text, problems = rewrite("brand.css", f"a {{}}\nb {{ c: {end}", find)
    assert {problem.line for problem in problems} == {2}
    assert ";" not in text + "".join(problem.what for problem in problems)
    behind = "\ni { j: k }\n}"
    again, problems = rewrite("brand.css", text + behind, find)
    assert again == text + behind.replace("}\n}", "}\n \n")
    assert [problem.line for problem in problems if NOTHING not in problem.what] == [text.count("\n") + 3]


@pytest.mark.parametrize("source", ["a { b: 'c\n; d: e }", 'a { b: "c\n; d: e }'])
def test_a_string_that_ends_with_its_line_is_left_out_and_noted(source: str) -> None:
    text, problem = noted(source)
    assert text.split() == ["a", "{", "b:", ";", "d:", "e", "}"]
    assert "string" in problem.what


def test_what_is_too_deep_is_left_out_and_noted_once() -> None:
    kept = "a{" * DEEPEST + "}" * DEEPEST
    assert quietly(kept) == kept
    text, problem = noted("\n" + "a{" * (DEEPEST + 9) + "}" * (DEEPEST + 9) + " b{}")
    assert text == "a{" * DEEPEST + "a " + "}" * DEEPEST + " b{}"
    assert problem.line == 2


@pytest.mark.parametrize(
    "source",
    [
        'a { b: "</style><script>" }',
        "a { b: '<\\/STYLE' }",
        "a { b: '\\3c/style' }",
        "/* </style> */",
        "a </Style b {}",
        "a { b: url('#</style>') }",
        "a { b: '</style",
    ],
)
def test_the_element_around_it_is_never_closed(source: str) -> None:
    text, _ = rewrite("brand.css", source, find)
    assert "</style" not in text.lower()
    assert rewrite("brand.css", text, find)[0] == text


@pytest.mark.parametrize(
    "source", ["\\d800 ", "\\00dfff1(", '"\\dc00"', "@\\d800 ", "1\\D800 ", "url(\\d800)", "a { b: " + "9" * 9_000]
)
def test_what_python_can_t_write_or_read_is_read_as_browsers_read_it(source: str) -> None:
    text, _ = rewrite("brand.css", source, find)
    assert text.encode()
    assert rewrite("brand.css", text, find)[0] == text


def test_a_bracket_that_closes_nothing_is_left_out() -> None:
    text, problem = noted("a { }\n}\nb { }")
    assert text == "a { }\n \nb { }"
    assert problem.line == 2


CSS = st.text(alphabet="url(){}[]@import'\"\\;/* \n#a.pngсsrc:-69", max_size=60)


@given(CSS | st.text(max_size=60))
def test_any_text_gives_a_stylesheet_that_needs_no_more_mending(source: str) -> None:
    text, _ = rewrite("brand.css", source, find)
    again, problems = rewrite("brand.css", text, find)
    assert (again, [problem for problem in problems if NOTHING not in problem.what]) == (text, [])


def test_a_hostile_stylesheet_takes_no_long_time() -> None:
    for piece in ("\\", "/*", "url(", "((((", "a{", "'", "@import", "a\\6", "-" * 9, "9" * 9, "1e", "</style"):
        text, _ = rewrite("brand.css", piece * 5_000, find)
        assert not re.search("example|</style", text)
