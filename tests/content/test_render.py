import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.content.problem import ArticleInvalid
from portal.content.render import RENDERER_VERSION, render, sanitise
from portal.content.rendered import Link, Rendered, Section
from tests.content import hostile


def rendered(text: str, path: str = "en/a/b.md", first_line: int = 1, lang: str = "en") -> Rendered:
    return render(path, text, first_line, lang)


def html(text: str) -> str:
    return rendered(text).html


def flat(text: str) -> str:
    """HTML without white space between elements."""
    return re.sub(r">\s+<", "><", html(text))


# What Markdown means


@pytest.mark.parametrize("indent", [2, 3, 4])
def test_lists_nest_however_far_they_are_indented(indent: int) -> None:
    mark = "1." if indent > 2 else "-"
    gap = " " * indent
    markup = flat(f"{mark} one\n{gap}- two\n{gap}  - three\n{mark} four")
    kind = "ol" if indent > 2 else "ul"
    assert markup == f"<{kind}><li>one<ul><li>two<ul><li>three</li></ul></li></ul></li><li>four</li></{kind}>"


def test_a_list_may_follow_a_paragraph_at_once() -> None:
    assert flat("Do this:\n- one\n- two") == "<p>Do this:</p><ul><li>one</li><li>two</li></ul>"
    assert flat("Do this:\n1. one\n2. two") == "<p>Do this:</p><ol><li>one</li><li>two</li></ol>"


def test_a_number_at_the_start_of_a_line_is_no_list_within_a_paragraph() -> None:
    assert "<ol" not in html("It was in the year\n1984. Nobody knew.")


def test_paragraphs_images_and_code_belong_to_the_item_they_are_indented_under() -> None:
    markup = flat("1. one\n\n   more\n\n   ![i](i.png)\n\n   ```\n   code\n     deep\n   ```\n2. two")
    assert markup.count("<ol>") == 1
    assert markup.count("<li>") == 2
    assert "code\n  deep\n" in markup


def test_numbers_go_on_over_indented_blocks_and_begin_where_the_writer_says() -> None:
    assert '<ol start="3">' in html("3. three\n4. four")
    assert html("1. a\n\n   > q\n\n1. b").count("<ol>") == 1


def test_tables_may_follow_a_paragraph_and_their_cells_are_aligned() -> None:
    markup = flat("Like this:\n| a | b |\n|--:|:-:|\n| 1 | x |\n\nafter")
    assert '<th scope="col" class="align-right">a</th>' in markup
    assert '<td class="align-center">x</td>' in markup
    assert '<div class="table-scroll" tabindex="0" role="region" aria-label="Table 1"><table>' in markup


def test_a_ruler_with_too_few_or_too_many_cells_still_makes_a_table() -> None:
    assert html("| a | b |\n|---|\n| 1 | 2 |").count("<td>") == 2
    assert html("| a | b |\n|---|---|---|---|\n| 1 | 2 |").count("<td>") == 2


def test_an_empty_corner_of_a_table_heads_nothing() -> None:
    assert "<tr><td></td><th " in flat("|   | a |\n|---|---|\n| b | c |")


def test_each_table_has_a_name_of_its_own() -> None:
    table = "| a |\n|---|\n| b |\n\n"
    assert 'aria-label="Table 2"' in html(table + "text\n\n" + table)


def test_code_is_coloured_by_classes_and_ready_for_a_copy_button() -> None:
    markup = html('```python\nprint("x")\n```')
    assert '<div class="code" data-behaviour="copy"><pre tabindex="0"><code class="language-python">' in markup
    assert '<span class="nb">print</span>' in markup
    assert "style=" not in markup


def test_an_unclosed_fence_is_code_to_the_end() -> None:
    assert "```" not in html("```\ncode\n\nmore")


