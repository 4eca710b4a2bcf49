"""The look back at the routine: its dates, its nights, and no figure where nothing was answered."""

import datetime as dt

from tests.people import claire

from mollet.advice.review import review
from mollet.diary.entries import Dose, Night
from mollet.diary.fold import Diary
from mollet.knowledge import load

BEGUN = dt.date(2026, 9, 1)


def look_back(today, done=(BEGUN,), cramps=(), remedy="calf_hamstring_stretch"):
    """The look back on a day, with the routine done on these nights, and these cramps said of these nights."""
    entries = [claire.says(Dose(remedy, None, True, night), f"{night} 22:00") for night in done]
    entries += [claire.says(Night(number, night), f"{night} 23:00") for night, number in cramps]
    return review(Diary(tuple(entries)), 6, today, load())


def test_before_the_routine_was_done_there_is_nothing_to_look_back_at():
    assert look_back(dt.date(2026, 10, 1), done=()) is None


def test_what_is_not_part_of_the_routine_begins_nothing():
    assert look_back(dt.date(2026, 10, 1), remedy="water") is None


def test_it_is_due_six_weeks_after_the_first_night():
    found = look_back(dt.date(2026, 10, 12))

    assert (found.due, found.is_due) == (dt.date(2026, 10, 13), False)


def test_on_the_day_it_is_due():
    assert look_back(dt.date(2026, 10, 13)).is_due


def test_nights_on_which_it_was_done_are_counted_once():
    found = look_back(dt.date(2026, 9, 11), done=(BEGUN, BEGUN, dt.date(2026, 9, 3)))

    assert (found.done, found.nights) == (2, 10)


def test_after_its_weeks_the_look_back_changes_no_more():
    nights = [(dt.date(2026, 9, 5), 2), (dt.date(2026, 12, 5), 9)]

    found = look_back(dt.date(2026, 12, 20), cramps=nights)

    assert (found.nights, found.during.cramps) == (42, 2)


def test_the_weeks_before_are_as_many():
    nights = [(dt.date(2026, 7, 20), 5), (dt.date(2026, 7, 22), 3), (dt.date(2026, 8, 31), 1)]

    assert look_back(dt.date(2026, 9, 20), cramps=nights).before.cramps == 4


def test_without_an_answered_night_there_is_no_rate():
    found = look_back(dt.date(2026, 11, 1))

    assert (found.before.rate_per_week, found.during.rate_per_week) == (None, None)
