"""What the diary says beside a cause: counts of what was said, and of nothing else."""

import datetime as dt

from tests.people import claire

from mollet.advice.noted import Nights, noted
from mollet.diary.entries import Exposure, Night
from mollet.diary.fold import Diary
from mollet.knowledge import load

TODAY = dt.date(2026, 11, 22)
FIRST = dt.date(2026, 11, 10)


def says(what, values, cramps=()):
    """What the diary says of a habit, noted on days one after the other, and of the nights that followed."""
    days = [FIRST + dt.timedelta(days=n) for n in range(max(len(values), len(cramps)))]
    entries = [
        claire.says(Exposure(what, value, None, day), f"{day} 21:00") for day, value in zip(days, values, strict=False)
    ]
    entries += [claire.says(Night(number, day), f"{day} 23:00") for day, number in zip(days, cramps, strict=False)]
    cause = next(one for one in load().causes.values() if what in one.exposures)
    return next(one for one in noted(cause, Diary(tuple(entries)), TODAY, load()) if one.exposure.id == what)


def test_a_cause_that_no_diary_can_know_has_nothing_beside_it():
    assert noted(load().causes["family"], Diary(), TODAY, load()) == ()


def test_where_nothing_was_noted_no_amount_is_invented():
    found = says("standing_hours", ())

    assert (found.days, found.least, found.middle, found.most) == (0, None, None, None)


def test_an_amount_is_told_with_its_bounds():
    found = says("standing_hours", (2, 8, 5))

    assert (found.days, found.least, found.middle, found.most) == (3, 2, 5, 8)


def test_nights_count_only_where_the_morning_was_answered():
    found = says("unusual_effort", (True, True, True, False), (1, 0))

    assert (found.yes, found.no) == (Nights(2, 1), Nights(0, 0))


def test_what_was_noted_long_ago_is_not_told():
    old = [claire.says(Exposure("standing_hours", 9, None, dt.date(2026, 9, 1)), "2026-09-01 21:00")]

    assert noted(load().causes["long_standing"], Diary(tuple(old)), TODAY, load())[0].days == 0
