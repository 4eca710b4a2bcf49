"""Reads the table that Daylio exports: one entry a line, with activities that were ticked.

An activity that is there was done; one that is not there is not known, so that no column of it holds a zero. An entry
belongs to the night that its time lies in, from noon to noon; one without a time to its day.
"""

import datetime as dt
import re

from mollet.diary.nights import night_of
from mollet.errors import FileError
from mollet.exchange import archive, tables
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.mapping import Collected, answered
from mollet.exchange.measured import at_local

NAME = "daylio"
_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)(?::\d\d)?\s*([ap])?\.?\s*m?\.?", re.IGNORECASE)


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is such a table, by the names of its columns."""
    return {"full_date", "mood", "activities"} <= set(tables.header(part.head))


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read the activities: ask what they mean, or give the entries that follow from what was said."""
    collected, problems = Collected(), []
    ignored: dict[str, int] = {}
    for part, source in archive.documents(parts):
        named = tables.open_table(source, part.head)
        for _, row in named:
            day = tables.day(row["full_date"])
            if day is None:
                collected.unreadable += 1
                continue
            night = night_at(day, row.get("time", ""), to)
            for activity in filter(None, (each.strip() for each in row["activities"].split("|"))):
                collected.add(activity, night, 1.0)
            for name in ("mood", "note"):
                ignored[name] = ignored.get(name, 0) + bool(row.get(name))
        if named.table.is_cut:
            problems.append(FileError("error.file.cut", name=part.name))
    return answered(NAME, archive.sha256(*parts), collected, to, problems=problems, ignored=ignored)


def night_at(day: dt.date, time: str, to: Destination) -> dt.date:
    """Night that a time of a day lies in; that of the day where there is no time."""
    clock = clock_of(time)
    if clock is None:
        return day
    zone = to.diary.zone
    at = dt.datetime.fromtimestamp(at_local(dt.datetime.combine(day, clock), zone), dt.UTC)
    return night_of(at, zone, to.diary.by_day)


def clock_of(text: str) -> dt.time | None:
    """A time of the day, of 24 hours or of 12; None where it is none."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    if found[3]:
        hour = hour % 12 + (12 if found[3].casefold() == "p" else 0)
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None
