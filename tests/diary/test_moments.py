import datetime as dt

from mollet.diary.moments import at_clock, is_skipped, is_twice

PARIS = "Europe/Paris"


def test_a_time_after_midnight_belongs_to_the_next_day():
    at = at_clock(dt.date(2026, 11, 21), dt.time(3, 10), PARIS)

    assert at.isoformat() == "2026-11-22T03:10:00+01:00"


def test_a_time_in_the_evening_belongs_to_the_day_of_the_night():
    at = at_clock(dt.date(2026, 11, 21), dt.time(23, 30), PARIS)

    assert at.isoformat() == "2026-11-21T23:30:00+01:00"


def test_noon_begins_the_night_that_bears_its_date():
    assert at_clock(dt.date(2026, 11, 21), dt.time(12), PARIS).date() == dt.date(2026, 11, 21)


def test_a_time_the_clock_jumps_over_is_no_moment():
    assert at_clock(dt.date(2026, 3, 28), dt.time(2, 30), PARIS) is None


def test_a_time_shown_twice_is_the_first_of_the_two():
    assert at_clock(dt.date(2026, 10, 24), dt.time(2, 30), PARIS).utcoffset() == dt.timedelta(hours=2)


def test_who_sleeps_by_day_has_the_times_of_one_date():
    at = at_clock(dt.date(2026, 11, 21), dt.time(3, 10), PARIS, by_day=True)

    assert at.isoformat() == "2026-11-21T03:10:00+01:00"


def test_a_time_the_clock_jumps_over_is_told_from_one_outside_the_night():
    assert is_skipped(dt.date(2026, 3, 28), dt.time(2, 30), PARIS)
    assert not is_skipped(dt.date(2026, 3, 28), dt.time(3, 30), PARIS)


def test_a_time_is_shown_twice_only_where_the_clock_is_put_back():
    assert is_twice(dt.date(2026, 10, 24), dt.time(2, 30), PARIS)
    assert not is_twice(dt.date(2026, 10, 24), dt.time(3, 30), PARIS)
    assert not is_twice(dt.date(2026, 10, 25), dt.time(2, 30), PARIS)