@pytest.mark.parametrize("mark", ["{.link-external}", "{: .button #go }", '{:target="_blank" rel=nofollow}'])
def test_attributes_behind_a_link_or_an_image_are_not_shown(mark: str) -> None:
    assert flat(f"[Shop](https://shop.example/){mark}.") == flat("[Shop](https://shop.example/).")
    assert flat(f"![A shop](https://shop.example/a.png){mark}") == flat("![A shop](https://shop.example/a.png)")


def test_braces_elsewhere_stay_as_they_are_written() -> None:
    markup = html("Write {.link} in `x`{.y}, or [a](https://a.example/) {.b}, or [a](https://a.example/){name}.")
    for part in ("Write {.link}", "{.y}", " {.b}", "{name}"):
        assert part in markup


def test_classic_boxes_details_and_tabs_are_understood() -> None:
    markup = flat('!!! tip "Better"\n    text\n\n??? note "More"\n    hidden\n\n=== "One"\n    1\n\n=== "Two"\n    2\n')
    assert '<div class="admonition tip" role="note"><p class="admonition-title">Better</p><p>text</p></div>' in markup
    assert '<details class="note"><summary>More</summary><p>hidden</p></details>' in markup
    assert '<section class="tab" aria-label="Two"><p class="tab-title">Two</p><p>2</p></section>' in markup
    assert "<input" not in markup


def test_block_syntax_of_pymdownx_is_understood() -> None:
    markup = flat("/// warning | Mind\ntext\n///\n\n/// details | More\nhidden\n///")
    assert '<div class="admonition warning" role="note"><p class="admonition-title">Mind</p><p>text</p></div>' in markup
    assert "<details><summary>More</summary><p>hidden</p></details>" in markup


def test_markdown_within_details_of_raw_html_is_read() -> None:
    markup = flat("<details>\n<summary>More</summary>\n\n**bold**\n\n</details>")
    assert "<details><summary>More</summary><p><strong>bold</strong></p></details>" in markup


def test_footnotes_lead_there_and_back() -> None:
    markup = html("text[^1]\n\n[^1]: note")
    assert '<a class="footnote-ref" href="#fn-1">1</a>' in markup
    assert '<li id="fn-1">' in markup
    assert 'aria-label="Back to the text"' in markup


def test_checkboxes_are_for_reading_and_say_what_they_mean() -> None:
    markup = html("- [ ] open\n- [x] done")
    assert '<input type="checkbox" disabled="" aria-label="To do">' in markup
    assert '<input type="checkbox" disabled="" checked="" aria-label="Done">' in markup.replace(
        'checked="" disabled=""', 'disabled="" checked=""'
    )


def test_keys_definitions_and_bare_addresses_are_understood() -> None:
    markup = html("Press ++ctrl+c++ at https://x.example/a_b_c.\n\nTerm\n:   Meaning")
    assert "<kbd>Ctrl</kbd>" in markup
    assert '<a href="https://x.example/a_b_c" rel="noopener noreferrer">https://x.example/a_b_c</a>.' in markup
    assert "<dd>Meaning</dd>" in markup


def test_template_syntax_stays_as_it_is() -> None:
    for text in ("{{7*7}}", "{% raw %}", "${7*7}", "#{7*7}", "{{ config }}", "{#x#}"):
        assert html(text) == f"<p>{text}</p>"


# Headings and sections


def test_a_first_heading_is_taken_out_and_others_go_one_down() -> None:
    result = rendered('# The *title* <a name="t"></a>\n\ntext\n\n# Other')
    assert result.heading == "The title"
    assert "<h1" not in result.html
    assert 'id="t"' in result.html
    assert '<h2 id="other">' in result.html


def test_a_heading_further_down_is_no_title() -> None:
    assert rendered("text\n\n# Not the title").heading == ""
    assert rendered("![i](i.png)\n\n# Not the title").heading == ""


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Reset your password", "reset-your-password"),
        ("If you can't find it", "if-you-cant-find-it"),
        ("Übersicht & Größe", "übersicht--größe"),
        ("C++ and `code_name`", "c-and-code_name"),
        ("日本語", "日本語"),
        ("!?", "section"),
    ],
)
def test_anchors_are_those_of_github(heading: str, anchor: str) -> None:
    assert f'<h2 id="{anchor}">' in html(f"text\n\n## {heading}")


