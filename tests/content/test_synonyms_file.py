"""Synonyms: good lines count, and of every other one its writer is told what to do."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content._synonym_lines import LONGEST_PHRASE, MOST_PHRASES, MOST_PROBLEMS
from portal.content.problem import Problem, Severity
from portal.content.synonyms_file import (
    LARGEST_FILE,
    MOST_LINES,
    SynonymRule,
    is_synonyms_file,
    parse_synonyms,
    read_synonyms,
    synonyms_for,
)
from portal.content.tree import Blob, FolderTree
from tests.content.compiling import knowledge_base
from tests.repositories import HELP_CENTRE, ContentRepository

PATH = "synonyms.txt"


def quietly(source: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    rules, problems = parse_synonyms(PATH, source.encode())
    assert problems == ()
    return [(rule.said, rule.meant) for rule in rules]


def noted(data: bytes) -> Problem:
    """Return the one problem of a line that stands between two good ones."""
    rules, problems = parse_synonyms(PATH, b"first, one\n" + data + b"\nlast => end\n")
    assert (rules[0].said, rules[-1].said) == (("first", "one"), ("last",))
    assert [(problem.path, problem.line) for problem in problems] == [(PATH, 2)]
    assert problems[0].mend.endswith(".")
    return problems[0]


@pytest.mark.parametrize(
    ("line", "said", "meant"),
    [
        ("i-pod, i pod => ipod", ("i-pod", "i pod"), ("ipod",)),
        ("a=>b", ("a",), ("b",)),
        (r"a\,b => c", ("a,b",), ("c",)),
        (r"a\=>b => c", ("a=>b",), ("c",)),
        (r"\#tag => tag", ("#tag",), ("tag",)),
        (r"C:\\temp => folder", (r"C:\temp",), ("folder",)),
        (r"\a => b", ("a",), ("b",)),
        ("a=b => c", ("a=b",), ("c",)),
        ("c => d\\", ("c",), ("d\\",)),
        ("ipod => ipod, player", ("ipod",), ("ipod", "player")),
    ],
)
def test_an_arrow_leads_one_way_and_a_backslash_takes_a_signs_meaning(
    line: str, said: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    assert quietly(line) == [(said, meant)]


def test_commas_alone_hold_every_way_and_blanks_do_not_count() -> None:
    rules, problems = parse_synonyms(PATH, b"  laptop,notebook ,\tportable   computer, \r\n")
    names = ("laptop", "notebook", "portable computer")
    assert (rules, problems) == ((SynonymRule(1, names, names),), ())
    assert rules[0].is_two_way
    assert not SynonymRule(1, ("a",), ("b",)).is_two_way


def test_comments_and_empty_lines_say_nothing_but_are_counted() -> None:
    rules, problems = parse_synonyms(
        PATH, b"\xef\xbb\xbf# a note, with a comma\n\n \t\r\n  # \xff another\nC#, C sharp\n"
    )
    assert problems == ()
    assert [(rule.line, rule.said) for rule in rules] == [(5, ("C#", "C sharp"))]


ERRORS = {
    "latin-1": ("größe, masse".encode("latin-1"), "UTF-8"),
    "NUL": (b"a\0b, c", "NUL"),
    "nothing is said": (b"=> ipod", "lacks words"),
    "nothing is meant": (b"ipod =>", "lacks words"),
    "commas alone": (b", ,,", "lacks words"),
    "an arrow alone": (b"=>", "lacks words"),
    "two arrows": (b"a => b => c", "twice"),
    "ten thousand words without a comma": (b"word " * 10_000, "49,999 characters"),
    "ten thousand words with commas": (b", ".join(b"w%d" % n for n in range(10_000)), "10,000 at once"),
    "a long phrase among good ones": (b"a, b, " + b"x" * (LONGEST_PHRASE + 1), "65 characters"),
}
WARNINGS = {
    "one lonely word": (b"laptop", "alone"),
    "the same word twice": (b"Laptop, laptop", "alone"),
    "itself": (b"laptop => laptop", "alone"),
    "the same line again": (b"one, First", "line 1"),
    "a sign": (b"?!, a, b", "no letter"),
    "a note behind": (b"a, b # from calls", "read as words"),
}


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_what_is_left_out_is_an_error_on_its_line_and_all_other_lines_count(name: str) -> None:
    data, what = ERRORS[name]
    found = noted(data)
    assert found.severity is Severity.ERROR
    assert what in found.what


@pytest.mark.parametrize("name", sorted(WARNINGS))
def test_what_says_nothing_or_likely_something_else_is_a_warning(name: str) -> None:
    data, what = WARNINGS[name]
    found = noted(data)
    assert found.severity is Severity.WARNING
    assert what in found.what


def test_of_a_line_with_too_many_words_the_first_count() -> None:
    (rule,), _ = parse_synonyms(PATH, ", ".join(f"w{n}" for n in range(10_000)).encode())
    assert rule.said == tuple(f"w{n}" for n in range(MOST_PHRASES))


def test_a_word_has_only_so_many_others_however_many_lines_name_them() -> None:
    rules, problems = parse_synonyms(PATH, "".join(f"a => b{n}\n" for n in range(MOST_PHRASES + 2)).encode())
    assert len(rules) == MOST_PHRASES
    assert [problem.line for problem in problems] == [MOST_PHRASES + 1, MOST_PHRASES + 2]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_named_as_such(encoding: str) -> None:
    rules, problems = parse_synonyms(PATH, "\ufeffa, b\n".encode(encoding))
    assert rules == ()
    assert "UTF-16" in problems[0].what


def test_of_an_endless_file_the_beginning_counts_and_the_line_where_it_was_cut_is_named() -> None:
    row = b"a%06d, " + b"b" * 56 + b"%06d\n"
    rules, problems = parse_synonyms(PATH, b"# " + b"x" * (LARGEST_FILE - 12) + b"\na, b\n" + row % (1, 1) * 400_000)
    assert [rule.said for rule in rules] == [("a", "b")]
    assert [(problem.line, problem.severity) for problem in problems] == [(3, Severity.ERROR)]


def test_an_endless_line_is_left_out() -> None:
    rules, problems = parse_synonyms(PATH, b"a" * (LARGEST_FILE + 1))
    assert rules == ()
    assert [problem.line for problem in problems] == [1]


def test_of_a_hundred_thousand_rules_the_first_count() -> None:
    rules, problems = parse_synonyms(PATH, b"".join(b"w%d,v%d\n" % (n, n) for n in range(100_000))[:LARGEST_FILE])
    assert len(rules) == MOST_LINES
    assert f"{MOST_LINES:,}" in problems[0].what
    assert problems[0].line == MOST_LINES + 1


def test_a_file_of_another_kind_does_not_fill_the_screen() -> None:
    _, problems = parse_synonyms(PATH, b"only\n" * 700 + b"=>\n" + b"only\n" * 10)
    assert len(problems) == MOST_PROBLEMS + 1
    assert (problems[-1].line, problems[-1].severity) == (MOST_PROBLEMS + 1, Severity.ERROR)
    assert problems[-1].what.startswith("661 more")


@given(st.one_of(st.binary(max_size=300), st.text("ab,=>\\# \n\0é\ufeff", max_size=80).map(str.encode)))
def test_any_bytes_give_rules_with_words_on_both_sides_and_problems_that_can_be_mended(data: bytes) -> None:
    rules, problems = parse_synonyms(PATH, data)
    count = len(data.splitlines())
    for rule in rules:
        assert 1 <= rule.line <= count
        assert all(phrase.strip() == phrase != "" for phrase in (*rule.said, *rule.meant))
        assert rule.said
        assert rule.meant
    assert all(1 <= problem.line <= count and problem.what and problem.mend for problem in problems)


@given(st.lists(st.text("ab ,=>\\#'\u4e00", min_size=1, max_size=8), min_size=2, max_size=4))
def test_whatever_is_escaped_comes_back_as_it_was(phrases: list[str]) -> None:
    clean = list(dict.fromkeys(" ".join(phrase.split()) for phrase in phrases))
    if len(clean) < 2 or not all(any(map(str.isalnum, phrase)) for phrase in clean):
        return
    line = ", ".join("".join(f"\\{sign}" for sign in phrase) for phrase in clean)
    (rule,), problems = parse_synonyms(PATH, line.encode())
    assert (rule.said, problems) == (tuple(clean), ())


@pytest.mark.parametrize("path", ["synonyms.txt", "synonyms.de.txt", "Synonyms.pt_BR.TXT", "synonyms.nonsense.txt"])
def test_synonyms_stand_at_the_root(path: str) -> None:
    assert is_synonyms_file(path)
    assert not is_synonyms_file(f"en/{path}")


def _read(folder: Path, files: Mapping[str, str]) -> tuple[dict[str, tuple[SynonymRule, ...]], tuple[Problem, ...]]:
    for name, words in files.items():
        (folder / name).write_text(words, "utf-8")
    tree = FolderTree.at(folder)
    return read_synonyms(tree, ("en", "pt-BR", "de"), lambda blob: (folder / blob.path).read_bytes())


def test_a_languages_own_file_is_for_it_alone(tmp_path: Path) -> None:
    files = {"synonyms.txt": "a, b", "synonyms.de.txt": "c, d", "synonyms.pt.txt": "e, f", "synonyms.PT_br.txt": "g, h"}
    found, problems = _read(tmp_path, files)
    assert problems == ()
    assert [rule.said for rule in synonyms_for(found, "en")] == [("a", "b")]
    assert [rule.said for rule in synonyms_for(found, "de")] == [("a", "b"), ("c", "d")]
    assert [rule.said for rule in synonyms_for(found, "pt-BR")] == [("a", "b"), ("e", "f"), ("g", "h")]


def test_two_spellings_of_one_language_are_read_together(tmp_path: Path) -> None:
    found, problems = _read(tmp_path, {"synonyms.pt-BR.txt": "a, b", "synonyms.pt_br.txt": "c, d"})
    assert problems == ()
    assert [rule.said for rule in found["pt-BR"]] == [("a", "b"), ("c", "d")]


@pytest.mark.parametrize(
    ("name", "severity", "is_read"),
    [
        ("synonyms.nonsense.txt", Severity.ERROR, False),
        ("synonyms..txt", Severity.ERROR, False),
        ("synonyms.qq.txt", Severity.ERROR, False),
        ("synonyms.fr.txt", Severity.WARNING, True),
        ("synonyms.old.txt", Severity.WARNING, True),
        ("synonyms.de-AT.txt", Severity.WARNING, True),
    ],
)
def test_a_language_that_is_none_here_is_reported(tmp_path: Path, name: str, severity: Severity, is_read: bool) -> None:
    found, problems = _read(tmp_path, {name: "a, b"})
    assert [(problem.path, problem.line, problem.severity) for problem in problems] == [(name, 1, severity)]
    assert bool(found) == is_read


def test_a_file_that_must_not_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("a, b", "utf-8")
    (tmp_path / PATH).symlink_to(tmp_path / "elsewhere")
    found, problems = _read(tmp_path, {})
    assert found == {}
    assert "symbolic link" in problems[0].what


def test_nobody_is_asked_for_other_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a, b", "utf-8")

    def never(blob: Blob) -> bytes:
        raise AssertionError(blob.path)

    assert read_synonyms(FolderTree.at(tmp_path), ("en",), never) == ({}, ())


def test_a_knowledge_base_has_its_synonyms_and_what_is_wrong_with_them(tmp_path: Path) -> None:
    repository = ContentRepository(tmp_path / "content")
    files = {"synonyms.txt": "laptop, notebook\nlonely\n", "synonyms.de.txt": "Rechner => Computer\n", "a.txt": "x"}
    repository.commit({**HELP_CENTRE, **files})
    base = knowledge_base(repository, tmp_path / "cache")
    assert [rule.said for rule in synonyms_for(base.synonyms, "de")] == [("laptop", "notebook"), ("Rechner",)]
    assert [(found.path, found.line) for found in base.problems if "synonyms" in found.path] == [("synonyms.txt", 2)]
    assert "a.txt" in {file.path for file in base.skipped}
    assert not {file.path for file in base.skipped} & files.keys() - {"a.txt"}
    assert not {path for path in base.entries if "synonyms" in path}
    assert base.held_back == frozenset()


def test_a_help_centre_without_synonyms_has_none(tmp_path: Path) -> None:
    repository = ContentRepository(tmp_path / "content")
    repository.commit({"en/good.md": "---\ntitle: Fine\n---\nText.\n"})
    assert knowledge_base(repository, tmp_path / "cache").synonyms == {}
