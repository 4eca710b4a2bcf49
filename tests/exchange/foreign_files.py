"""Makes small synthetic files of the shapes that other programs export."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID, uuid4

from mollet.diary.fold import Diary
from mollet.exchange import formats
from mollet.exchange.incoming import Destination, Incoming

COMMON = "row_id INTEGER PRIMARY KEY, uuid BLOB, device_info_id INTEGER, app_info_id INTEGER, recording_method INTEGER"
INTERVAL = (
    "start_time INTEGER, start_zone_offset INTEGER, end_time INTEGER, end_zone_offset INTEGER, local_date INTEGER"
)
# 3 November 2026, 10:00 in Paris, in milliseconds.
TEN = 1_793_696_400_000
MINUTE = 60_000
HOUR = 60 * MINUTE


def read(folder: Path, content: bytes, zone: str = "Europe/Paris", name: str = "file") -> Incoming:
    """Read a file for an empty diary."""
    path = folder / name
    path.write_bytes(content)
    return formats.read(path, Destination(UUID(int=1), Diary(zone=zone)))


def values(incoming: Incoming) -> dict[tuple[str, str], float]:
    """Daily values by kind and night."""
    return {(measure.kind, measure.night.isoformat()): measure.value for measure in incoming.measures}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of documents by name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def health_connect(tables: Mapping[str, list[dict[str, object]]], version: int = 20) -> bytes:
    """A database of Health Connect with the tables and columns that rows name, beside those that all have."""
    opened = sqlite3.connect(":memory:")
    opened.execute("CREATE TABLE application_info_table (row_id INTEGER PRIMARY KEY, package_name TEXT)")
    opened.execute("INSERT INTO application_info_table VALUES (1, 'org.example.phone'), (2, 'org.example.watch')")
    opened.execute("CREATE TABLE device_info_table (row_id INTEGER PRIMARY KEY, device_type INTEGER)")
    opened.execute("INSERT INTO device_info_table VALUES (1, 2), (2, 1)")
    opened.execute("CREATE TABLE something_new_table (row_id INTEGER, what TEXT)")
    for name, rows in tables.items():
        columns = {column for row in rows for column in row}
        own = "" if name == "sleep_stages_table" else COMMON
        known = set() if not own else {"row_id", "uuid", "device_info_id", "app_info_id", "recording_method"}
        opened.execute(f"CREATE TABLE {name} ({', '.join([*([own] if own else []), *sorted(columns - known)])})")
        for row in rows:
            full = row | ({} if not own else {"uuid": uuid4().bytes})
            marks = ", ".join("?" * len(full))
            opened.execute(f"INSERT INTO {name} ({', '.join(full)}) VALUES ({marks})", list(full.values()))
    opened.execute(f"PRAGMA user_version = {version}")
    opened.commit()
    return zipped({"health_connect_export.db": opened.serialize()})


def span(start: int, minutes: float, **more: object) -> dict[str, object]:
    """A row over an interval, by the phone unless said otherwise."""
    return {
        "start_time": start,
        "end_time": start + int(minutes * MINUTE),
        "app_info_id": 1,
        "device_info_id": 1,
    } | more


def as_json(items: list[dict[str, object]]) -> str:
    """A JSON document as exports write it."""
    return json.dumps(items, indent=2)
