"""Short links: written, and found again in what agents typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.links.address import is_token, short_path, tokens_in
from portal.links.wording import written

ONE, OTHER = "aZ09bY18cX", "0123456789"


def test_a_path_has_what_is_given_and_nothing_else() -> None:
    assert short_path("pw-1") == "/a/pw-1"
    assert short_path("a/b c", ONE, "by mail") == f"/a/a%2Fb%20c?via={ONE}&section=by+mail"


@pytest.mark.parametrize(
    "text",
    [
        f"See https://help.example/a/pw-1?via={ONE}.",
        f"[Title](https://help.example/a/pw-1?via={ONE})",
        f'<a href="https://help.example/a/pw-1?section=x&amp;via={ONE}">Title</a>',
        f"/a/pw-1?section=x&via={ONE}&x=1",
        f"> https://help.example/a/pw-1?via={ONE}\n\nhttps://help.example/a/pw-1?via={ONE}#top",
    ],
)
def test_a_link_is_found_however_it_is_written(text: str) -> None:
    assert tokens_in(text) == (ONE,)


def test_links_come_in_their_order() -> None:
    assert tokens_in(f"/a/b?via={OTHER} /a/a?via={ONE}") == (OTHER, ONE)


@pytest.mark.parametrize(
    "text", ["", f"via={ONE}", f"/en/articles/x?via={ONE}", f"/a/x?via={ONE}1", "/a/x?via=short", f"/a/x#via={ONE}"]
)
def test_what_is_no_link_of_ours_is_none(text: str) -> None:
    assert tokens_in(text) == ()


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert all(is_token(one) for one in tokens_in(text))


@given(st.text(min_size=1), st.text())
def test_a_written_link_keeps_its_token_whatever_the_title(title: str, passage: str) -> None:
    made = written(title, f"https://help.example{short_path('pw-1', ONE)}", passage)
    for words in (made.link, made.text, made.markdown, made.html):
        assert ONE in tokens_in(words)


def test_html_and_markdown_show_a_title_as_it_is() -> None:
    made = written('<b>"1" [x](y)</b>', "https://help.example/a/1")
    assert made.html == '<a href="https://help.example/a/1">&lt;b&gt;&quot;1&quot; [x](y)&lt;/b&gt;</a>'
    assert made.markdown == '[\\<b\\>"1" \\[x\\](y)\\</b\\>](https://help.example/a/1)'
