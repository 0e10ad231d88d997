import time

import pytest

from portal.content.includes import DEEPEST, LARGEST_CHARACTERS, Expanded, expand
from portal.content.problem import ArticleInvalid, Severity
from tests.content import hostile


def expanded(body: str, path: str = "en/a.md", line: int = 1, /, **files: str) -> Expanded:
    """`files` are named without suffix; `__` stands for a slash."""
    tree = {f"{name.replace('__', '/')}.md": text for name, text in files.items()}
    return expand(path, body, line, tree.get)


@pytest.mark.parametrize(
    "written",
    [
        "[!INCLUDE [name](inc/name.md)]",
        "[!INCLUDE[name](inc/name.md)]",
        "[!include[](inc/name.md)]",
        "[!Include [a b] (inc//name.md)]",
        '[!INCLUDE [x](inc/name.md "title")]',
        "[!INCLUDE [x](../en/inc/name.md)]",
        "[!INCLUDE [x](~/en/inc/name.md)]",
        "[!INCLUDE [x]:(inc/name.md)]",
    ],
)
def test_every_way_to_write_an_include_draws_the_text_in(written: str) -> None:
    assert expanded(f"Open {written} now.", en__inc__name="Central\n").text == "Open Central now."


def test_front_matter_of_the_included_file_is_dropped() -> None:
    assert expanded("[!INCLUDE[x](x.md)]", en__x="---\nauthor: me\n---\n\nText\n").text == "Text"


def test_an_include_in_code_stays_as_it_is() -> None:
    body = "`[!INCLUDE[x](x.md)]`\n\n```\n[!INCLUDE[x](x.md)]\n```\n<!-- [!INCLUDE[x](x.md)] -->"
    result = expanded(body, en__x="no")
    assert result.text == body
    assert result.used == ()


def test_a_missing_include_leaves_a_warning_and_nothing_raw() -> None:
    result = expanded("one\n\ntwo [!INCLUDE[x](gone.md)] three", "en/a.md", 5)
    assert result.text == "one\n\ntwo  three"
    [problem] = result.problems
    assert (problem.path, problem.line, problem.severity) == ("en/a.md", 7, Severity.WARNING)
    assert "en/gone.md" in problem.what


def test_missing_files_count_as_used_so_that_a_cache_can_watch_for_them() -> None:
    result = expanded("[!INCLUDE[x](x.md)] [!INCLUDE[x](x.md)] [!INCLUDE[g](gone.md)]", en__x="[!INCLUDE[y](y.md)]")
    assert result.used == ("en/x.md", "en/y.md", "en/gone.md")


@pytest.mark.parametrize(
    "target", ["../../secret.md", "..%2f..%2fsecret.md", "~/../secret.md", "..\\..\\secret.md", ".."]
)
def test_an_include_that_leaves_the_tree_is_never_read(target: str) -> None:
    asked: list[str] = []

    def read(path: str) -> str:
        asked.append(path)
        return "secret"

    result = expand("en/a.md", f"a [!INCLUDE[x]({target})] b", 1, read)
    assert result.text == "a  b"
    assert asked == []
    assert "leads out" in result.problems[0].what


def test_a_circle_is_an_error_that_spells_the_chain_out() -> None:
    with pytest.raises(ArticleInvalid) as caught:
        expanded("\n[!INCLUDE[x](x.md)]", en__x="[!INCLUDE[y](y.md)]", en__y="[!INCLUDE[x](x.md)]")
    [problem] = caught.value.problems
    assert "en/a.md → en/x.md → en/y.md → en/x.md" in problem.what
    assert (problem.line, problem.severity) == (2, Severity.ERROR)
    assert problem.mend


def test_an_article_that_includes_itself_is_a_circle() -> None:
    with pytest.raises(ArticleInvalid, match="circle"):
        expanded("[!INCLUDE[a](a.md)]", en__a="text")


