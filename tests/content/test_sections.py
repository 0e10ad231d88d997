import pytest

from portal.content.render import render


def text_of(markdown: str, lang: str = "en") -> str:
    (section,) = render("a.md", markdown, 1, lang).sections
    return section.text


def test_cells_of_a_table_are_kept_apart_and_empty_ones_leave_nothing() -> None:
    table = "| Key | Does | |\n|---|---|---|\n| F1 | | Help |\n| | Stops | |\n| | | |\n"
    assert text_of(table) == "Key · Does\nF1 · Help\nStops"


def test_lines_of_code_are_kept_apart() -> None:
    assert text_of("```\na = 1\n\tb = 2\n```") == "a = 1 b = 2"


def test_the_name_of_a_box_leads_on_to_what_it_holds() -> None:
    assert text_of("> [!NOTE]\n> Read this.") == "Note:\nRead this."
    assert text_of('!!! tip "Really?"\n    Yes.') == "Really?\nYes."
    assert text_of("Term\n: What it is.") == "Term:\nWhat it is."


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Choose ![icon](i.png), then ![x](x.png) .", "Choose, then."),
        ("Use ![icon](i.png) .NET (with ![y](y.png))", "Use .NET (with)"),
        ("A claim[^1]. And[^1] more.\n\n[^1]: Proof.", "A claim. And more.\nProof."),
        ("Above ![](https://example.com/i.png) below", "Above below"),
        ("An ![old printer](https://example.com/i.png) here", "An old printer here"),
    ],
)
def test_images_and_footnote_marks_leave_no_gap(markdown: str, text: str) -> None:
    assert text_of(markdown) == text


def test_an_image_without_words_stays_out_in_every_language() -> None:
    assert text_of("Oben ![](https://example.com/i.png) unten", "de") == "Oben unten"


def test_what_nobody_sees_tears_no_word_apart() -> None:
    assert text_of("Sub\u00adscrip\u200btion\ufeff plan") == "Subscription plan"


def test_marks_of_our_own_in_an_article_are_blanks() -> None:
    assert text_of("one&#x1e;two&#x1f;three&#x1d;four&#x1c;five") == "one two three four five"
