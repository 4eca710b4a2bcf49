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

import codecs
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from pyexpat import ExpatError, ParserCreate
from uuid import uuid5
from zoneinfo import ZoneInfo

from mollet.diary.measures import Measure
from mollet.errors import FileError
from mollet.exchange import archive
from mollet.exchange.incoming import Destination, Found, Incoming
from mollet.exchange.rows import ASLEEP, AWAKE, IN_BED, MADE_OF, OTHER, PHONE, WATCH, Days, Row

NAME = "apple_health"
# The phone's health store, merged by us: one source, whichever devices wrote into it, so that a newer export replaces.
SOURCE = "phone:apple_health"

# Attributes of one element, and depth of nesting, far beyond any real file: more is made to fill the memory.
LONGEST_SILENCE = 8 << 20
DEEPEST = 64
LONGEST_PROLOGUE = 1 << 20
MOST_TYPES = 1000

_CONTROL = bytes(set(range(32)) - {9, 10, 13})
_REFERENCE = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_DEVICE = re.compile(r"(?:name|model|hardware):([^,>]*)")
# The first exports (iOS 8, 2015) had a ``source`` and times that no later one has.
_TOO_OLD = re.compile(rb'<Record\b(?![^>]*\bsourceName=)[^>]*\bsource="')
_PREFIX = re.compile(r"^HK(?:Quantity|Category)TypeIdentifier")

_ML = {
    "mL": 1.0,
    "cL": 10.0,
    "dL": 100.0,
    "L": 1000.0,
    "fl_oz_us": 29.5735,
    "fl_oz_imp": 28.4131,
    "cup_us": 8 * 29.5735,
    "cup_imp": 10 * 28.4131,
    "pt_us": 16 * 29.5735,
    "pt_imp": 20 * 28.4131,
}
_MG = {"mg": 1.0, "g": 1000.0, "mcg": 0.001, "kg": 1_000_000.0}
_KG = {"kg": 1.0, "g": 0.001, "lb": 0.45359237, "st": 6.35029318, "oz": 0.028349523125}
_MIN = {"min": 1.0, "s": 1 / 60, "hr": 60.0, "ms": 1 / 60_000, "d": 1440.0}
_COUNT = {"count": 1.0}

QUANTITIES = {
    "DietaryWater": ("water_ml", _ML),
    "DietaryPotassium": ("potassium_mg", _MG),
    "DietaryMagnesium": ("magnesium_mg", _MG),
    "DietaryCalcium": ("calcium_mg", _MG),
    "DietarySodium": ("sodium_mg", _MG),
    "DietaryCaffeine": ("caffeine_mg", _MG),
    "NumberOfAlcoholicBeverages": ("alcohol_drinks", _COUNT),
    "StepCount": ("steps", _COUNT),
    "AppleStandTime": ("standing_min", _MIN),
    "AppleExerciseTime": ("exercise_min", _MIN),
    "BodyMass": ("weight_kg", _KG),
}

_SLEEP = "HKCategoryValueSleepAnalysis"
_STAND = "HKCategoryValueAppleStandHour"
CATEGORIES: dict[str, tuple[str, dict[str, float]]] = {
    "SleepAnalysis": (
        "sleep",
        {
            _SLEEP + "InBed": IN_BED,
            _SLEEP + "Asleep": ASLEEP,
            _SLEEP + "AsleepUnspecified": ASLEEP,
            _SLEEP + "AsleepCore": ASLEEP,
            _SLEEP + "AsleepDeep": ASLEEP,
            _SLEEP + "AsleepREM": ASLEEP,
            _SLEEP + "Awake": AWAKE,
            "0": IN_BED,
            "1": ASLEEP,
            "2": AWAKE,
            "3": ASLEEP,
            "4": ASLEEP,
            "5": ASLEEP,
        },
    ),
    "AppleStandHour": ("stand_hour", {_STAND + "Stood": 1.0, _STAND + "Idle": 0.0, "0": 1.0, "1": 0.0}),
}

_SUMMARIES = {"appleStandHours": "summary_stand_hours", "appleExerciseTime": "summary_exercise_min"}


def sniff(head: bytes) -> bool:
    """Tell whether a document is the main file of an Apple Health export, by its first bytes."""
    return b"<!DOCTYPE HealthData" in head or b"<HealthData" in head


def read(part: archive.Part, to: Destination) -> Incoming:
    """Read an export into daily measures; nothing is kept yet."""
    sha256 = archive.sha256(part)
    zone = to.diary.zone
    scan = Scan(zone)
    days = Days(zone, to.diary.by_day)
    for row in scan.rows(archive.chunks(part)):
        days.add(row)
    until = days.last_end if scan.exported is None and days.rows else scan.exported
    measures = days.measures(SOURCE, uuid5(to.diary_id, f"{NAME}:{sha256}"), until, scan.is_cut)
    if scan.elements == 0:
        raise FileError("error.file.apple_empty", name=part.path.name)
    return Incoming(
        format=NAME,
        sha256=sha256,
        measures=measures,
        found=_found(days, measures),
        ignored=dict(scan.ignored),
        problems=tuple(_problems(scan, zone)),
        notes=tuple(_notes(scan, days)),
    )


