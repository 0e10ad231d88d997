"""The accent's tones, worked out from the one colour that a company names.

Lightness is moved in OKLCH, where equal steps look equal, until the tone can be read on its ground.
Formulas: Björn Ottosson, "A perceptual color space for image processing" (2020), and WCAG 2.2's
relative luminance.
"""

import math
import re
from dataclasses import dataclass

DEFAULT = "#1f5fae"
TEXT_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: text on its ground."""
LIGHT_GROUND, DARK_GROUND = "#f4f6f9", "#20262e"
"""The grounds of tokens.css on which the accent is hardest to read: --sunken in light mode, --raised in dark."""
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_STEP = 0.005
_WHITE, _INK = "#ffffff", "#10151c"


@dataclass(frozen=True, slots=True)
class Tones:
    """One mode's accent: written or filled, under the pointer, as a faint ground, and what is written on it."""

    accent: str
    hover: str
    subtle: str
    on_accent: str


def tones(colour: str, *, is_dark: bool) -> Tones:
    """Return the accent as it can be read in one mode; an unreadable colour gives the house's own."""
    lightness, chroma, hue = _oklch(colour if _HEX.fullmatch(colour) else DEFAULT)
    step = _STEP if is_dark else -_STEP
    subtle = _hex(0.30 if is_dark else 0.95, min(chroma, 0.05 if is_dark else 0.03), hue)
    grounds = (subtle, DARK_GROUND if is_dark else LIGHT_GROUND)
    while min(contrast(_hex(lightness, chroma, hue), one) for one in grounds) < TEXT_CONTRAST and 0 <= lightness <= 1:
        lightness += step
    accent, hover = (_hex(min(max(at, 0.0), 1.0), chroma, hue) for at in (lightness, lightness + 14 * step))
    on_accent = max(_WHITE, _INK, key=lambda words: min(contrast(words, accent), contrast(words, hover)))
    return Tones(accent=accent, hover=hover, subtle=subtle, on_accent=on_accent)


def stylesheet(colour: str) -> str:
    """Return the tokens of both modes, as a layer-less end of the one stylesheet."""
    light, dark = (_declarations(tones(colour, is_dark=is_dark)) for is_dark in (False, True))
    return f":root {{{light}}}\n{in_the_dark(dark)}"


def in_the_dark(declarations: str) -> str:
    """Return rules for dark mode: chosen on the page, or preferred by the system and not chosen otherwise."""
    return (
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{{declarations}}} }}\n'
        f':root[data-theme="dark"] {{{declarations}}}\n'
    )


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast ratio of two #rrggbb colours, from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _declarations(of: Tones) -> str:
    return (
        f" --accent: {of.accent}; --accent-hover: {of.hover};"
        f" --accent-subtle: {of.subtle}; --on-accent: {of.on_accent}; "
    )


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> tuple[float, float, float]:
    digits = colour[1:] if len(colour) > len("#rgb") else "".join(2 * digit for digit in colour[1:])
    parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004 - sRGB's own
    return red, green, blue


def _oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """Return the nearest #rrggbb; less colourful where the screen has no such colour."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    is_shown = all(-0.0005 <= part <= 1.0005 for part in linear)  # noqa: PLR2004 - rounding's own error
    if not is_shown and chroma > 0.001:  # noqa: PLR2004 - grey enough to end
        return _hex(min(max(lightness, 0), 1), chroma * 0.95, hue)
    return "#" + "".join(f"{round(255 * _gamma(min(max(part, 0.0), 1.0))):02x}" for part in linear)


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055  # noqa: PLR2004 - sRGB's own
