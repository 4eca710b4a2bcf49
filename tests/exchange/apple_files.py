"""Makes synthetic exports of Apple Health, of the shapes seen in real ones, and reads them with a strict parser."""

import datetime as dt
import io
import random
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

QUANTITY = "HKQuantityTypeIdentifier"
CATEGORY = "HKCategoryTypeIdentifier"
SLEEP = "HKCategoryValueSleepAnalysis"

GOOD_DTD = """<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT VisionPrescription ANY>
]>
"""
# iOS 16.0 never closed this list and wrote a stray ">" before the end.
BROKEN_DTD = """<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 12 -->
<!ELEMENT HealthData (ExportDate,Me,(Record)*)>
<!ATTLIST VisionPrescription
  type CDATA #REQUIRED
<!ELEMENT Eye EMPTY>
>
]>
"""


@dataclass(frozen=True)
class Element:
    """One element of an export, with what stands inside it."""

    name: str
    attributes: dict[str, str]
    inside: tuple["Element", ...] = field(default=())


def record(
    kind: str,
    start: str,
    end: str | None = None,
    value: str | None = "1",
    unit: str | None = "count",
    source: str = "iPhone de Claire",
    **more: str,
) -> Element:
    """A record; ``zone`` and ``by_hand`` become its metadata."""
    notes = []
    if "zone" in more:
        notes.append(note("HKTimeZone", more.pop("zone")))
    if "by_hand" in more:
        notes.append(note("HKWasUserEntered", more.pop("by_hand")))
    attributes = {
        "type": kind,
        "sourceName": source,
        "startDate": start,
        "endDate": end or start,
        "creationDate": start,
    }
    attributes |= {"unit": unit} if unit else {}
    attributes |= {"value": value} if value is not None else {}
    return Element("Record", attributes | more, tuple(notes))


def note(key: str, value: str) -> Element:
    """A metadata entry."""
    return Element("MetadataEntry", {"key": key, "value": value})


def quantity(kind: str, start: str, value: str, unit: str, **more: str) -> Element:
    """A record of a quantity at an instant, or over an interval by ``end``."""
    return record(QUANTITY + kind, start, more.pop("end", None), value, unit, **more)


def sleep(state: str, start: str, end: str, **more: str) -> Element:
    """A segment of sleep, as a watch writes it."""
    return record(CATEGORY + "SleepAnalysis", start, end, SLEEP + state, None, **more)


def workout(start: str, end: str, duration: str | None, source: str = "Apple Watch", **more: str) -> Element:
    """A workout whose totals stand in its statistics, as since iOS 16."""
    attributes = {"workoutActivityType": "HKWorkoutActivityTypeWalking", "sourceName": source}
    attributes |= {"startDate": start, "endDate": end, "durationUnit": "min"}
    attributes |= {"duration": duration} if duration else {}
    steps = {"type": QUANTITY + "StepCount", "startDate": start, "endDate": end, "sum": "900", "unit": "count"}
    route = Element("WorkoutRoute", {"sourceName": source}, (note("HKTimeZone", "Asia/Tokyo"),))
    return Element(
        "Workout", attributes | more, (note("HKTimeZone", "Europe/Paris"), Element("WorkoutStatistics", steps), route)
    )


def summary(day: str, stand_hours: str, exercise_min: str) -> Element:
    """The summary of a local day."""
    return Element(
        "ActivitySummary", {"dateComponents": day, "appleStandHours": stand_hours, "appleExerciseTime": exercise_min}
    )


def xml(elements: Sequence[Element], dtd: str = GOOD_DTD, exported: str | None = "2026-11-20 10:00:00 +0100") -> str:
    """The whole document, plainly written."""
    head = [f' <ExportDate value="{exported}"/>'] if exported else []
    body = "\n".join(head + [_plain(element) for element in elements])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{dtd}<HealthData locale="fr_FR">\n{body}\n</HealthData>\n'


def _plain(element: Element) -> str:
    attributes = " ".join(f'{key}="{escape(value, {chr(34): "&quot;"})}"' for key, value in element.attributes.items())
    if not element.inside:
        return f" <{element.name} {attributes}/>"
    return f" <{element.name} {attributes}>" + "".join(map(_plain, element.inside)) + f"</{element.name}>"


def fuzzed(elements: Sequence[Element], rng: random.Random) -> str:
    """The same document as no one writes it, and everyone may: shuffled, broken over lines, quoted otherwise."""
    body = "".join(_fuzzed(element, rng) for element in elements)
    return f"<HealthData\n locale='fr_FR'\t>{body}<!-- the end > --></HealthData >"


def _fuzzed(element: Element, rng: random.Random) -> str:
    items = list(element.attributes.items())
    rng.shuffle(items)
    gap = ["\n    ", " ", "\t", "\r\n "]
    attributes = "".join(
        f"{rng.choice(gap)}{key}{rng.choice(['=', ' = '])}{_quoted(value, rng)}" for key, value in items
    )
    inside = "".join(rng.choice(["\n", "", "<!-- <Record> -->"]) + _fuzzed(each, rng) for each in element.inside)
    if not inside and rng.random() < 0.5:
        return f"<{element.name}{attributes}{rng.choice(['', ' '])}/>\n"
    return f"<{element.name}{attributes}>{inside}</{element.name}\n>"