@dataclass(slots=True)
class Scan:
    """One pass through the XML: yields rows, and remembers what was left aside.

    Parameters
    ----------
    zone : str
        IANA zone of the person, for the summaries of a local day.
    """

    zone: str
    exported: int | None = None
    is_cut: bool = False
    elements: int = 0
    hand_entered: int = 0
    unreadable: int = 0
    last_start: int | None = None
    ignored: Counter[str] = field(default_factory=Counter)
    unknown_units: Counter[tuple[str, str]] = field(default_factory=Counter)
    _ready: list[Row] = field(default_factory=list)
    _depth: int = 0
    _current: tuple[str, dict[str, str]] | None = None
    _notes: dict[str, str] = field(default_factory=dict)
    _events: int = 0

    def rows(self, pieces: Iterator[bytes]) -> Iterator[Row]:
        """Yield the rows of a document that comes in pieces of bytes, cut anywhere."""
        parser = ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        silent = 0
        try:
            for text in _clean(_body(pieces)):
                before = self._events
                parser.Parse(text, False)
                silent = silent + len(text) if self._events == before else 0
                if silent > LONGEST_SILENCE:
                    raise FileError("error.file.too_large", name=NAME)
                yield from self._flush()
            parser.Parse("", True)
        except ExpatError:
            self.is_cut = True
        yield from self._flush()

    def _flush(self) -> list[Row]:
        ready, self._ready = self._ready, []
        return ready

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._events += 1
        if self._depth == 2:
            self.elements += 1
            self._notes = {}
            self._current = (name, attributes)
        elif self._depth == 3 and name == "MetadataEntry":
            self._notes.setdefault(attributes.get("key", ""), attributes.get("value", ""))
        elif self._depth > DEEPEST:
            raise FileError("error.file.too_large", name=NAME)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth != 1 or self._current is None:
            return
        current, attributes = self._current
        self._current = None
        try:
            self._take(current, attributes)
        except (KeyError, ValueError, OverflowError, OSError):
            self.unreadable += 1

    def _take(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Record":
            self._record(attributes)
        elif name == "Workout":
            self._workout(attributes)
        elif name == "ActivitySummary":
            self._summary(attributes)
        elif name == "ExportDate":
            self.exported = _instant(attributes["value"])
        elif name != "Me":
            self._ignore(name)

    def _record(self, attributes: dict[str, str]) -> None:
        kind_of_record = _PREFIX.sub("", attributes["type"])
        if kind_of_record in QUANTITIES:
            kind, units = QUANTITIES[kind_of_record]
            unit = attributes.get("unit", "")
            if unit not in units:
                self.unknown_units[kind_of_record, unit[:40]] += 1
                return
            value = _number(attributes["value"]) * units[unit]
        elif kind_of_record in CATEGORIES:
            kind, words = CATEGORIES[kind_of_record]
            value = words[attributes["value"]]
        else:
            self._ignore(kind_of_record)
            return
        self._keep(kind, value, attributes["type"], attributes)

    def _workout(self, attributes: dict[str, str]) -> None:
        """Take the duration, which leaves out pauses; end less start only where there is none."""
        if "duration" in attributes:
            unit = attributes.get("durationUnit", "min")
            if unit not in _MIN:
                self.unknown_units["Workout", unit[:40]] += 1
                return
            minutes = _number(attributes["duration"]) * _MIN[unit]
        else:
            minutes = (_instant(attributes["endDate"]) - _instant(attributes["startDate"])) / 60
        self._keep("workout_min", minutes, attributes["workoutActivityType"], attributes)

    def _summary(self, attributes: dict[str, str]) -> None:
        """Take the figures of a local day; summaries from before such devices were sold are fillers."""
        day = dt.date.fromisoformat(attributes["dateComponents"])
        if day.year < 2000:
            return
        noon = int(dt.datetime.combine(day, dt.time(12), ZoneInfo(self.zone)).timestamp())
        for attribute, kind in _SUMMARIES.items():
            if attribute in attributes:
                value = _number(attributes[attribute])
                self._ready.append(Row(kind, noon, noon, value, "ActivitySummary", WATCH, "ActivitySummary"))

    def _keep(self, kind: str, value: float, raw_type: str, attributes: dict[str, str]) -> None:
        start, end = _instant(attributes["startDate"]), _instant(attributes["endDate"])
        source = _normal(attributes["sourceName"])
        product, rank = _device(source, attributes.get("device", ""))
        by_hand = self._notes.get("HKWasUserEntered") == "1"
        self.hand_entered += by_hand
        self.last_start = start
        zone = _known_zone(self._notes.get("HKTimeZone", ""))
        self._ready.append(Row(kind, start, end, value, f"{source}|{product}", rank, raw_type, zone, by_hand))

    def _ignore(self, name: str) -> None:
        self.ignored[name if name in self.ignored or len(self.ignored) < MOST_TYPES else "..."] += 1


def _body(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Skip everything before the root element: a broken type definition is never parsed."""
    prologue = b""
    for piece in pieces:
        prologue += piece
        at = prologue.find(b"<HealthData")
        if b"<!ENTITY" in (prologue if at < 0 else prologue[:at]):
            raise FileError("error.file.entity")
        if at >= 0:
            if _TOO_OLD.search(prologue, at):
                raise FileError("error.file.apple_too_old")
            yield prologue[at:]
            break
        if len(prologue) > LONGEST_PROLOGUE:
            raise FileError("error.file.not_apple")
    else:
        raise FileError("error.file.not_apple")
    yield from pieces


def _clean(pieces: Iterator[bytes]) -> Iterator[str]:
    """Decode, and drop what no XML may hold: control characters, as themselves or as references."""
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    held = ""
    for piece in pieces:
        text = held + decode(piece.translate(None, _CONTROL))
        # A reference may be cut by the end of the piece: its beginning waits for the next one.
        start = text.rfind("&", max(0, len(text) - 12))
        held = text[start:] if start >= 0 and ";" not in text[start:] else ""
        whole = text[: len(text) - len(held)]
        if "&#" in whole:
            whole = _REFERENCE.sub(_allowed, whole)
        yield whole.replace("\ufffe", "").replace("\uffff", "")
    yield held


def _allowed(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    is_text = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return reference[0] if is_text else ""


@lru_cache(maxsize=4096)
def _midnight(year: str, month: str, day: str) -> int:
    return (dt.date(int(year), int(month), int(day)).toordinal() - 719163) * 86400


def _instant(text: str) -> int:
    """Seconds since 1970 UTC of "2021-11-30 07:54:35 +0200", by fixed positions."""
    if len(text) != 25 or text[4] != "-" or text[13] != ":" or text[20] not in "+-":
        raise ValueError(text)
    hours, minutes, seconds = int(text[11:13]), int(text[14:16]), int(text[17:19])
    offset = int(text[21:23]) * 3600 + int(text[23:25]) * 60
    if hours > 23 or minutes > 59 or seconds > 60:
        raise ValueError(text)
    local = _midnight(text[0:4], text[5:7], text[8:10]) + hours * 3600 + minutes * 60 + seconds
    return local - offset if text[20] == "+" else local + offset


def _number(text: str) -> float:
    value = float(text)
    if not isfinite(value) or value < 0:
        raise ValueError(text)
    return value


@lru_cache(maxsize=512)
def _normal(name: str) -> str:
    """Name of a source with plain spaces and one kind of apostrophe."""
    return re.sub(r"[’‘ʼ]", "'", re.sub(r"[\s\u00a0\u202f]+", " ", name)).strip()


def _device(source: str, device: str) -> tuple[str, int]:
    """Product and rank of a source; of the device text only name, model and hardware are looked at."""
    product = "/".join(_DEVICE.findall(device)[:3])
    return product, _rank(f"{source} {product}".casefold())


@lru_cache(maxsize=1024)
def _rank(words: str) -> int:
    if re.search(r"\bwatch(\d|\b)", words):
        return WATCH
    return PHONE if "iphone" in words else OTHER


@lru_cache(maxsize=512)
def _known_zone(name: str) -> str | None:
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, ValueError, OSError):
        return None


def _found(days: Days, measures: tuple[Measure, ...]) -> tuple[Found, ...]:
    nights: dict[str, list[dt.date]] = {}
    for measure in measures:
        nights.setdefault(measure.kind, []).append(measure.night)
    return tuple(
        Found(kind, sum(days.rows.get(row, 0) for row in MADE_OF.get(kind, (kind,))), len(found), found[0], found[-1])
        for kind, found in nights.items()
    )


def _problems(scan: Scan, zone: str) -> Iterator[FileError]:
    if scan.is_cut:
        day = None
        if scan.last_start is not None:
            day = dt.datetime.fromtimestamp(scan.last_start, ZoneInfo(zone)).date()
        yield FileError("error.file.apple_cut", day=day) if day else FileError("error.file.apple_cut_early")


def _notes(scan: Scan, days: Days) -> Iterator[FileError]:
    if scan.unreadable or days.odd:
        yield FileError("error.file.apple_unreadable", n=scan.unreadable + days.odd)
    for (kind, unit), count in sorted(scan.unknown_units.items()):
        yield FileError("cli.exchange.unknown_unit", n=count, kind=kind, unit=unit)
    if days.repeated:
        yield FileError("cli.exchange.repeated_rows", n=days.repeated)
    if scan.hand_entered:
        yield FileError("cli.exchange.hand_entered", n=scan.hand_entered)
