"""Reads FIT files of Garmin and of others: alone, in a folder, or in the zip of the account with zips inside it.

What such files do that one would not expect, and what is done about it:

- steps are counted up from local midnight, by kind of movement: a day's steps are the highest counts of each kind, as
  they stand in the file (half of them are called cycles);
- most times are the low 16 bits of a time: the last full one gives the rest, and a lower number means the next round;
- the local clock of the device is told beside its UTC time: the difference decides which day is meant;
- a device that never knew the time counts from when it was switched on: its activity tells the local time at the end;
- a scale knows several people: where a file holds more than one, no weight is taken;
- checksums that fail and files that end too early are common: what was read is kept, and the file is named.

Places and heartbeats are never looked at.
"""

import datetime as dt
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

from mollet.errors import FileError
from mollet.exchange import archive
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left, at_local, at_noon, incoming
from mollet.exchange.rows import WATCH, Days

NAME = "garmin"
SOURCE = "watch:garmin"
EPOCH = 631_065_600
"""31 December 1989, 00:00 UTC, where FIT begins to count, in seconds since 1970."""
SINCE_SWITCHED_ON = 0x10000000
"""Times below this are seconds since the device was switched on."""
ON_FOOT = {1, 6}
WANTED = {"monitoring_info", "monitoring", "session", "activity", "weight_scale", "file_id"}
_DAMAGED = (
    struct.error,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    OverflowError,
    AttributeError,
    AssertionError,
    OSError,
)

Values = dict[str, Any]


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is a FIT file, by the mark in its header."""
    return part.head[8:12] == b".FIT" and len(part.head) > part.head[0] >= 12


@dataclass(slots=True)
class Device:
    """What one file has told so far: its clock, the sessions that wait for it, and the people on a scale."""

    last: int = 0
    offset: int = 0
    knows_offset: bool = False
    weights: list[tuple[int, float]] = field(default_factory=list)
    people: set[object] = field(default_factory=set)
    sessions: list[Values] = field(default_factory=list)
    local_end: tuple[int, int] | None = None


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read all files into daily measures; nothing is kept yet."""
    days, left = Days(to.diary.zone, to.diary.by_day), Left()
    steps: dict[tuple[dt.date, object], float] = {}
    several = 0
    for part, source in archive.documents(parts):
        device = Device()
        is_whole = _read(source, device, steps, days.zone)
        several += len(device.people) > 1
        _put(device, days, left)
        if not is_whole:
            left.cut.append(part.name)
    by_day: dict[dt.date, float] = {}
    for (day, _), count in steps.items():
        by_day[day] = by_day.get(day, 0.0) + count
    for day, count in by_day.items():
        noon = at_noon(day, days.zone)
        days.put("steps", noon, noon, count, NAME, WATCH)
    notes = [FileError("cli.exchange.several_people", n=several)] if several else []
    return incoming(NAME, SOURCE, archive.sha256(*parts), days, to, left, notes=notes)


def _read(source: archive.Counted, device: Device, steps: dict[tuple[dt.date, object], float], zone: str) -> bool:
    """Read one file; False where it is damaged, after what stands before the damage."""
    is_whole = True
    try:
        with io.BufferedReader(source, archive.CHUNK) as raw:
            for name, values in _messages(cast("IO[bytes]", raw)):
                if name == "crc":
                    is_whole = is_whole and values["matched"]
                elif name.startswith("monitoring"):
                    _monitor(name, values, device, steps, zone)
                else:
                    _hear(name, values, device)
    except _DAMAGED:
        return False
    return is_whole and not source.is_cut


def _messages(raw: IO[bytes]) -> Iterator[tuple[str, Values]]:
    """Yield the messages that are wanted, by name, with the values as they stand in the file."""
    # Brings the whole vocabulary of FIT along: only when there is such a file.
    import fitdecode  # type: ignore[import-untyped]

    keep_on = {"check_crc": fitdecode.CrcCheck.READONLY, "error_handling": fitdecode.ErrorHandling.IGNORE}
    try:
        with fitdecode.FitReader(raw, **keep_on) as reader:
            for frame in reader:
                if frame.frame_type == fitdecode.FIT_FRAME_CRC:
                    yield "crc", {"matched": frame.matched}
                elif frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name in WANTED:
                    yield frame.name, {one.name: one.raw_value for one in frame.fields if one.value is not None}
    except fitdecode.FitError as error:
        raise ValueError("FIT") from error


def _monitor(name: str, values: Values, device: Device, steps: dict[tuple[dt.date, object], float], zone: str) -> None:
    """Follow the clock of the device, and keep the highest count of each kind of movement on each of its days."""
    if "timestamp" in values:
        device.last = int(values["timestamp"])
    elif "timestamp_16" in values:
        device.last += (int(values["timestamp_16"]) - device.last) & 0xFFFF
    if name == "monitoring_info" and "local_timestamp" in values:
        device.offset = int(values["local_timestamp"]) - device.last
        device.knows_offset = abs(device.offset) <= 15 * 3600
    kind = values.get("activity_type")
    count = values.get("steps", values.get("cycles"))
    if kind not in ON_FOOT or not isinstance(count, int | float) or device.last < SINCE_SWITCHED_ON:
        return
    # What was counted until midnight belongs to the day that ends.
    key = (_local_day(device, zone), kind)
    steps[key] = max(steps.get(key, 0.0), float(count))


def _local_day(device: Device, zone: str) -> dt.date:
    at = device.last + EPOCH - 1
    if device.knows_offset:
        return dt.datetime.fromtimestamp(at + device.offset, dt.UTC).date()
    return dt.datetime.fromtimestamp(at, ZoneInfo(zone)).date()


def _hear(name: str, values: Values, device: Device) -> None:
    if name == "session":
        device.sessions.append(values)
    elif name == "activity" and {"timestamp", "local_timestamp"} <= values.keys():
        device.local_end = (int(values["timestamp"]), int(values["local_timestamp"]))
    elif name == "weight_scale":
        device.people.add(values.get("user_profile_index"))
        device.weights.append((int(values["timestamp"]) + EPOCH, float(values["weight"]) / 100))


def _put(device: Device, days: Days, left: Left) -> None:
    """Hand sessions and weights on, once the file is over and its clock known."""
    for session in device.sessions:
        try:
            start = _start(int(session["start_time"]), device, days.zone)
            lasted = float(session.get("total_elapsed_time", 0.0)) / 1000
            moved = float(session["total_timer_time" if "total_timer_time" in session else "total_elapsed_time"]) / 1000
            days.put("workout_min", start, start + int(max(lasted, moved)), moved / 60, NAME, WATCH)
        except (KeyError, ValueError, TypeError, OverflowError, OSError):
            left.unreadable += 1
    if len(device.people) <= 1:
        for at, weight in device.weights:
            days.put("weight_kg", at, at, weight, NAME, WATCH)


def _start(start: int, device: Device, zone: str) -> int:
    if start >= SINCE_SWITCHED_ON:
        return start + EPOCH
    if device.local_end is None:
        raise ValueError(start)
    end, local = device.local_end
    moment = dt.datetime.fromtimestamp(local - (end - start) + EPOCH, dt.UTC).replace(tzinfo=None)
    return at_local(moment, zone)
