"""`python -m bench.exchange [MEGABYTES]`: how fast an export of Apple Health is read, beside other readers, in one run.

The file is synthetic, of the shapes and shares of real ones. Each reader runs in a process of its own; its CPU seconds
and the most memory it held are its own too. ``--write FILE MEGABYTES`` only writes such a file.
"""

import datetime as dt
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

MEGABYTES = 204
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout|ActivitySummary)*)>
]>
<HealthData locale="fr_FR">
 <ExportDate value="2026-11-20 10:00:00 +0100"/>
"""
WATCH = (
    'sourceName="Apple\u00a0Watch de Claire" sourceVersion="10.3.1" device="&lt;&lt;HKDevice: 0x2829{:05x}&gt;, '
    'name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,2, software:10.3.1&gt;"'
)
PHONE = (
    'sourceName="iPhone de Claire" sourceVersion="17.4" device="&lt;&lt;HKDevice: 0x2830{:05x}&gt;, '
    'name:iPhone, manufacturer:Apple Inc., model:iPhone, hardware:iPhone13,2, software:17.4&gt;"'
)
# Type, sources, unit, largest value, and its share of the bytes: heartbeats and energy fill most of a real file.
KINDS = (
    ("HKQuantityTypeIdentifierDietaryWater", (PHONE,), "mL", 500, 1),
    ("HKQuantityTypeIdentifierDietaryMagnesium", (PHONE,), "mg", 90, 1),
    ("HKQuantityTypeIdentifierHeartRate", (WATCH,), "count/min", 120, 34),
    ("HKQuantityTypeIdentifierStepCount", (WATCH, PHONE, WATCH), "count", 400, 10),
    ("HKQuantityTypeIdentifierDistanceWalkingRunning", (PHONE, WATCH), "km", 1, 16),
    ("HKQuantityTypeIdentifierActiveEnergyBurned", (WATCH,), "Cal", 9, 29),
    ("HKQuantityTypeIdentifierAppleStandTime", (WATCH,), "min", 5, 4),
    ("HKQuantityTypeIdentifierAppleExerciseTime", (WATCH,), "min", 1, 2),
    ("HKCategoryTypeIdentifierSleepAnalysis", (WATCH,), None, 0, 3),
)
YEARS, BYTES_A_RECORD = 3, 400
SLEEP = ("AsleepCore", "AsleepDeep", "AsleepREM", "Awake")

PROBE = """
import json, os, sys
path = sys.argv[1]
{prepares}
begun = os.times()
{reads}
spent = os.times()
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
cpu = sum(spent[:4]) - sum(begun[:4])
print(json.dumps({{"cpu": cpu, "mb": int(peak.split()[1]) / 1024, "says": str(found)}}))
"""
OURS = """
from pathlib import Path
from uuid import UUID
from mollet.diary.fold import Diary
from mollet.exchange import formats
from mollet.exchange.incoming import Destination
---
read = formats.read(Path(path), Destination(UUID(int=1), Diary()))
found = f"{len(read.measures)} daily measures"
"""
EXPAT = """
from pyexpat import ParserCreate
kept = {"StepCount", "DietaryWater", "DietaryMagnesium", "AppleStandTime", "AppleExerciseTime", "SleepAnalysis",
        "BodyMass", "DietaryPotassium"}
rows = 0
def start(name, attributes):
    global rows
    if name == "Record" and attributes["type"].partition("Identifier")[2] in kept:
        float(attributes.get("value") or 0) if "unit" in attributes else attributes.get("value")
        attributes["startDate"], attributes["endDate"], attributes["sourceName"]
        rows += 1
parser = ParserCreate()
parser.StartElementHandler = start
---
with open(path, "rb") as file:
    parser.ParseFile(file)
