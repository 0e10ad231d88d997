import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from portal.content.dialects import translate, without_comments
from portal.content.render import render
from portal.content.rendered import Rendered


def rendered(text: str, lang: str = "en") -> Rendered:
    return render("en/a/b.md", text, 1, lang)


def html(text: str, lang: str = "en") -> str:
    return rendered(text, lang).html


def visible(markup: str) -> str:
    """Return the text that a reader sees, without code."""
    tree = LexborHTMLParser(f"<body>{markup}</body>")
    tree.strip_tags(["code", "pre"])
    assert tree.body is not None
    return tree.body.text()


@pytest.mark.parametrize(
    ("word", "look", "title"),
    [
        ("NOTE", "note", "Note"),
        ("tip", "tip", "Tip"),
        ("Important", "important", "Important"),
        ("WARNING", "warning", "Warning"),
        ("CAUTION", "danger", "Caution"),
    ],
)
def test_alerts_become_boxes(word: str, look: str, title: str) -> None:
    markup = html(f"> [!{word}]\n> Mind **this**.")
    assert f'<div class="admonition {look}" role="note"><p class="admonition-title">{title}</p>' in markup
    assert "<p>Mind <strong>this</strong>.</p>" in markup
    assert "blockquote" not in markup


@pytest.mark.parametrize(
    "source",
    [
        "> [!NOTE] text",
        ">[!NOTE]text",
        "> [!NOTE]\ntext",
        "> [!note]  \n>\n> text",
        ">![!NOTE]\n> text",
        "[!NOTE]\ntext",
        "- item\n\n  > [!NOTE]\n  > text",
        "1. item\n   > [!NOTE]\n   > text",
        "> - item\n>   > [!NOTE]\n>   > text",
        "- > [!NOTE]\n  > text",
    ],
)
def test_an_alert_is_understood_wherever_and_however_it_stands(source: str) -> None:
    markup = html(source)
    assert '<p class="admonition-title">Note</p>\n<p>text</p>' in markup


def test_neighbouring_alerts_and_quotations_stay_apart() -> None:
    markup = html("> [!NOTE]\n> one\n\n> [!TIP]\n> two\n\n> three\n\n> four")
    assert markup.count('role="note"') == 2
    assert markup.count("<blockquote>") == 2


def test_alert_titles_speak_the_language_of_the_article() -> None:
    assert '<p class="admonition-title">Hinweis</p>' in html("> [!NOTE]\n> x", "de-AT")


def test_words_in_code_are_never_taken_for_marks() -> None:
    source = "`> [!NOTE]` and `<!-- x -->`\n\n```\n> [!NOTE]\n<!-- kept -->\n:::row:::\n[!INCLUDE[x](y)]\n```"
    markup = html(source)
    for kept in ("[!NOTE]", "&lt;!-- x --&gt;", "&lt;!-- kept --&gt;", ":::row:::", "[!INCLUDE[x](y)]"):
        assert kept in markup
    assert rendered(source).problems == ()


def test_comments_are_gone_and_leave_their_neighbours_whole() -> None:
    markup = html("a <!-- secret --> b\n\n<!--\nsecret\n\n- secret\n-->\n\n| a |\n|---|\n<!-- | secret | -->\n| b |")
    assert "secret" not in markup
    assert "<td>b</td>" in markup


def test_a_comment_never_closed_hides_the_rest_and_is_warned_of() -> None:
    result = rendered("shown\n\n<!-- secret")
    assert "secret" not in result.html
    assert [problem.line for problem in result.problems] == [3]


def test_the_source_can_be_given_away_without_its_comments() -> None:
    assert without_comments("a <!-- secret --> b `<!-- kept -->`\n<!-- secret") == "a  b `<!-- kept -->`\n"


def test_videos_become_plain_links() -> None:
    markup = html("> [!VIDEO https://v.example/1]\n\n[!Video https://v.example/2?a=b&c=d]")
    assert '<a href="https://v.example/1" rel="noopener noreferrer">Watch the video</a>' in markup
    assert 'href="https://v.example/2?a=b&amp;c=d"' in markup


