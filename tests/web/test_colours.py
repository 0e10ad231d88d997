import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.settings import ROOT
from portal.web.colours import DARK_GROUND, DEFAULT, LIGHT_GROUND, TEXT_CONTRAST, contrast, stylesheet, tones

TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text("utf-8")
DARK = (ROOT / "static" / "css" / "dark.css").read_text("utf-8")
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")


def modes() -> list[dict[str, str]]:
    """Colours by name, in light and in dark mode."""
    light = dict(COLOUR.findall(TOKENS))
    return [light, light | dict(COLOUR.findall(DARK))]


@given(colour=st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), is_dark=st.booleans())
def test_any_accent_can_be_read(colour: str, is_dark: bool) -> None:
    made = tones(colour, is_dark=is_dark)
    ground = DARK_GROUND if is_dark else LIGHT_GROUND
    assert contrast(made.accent, ground) >= TEXT_CONTRAST
    assert contrast(made.accent, made.subtle) >= TEXT_CONTRAST
    assert contrast(made.hover, ground) >= TEXT_CONTRAST
    assert contrast(made.on_accent, made.accent) >= TEXT_CONTRAST
    assert contrast(made.on_accent, made.hover) >= TEXT_CONTRAST


@pytest.mark.parametrize("colour", ["", "red", "#12", "}body{display:none", "#1f5fae;}"])
def test_what_is_no_colour_never_reaches_the_stylesheet(colour: str) -> None:
    assert stylesheet(colour) == stylesheet(DEFAULT)


def test_a_short_colour_is_its_long_form() -> None:
    assert stylesheet("#1af") == stylesheet("#11aaff")


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("words", ["text", "quiet"])
@pytest.mark.parametrize("ground", ["ground", "sunken", "raised"])
def test_the_houses_words_can_be_read_on_its_grounds(mode: int, words: str, ground: str) -> None:
    tokens = modes()[mode]
    assert contrast(tokens[words], tokens[ground]) >= TEXT_CONTRAST


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("meaning", ["info", "good", "warn", "bad"])
def test_meanings_can_be_read_on_their_grounds(mode: int, meaning: str) -> None:
    tokens = modes()[mode]
    for words in (tokens[meaning], tokens["text"]):
        assert contrast(words, tokens[f"{meaning}-ground"]) >= TEXT_CONTRAST


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_lines_of_controls_can_be_seen(mode: int) -> None:
    tokens = modes()[mode]
    assert contrast(tokens["line-strong"], tokens["ground"]) >= 3


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_code_can_be_read(mode: int) -> None:
    ground = modes()[mode]["sunken"]
    colours = {name: colour for name, colour in modes()[mode].items() if name.startswith("code-")}
    assert len(colours) >= 6
    assert all(contrast(colour, ground) >= TEXT_CONTRAST for colour in colours.values())


def test_marked_words_can_be_read() -> None:
    for tokens in modes():
        assert contrast(tokens["text"], tokens["mark"]) >= TEXT_CONTRAST


def test_the_grounds_that_accents_are_measured_on_are_the_stylesheets() -> None:
    light, dark = modes()
    assert (light["sunken"], dark["raised"]) == (LIGHT_GROUND, DARK_GROUND)