found = f"{rows} rows looked at"
"""
HEALTHKIT = """
import sqlite_utils
from healthkit_to_sqlite.utils import convert_xml_to_sqlite
---
database = sqlite_utils.Database(path + ".db")
with open(path, "rb") as file:
    convert_xml_to_sqlite(file, database)
found = f"{sum(table.count for table in database.tables)} rows in SQLite"
os.unlink(path + ".db")
"""
READERS = (
    ("mollet, zip", "zip", "merges, daily values; refuses entities; cut files read", OURS),
    ("mollet, XML", "xml", "the same", OURS),
    ("pyexpat with a handler", "xml", "hands out the rows of 8 types, makes no days", EXPAT),
    ("healthkit-to-sqlite", "xml", "every record into SQLite, makes no days", HEALTHKIT),
)


def records(megabytes: int) -> Iterator[str]:
    """Yield lines of an export until it is about so large; records of one type stand together, by time, as they do."""
    rng = random.Random(1)
    for name, sources, unit, largest, share in KINDS:
        meant = megabytes * 10_000 * share
        step = YEARS * 365 * 86_400 * BYTES_A_RECORD // meant
        at = dt.datetime(2018, 1, 1)  # noqa: DTZ001
        while meant > 0:
            at += dt.timedelta(seconds=rng.randint(1, 2 * step))
            line = _record(rng, name, rng.choice(sources), unit, largest, at, min(step, 600))
            meant -= len(line)
            yield line


def _record(
    rng: random.Random, name: str, source: str, unit: str | None, largest: int, at: dt.datetime, lasts: int
) -> str:
    start, end = f"{at} +0100", f"{at + dt.timedelta(seconds=rng.randint(1, lasts))} +0100"
    if unit is None:
        value = f'value="HKCategoryValueSleepAnalysis{rng.choice(SLEEP)}"'
        inside = '>\n  <MetadataEntry key="HKTimeZone" value="Europe/Paris"/>\n </Record>'
    else:
        value, inside = f'value="{rng.uniform(0, largest):.6g}"', "/>"
    unit_said = f' unit="{unit}"' if unit else ""
    device = source.format(rng.randrange(1 << 20))
    times = f'creationDate="{end}" startDate="{start}" endDate="{end}"'
    return f' <Record type="{name}" {device}{unit_said} {times} {value}{inside}\n'


def write(path: Path, megabytes: int) -> None:
    """Write an export as a plain document."""
    with path.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        out.writelines(records(megabytes))
        out.write("</HealthData>\n")


def main() -> None:
    """Print the table."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES
    with tempfile.TemporaryDirectory() as folder:
        plain, zipped = Path(folder) / "export.xml", Path(folder) / "export.zip"
        write(plain, megabytes)
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as out:
            out.write(plain, "apple_health_export/export.xml")
        size = plain.stat().st_size / 1e6
        load = f"{os.getloadavg()[0]:.1f}"
        print(f"## Apple Health, {size:.0f} MB (Python {platform.python_version()}, load {load})\n")
        print(f"The zip is {zipped.stat().st_size / 1e6:.0f} MB. Megabytes are those of the XML.\n")
        print("| reader | does | CPU s | MB per CPU s | peak MB | found |\n| --- | --- | --- | --- | --- | --- |")
        for name, suffix, does, body in READERS:
            got = measured(body, plain if suffix == "xml" else zipped)
            if got is None:
                print(f"| {name} | {does} | | | | not installed (`pip install mollet[bench]`), or failed |")
                continue
            rate = size / float(got["cpu"])
            print(f"| {name} | {does} | {got['cpu']:.2f} | {rate:.1f} | {got['mb']:.0f} | {got['says']} |")


def measured(body: str, path: Path) -> dict[str, float] | None:
    """Run a reader by itself; None where it is not there."""
    prepares, _, reads = body.partition("---\n")
    command = [sys.executable, "-c", PROBE.format(prepares=prepares, reads=reads), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.splitlines()[-1:] or "", file=sys.stderr)
        return None
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
