"""Reads the table that Sleep as Android exports, alone or in its zip.

A line of titles stands before each record, as each has columns of its own: what the device saw at which time, and what
happened (``AWAKE_START-`` and ``AWAKE_END-`` with the time in milliseconds). From and to are by the clock of the zone
beside them. A rating of 0 is none, and the comment is nobody's business here: both are left aside.
"""

import datetime as dt
import re
from zoneinfo import available_timezones

from mollet.exchange import archive, tables
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left, at_local, incoming
from mollet.exchange.rows import ASLEEP, AWAKE, PHONE, Days

NAME = "sleep_as_android"
SOURCE = "phone:sleep_as_android"
_TITLES = ["Id", "Tz", "From", "To"]
_WHEN = re.compile(r"(\d{1,2})\. (\d{1,2})\. (\d{4}) (\d{1,2}):(\d\d)")
_EVENT = re.compile(r"AWAKE_(START|END)-(\d{10,13})(?:-.*)?")


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is such a table, by its first titles."""
    return tables.header(part.head)[:4] == _TITLES


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read the nights into daily measures; nothing is kept yet."""
    days, left = Days(to.diary.zone, to.diary.by_day), Left()
    for part, source in archive.documents(parts):
        table = tables.Table(source, tables.Dialect("utf-8-sig", ","))
        for _, cells in table:
            if cells[:4] == _TITLES:
                continue
            try:
                _put(cells, days)
            except (ValueError, IndexError, OverflowError, OSError):
                left.unreadable += 1
        if table.is_cut:
            left.cut.append(part.name)
    return incoming(NAME, SOURCE, archive.sha256(*parts), days, to, left)


def _put(cells: list[str], days: Days) -> None:
    """Take one record: asleep from its beginning to its end, but for what it calls awake."""
    zone = cells[1] if cells[1] in available_timezones() else days.zone
    start, end = _when(cells[2], zone), _when(cells[3], zone)
    days.put("sleep", start, end, ASLEEP, NAME, PHONE, zone)
    woken = None
    for kind, at in (event.groups() for cell in cells if (event := _EVENT.fullmatch(cell))):
        moment = min(max(int(at) // 1000, start), end)
        if kind == "START":
            woken = moment
        elif woken is not None:
            days.put("sleep", woken, moment, AWAKE, NAME, PHONE, zone)
            woken = None


def _when(text: str, zone: str) -> int:
    found = _WHEN.fullmatch(text)
    if not found:
        raise ValueError(text)
    day, month, year, hour, minute = (int(each) for each in found.groups())
    if year < 2000:
        raise ValueError(text)
    return at_local(dt.datetime.combine(dt.date(year, month, day), dt.time(hour, minute)), zone)
