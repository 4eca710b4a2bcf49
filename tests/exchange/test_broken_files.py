"""Whatever is done to a file, reading it ends in a sentence or in data, never in a traceback."""

import os
import random
from uuid import UUID

import pytest
from tests.exchange import food_files, foreign_files
from tests.exchange.apple_files import fuzzed, put, random_elements, xml, zipped
from tests.exchange.diaries import HERE, autumn
from tests.exchange.test_cronometer import SERVINGS
from tests.exchange.test_mapping import BEARABLE, DAYLIO, FRENCH, HABITS, MARKS
from tests.exchange.test_myfitnesspal import MEALS
from tests.exchange.test_sleep_diaries import ANDROID, SLEEPMETER
from tests.exchange.test_withings import GERMAN, NIGHT, STAGES

from mollet.diary.fold import Diary
from mollet.errors import FileError
from mollet.exchange import formats
from mollet.exchange.diary_csv import write as write_csv
from mollet.exchange.diary_json import Complete, write
from mollet.exchange.incoming import Destination, Meanings
from mollet.exchange.telling import tell
from mollet.words import LANGUAGES

SAMSUNG = "\ufeffcom.samsung.health.water_intake,6307003,7\nstart_time,amount,time_offset\n"
TIMES = 1000 if os.environ.get("MOLLET_SOAK") else 60


def broken(content: bytes, rng: random.Random) -> bytes:
    """Cut, flip, double, drop or mix bytes."""
    at, length = rng.randrange(len(content)), rng.randint(1, 60)
    piece = content[at : at + length]
    return rng.choice(
        [
            content[:at],
            content[at:],
            content[:at] + content[at + length :],
            content[:at] + piece + content[at:],
            content[:at] + bytes(rng.randrange(256) for _ in piece) + content[at + length :],
            content[:at] + bytes([rng.choice(b"<>&\"',;{}[]\x00\xff-0")]) + content[at + 1 :],
        ]
    )


def whole(kind: str, rng: random.Random) -> bytes:
    """A file of a kind as it should be."""
    elements = random_elements(rng, 30)
    steps = [foreign_files.span(foreign_files.TEN + n * 600_000, 5, count=n, volume=0.1) for n in range(200)]
    start = 1_161_000_000
    counts = [("monitoring", {"timestamp_16": n * 300 & 0xFFFF, "cycles": n, "activity_type": 6}) for n in range(50)]
    return {
        "health connect": lambda: foreign_files.health_connect({"steps_record_table": steps}),
        "database": lambda: foreign_files.database({"steps_record_table": steps}),
        "fitbit": lambda: fitbit_files(rng),
        "cronometer": lambda: SERVINGS.encode(),
        "withings": lambda: (GERMAN + NIGHT * 3).encode(),
        "stages": lambda: foreign_files.zipped({"raw_tracker_sleep-state.csv": STAGES}),
        "fit": lambda: foreign_files.fit(
            ("monitoring_info", {"timestamp": start, "local_timestamp": start + 3600}), *counts
        ),
        "zip in zip": lambda: foreign_files.zipped(
            {"a.zip": foreign_files.zipped({"1.fit": foreign_files.fit(*counts)})}
        ),
        "samsung": lambda: (SAMSUNG + "2026-11-03 23:30:00.834,250.0,UTC+0530,\n" * 5).encode(),
        "myfitnesspal": lambda: MEALS.encode(),
        "daylio": lambda: DAYLIO.encode(),
        "bearable": lambda: BEARABLE.encode(),
        "loop": lambda: foreign_files.zipped({"Habits.csv": HABITS, "Checkmarks.csv": MARKS}),
        "table": lambda: FRENCH.encode(rng.choice(["utf-8", "cp1252", "utf-16"])),
        "sleep as android": lambda: ANDROID.encode(),
        "sleepmeter": lambda: SLEEPMETER.encode(),
        "ciqual": food_files.csv,
        "ciqual xls": food_files.xls,
        "ciqual xlsx": food_files.xlsx,
        "ciqual xml": lambda: food_files.zipped(food_files.xml()),
        "fooddata": lambda: food_files.zipped(food_files.fdc()),
        "xml": lambda: xml(elements).encode(),
        "fuzzed xml": lambda: fuzzed(elements, rng).encode(),
        "zip": lambda: zipped(xml(elements)),
        "json": lambda: "".join(write(Complete(HERE, autumn()))).encode(),
        "csv": lambda: write_csv(Diary(autumn())).encode(),
    }[kind]()


def fitbit_files(rng: random.Random) -> bytes:
    """Lists of each kind."""
    minutes = [{"dateTime": f"11/03/26 12:{n:02d}:00", "value": str(n)} for n in range(60)]
    night = {"dateTime": "2026-11-03T23:00:00.000", "level": "deep", "seconds": 3600}
    log = {"dateOfSleep": "2026-11-04", "levels": {"data": [night] * 3, "shortData": []}}
    glass = {"id": 1, "date": "11/03/26", "waterAmount": 200.0, "measurementUnit": "MILLILITER"}
    lists = {"steps-2026-11-01": minutes, "sleep-2026-11-01": [log], "water_logs-0": [glass]}
    files = {f"{name}.json": foreign_files.as_json(items) for name, items in lists.items()}
    return rng.choice([foreign_files.zipped(files), *(text.encode() for text in files.values())])


KINDS = ["xml", "fuzzed xml", "zip", "json", "csv", "health connect", "database", "fitbit", "cronometer", "withings"]
KINDS += ["samsung", "myfitnesspal", "stages", "fit", "zip in zip", "daylio", "bearable", "loop", "table"]
KINDS += ["sleep as android", "sleepmeter", "ciqual", "ciqual xls", "ciqual xlsx", "ciqual xml", "fooddata"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_file_gives_data_or_a_sentence(tmp_path, kind):
    rng = random.Random(kind)
    told = 0

    for _ in range(TIMES):
        content = whole(kind, rng)
        for _ in range(rng.randint(1, 3)):
            content = broken(content, rng) or b" "
        path = put(tmp_path, content, "file")
        try:
            incoming = formats.read(path, Destination(UUID(int=1), Diary()))
            if incoming.asked:
                said = Meanings({one.name: one.proposed for one in incoming.asked.columns})
                incoming = formats.read(path, Destination(UUID(int=1), Diary(), meanings=said))
            problems = [*incoming.problems, *incoming.notes]
        except FileError as problem:
            problems = [problem]
        told += sum(bool(tell(problem, lang)) for problem in problems for lang in LANGUAGES)

    assert told > 0
