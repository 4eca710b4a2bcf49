"""Which instant of a night a time of day names."""

import datetime as dt
from zoneinfo import ZoneInfo

from mollet.diary.nights import ByDay, window


def at_clock(night: dt.date, time: dt.time, zone: str, by_day: ByDay = False) -> dt.datetime | None:
    """First instant of a night at which the local clock shows a time; None when it never does.

    A clock that is put back shows some times twice: nobody can tell which was meant, the first is taken. One that is
    put forward never shows the times it jumps over.
    """
    start, end = window(night, zone, by_day)
    here = ZoneInfo(zone)
    days = (start.astimezone(here).date() + dt.timedelta(days=ahead) for ahead in range(3))
    readings = (dt.datetime.combine(day, time, here).replace(fold=fold) for day in days for fold in (0, 1))
    return next((at for at in readings if start <= at.astimezone(dt.UTC) < end and _is_shown(at)), None)


def _is_shown(at: dt.datetime) -> bool:
    """Tell whether a clock ever shows this reading: one that it jumps over comes back from UTC as another."""
    again = at.astimezone(dt.UTC).astimezone(at.tzinfo)
    return again.replace(tzinfo=None) == at.replace(tzinfo=None)
