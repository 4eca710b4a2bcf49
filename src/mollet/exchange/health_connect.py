"""Reads the export of Android's Health Connect: a zip with one SQLite database, opened for reading only.

What such databases do that one would not expect, and what is done about it:

- the layout changes with every version: tables and columns are looked up by name, and what is there is taken;
- times are milliseconds since 1970 UTC, offsets are seconds: the instant decides, the zone of the person makes the day;
- water is in litres, minerals in grams, weight in grams: all become our units;
- several apps write the same steps: they are merged minute by minute, as those of two devices are;
- numbers may stand in columns of text: what is no number counts as unreadable.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from math import isfinite
from pathlib import Path
from typing import Any

from mollet.errors import FileError
from mollet.exchange import archive
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left, incoming
from mollet.exchange.rows import ASLEEP, AWAKE, OTHER, PHONE, WATCH, Days

NAME = "health_connect"
SOURCE = "phone:health_connect"
MAGIC = b"SQLite format 3\x00"
MOST_STEPS = 200_000_000
"""Instructions that one question to a database may take: far more than a real one needs."""

# Table: the columns that are measures, the kind each becomes, and what one of its unit is in ours.
MEASURED: dict[str, dict[str, tuple[str, float]]] = {
    "steps_record_table": {"count": ("steps", 1.0)},
    "hydration_record_table": {"volume": ("water_ml", 1000.0)},
    "nutrition_record_table": {
        "potassium": ("potassium_mg", 1000.0),
        "magnesium": ("magnesium_mg", 1000.0),
        "calcium": ("calcium_mg", 1000.0),
        "sodium": ("sodium_mg", 1000.0),
        "caffeine": ("caffeine_mg", 1000.0),
    },
    "weight_record_table": {"weight": ("weight_kg", 0.001)},
}
SLEEP, STAGES, EXERCISE = "sleep_session_record_table", "sleep_stages_table", "exercise_session_record_table"
# Unknown and out of bed say nothing of sleep.
STAGE = {1: AWAKE, 2: ASLEEP, 4: ASLEEP, 5: ASLEEP, 6: ASLEEP, 7: AWAKE}
# A device that is worn, by its number in the table of devices: watch, ring, band on the wrist, chest strap.
WORN = {1, 4, 6, 7}
CARRIED = {2}


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is a database of Health Connect, by the tables in it."""
    return any(name.endswith("_record_table") for name in tables(part))


def tables(part: archive.Part) -> frozenset[str]:
    """Names of the tables of a database; none where it is not one, or is damaged."""
    if not part.head.startswith(MAGIC):
        return frozenset()
    try:
        with archive.on_disk(part) as path, database(path) as opened:
            return frozenset(_tables(opened))
    except (sqlite3.Error, FileError):
        return frozenset()


