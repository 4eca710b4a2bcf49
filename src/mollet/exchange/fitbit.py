"""Reads what Google hands over of a Fitbit account: many small JSON lists, in a zip or a folder.

What such files do that one would not expect, and what is done about it:

- each list says by its first object what it is; names of files are not believed;
- steps bear UTC times, one row a minute, months before days (``12/31/15 13:00:00``), and values are text;
- sleep bears local times without a zone: that of the person;
- the totals of a day (``sedentary_minutes``) bear the same text, meant locally; 1440 minutes without a move are a
  device that was not worn; a total does not say in its object which it is, so that these alone are told by their name;
- short wakes lie on top of the stages: they are taken out of the sleep around them, and not added;
- weight is in pounds, whatever the language.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from mollet.exchange import archive
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.items import Items
from mollet.exchange.measured import Left, at_local, at_noon, incoming
from mollet.exchange.rows import ASLEEP, AWAKE, WATCH, Days

NAME = "fitbit"
SOURCE = "watch:fitbit"
POUND_KG = 0.45359237
ML = {"MILLILITER": 1.0, "LITER": 1000.0, "FL_OZ": 29.5735, "FLUID_OUNCE": 29.5735, "CUP": 8 * 29.5735}
# What each word of either dialect says; restless is neither told as sleep nor as waking by the summaries of the app.
LEVEL = {"asleep": ASLEEP, "light": ASLEEP, "deep": ASLEEP, "rem": ASLEEP, "awake": AWAKE, "wake": AWAKE}
WHOLE_DAY_MIN = 1440

_KEYS = {
    "sleep": {"dateOfSleep", "levels"},
    "water": {"waterAmount", "measurementUnit"},
    "weight": {"weight", "bmi"},
    "series": {"dateTime", "value"},
}
_STEPS = re.compile(r"^steps-\d{4}-\d\d-\d\d")
_SEDENTARY = re.compile(r"^sedentary_minutes-\d{4}-\d\d-\d\d")
_OTHER_SERIES = re.compile(
    r"^(heart_rate|resting_heart_rate|time_in_heart_rate_zones|calories|distance|altitude|swim|"
    r"(lightly|moderately|very)_active_minutes|demographic)"
)
_WHEN = re.compile(r"(\d\d)/(\d\d)/(\d\d)(?: (\d\d):(\d\d):(\d\d))?")
_FIRST_KEYS = re.compile(rb'"(\w+)"\s*:')


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is one of the lists that are read, or one that stands beside them."""
    if not part.head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        return False
    return _subject(part) is not None


def _subject(part: archive.Part) -> str | None:
    keys = {key.decode() for key in _FIRST_KEYS.findall(part.head)}
    subject = next((name for name, needed in _KEYS.items() if needed <= keys), None)
    if subject != "series":
        return subject
    if _STEPS.match(part.name) and _WHEN.search(part.head.decode("utf-8", "replace")):
        return "steps"
    if _SEDENTARY.match(part.name):
        return "sedentary"
    return "other" if _OTHER_SERIES.match(part.name) else None


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read all lists into daily measures; nothing is kept yet."""
    days, left = Days(to.diary.zone, to.diary.by_day), Left()
    take: dict[str, Callable[[dict[str, Any]], None]] = {
        "steps": lambda item: _steps(item, days),
        "sedentary": lambda item: _sedentary(item, days, left),
        "sleep": lambda item: _sleep(item, days),
        "weight": lambda item: _weight(item, days),
    }
    water = Water(days)
    take["water"] = water.take
    for part, source in archive.documents(parts):
        subject = _subject(part) or "other"
        if subject == "other":
            left.ignore(part.name.partition("-")[0])
            continue
        items = Items(source, part.path.name)
        for item in items:
            try:
                take[subject](item)
            except (KeyError, ValueError, TypeError, AttributeError, OverflowError, OSError):
                left.unreadable += 1
        if items.is_cut:
            left.cut.append(part.name)
    water.put()
    return incoming(NAME, SOURCE, archive.sha256(*parts), days, to, left)


def _steps(item: dict[str, Any], days: Days) -> None:
    """Take a minute with steps; the many without say nothing that a day without a device would not say too."""
    value = float(item["value"])
    if value:
        start = int(_when(item["dateTime"]).replace(tzinfo=dt.UTC).timestamp())
        days.put("steps", start, start + 60, value, NAME, WATCH)


def _sedentary(item: dict[str, Any], days: Days, left: Left) -> None:
    value = float(item["value"])
    if value >= WHOLE_DAY_MIN:
        left.ignore("not_worn")
        return
    noon = at_noon(_when(item["dateTime"]).date(), days.zone)
    days.put("sitting_min", noon, noon, value, NAME, WATCH)


def _weight(item: dict[str, Any], days: Days) -> None:
    moment = at_local(_when(f"{item['date']} {item.get('time', '12:00:00')}"), days.zone)
    days.put("weight_kg", moment, moment, float(item["weight"]) * POUND_KG, NAME, WATCH)


def _sleep(item: dict[str, Any], days: Days) -> None:
    """Take the stages of one night; a short wake that lies on top of them is one more stretch awake."""
    levels = item["levels"]
    for piece in (*levels.get("data", ()), *levels.get("shortData", ())):
        state = LEVEL.get(piece["level"])
        if state is None:
            continue
        moment = dt.datetime.fromisoformat(piece["dateTime"]).replace(tzinfo=None)
        start = at_local(moment, days.zone)
        days.put("sleep", start, start + int(piece["seconds"]), state, NAME, WATCH)


class Water:
    """Adds up what was drunk in a day: two glasses alike are two glasses, the same glass told twice is one."""

    def __init__(self, days: Days) -> None:
        self._days = days
        self._by_day: dict[dt.date, dict[object, float]] = {}

    def take(self, item: dict[str, Any]) -> None:
        """Take one glass."""
        amount = float(item["waterAmount"]) * ML[str(item["measurementUnit"]).upper()]
        glasses = self._by_day.setdefault(_when(item["date"]).date(), {})
        glasses[item.get("id", item.get("logId", len(glasses)))] = amount

    def put(self) -> None:
        """Hand each day on, once all files have been read."""
        for day, glasses in self._by_day.items():
            noon = at_noon(day, self._days.zone)
            self._days.put("water_ml", noon, noon, sum(glasses.values()), NAME, WATCH)


def _when(text: str) -> dt.datetime:
    found = _WHEN.fullmatch(text)
    if not found:
        raise ValueError(text)
    month, day, year, hour, minute, second = (int(each or 0) for each in found.groups())
    return dt.datetime.combine(dt.date(2000 + year, month, day), dt.time(hour, minute, second))
