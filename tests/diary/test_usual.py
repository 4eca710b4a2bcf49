"""What is usual, from what was said."""

import datetime as dt

import pytest
from tests.people import claire

from mollet.diary.entries import Exposure
from mollet.diary.fold import Diary
from mollet.diary.usual import usual

NIGHT = dt.date(2026, 11, 21)


def said(*values, first=dt.date(2026, 11, 10)):
    days = [first + dt.timedelta(days=n) for n in range(len(values))]
    entries = [
        claire.says(Exposure("coffee_cups", value, None, day), f"{day} 21:00")
        for day, value in zip(days, values, strict=True)
        if value is not None
    ]
    return dict(usual(Diary(tuple(entries)), NIGHT))


def test_what_was_said_most_often_is_usual():
    assert said(2, 2, 3, 2) == {"coffee_cups": 2}


@pytest.mark.parametrize("values", [(), (2,), (2, 2), (1, 2, 3, 4)])
def test_what_was_said_too_seldom_is_not_usual(values):
    assert said(*values) == {}


def test_of_two_values_said_equally_often_the_latest_counts():
    assert said(1, 2, 1, 2, 1, 2) == {"coffee_cups": 2}


def test_a_yes_is_not_a_one():
    assert said(True, True, True, 1.0) == {"coffee_cups": True}


def test_what_was_said_long_ago_is_usual_no_more():
    assert said(2, 2, 2, first=dt.date(2026, 9, 1)) == {}


def test_the_day_itself_and_later_days_do_not_count():
    assert said(2, 2, 2, first=NIGHT) == {}
