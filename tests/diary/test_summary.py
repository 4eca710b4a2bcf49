import datetime as dt

import pytest
from tests.people import claire

from mollet.diary.fold import Diary, nights
from mollet.diary.summary import Summary, summary, weeks

MONDAY, SUNDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 8)


@pytest.fixture
def week() -> Summary:
    end = claire.moment("2026-03-03 03:14")
    said = (
        claire.answers_night("2026-03-02", 2),
        claire.cramps_at("2026-03-03 03:10", end=end, end_known=True, severity=6),
        claire.answers_night("2026-03-03", 0),
        claire.cramps_at("2026-03-05 03:10", severity=8),
    )
    return summary(nights(Diary(said, zone=claire.zone), MONDAY, SUNDAY))


def test_the_rate_comes_from_closed_nights_only(week: Summary) -> None:
    assert (week.closed, week.cramps, week.rate_per_week) == (2, 2, 7.0)


def test_open_and_unlogged_nights_are_counted_as_such(week: Summary) -> None:
    assert (week.open, week.unlogged, week.paused) == (1, 4, 0)


def test_the_worst_severity_is_that_of_any_episode(week: Summary) -> None:
    assert week.worst_severity == 8


def test_minutes_come_from_episodes_whose_end_is_known(week: Summary) -> None:
    assert week.episode_minutes == 4.0


def test_without_a_closed_night_there_is_no_rate() -> None:
    assert summary(nights(Diary(), MONDAY, SUNDAY)).rate_per_week is None


def test_a_week_starts_with_the_night_of_monday() -> None:
    found = weeks(nights(Diary(), MONDAY - dt.timedelta(days=1), SUNDAY))

    assert [(one.first, one.last) for one in found] == [(dt.date(2026, 3, 1), dt.date(2026, 3, 1)), (MONDAY, SUNDAY)]
