"""Reads the tables of a Withings account, whose column titles are in the language of the person.

Columns are told by the shape that no language changes: sleep has two times and then the seconds of light, deep and REM
sleep and awake; weight has a time and then kilograms. Where a night is told stage by stage as well
(``raw_tracker_sleep-state``), the stages count. Times of sleep bear their offset; those of weight are by the local
clock. Places are never read.
"""

import datetime as dt
import json
import re
from bisect import bisect_left
from collections.abc import Callable

from mollet.exchange import archive, tables
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left, at_local, at_noon, incoming
from mollet.exchange.rows import ASLEEP, AWAKE, IN_BED, WATCH, Days

NAME = "withings"
SOURCE = "watch:withings"
STATE = {0: AWAKE, 1: ASLEEP, 2: ASLEEP, 3: ASLEEP}
KG_IN = {"kg": 1.0, "lb": 0.45359237, "st": 6.35029318}
_UNIT = re.compile(r"\((\w+)\)$")
_OFFSET = re.compile(r".*(Z|[+-]\d\d:?\d\d)$")

Row = list[str]
Night = tuple[int, int, int, int]


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is one of the tables that are read, by the shape of its columns."""
    return _subject(part) not in (None, "ignored")


def _subject(part: archive.Part) -> str | None:
    names = tables.header(part.head)
    units = [found[1] if (found := _UNIT.search(name)) else "" for name in names]
    if len(names) >= 6 and units[:6] == ["", "", "s", "s", "s", "s"]:
        return "sleep"
    if len(names) >= 6 and units[0] == "" and units[1] in KG_IN and units[1:5] == [units[1]] * 4:
        return "weight"
    if names == ["start", "duration", "value"]:
        return "stages" if re.search(r"sleep[-_]state", part.name) else "ignored"
    if names == ["date", "value"]:
        return "steps" if re.search(r"aggregates_steps", part.name) else "ignored"
    if len(names) == 9 and names[4:6] == ["Timezone", "Activity type"] and names[7] == "GPS":
        return "activities"
    return None


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read the tables into daily measures; nothing is kept yet."""
    days, left = Days(to.diary.zone, to.diary.by_day), Left()
    nights: list[Night] = []
    staged: list[int] = []
    take: dict[str, Callable[[Row, str], None]] = {
        "sleep": lambda row, unit: nights.append(_night(row)),
        "stages": lambda row, unit: staged.append(_stages(row, days)),
        "weight": lambda row, unit: _weight(row, unit, days),
        "steps": lambda row, unit: _steps(row, days),
        "activities": lambda row, unit: _activity(row, days),
    }
    for part, source in archive.documents(parts):
        subject, unit = _subject(part) or "", ""
        table = tables.Table(source, tables.sniff(part.head))
        for number, (_, row) in enumerate(table):
            if number == 0:
                unit = found[1] if len(row) > 1 and (found := _UNIT.search(row[1])) else ""
                continue
            try:
                take[subject](row, unit)
            except (KeyError, ValueError, IndexError, TypeError, OverflowError, OSError, RecursionError):
                left.unreadable += 1
        if table.is_cut:
            left.cut.append(part.name)
    _put_nights(nights, sorted(staged), days)
    return incoming(NAME, SOURCE, archive.sha256(*parts), days, to, left)


def _night(row: Row) -> Night:
    """Take a night: from when to when in bed, and how many seconds asleep and awake."""
    start, end = _instant(row[0]), _instant(row[1])
    asleep, awake = sum(_seconds(cell) for cell in row[2:5]), _seconds(row[5])
    if asleep + awake > 1.05 * (end - start) + 60:
        raise ValueError(row)
    return start, end, asleep, awake


def _put_nights(nights: list[Night], staged: list[int], days: Days) -> None:
    """Hand nights on; of one whose stages are told apart only the time in bed."""
    for start, end, asleep, awake in nights:
        days.put("sleep", start, end, IN_BED, NAME, WATCH)
        if bisect_left(staged, start - 60) == bisect_left(staged, end):
            # The order of the stages is not told: only their sums are kept.
            days.put("sleep", start, start + asleep, ASLEEP, NAME, WATCH)
            days.put("sleep", start + asleep, start + asleep + awake, AWAKE, NAME, WATCH)


def _stages(row: Row, days: Days) -> int:
    """Step through two lists: how long, and in which stage."""
    start = at = _instant(row[0])
    lengths, states = (json.loads(cell) for cell in row[1:3])
    if len(lengths) != len(states):
        raise ValueError(row)
    for length, state in zip(lengths, states, strict=True):
        if state in STATE:
            days.put("sleep", at, at + int(length), STATE[state], NAME, WATCH)
        at += int(length)
    return start


def _weight(row: Row, unit: str, days: Days) -> None:
    value = tables.number(row[1])
    if not row[1]:
        return
    if value is None:
        raise ValueError(row)
    moment = _instant(row[0]) if _OFFSET.match(row[0]) else at_local(dt.datetime.fromisoformat(row[0]), days.zone)
    days.put("weight_kg", moment, moment, value * KG_IN[unit], NAME, WATCH)


def _steps(row: Row, days: Days) -> None:
    day, value = tables.day(row[0]), tables.number(row[1])
    if day is None or value is None:
        raise ValueError(row)
    noon = at_noon(day, days.zone)
    days.put("steps", noon, noon, value, NAME, WATCH)


def _activity(row: Row, days: Days) -> None:
    """Take an activity without its pauses; the cell of places is not looked at."""
    start, end = _instant(row[0]), _instant(row[1])
    told = json.loads(row[6]) if row[6] else {}
    pause = float(told.get("pause_duration", 0)) if isinstance(told, dict) else 0.0
    days.put("workout_min", start, end, max(0.0, end - start - pause) / 60, NAME, WATCH)


def _instant(text: str) -> int:
    if not _OFFSET.match(text):
        raise ValueError(text)
    return int(dt.datetime.fromisoformat(text).timestamp())


def _seconds(cell: str) -> int:
    value = tables.number(cell) if cell else 0.0
    if value is None or value < 0:
        raise ValueError(cell)
    return int(value)
