"""What an Apple Health export calls things: types, units, words, times, sources; and what we call them."""

import datetime as dt
import re
from functools import lru_cache
from math import isfinite
from zoneinfo import ZoneInfo

from mollet.exchange.rows import ASLEEP, AWAKE, IN_BED, OTHER, PHONE, WATCH

_DEVICE = re.compile(r"(?:name|model|hardware):([^,>]*)")
_PREFIX = re.compile(r"^HK(?:Quantity|Category)TypeIdentifier")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}

ML = {
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
MG = {"mg": 1.0, "g": 1000.0, "mcg": 0.001, "kg": 1_000_000.0}
KG = {"kg": 1.0, "g": 0.001, "lb": 0.45359237, "st": 6.35029318, "oz": 0.028349523125}
MIN = {"min": 1.0, "s": 1 / 60, "hr": 60.0, "ms": 1 / 60_000, "d": 1440.0}
COUNT = {"count": 1.0}

QUANTITIES = {
    "DietaryWater": ("water_ml", ML),
    "DietaryPotassium": ("potassium_mg", MG),
    "DietaryMagnesium": ("magnesium_mg", MG),
    "DietaryCalcium": ("calcium_mg", MG),
    "DietarySodium": ("sodium_mg", MG),
    "DietaryCaffeine": ("caffeine_mg", MG),
    "NumberOfAlcoholicBeverages": ("alcohol_drinks", COUNT),
    "StepCount": ("steps", COUNT),
    "AppleStandTime": ("standing_min", MIN),
    "AppleExerciseTime": ("exercise_min", MIN),
    "BodyMass": ("weight_kg", KG),
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

SUMMARIES = {"appleStandHours": "summary_stand_hours", "appleExerciseTime": "summary_exercise_min"}

_DAYS: dict[bytes, int] = {}
_MINUTES: dict[bytes, int] = {}
_SECONDS: dict[bytes, int] = {}
_OFFSETS: dict[bytes, int] = {}
_MOST_DAYS = 1 << 15


def short(type_name: str) -> str:
    """Name of a type without the prefix that all have."""
    return _PREFIX.sub("", type_name)


def instant(text: str) -> int:
    """Seconds since 1970 UTC of "2021-11-30 07:54:35 +0200", by fixed positions."""
    if len(text) != 25 or text[4] != "-" or text[13] != ":" or text[20] not in "+-":
        raise ValueError(text)
    day = (dt.date(int(text[0:4]), int(text[5:7]), int(text[8:10])).toordinal() - 719163) * 86400
    hours, minutes, seconds = int(text[11:13]), int(text[14:16]), int(text[17:19])
    offset = int(text[21:23]) * 3600 + int(text[23:25]) * 60
    if hours > 23 or minutes > 59 or seconds > 60:
        raise ValueError(text)
    local = day + hours * 3600 + minutes * 60 + seconds
    return local - offset if text[20] == "+" else local + offset


def quick_instant(raw: bytes) -> int:
    """Seconds since 1970 UTC as :func:`instant` says, from what was learnt of earlier days, clocks and offsets."""
    try:
        return _DAYS[raw[:10]] + _MINUTES[raw[10:16]] + _SECONDS[raw[16:19]] - _OFFSETS[raw[19:]]
    except KeyError:
        return _learn(raw)


def _learn(raw: bytes) -> int:
    """Work an instant out, and keep each part of it that was not known."""
    text = raw.decode("ascii")
    found = instant(text)
    if len(_DAYS) > _MOST_DAYS:
        _DAYS.clear()
    if len(_OFFSETS) > 1000:
        _OFFSETS.clear()
    if raw[:10] not in _DAYS:
        _DAYS[raw[:10]] = instant(text[:10] + " 00:00:00 +0000")
    if raw[10:16] not in _MINUTES:
        _MINUTES[raw[10:16]] = instant("1970-01-01" + text[10:16] + ":00 +0000")
    if raw[16:19] not in _SECONDS:
        _SECONDS[raw[16:19]] = instant("1970-01-01 00:00" + text[16:19] + " +0000")
    if raw[19:] not in _OFFSETS:
        _OFFSETS[raw[19:]] = -instant("1970-01-01 00:00:00" + text[19:])
    return found


def quantity(text: str | bytes) -> float:
    """A number that can be an amount: finite, and not below zero."""
    value = float(text)
    if not isfinite(value) or value < 0:
        raise ValueError(text)
    return value


@lru_cache(maxsize=512)
def source_name(name: str) -> str:
    """Name of a source with plain spaces and one kind of apostrophe."""
    return re.sub(r"[’‘ʼ]", "'", re.sub(r"[\s\u00a0\u202f]+", " ", name)).strip()


@lru_cache(maxsize=1024)
def device(source: str, text: str) -> tuple[str, int]:
    """Name with product, and rank, of a source; of the device text only name, model and hardware are looked at."""
    product = "/".join(_DEVICE.findall(text)[:3])
    return f"{source}|{product}", _rank(f"{source} {product}".casefold())


@lru_cache(maxsize=4096)
def quick_source(name: bytes, device_text: bytes) -> tuple[str, int]:
    """Name and rank of a source as it stands in the file; a reference that XML does not know is a ValueError."""
    return device(source_name(_unescaped(name)), _unescaped(device_text))


def _unescaped(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace").replace("\ufffe", "").replace("\uffff", "")
    if "&" not in text:
        return text
    if "&" in _ENTITY.sub("", text):
        raise ValueError(text)
    return _ENTITY.sub(_character, text)


def _character(reference: re.Match[str]) -> str:
    if reference[3]:
        return _ENTITIES[reference[3]]
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return chr(code) if is_text(code) else ""


def is_text(code: int) -> bool:
    """Tell whether XML may hold a character at all."""
    return code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000


def _rank(words: str) -> int:
    if re.search(r"\bwatch(\d|\b)", words):
        return WATCH
    return PHONE if "iphone" in words else OTHER


@lru_cache(maxsize=512)
def known_zone(name: str) -> str | None:
    """IANA name of a zone, None for one that does not exist."""
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, ValueError, OSError):
        return None