@contextmanager
def database(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database that nobody writes to, so that nothing is written beside it either."""
    address = path.resolve().as_uri() + "?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as opened:
        opened.execute("PRAGMA trusted_schema = OFF")
        opened.execute("PRAGMA cell_size_check = ON")
        opened.text_factory = lambda raw: raw.decode("utf-8", "replace")
        left = [MOST_STEPS // 100_000]

        def stop() -> bool:
            left[0] -= 1
            return left[0] < 0

        opened.set_progress_handler(stop, 100_000)
        try:
            yield opened
        except UnicodeDecodeError as error:
            # Names of columns pass by the factory: damaged ones are a damaged database like any other.
            raise sqlite3.DatabaseError("names") from error


def read(part: archive.Part, to: Destination) -> Incoming:
    """Read the database into daily measures; nothing is kept yet."""
    days, left = Days(to.diary.zone, to.diary.by_day), Left()
    with archive.on_disk(part) as path:
        try:
            with database(path) as opened:
                _read(opened, days, left)
        except sqlite3.Error:
            left.cut.append(part.path.name)
    return incoming(NAME, SOURCE, archive.sha256(part), days, to, left, until=days.newest, cut=bool(left.cut))


def _read(opened: sqlite3.Connection, days: Days, left: Left) -> None:
    known = _tables(opened)
    sources = _sources(opened, known)
    for table, columns in MEASURED.items():
        there = {name: column for name, column in columns.items() if name in known.get(table, ())}
        for row in _rows(opened, table, known, there):
            for name, (kind, factor) in there.items():
                _put(days, left, kind, row, row[name], factor, sources)
    for row in _rows(opened, EXERCISE, known, ()):
        _put(days, left, "workout_min", row, _minutes(row), 1.0, sources)
    _sleep(opened, known, days, left, sources)
    wanted = {*MEASURED, SLEEP, EXERCISE}
    for table in known:
        if table.endswith("_record_table") and table not in wanted:
            count = opened.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0]
            if count:
                left.ignore(table.removesuffix("_record_table"), count)


def _sleep(
    opened: sqlite3.Connection,
    known: dict[str, frozenset[str]],
    days: Days,
    left: Left,
    sources: dict[tuple[Any, Any], tuple[str, int]],
) -> None:
    """Read the stages of each session; a session without any is sleep from end to end."""
    staged: set[Any] = set()
    sessions = {row["row_id"]: row for row in _rows(opened, SLEEP, known, ())}
    needed = {"parent_key", "stage_start_time", "stage_end_time", "stage_type"}
    if needed <= known.get(STAGES, frozenset()):
        asked = f"SELECT parent_key, stage_start_time, stage_end_time, stage_type FROM {STAGES}"
        for parent, start, end, stage in opened.execute(asked):
            session = sessions.get(parent)
            state = STAGE.get(stage) if isinstance(stage, int) else None
            if session is None or state is None:
                continue
            staged.add(parent)
            _put(days, left, "sleep", {**session, "start_time": start, "end_time": end}, state, 1.0, sources)
    for key, session in sessions.items():
        if key not in staged:
            _put(days, left, "sleep", session, ASLEEP, 1.0, sources)


def _put(
    days: Days,
    left: Left,
    kind: str,
    row: dict[str, Any],
    value: object,
    factor: float,
    sources: dict[tuple[Any, Any], tuple[str, int]],
) -> None:
    if value is None:
        return
    start = row.get("start_time", row.get("time"))
    end = row.get("end_time", start)
    numbers = (value, start, end)
    if not all(isinstance(each, int | float) and isfinite(each) for each in numbers):
        left.unreadable += 1
        return
    amount, first, last = (float(str(each)) for each in numbers)
    name, rank = sources.get((row.get("app_info_id"), row.get("device_info_id")), ("", OTHER))
    try:
        days.put(kind, int(first // 1000), int(last // 1000), amount * factor, name, rank)
    except (ValueError, OverflowError, OSError):
        left.unreadable += 1


def _minutes(row: dict[str, Any]) -> float | None:
    start, end = row.get("start_time"), row.get("end_time")
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        return None
    return (end - start) / 60_000


def _rows(
    opened: sqlite3.Connection, table: str, known: dict[str, frozenset[str]], wanted: Any
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table with its times, its origin and the columns asked for, as far as they are there."""
    columns = ["row_id", "time", "start_time", "end_time", "app_info_id", "device_info_id", *wanted]
    there = [name for name in columns if name in known.get(table, ())]
    if not there or (table in MEASURED and not wanted):
        return
    asked = f"SELECT {', '.join(map(_quoted, there))} FROM {_quoted(table)}"
    for row in opened.execute(asked):
        yield dict(zip(there, row, strict=True))


def _tables(opened: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """Columns of each table by name."""
    names = [str(name) for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: frozenset(row[1] for row in opened.execute(f"PRAGMA table_info({_quoted(name)})")) for name in names}


def _sources(opened: sqlite3.Connection, known: dict[str, frozenset[str]]) -> dict[tuple[Any, Any], tuple[str, int]]:
    """Name and rank of each pair of an app and a device."""
    apps: dict[Any, str] = {None: ""}
    if {"row_id", "package_name"} <= known.get("application_info_table", frozenset()):
        asked = "SELECT row_id, package_name FROM application_info_table LIMIT 10000"
        apps |= {key: str(name) for key, name in opened.execute(asked)}
    devices: dict[Any, int] = {None: OTHER}
    if {"row_id", "device_type"} <= known.get("device_info_table", frozenset()):
        asked = "SELECT row_id, device_type FROM device_info_table LIMIT 1000"
        devices |= {key: _rank(kind) for key, kind in opened.execute(asked)}
    return {(app, device): (f"{name}|{device}", rank) for app, name in apps.items() for device, rank in devices.items()}


def _rank(kind: object) -> int:
    if kind in WORN:
        return WATCH
    return PHONE if kind in CARRIED else OTHER


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
