"""Reads the sleep diary of Sleepmeter: sections of a table, of which the last holds the nights.

Words in it are quoted in a way that no reader of tables follows, over several lines; so each night is found by how its
line begins: woken, asleep and in bed, with the offset of each, the holes in between, and what kind of sleep it was.
Holes are minutes counted from falling asleep. Naps are no night and are left aside; dreams, aids and notes too.
"""

import datetime as dt
import re
from collections.abc import Iterator

from mollet.exchange import archive
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left, incoming
from mollet.exchange.rows import ASLEEP, AWAKE, IN_BED, PHONE, Days

NAME = "sleepmeter"
SOURCE = "phone:sleepmeter"
_MARKS = (b"wake,sleep,bedtime,holes,type", b"custom_aid_id,class,name", b"custom_hindrance_id,class,name")
_TIME = r'"(\d{4}-\d\d-\d\d \d\d:\d\d[+-]\d{4})"'
_NIGHT = re.compile(rf"^{_TIME},{_TIME},{_TIME},([\d|-]*),([A-Z_]{{1,30}}),", re.MULTILINE)
_BEGUN = re.compile(r'^"\d{4}-\d\d-\d\d \d\d:\d\d', re.MULTILINE)
_EARLIEST_YEAR = 2000
LARGEST_LINE = 1 << 20


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is such a diary, by the titles of its sections."""
    return any(mark in part.head for mark in _MARKS)


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read the nights into daily measures; nothing is kept yet."""
    days, left = Days(to.diary.zone, to.diary.by_day), Left()
    latest = dt.datetime.combine(to.today + dt.timedelta(days=2), dt.time(), dt.UTC) if to.today else None
    for part, source in archive.documents(parts):
        for woken, asleep, in_bed, holes, kind in _nights(source, left):
            if kind != "NIGHT_SLEEP":
                left.ignore(kind.casefold())
                continue
            try:
                _put(_when(in_bed, latest), _when(asleep, latest), _when(woken, latest), holes, days)
            except (ValueError, OverflowError, OSError):
                left.unreadable += 1
        if source.is_cut:
            left.cut.append(part.name)
    return incoming(NAME, SOURCE, archive.sha256(*parts), days, to, left)


def _nights(source: archive.Counted, left: Left) -> Iterator[tuple[str, ...]]:
    """Yield what each night begins with, from a document of any size."""
    held = b""
    while True:
        piece = source.piece(archive.CHUNK)
        whole, end, held = (held + piece).rpartition(b"\n") if piece else (held, b"", b"")
        text = (whole + end).decode("utf-8-sig", "replace")
        found = _NIGHT.findall(text)
        left.unreadable += len(_BEGUN.findall(text)) - len(found)
        yield from found
        if not piece:
            return
        held = held[-LARGEST_LINE:]


def _put(in_bed: int, asleep: int, woken: int, holes: str, days: Days) -> None:
    if not in_bed <= asleep <= woken:
        raise ValueError(in_bed)
    days.put("sleep", in_bed, woken, IN_BED, NAME, PHONE)
    days.put("sleep", asleep, woken, ASLEEP, NAME, PHONE)
    for hole in filter(None, holes.split("|")):
        first, _, last = hole.partition("-")
        start, end = (min(asleep + 60 * int(minute), woken) for minute in (first, last))
        days.put("sleep", start, end, AWAKE, NAME, PHONE)


def _when(text: str, latest: dt.datetime | None) -> int:
    moment = dt.datetime.strptime(text, "%Y-%m-%d %H:%M%z")
    if moment.year < _EARLIEST_YEAR or (latest and moment > latest):
        raise ValueError(text)
    return int(moment.timestamp())
