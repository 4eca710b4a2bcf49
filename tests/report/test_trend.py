"""The curve over the weekly counts: from closed nights alone, with its band, and none where it would mislead."""

import datetime as dt
import re
from xml.etree import ElementTree

import pytest
from tests.test_layers import modules_after

from mollet.diary.nights import Night
from mollet.diary.summary import weeks
from mollet.report.charts import weekly_chart
from mollet.report.trend import LEAST_CLOSED, trend

MONDAY = dt.date(2026, 11, 2)


def nights(*cramps: int | None) -> list[Night]:
    """Nights from a Monday on; None is a night that nobody spoke of."""
    return [Night(MONDAY + dt.timedelta(days=day), said) for day, said in enumerate(cramps)]


def trend_of(*cramps: int | None):
    shown = nights(*cramps)
    return trend(shown, weeks(shown))


def svg_of(*cramps: int | None) -> str:
    shown = weeks(nights(*cramps))
    return weekly_chart(shown, "en", trend_of(*cramps).rates)


def middles(svg: str) -> list[float]:
    """Return the heights of the line."""
    lines = re.findall(r'class="chart-line" points="([^"]*)"', svg)
    return [float(point.split(",")[1]) for line in lines for point in line.split()]


def test_fourteen_closed_nights_have_a_curve():
    assert trend_of(*[1, 0] * (LEAST_CLOSED // 2)).missing is None


def test_one_night_less_has_none_and_says_so():
    assert trend_of(*[1] * (LEAST_CLOSED - 1)).missing == "few_nights"


def test_nights_that_nobody_closed_do_not_count_towards_the_fourteen():
    assert trend_of(*[1] * (LEAST_CLOSED - 1), *[None] * 20).missing == "few_nights"


def test_every_week_with_a_closed_night_has_its_rate_in_its_band():
    rates = trend_of(*[1, 0, 2, 0, 0, 0, 1] * 4).rates

    assert [rate.low < rate.middle < rate.high for rate in rates] == [True] * 4


def test_a_week_without_a_closed_night_has_no_rate():
    found = trend_of(*[1] * 14, *[None] * 7, *[1] * 7)

    assert [rate is None for rate in found.rates] == [False, False, True, False]


def test_nights_left_out_do_not_lower_the_rate():
    whole = trend_of(*[2] * 28).rates[1]
    part = trend_of(*[2] * 7, 2, 2, None, None, None, None, None, *[2] * 14).rates[1]

    # The count of that week falls from 14 to 4; the rate stays within the band of the whole one.
    assert whole.low < part.middle < whole.high


def test_a_diary_of_its_own_kind_has_a_reason_and_no_curve():
    assert trend_of(*[0] * 60, 9000, *[0] * 60).missing == "poor_fit"


def test_the_line_falls_where_the_cramps_become_fewer():
    heights = middles(svg_of(*[3] * 28, *[0] * 28))

    assert heights[-1] > heights[0] + 50  # further down on the page


def test_the_curve_has_a_gap_where_no_night_was_closed():
    assert svg_of(*[1] * 14, *[None] * 7, *[1] * 14).count("chart-line") == 2


def test_without_a_curve_the_picture_speaks_of_bars_alone():
    assert "band" not in svg_of(1, 0, 2)


def test_the_picture_with_its_curve_is_well_formed_and_described():
    picture = ElementTree.fromstring(svg_of(*[1, 0] * 14))

    assert picture.find("title") is not None
    assert "band" in picture.findtext("desc")


def test_the_whole_band_stands_in_the_picture():
    points = re.findall(r'class="chart-band" points="([^"]*)"', svg_of(*[0] * 13, 1))[0]

    assert min(float(point.split(",")[1]) for point in points.split()) >= 0


def test_the_curve_never_waits_for_compiled_kernels_to_load():
    pytest.importorskip("numba")
    drawn = (
        "import datetime as dt\nfrom mollet.diary.nights import Night\nfrom mollet.diary.summary import weeks\n"
        "from mollet.report.trend import trend\n"
        "shown = [Night(dt.date(2026, 11, 2) + dt.timedelta(days=day), 1) for day in range(14)]\n"
        "assert trend(shown, weeks(shown)).missing is None"
    )

    loaded = modules_after(drawn)

    assert "numpy" in loaded
    assert "numba" not in loaded
