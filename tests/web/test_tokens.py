"""The colours of both themes, computed from the one file that holds them."""

import math
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "src" / "mollet" / "web" / "static"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"--raw-([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)")


def theme(selector):
    block = TOKENS[TOKENS.index(selector) :]
    return {name: (float(a), float(b), float(c)) for name, a, b, c in COLOUR.findall(block[: block.index("}")])}


DAY = theme(":root {\n    color-scheme")
NIGHT = theme(':root[data-theme="night"] {')
AUTO_NIGHT = theme(':root[data-theme="auto"] {')


def linear(colour):
    """Linear sRGB of an OKLCH colour (Ottosson 2020), clipped to what a screen shows."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return [min(1.0, max(0.0, part)) for part in (red, green, blue)]


def contrast(one, other):
    """Contrast ratio of WCAG 2."""
    lighter, darker = sorted(
        (sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (one, other)),
        reverse=True,
    )
    return (lighter + 0.05) / (darker + 0.05)


TEXTS = [
    ("ink", "ground"),
    ("ink", "surface"),
    ("ink", "raised"),
    ("ink", "danger-ground"),
    ("soft", "ground"),
    ("soft", "surface"),
    ("soft", "raised"),
    ("accent", "ground"),
    ("accent", "surface"),
    ("accent", "raised"),
    ("press-ink", "press"),
    ("danger", "ground"),
    ("danger", "surface"),
    ("danger", "danger-ground"),
]


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(colours, text, ground):
    assert contrast(colours[text], colours[ground]) >= 7


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize("ground", ["ground", "surface"])
def test_the_edge_of_a_field_can_be_seen(colours, ground):
    assert contrast(colours["line"], colours[ground]) >= 3


def test_the_night_has_hardly_any_blue():
    assert [name for name, colour in NIGHT.items() if linear(colour)[2] > 0.25 * linear(colour)[0] + 0.002] == []


def test_the_night_has_no_white():
    assert [name for name, (lightness, _, _) in NIGHT.items() if lightness > 0.85] == []


def test_the_night_of_the_device_is_the_night_of_the_person():
    assert AUTO_NIGHT == NIGHT


def test_the_night_redefines_every_raw_colour():
    assert set(NIGHT) == set(DAY)


@pytest.mark.parametrize("sheet", ["base.css", "parts.css", "pages.css"])
def test_no_colour_stands_outside_the_tokens(sheet):
    text = re.sub(r"/\*.*?\*/", "", (STATIC / sheet).read_text(encoding="utf-8"), flags=re.S)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgb|\bhsl|oklch|\b(?:white|black)\b(?!-)", text) == []


TEMPLATES = sorted((STATIC.parent / "templates").rglob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_styles_or_scripts_inline(template):
    text = template.read_text(encoding="utf-8")

    assert re.findall(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", text) == []
