import datetime as dt
import itertools
import math
import re

from mollet.diary.nights import Night
from mollet.diary.summary import weeks
from mollet.report.charts import month, night_words, time_line, weekly_chart

MONDAY = dt.date(2026, 11, 2)


def nights(*cramps: int | None) -> list[Night]:
    """Nights from a Monday on; None is a night that nobody spoke of."""
    return [Night(MONDAY + dt.timedelta(days=day), said) for day, said in enumerate(cramps)]


def bars(svg: str, name: str) -> list[str]:
    return re.findall(rf'<rect class="{name}" [^>]*height="([\d.]+)"', svg)


def test_a_month_begins_on_its_weekday():
    rows = month(dt.date(2026, 11, 1), {dt.date(2026, 11, 1): Night(dt.date(2026, 11, 1))})

    assert [night is not None for night in rows[0]] == [False] * 6 + [True]


def test_days_of_the_next_month_stay_empty():
    december = dt.date(2026, 12, 1)

    assert not any(night for row in month(dt.date(2026, 11, 1), {december: Night(december)}) for night in row)


def test_a_confirmed_night_without_cramp_is_said_to_have_none():
    assert night_words(Night(MONDAY, 0), "en") == "no cramp"


def test_a_night_nobody_spoke_of_is_not_said_to_have_none():
    assert night_words(Night(MONDAY), "en") == "not logged"


def test_a_whole_week_has_a_full_bar():
    assert len(bars(weekly_chart(weeks(nights(1, 0, 0, 2, 0, 0, 0)), "en"), "chart-bar")) == 1


def test_a_week_with_a_gap_has_an_open_bar():
    assert len(bars(weekly_chart(weeks(nights(1, None, 0, 2, 0, 0, 0)), "en"), "chart-bar-part")) == 1


def test_a_week_that_nobody_confirmed_has_no_bar():
    assert "<rect" not in weekly_chart(weeks(nights(None, None, None)), "en")


def test_twice_the_cramps_make_a_bar_twice_as_high():
    svg = weekly_chart(weeks(nights(1, 1, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0)), "en")

    low, high = map(float, bars(svg, "chart-bar"))
    assert abs(high - 2 * low) < 0.2  # heights are written to a tenth


def test_the_picture_has_a_title_in_the_language_of_the_page():
    assert "<title>Crampes par semaine" in weekly_chart(weeks(nights(1)), "fr")


def test_the_picture_holds_no_style_that_the_policy_forbids():
    assert "style=" not in weekly_chart(weeks(nights(1, None, 3)), "en")


def test_numbers_of_neighbouring_changes_never_cover_each_other():
    shown = weeks(nights(*[0] * 70))
    marks = [MONDAY + dt.timedelta(days=day) for day in (3, 4, 5, 6, 7, 40)]

    svg = time_line(shown, marks, "x", "en")

    rings = [(float(x), float(y)) for x, y in re.findall(r'<circle [^>]*cx="([\d.]+)" cy="([\d.]+)"', svg)]
    apart = [math.dist(one, other) for one, other in itertools.combinations(rings, 2)]
    assert (len(rings), min(apart) >= 16) == (6, True)