def test_docfx_images_become_images() -> None:
    source = ':::image type="content" source="../media/my pic.png" alt-text="A | [b]" lightbox="big.png":::'
    assert '<img src="kb:en/media/my%20pic.png" alt="A | [b]"' in html(source)
    assert "<td><img " in html(f"| a |\n|---|\n| {source} |")


def test_the_long_form_of_an_image_keeps_its_description() -> None:
    markup = html(':::image type="complex" source="a.png" alt-text="Short":::\n   A longer text.\n:::image-end:::')
    assert 'alt="Short"' in markup
    assert "A longer text." in markup
    assert ":::" not in markup


def test_columns_become_what_stands_in_them() -> None:
    markup = html(':::row:::\n    :::column span="2":::\n    ## One\n\n    text\n    :::column-end:::\n:::row-end:::')
    assert "<h2 " in markup
    assert "<p>text</p>" in markup
    assert "<pre" not in markup


def test_zones_monikers_and_unknown_blocks_lose_their_marks_alone() -> None:
    source = (
        '::: zone pivot="a"\n\none\n\n::: zone-end\n:::moniker range=">=1"\ntwo\n:::moniker-end\n:::hero\nthree\n:::'
    )
    result = rendered(source)
    text = visible(result.html)
    assert all(word in text for word in ("one", "two", "three"))
    assert ":::" not in text
    assert "pivot" not in text
    assert [(problem.line, "hero" in problem.what) for problem in result.problems] == [(9, True)]


def test_a_div_mark_leaves_a_plain_quotation() -> None:
    markup = html('> [!div class="mx-tdBreakAll"]\n> text')
    assert "<blockquote>\n<p>text</p>\n</blockquote>" in markup


def test_unknown_marks_are_shown_as_plain_text_with_a_warning() -> None:
    result = rendered("one\n\nPress [!Something] now")
    assert "Press Something now" in result.html
    assert [problem.line for problem in result.problems] == [3]


def test_a_mark_that_was_meant_as_an_image_or_a_link_is_one() -> None:
    markup = html("[!The list](media/a.png) [!Read on](c.md) ![!Icon](i.png)")
    assert '<img src="kb:en/a/media/a.png" alt="The list"' in markup
    assert '<a href="kb:en/a/c.md">Read on</a>' in markup
    assert 'alt="Icon"' in markup


def test_cross_references_become_text() -> None:
    assert visible(html("See <xref:System.String?displayProperty=name> and [the type](xref:a.b).")) == (
        "See System.String and the type."
    )


def test_a_contents_mark_is_gone() -> None:
    assert html("[TOC]\n\n[[_TOC_]]\n\ntext") == "<p>text</p>"


def test_text_in_angle_brackets_that_is_no_element_is_shown() -> None:
    assert visible(html("Type <your-name> and <title>, **<persona>**.")).startswith("Type <your-name> and ")


@pytest.mark.parametrize(
    "source",
    [
        "[!",
        "[![",
        ":::",
        "::::",
        "[!INCLUDE [x](y",
        "\\[!NOTE]",
        "&#91;!x",
        "[!INCLUDE]",
        "![!",
        ":::image",
        "[[!a]!b]",
    ],
)
def test_no_mark_is_ever_left_in_what_a_reader_sees(source: str) -> None:
    text = visible(html(source))
    assert "[!" not in text
    assert ":::" not in text
    assert "INCLUDE" not in text


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["[!", "NOTE]", ":::", "image ", "\n", "> ", "- ", "`", "x", "(a.md)", "<!--", "]", '="']))
)
def test_whatever_is_put_together_of_marks_no_mark_is_left(pieces: list[str]) -> None:
    text = visible(html("".join(pieces)))
    assert ":::" not in text
    assert "[!" not in text


def test_line_numbers_count_from_where_the_body_begins() -> None:
    problems = translate("a.md", "x\n\n[!Odd] y", 10).problems
    assert [problem.line for problem in problems] == [12]