def _quoted(value: str, rng: random.Random) -> str:
    quote = rng.choice("\"'")
    return quote + "".join(_written(letter, quote, rng) for letter in value) + quote


def _written(letter: str, quote: str, rng: random.Random) -> str:
    if letter in "&<" or letter == quote:
        return {"&": "&amp;", "<": "&lt;", '"': "&quot;", "'": "&apos;"}[letter]
    if rng.random() < 0.05:
        return rng.choice([f"&#{ord(letter)};", f"&#x{ord(letter):X};"])
    return letter


def zipped(document: str | bytes, name: str = "apple_health_export/export.xml", **others: bytes) -> bytes:
    """A zip as the phone makes it, with the files beside it that are to be left alone."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export_cda.xml", "<?xml version='1.0'?><ClinicalDocument/>")
        archive.writestr("__MACOSX/apple_health_export/._export.xml", b"\x00\x05\x16\x07")
        archive.writestr("apple_health_export/workout-routes/route_1.gpx", "<gpx/>")
        archive.writestr(name, document)
        for inside, content in others.items():
            archive.writestr(inside, content)
    return made.getvalue()


def put(folder: Path, content: str | bytes, name: str = "export.xml") -> Path:
    """Write a file and return where."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


STRICT_UNITS = {
    "StepCount": ("steps", {"count": 1.0}),
    "DietaryWater": ("water_ml", {"mL": 1.0, "L": 1000.0, "fl_oz_us": 29.5735}),
    "DietaryMagnesium": ("magnesium_mg", {"mg": 1.0, "g": 1000.0}),
    "BodyMass": ("weight_kg", {"kg": 1.0, "lb": 0.45359237}),
}


def strict_rows(document: str) -> list[tuple[str, int, int, float, str]]:
    """Read records by the strict parser of the standard library, with its own reading of times and units."""
    rows = []
    for element in ET.fromstring(document):
        kind = element.get("type", "").removeprefix(QUANTITY)
        if element.tag != "Record" or kind not in STRICT_UNITS:
            continue
        name, units = STRICT_UNITS[kind]
        if element.get("unit") not in units:
            continue
        source = element.attrib["sourceName"].replace("\u00a0", " ").replace("’", "'")
        value = float(element.attrib["value"]) * units[element.attrib["unit"]]
        rows.append((name, _seconds(element.attrib["startDate"]), _seconds(element.attrib["endDate"]), value, source))
    return rows


def strict_ignored(document: str) -> Counter[str]:
    """Count what stands at top level and means nothing to us, by the strict parser."""
    names = Counter(
        element.get("type", "") if element.tag == "Record" else element.tag for element in ET.fromstring(document)
    )
    short = {name: name.removeprefix(QUANTITY).removeprefix(CATEGORY) for name in names}
    return Counter({short[name]: n for name, n in names.items() if short[name] not in {*STRICT_UNITS, "ExportDate"}})


def _seconds(text: str) -> int:
    return int(dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z").timestamp())


def random_elements(rng: random.Random, count: int) -> list[Element]:
    """Records of every shape: quantities, correlations around copies, sleep, what nobody asked for."""
    made = []
    for _ in range(count):
        at = f"2026-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d} "
        at += f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:00"
        at += rng.choice([" +0100", " -0700", " +0530"])
        source = rng.choice(["Apple\u00a0Watch de Claire", 'l’iPhone > de "Claire" & <co>', "Santé", "水"])
        eaten = quantity("DietaryMagnesium", at, str(rng.randint(1, 400)), "mg", source=source, zone="Europe/Paris")
        made += rng.choice(
            [
                [
                    quantity(
                        "StepCount",
                        at,
                        str(rng.randint(0, 900)),
                        "count",
                        source=source,
                        device="<<HKDevice: 0x3>, model:Watch>",
                    )
                ],
                [quantity("DietaryWater", at, f"{rng.random():.4f}", rng.choice(["L", "fl_oz_us"]), source=source)],
                [
                    quantity(
                        "BodyMass",
                        at,
                        f"{rng.uniform(50, 90):.2f}",
                        rng.choice(["kg", "lb"]),
                        source=source,
                        by_hand="1",
                    )
                ],
                [
                    eaten,
                    Element("Correlation", {"type": "HKCorrelationTypeIdentifierFood"}, (eaten, note("a", "b > c"))),
                ],
                [quantity("HeartRate", at, "61", "count/min", source=source)],
                [record(CATEGORY + "MindfulSession", at, None, None, None, source=source)],
                [Element("Audiogram", {"type": "x"}, (Element("SensitivityPoint", {"frequencyValue": "500"}),))],
            ]
        )
    return made
