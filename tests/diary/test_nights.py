import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people import claire
from tests.sayings import NOTORIOUS, dates, moments, zones

from mollet.diary.nights import Changes, Episode, Night, night_of, today, window, windows

ONE_DAY = dt.timedelta(days=1)


@st.composite
def settings(draw: st.DrawFn) -> bool | Changes:
    """Sleeps at night, by day, or changed now and then."""
    steps = draw(st.lists(st.tuples(moments, st.booleans()), max_size=4))
    return draw(st.booleans() | st.just(tuple(sorted(steps))))


@st.composite
def changed_about(draw: st.DrawFn, date: dt.date) -> bool | Changes:
    """Changes of the setting within days of a date, where they matter."""
    hours = draw(st.lists(st.tuples(st.integers(-96, 96), st.booleans()), max_size=4))
    noon = dt.datetime.combine(date, dt.time(12), tzinfo=dt.UTC)
    return draw(st.booleans() | st.just(tuple((noon + dt.timedelta(hours=h), value) for h, value in sorted(hours))))


def hours(night: str, zone: str, by_day: bool = False) -> float:
    start, end = window(dt.date.fromisoformat(night), zone, by_day)
    return (end - start) / dt.timedelta(hours=1)


@given(st.data(), dates, zones)
def test_each_night_ends_where_the_next_one_starts(data: st.DataObject, date: dt.date, zone: str) -> None:
    by_day = data.draw(changed_about(date))

    start, end = window(date, zone, by_day)

    assert start <= end
    assert end == window(date + ONE_DAY, zone, by_day)[0]


@given(st.data(), moments, zones)
def test_an_instant_lies_in_the_window_of_its_night_and_in_no_other(
    data: st.DataObject, at: dt.datetime, zone: str
) -> None:
    by_day = data.draw(changed_about(at.date()))
    date = night_of(at, zone, by_day)

    near = [date + days * ONE_DAY for days in range(-3, 4)]
    holding = [day for day in near if window(day, zone, by_day)[0] <= at < window(day, zone, by_day)[1]]

    assert holding == [date]


@given(st.data(), moments, zones, st.integers(0, 200))
def test_a_later_instant_is_never_in_an_earlier_night(
    data: st.DataObject, at: dt.datetime, zone: str, hours_later: int
) -> None:
    by_day = data.draw(changed_about(at.date()))

    assert night_of(at, zone, by_day) <= night_of(at + dt.timedelta(hours=hours_later), zone, by_day)


@given(moments, zones, settings(), st.booleans(), st.integers(0, 72))
def test_a_change_of_the_setting_moves_no_instant_before_it(
    at: dt.datetime, zone: str, by_day: bool | Changes, value: bool, hours_later: int
) -> None:
    before: Changes = () if isinstance(by_day, bool) else tuple(change for change in by_day if change[0] < at)
    after = (*before, (at + dt.timedelta(hours=hours_later), value))

    assert night_of(at, zone, after) == night_of(at, zone, before)


@given(dates, zones, st.booleans())
def test_a_night_starts_when_the_clock_first_reaches_its_hour(date: dt.date, zone: str, by_day: bool) -> None:
    start, _ = window(date, zone, by_day)
    wall = dt.datetime.combine(date, dt.time(0 if by_day else 12))

    assert start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) >= wall
    assert (start - dt.timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) < wall


@pytest.mark.parametrize("zone", NOTORIOUS)
def test_nights_tile_every_year_of_a_notorious_zone(zone: str) -> None:
    for year in range(1990, 2027):
        for by_day in (False, True):
            tiles = windows(dt.date(year, 12, 31), 365, zone, by_day)

            assert all(tile.end == following.start for tile, following in pairwise(tiles))
            assert all(tile.start <= tile.end for tile in tiles)