def test_anchors_are_unique_and_each_heading_links_to_itself() -> None:
    markup = html("## Same\n\n## Same\n\n## Same")
    assert re.findall(r'<h2 id="([^"]+)"', markup) == ["same", "same-1", "same-2"]
    assert '<a class="anchor" href="#same-1" aria-label="Link to the section “Same”"></a>' in markup


def test_anchors_that_writers_set_stay_where_links_look_for_them() -> None:
    markup = html('## Überschrift <a name="english"></a>\n\n<a id="here"></a>\n\n## More {#given}\n\n[x](#english)')
    for name in ("english", "here", "given"):
        assert f'<a id="{name}" class="target"></a>' in markup
    assert "{#" not in markup


def test_sections_hold_the_text_below_each_heading() -> None:
    text = (
        "Intro  *text*\n\n## One\n\n- a\n- b\n\n```\ncode  here\n```\n\n### Two `x`\n\n| c | d |\n|---|---|\n| e | f |"
    )
    assert rendered(text).sections == (
        Section("", "", 0, "Intro text"),
        Section("one", "One", 2, "a\nb\ncode here"),
        Section("two-x", "Two x", 3, "c · d\ne · f"),
    )


def test_nothing_before_the_first_heading_makes_no_section() -> None:
    assert [section.heading for section in rendered("## One").sections] == ["One"]
    assert rendered("").sections == ()


# Links and images


@pytest.mark.parametrize(
    ("address", "target", "anchor"),
    [
        ("c.md", "en/a/c.md", ""),
        ("./c.md#Part-x", "en/a/c.md", "Part-x"),
        ("../c%20d.md?view=1#x", "en/c d.md", "x"),
        ("<../c d.md>", "en/c d.md", ""),
        ("folder/", "en/a/folder", ""),
        ("no-suffix", "en/a/no-suffix", ""),
        ("toc.yml", "en/a/toc.yml", ""),
        ("/other/site?x=1#y", "/other/site", "y"),
        ("..\\c.md", "en/c.md", ""),
        ("ü.md", "en/a/ü.md", ""),
    ],
)
def test_links_into_the_tree_are_named_by_their_path(address: str, target: str, anchor: str) -> None:
    result = rendered(f"one\n\n[x]({address})", first_line=5)
    assert result.links == (Link(target, anchor, 7),)
    assert 'href="kb:' in result.html
    assert " " not in re.findall(r'href="(kb:[^"]*)"', result.html)[0]


@pytest.mark.parametrize("address", ["../../../c.md", "../../%2e%2e/c.md", "..%2f..%2f..%2fc.md", "a%00b.md"])
def test_a_link_out_of_the_tree_becomes_text_with_a_warning(address: str) -> None:
    result = rendered(f"one\n[text]({address})")
    assert result.html == "<p>one\ntext</p>"
    assert [problem.line for problem in result.problems] == [2]
    assert result.links == ()


@pytest.mark.parametrize("address", ["https://x.example/", "http://x.example/", "mailto:a@b.example", "tel:+491234"])
def test_addresses_elsewhere_are_kept(address: str) -> None:
    result = rendered(f"[x]({address})")
    assert f'href="{address}"' in result.html
    assert result.links == ()


def test_links_elsewhere_tell_nothing_of_where_one_came_from() -> None:
    assert html("[x](//x.example/)") == '<p><a href="https://x.example/" rel="noopener noreferrer">x</a></p>'


@pytest.mark.parametrize("address", ["ftp://x", "file:///etc/passwd", "javascript:x", "kb:en/secret.md", "ms-word:x"])
def test_links_of_any_other_kind_become_text(address: str) -> None:
    assert html(f"[text]({address})") == "<p>text</p>"


