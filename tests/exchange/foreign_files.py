"""Makes small synthetic files of the shapes that other programs export."""

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID, uuid4

from fitdecode.utils import compute_crc

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
    return zipped({"health_connect_export.db": database(tables, version)})


def database(tables: Mapping[str, list[dict[str, object]]], version: int = 20) -> bytes:
    """The database by itself."""
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
    return opened.serialize()


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


# Number of each message and of its fields, with the base type of FIT that we write them in.
FIT = {
    "file_id": (0, {"type": (0, "B")}),
    "session": (18, {"start_time": (2, "I"), "total_elapsed_time": (7, "I"), "total_timer_time": (8, "I")}),
    "weight_scale": (30, {"timestamp": (253, "I"), "weight": (0, "H"), "user_profile_index": (12, "H")}),
    "activity": (34, {"timestamp": (253, "I"), "local_timestamp": (5, "I")}),
    "monitoring": (55, {"timestamp_16": (26, "H"), "cycles": (3, "I"), "activity_type": (5, "B")}),
    "monitoring_info": (103, {"timestamp": (253, "I"), "local_timestamp": (0, "I")}),
    "record": (20, {"timestamp": (253, "I"), "heart_rate": (3, "B")}),
}
BASE_TYPE = {"B": 0x02, "H": 0x84, "I": 0x86}
FIT_EPOCH = 631_065_600


def fit(*messages: tuple[str, dict[str, int]]) -> bytes:
    """A FIT file of messages, each with its definition before it."""
    body = b""
    for name, values in messages:
        number, known = FIT[name]
        fields = [(*known[each], value) for each, value in values.items()]
        body += struct.pack("<BBBHB", 0x40, 0, 0, number, len(fields))
        body += b"".join(bytes((field, struct.calcsize(kind), BASE_TYPE[kind])) for field, kind, _ in fields)
        body += b"\0" + b"".join(struct.pack("<" + kind, value) for _, kind, value in fields)
    header = struct.pack("<BBHI4s", 14, 0x10, 2132, len(body), b".FIT")
    whole = header + struct.pack("<H", compute_crc(header)) + body
    return whole + struct.pack("<H", compute_crc(whole))
