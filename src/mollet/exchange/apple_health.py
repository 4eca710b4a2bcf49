"""Reads the export of Apple Health - zip, XML or folder - into daily measures, in one pass and constant memory.

What such files do that one would not expect, and what is done about it:

- the main file has a localised name: the document is found by its content;
- the document type definition may be broken (iOS 16.0): all that stands before ``<HealthData`` is skipped, so no entity
  can be declared either; a file that declares one is refused;
- control characters stand in values: they are dropped;
- the file may be cut: what was read is kept, and the last date is told;
- what is inside a ``Correlation`` stands again at top level: only top-level records are read;
- each time carries the offset the phone had at export, not at the time: times become UTC first, then local by the zone
  in ``HKTimeZone`` or else that of the person;
- ``device`` holds a memory address: only name, model and hardware are looked at;
- units follow the settings of the phone: the unit is read, and an unknown one is reported, not guessed.
"""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from mollet.errors import FileError
from mollet.exchange import archive
from mollet.exchange.apple_scan import Scan
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left, incoming
from mollet.exchange.rows import Days

NAME = "apple_health"
# The phone's health store, merged by us: one source, whichever devices wrote into it, so that a newer export replaces.
SOURCE = "phone:apple_health"


def sniff(head: bytes) -> bool:
    """Tell whether a document is the main file of an Apple Health export, by its first bytes."""
    return b"<!DOCTYPE HealthData" in head or b"<HealthData" in head


def read(part: archive.Part, to: Destination) -> Incoming:
    """Read an export into daily measures; nothing is kept yet."""
    sha256 = archive.sha256(part)
    zone = to.diary.zone
    days = Days(zone, to.diary.by_day)
    scan = Scan(zone, days.put)
    scan.read(archive.chunks(part))
    until = days.last_end if scan.exported is None and days.rows else scan.exported
    if scan.elements == 0:
        raise FileError("error.file.apple_empty", name=part.path.name)
    return incoming(
        NAME,
        SOURCE,
        sha256,
        days,
        to,
        Left(scan.ignored, scan.unreadable),
        until=until,
        cut=scan.is_cut,
        problems=_problems(scan, zone),
        notes=_notes(scan),
    )


def _problems(scan: Scan, zone: str) -> Iterator[FileError]:
    if scan.is_cut:
        day = None
        if scan.last_start is not None:
            day = dt.datetime.fromtimestamp(scan.last_start, ZoneInfo(zone)).date()
        yield FileError("error.file.apple_cut", day=day) if day else FileError("error.file.apple_cut_early")


def _notes(scan: Scan) -> Iterator[FileError]:
    for (kind, unit), count in sorted(scan.unknown_units.items()):
        yield FileError("cli.exchange.unknown_unit", n=count, kind=kind, unit=unit)
    if scan.hand_entered:
        yield FileError("cli.exchange.hand_entered", n=scan.hand_entered)