@pytest.mark.parametrize(
    ("night", "zone", "by_day", "length"),
    [
        ("2026-03-28", "Europe/Paris", False, 23),
        ("2026-10-24", "Europe/Paris", False, 25),
        ("2026-06-01", "Europe/Paris", False, 24),
        ("2026-10-03", "Australia/Lord_Howe", False, 23.5),
        ("2026-03-28", "Antarctica/Troll", False, 22),
        ("2011-12-29", "Pacific/Apia", False, 12),
        ("2011-12-30", "Pacific/Apia", False, 12),
        ("2011-12-30", "Pacific/Apia", True, 0),
        ("1993-08-21", "Kwajalein", True, 0),
        ("1994-10-31", "Antarctica/Vostok", False, 17),
        ("1994-01-31", "Antarctica/Vostok", False, 31),
        ("2007-12-08", "America/Caracas", False, 24.5),
    ],
)
def test_a_night_is_as_long_as_its_zone_makes_it(night: str, zone: str, by_day: bool, length: float) -> None:
    assert hours(night, zone, by_day) == length


@pytest.mark.parametrize(
    ("at", "night"),
    [
        ("2026-03-01 12:00", "2026-03-01"),
        ("2026-03-01 11:59:59.999999", "2026-02-28"),
        ("2026-03-01 23:59", "2026-03-01"),
        ("2026-03-02 00:00", "2026-03-01"),
        ("2026-03-29 03:10", "2026-03-28"),
    ],
)
def test_a_night_bears_the_date_of_its_evening(at: str, night: str) -> None:
    assert night_of(claire.moment(at), claire.zone) == dt.date.fromisoformat(night)


def test_who_sleeps_by_day_has_the_night_of_the_date() -> None:
    assert night_of(claire.moment("2026-03-01 10:00"), claire.zone, by_day=True) == dt.date(2026, 3, 1)


def test_the_same_instant_may_be_in_two_nights_of_two_zones() -> None:
    at = dt.datetime(2026, 3, 1, 11, 30, tzinfo=dt.UTC)

    assert night_of(at, "Europe/Paris") == dt.date(2026, 3, 1)
    assert night_of(at, "America/Montreal") == dt.date(2026, 2, 28)


def test_the_setting_counts_from_the_midnight_after_it_was_changed() -> None:
    changed: Changes = ((claire.moment("2026-03-10 15:00"), True),)

    assert night_of(claire.moment("2026-03-10 10:00"), claire.zone, changed) == dt.date(2026, 3, 9)
    assert night_of(claire.moment("2026-03-11 10:00"), claire.zone, changed) == dt.date(2026, 3, 11)


def test_after_midnight_the_last_date_that_is_not_to_come_is_the_days_own() -> None:
    now = dt.datetime.fromisoformat("2026-03-02T03:00+01:00")

    assert night_of(now, "Europe/Paris") == dt.date(2026, 3, 1)
    assert today(now, "Europe/Paris") == dt.date(2026, 3, 2)


@given(moments, zones, st.booleans())
def test_neither_the_date_nor_the_night_of_an_instant_is_to_come(now: dt.datetime, zone: str, by_day: bool) -> None:
    last = today(now, zone, by_day)

    assert last >= night_of(now, zone, by_day)
    assert last >= now.astimezone(ZoneInfo(zone)).date()


def test_windows_are_the_last_nights_oldest_first() -> None:
    last = windows(dt.date(2026, 3, 2), 3, claire.zone)

    assert [night.date.day for night in last] == [28, 1, 2]


def test_an_episode_has_minutes_only_when_its_end_is_known() -> None:
    start, end = claire.moment("2026-03-01 03:10"), claire.moment("2026-03-01 03:14:30")

    known = Episode(claire.uuid(), start, claire.zone, end, end_known=True)
    untouched = Episode(claire.uuid(), start, claire.zone, end, end_known=False)

    assert (known.minutes, untouched.minutes) == (4.5, None)


@pytest.mark.parametrize(
    ("night", "state"),
    [
        (Night(dt.date(2026, 3, 1)), "unlogged"),
        (Night(dt.date(2026, 3, 1), is_paused=True), "paused"),
        (Night(dt.date(2026, 3, 1), cramps=0), "closed"),
        (Night(dt.date(2026, 3, 1), cramps=0, is_paused=True), "closed"),
    ],
)
def test_only_an_answer_closes_a_night(night: Night, state: str) -> None:
    assert night.state == state
