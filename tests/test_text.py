import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text import cut, fold, one_line, slugify, without_controls


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Reset your password", "reset-your-password"),
        ("What's new?", "whats-new"),
        ("Über_uns", "über-uns"),
        ("日本語 ガイド", "日本語-ガイド"),
        ("../../etc/passwd", "etc-passwd"),
        ("???", "untitled"),
        ("", "untitled"),
        ("C++ & C#", "c-c"),
    ],
)
def test_a_slug_keeps_letters_of_any_script(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text(max_size=300))
def test_a_slug_is_one_segment_of_a_url_and_its_own_slug(text: str) -> None:
    slug = slugify(text)
    assert slug
    assert len(slug) <= 80
    assert not set(slug) & set(" /\\.?#%&\"'<>\n\x00")
    assert slugify(slug) == slug


@given(st.text())
def test_one_line_has_one_line_and_no_controls(text: str) -> None:
    line = one_line(text)
    assert line == line.strip()
    assert "\n" not in line
    assert without_controls(line) == line


def test_direction_overrides_are_dropped() -> None:
    assert one_line("invoice\u202egnp.exe\x00") == "invoicegnp.exe"


def test_folding_takes_case_and_accents_away() -> None:
    assert fold("  Café  ÜBER ") == "cafe uber"


@given(st.text(max_size=100), st.integers(min_value=1, max_value=120))
def test_a_cut_text_is_never_longer_than_asked(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit


def test_a_text_is_cut_at_a_word() -> None:
    assert cut("Choose a new password", 14) == "Choose a new…"
    assert cut("short", 14) == "short"
