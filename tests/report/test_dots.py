"""Twenty dots: as many full ones as the words say, each where it belongs."""

import re
from math import log
from xml.etree import ElementTree

import pytest

from mollet.knowledge import load
from mollet.report.dots import LEVELS, Dots, of_normal, picture
from mollet.trial.verdict import of_twenty

WORTHWHILE = 0.7


def places(svg: str, name: str) -> list[float]:
    return [float(x) for x in re.findall(rf'class="{name}" cx="([\d.]+)"', svg)]


def middle(svg: str) -> float:
    return float(re.search(r'viewBox="0 0 (\d+)', svg)[1]) / 2


def drawn(mean: float, sd: float) -> str:
    return picture(of_normal(mean, sd, WORTHWHILE), "en")


BELIEFS = [(0.0, 0.5), (-0.2, 0.6), (-0.05, 0.22), (-3.0, 0.1), (2.0, 0.1), (-0.01, 0.001), (0.0, 5.0)]


@pytest.mark.parametrize(("mean", "sd"), BELIEFS)
def test_there_are_always_twenty_dots(mean, sd):
    svg = drawn(mean, sd)

    assert len(places(svg, "dot-fewer")) + len(places(svg, "dot-more")) == 20


@pytest.mark.parametrize(("mean", "sd"), BELIEFS)
def test_full_dots_are_as_many_as_the_words_say(mean, sd):
    dots = of_normal(mean, sd, WORTHWHILE)

    assert len(places(picture(dots, "en"), "dot-fewer")) == dots.fewer


@pytest.mark.parametrize(("mean", "sd"), BELIEFS)
def test_full_dots_stand_left_of_the_line_and_open_ones_right_of_it(mean, sd):
    svg = drawn(mean, sd)

    assert max(places(svg, "dot-fewer")) < middle(svg) < min(places(svg, "dot-more"))


@pytest.mark.parametrize(("mean", "sd"), BELIEFS)
def test_no_dot_covers_another_or_leaves_the_picture(mean, sd):
    svg = drawn(mean, sd)
    found = re.findall(r'cx="([\d.]+)" cy="([-\d.]+)" r="([\d.]+)"', svg)
    circles = {(float(x), float(y)) for x, y, _ in found}
    radius = float(found[0][2])

    assert len(circles) == 20
    assert all(radius <= x <= 2 * middle(svg) - radius and radius <= y for x, y in circles)


def test_the_stretch_has_the_chances_of_its_prior():
    prior = load().remedies["calf_hamstring_stretch"].prior
    dots = of_normal(prior.mean, prior.sd, WORTHWHILE)

    # Normal(-0.2, 0.6) lies below 0 with 0.631 and below log 0.7 with 0.397.
    assert (dots.fewer, dots.worthwhile) == (13, 8)


def test_magnesium_is_believed_to_do_little():
    prior = load().remedies["magnesium"].prior
    dots = of_normal(prior.mean, prior.sd, WORTHWHILE)

    # Normal(-0.05, 0.22) lies below 0 with 0.590 and below log 0.7 with 0.082.
    assert (dots.fewer, dots.worthwhile) == (12, 2)


def test_the_dots_are_equally_likely_values():
    values = of_normal(0.0, 1.0, WORTHWHILE).values

    assert [round(one, 3) for one in values[:2]] == [-1.96, -1.44]  # 2.5 % and 7.5 % of a standard normal


def test_a_change_to_half_stands_four_columns_from_the_line():
    values = (log(0.51),) * 10 + (log(1.01),) * 10
    svg = picture(Dots(values, of_twenty(0.5), 10), "en")
    tick = float(re.search(r'<text [^>]*x="([\d.]+)"[^>]*>half<', svg)[1])

    assert 0 < min(places(svg, "dot-fewer")) - tick < 20  # the column beside the tick


def test_the_levels_are_the_middles_of_the_twentieths():
    assert (len(LEVELS), LEVELS[0], LEVELS[-1]) == (20, 0.025, 0.975)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_picture_is_well_formed_with_title_and_description(lang):
    svg = ElementTree.fromstring(picture(of_normal(-0.2, 0.6, WORTHWHILE), lang))

    assert "13" in svg.findtext("title")
    assert len(svg.findtext("desc")) > 40


def test_full_and_open_dots_differ_without_colour_or_style():
    svg = drawn(-0.2, 0.6)

    assert "style=" not in svg
    assert {"dot-fewer", "dot-more"} <= set(re.findall(r'class="([\w-]+)"', svg))
