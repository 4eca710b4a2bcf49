"""Which instant of a night a time of day names."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from mollet.diary.nights import ByDay, window


def at_clock(night: dt.date, time: dt.time, zone: str, by_day: ByDay = False) -> dt.datetime | None:
    """First instant of a night at which the local clock shows a time; None when it never does.

    A clock that is put back shows some times twice: nobody can tell which was meant, the first is taken. One that is
    put forward never shows the times it jumps over.
    """
    return next((at for at in _readings(night, time, zone, by_day) if _is_shown(at)), None)


def is_skipped(night: dt.date, time: dt.time, zone: str, by_day: ByDay = False) -> bool:
    """Tell whether the clock jumps over a time during a night."""
    readings = list(_readings(night, time, zone, by_day))
    return bool(readings) and not any(_is_shown(at) for at in readings)


def is_twice(night: dt.date, time: dt.time, zone: str, by_day: ByDay = False) -> bool:
    """Tell whether the clock shows a time twice during a night, within an hour or two, because it is put back."""
    shown = {at.astimezone(dt.UTC): at.date() for at in _readings(night, time, zone, by_day) if _is_shown(at)}
    return len(shown) > len(set(shown.values()))


def _readings(night: dt.date, time: dt.time, zone: str, by_day: ByDay) -> Iterator[dt.datetime]:
    """Readings of a clock that fall into a night, in their order."""
    start, end = window(night, zone, by_day)
    here = ZoneInfo(zone)
    days = (start.astimezone(here).date() + dt.timedelta(days=ahead) for ahead in range(3))
    readings = (dt.datetime.combine(day, time, here).replace(fold=fold) for day in days for fold in (0, 1))
    return (at for at in readings if start <= at.astimezone(dt.UTC) < end)


def _is_shown(at: dt.datetime) -> bool:
    """Tell whether a clock ever shows this reading: one that it jumps over comes back from UTC as another."""
    again = at.astimezone(dt.UTC).astimezone(at.tzinfo)
    return again.replace(tzinfo=None) == at.replace(tzinfo=None)