def test_images_load_late_from_the_tree_alone() -> None:
    result = rendered('![A plan](../img/p%20q.png "Big")\n<img src="r.png" width="20" height="x">')
    assert '<img src="kb:en/img/p%20q.png" alt="A plan" loading="lazy" decoding="async" title="Big">' in result.html
    assert 'width="20"' in result.html
    assert "height" not in result.html
    assert [(link.target, link.line, link.is_image) for link in result.links] == [
        ("en/img/p q.png", 1, True),
        ("en/a/r.png", 2, True),
    ]


def test_images_of_others_become_links_and_nothing_is_loaded_from_them() -> None:
    assert html("![Chart](https://x.example/c.png)") == (
        '<p><a href="https://x.example/c.png" rel="noopener noreferrer">Chart</a></p>'
    )
    assert html("[![Chart](https://x.example/c.png)](d.md)") == '<p><a href="kb:en/a/d.md">Chart</a></p>'


def test_frames_become_plain_links() -> None:
    markup = html(
        '<iframe src="https://v.example/1" allow="x">no</iframe>\n\n<video src="https://v.example/2"></video>'
    )
    assert '<a href="https://v.example/1" rel="noopener noreferrer">Open the embedded page</a>' in markup
    assert '<a href="https://v.example/2" rel="noopener noreferrer">Watch the video</a>' in markup


# Harm


@pytest.mark.parametrize("payload", hostile.PAYLOADS)
def test_nothing_harmful_survives(payload: str) -> None:
    for text in (payload, f"- x\n  {payload}", f"> {payload}", f"| a |\n|---|\n| {payload} |", f"## {payload}"):
        assert hostile.harm_in(html(text)) == []


@pytest.mark.parametrize("payload", hostile.PAYLOADS)
def test_the_sanitiser_alone_holds_and_has_nothing_left_to_do_a_second_time(payload: str) -> None:
    once = sanitise(payload)
    assert hostile.harm_in(once) == []
    assert sanitise(once) == once
    assert sanitise(html(payload)) == html(payload)


def test_class_style_and_id_of_writers_are_not_trusted() -> None:
    assert html('<div class="modal code" style="x" id="main">x</div>') == '<div class="code">x</div>'


def test_writers_cannot_forge_the_marks_that_dialects_leave() -> None:
    markup = html("\ufdd00\ufdd1 \ufdd2danger\ufdd3 `code`")
    assert "code" in markup
    assert "admonition" not in markup


_PIECES = st.one_of(
    st.sampled_from(
        [*hostile.PAYLOADS, "\n", "\n\n", "    ", "- ", "> ", "`", "```\n", "|", "[", "](", ")", "<", ">", "&"]
    ),
    st.text(max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES, max_size=12))
def test_rendering_never_breaks_nor_lets_harm_through(pieces: list[str]) -> None:
    try:
        result = rendered("".join(pieces))
    except ArticleInvalid:
        return
    assert hostile.harm_in(result.html) == []
    assert sanitise(result.html) == result.html


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES, max_size=12))
def test_sanitising_twice_is_sanitising_once(pieces: list[str]) -> None:
    once = sanitise("".join(pieces))
    assert hostile.harm_in(once) == []
    assert sanitise(once) == once


def test_what_is_nested_too_deeply_is_refused_with_its_path() -> None:
    with pytest.raises(ArticleInvalid, match=r"^en/a/b\.md:3: .*nested too deeply"):
        rendered(hostile.TOO_DEEP, first_line=3)


def test_after_a_refusal_the_next_article_is_as_ever() -> None:
    before = html("- a\n- b")
    with pytest.raises(ArticleInvalid):
        rendered(hostile.TOO_DEEP)
    assert html("- a\n- b") == before


def test_the_version_is_a_text_that_can_be_part_of_a_key() -> None:
    assert RENDERER_VERSION.isalnum()