def test_includes_may_lie_ten_deep_and_no_deeper() -> None:
    def chain(depth: int) -> dict[str, str]:
        return {f"f{n}": f"[!INCLUDE[x](f{n + 1}.md)]" for n in range(depth - 1)} | {f"f{depth - 1}": "end"}

    assert expanded("[!INCLUDE[x](f0.md)]", "a.md", 1, **chain(DEEPEST)).text == "end"
    with pytest.raises(ArticleInvalid, match="more than 10 deep"):
        expanded("[!INCLUDE[x](f0.md)]", "a.md", 1, **chain(DEEPEST + 1))


def test_includes_that_add_up_to_too_much_are_an_error() -> None:
    with pytest.raises(ArticleInvalid, match="2 MB"):
        expanded("[!INCLUDE[x](x.md)]\n" * 3, en__x="x" * (LARGEST_CHARACTERS // 2))


def test_files_that_multiply_each_other_are_an_error_soon() -> None:
    files = {f"f{n}": f"[!INCLUDE[x](f{n + 1}.md)]\n" * 8 for n in range(9)} | {"f9": ""}
    with pytest.raises(ArticleInvalid, match="includes in all"):
        expanded("[!INCLUDE[x](f0.md)]", "a.md", 1, **files)


def test_links_and_images_in_included_text_lead_where_they_led() -> None:
    inner = (
        "[a](b.md#c) ![i](../img/i.png) [s](https://x.example) [h](#here) [r](/root) `[k](k.md)`\n"
        '[ref]: other.md\n:::image source="z.png":::\n[d](<my file.md>) [q](q.md?view=1)'
    )
    text = expanded("[!INCLUDE[x](../shared/deep/x.md)]", shared__deep__x=inner).text
    assert "[a](../shared/deep/b.md#c)" in text
    assert "![i](../shared/img/i.png)" in text
    assert "[s](https://x.example) [h](#here) [r](/root) `[k](k.md)`" in text
    assert "[ref]: ../shared/deep/other.md" in text
    assert 'source="../shared/deep/z.png"' in text
    assert "[d](<../shared/deep/my file.md>) [q](../shared/deep/q.md?view=1)" in text


def test_links_are_right_through_two_levels_of_includes() -> None:
    text = expanded("[!INCLUDE[x](i/x.md)]", en__i__x="[!INCLUDE[y](j/y.md)]", en__i__j__y="[l](../l.md)").text
    assert text == "[l](i/l.md)"


def test_a_whole_line_include_in_a_list_item_keeps_its_indentation() -> None:
    text = expanded("1. one\n\n   [!INCLUDE[x](x.md)]\n2. two", en__x="first\n\n- a\n- b\n").text
    assert text == "1. one\n\n   first\n   \n   - a\n   - b\n2. two"


def test_an_include_in_a_quotation_keeps_its_marks() -> None:
    assert expanded("> [!INCLUDE[x](x.md)]", en__x="a\nb").text == "> a\n> b"


def test_an_include_behind_a_list_marker_goes_on_below_its_text() -> None:
    assert expanded("- [!INCLUDE[x](x.md)]", en__x="a\n\nb").text == "- a\n  \n  b"


def test_an_include_in_a_table_stays_in_its_cell() -> None:
    assert expanded("| a | [!INCLUDE[x](x.md)] |", en__x="one\n\ntwo\n").text == "| a | one two |"


def test_an_included_block_behind_text_begins_on_a_line_of_its_own() -> None:
    assert (
        expanded("1. Do it. [!INCLUDE[x](x.md)]", en__x="> [!NOTE]\n> n").text == "1. Do it. \n\n   > [!NOTE]\n   > n"
    )


@pytest.mark.parametrize("name", hostile.FOR_INCLUDES)
def test_expanding_takes_time_in_proportion_to_the_text(name: str) -> None:
    begun = time.perf_counter()
    expanded(hostile.FOR_INCLUDES[name])
    assert time.perf_counter() - begun < 2.0
