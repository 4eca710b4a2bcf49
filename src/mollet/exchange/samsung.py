"""Reads the tables of Samsung Health, from its zip or folder.

What such tables do that one would not expect, and what is done about it:

- the first line names the type, the second the columns, and each row ends with one comma too many;
- columns of merged types bear the name of the type before their own;
- times are UTC; the day of the steps is midnight UTC in milliseconds, and means the local day;
- steps come as a day's sum that the phone has merged, told by each device again: the largest counts.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping

from mollet.exchange import archive, tables
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left, at_noon, incoming
from mollet.exchange.rows import ASLEEP, AWAKE, IN_BED, PHONE, Days

NAME = "samsung"
SOURCE = "phone:samsung_health"
STAGE = {"40001": AWAKE, "40002": ASLEEP, "40003": ASLEEP, "40004": ASLEEP}
_TYPE = re.compile(rb"(?:\xef\xbb\xbf)?(com\.samsung\.(?:s?health)\.[\w.]+),\d+,\d+\s")

Row = Mapping[str, str]


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is one of the tables, by its first line."""
    return _type(part) != ""


def _type(part: archive.Part) -> str:
    found = _TYPE.match(part.head)
    return found[1].decode().split("health.", 1)[1] if found else ""


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read the tables into daily measures; nothing is kept yet."""
    days, left = Days(to.diary.zone, to.diary.by_day), Left()
    steps: dict[dt.date, float] = {}
    take: dict[str, Callable[[Row], None]] = {
        "water_intake": lambda row: _point(row, "amount", "water_ml", days),
        "weight": lambda row: _point(row, "weight", "weight_kg", days),
        "sleep_stage": lambda row: _sleep(row, STAGE.get(row.get("stage", "")), days),
        "sleep": lambda row: _sleep(row, IN_BED, days),
        "exercise": lambda row: _exercise(row, days),
        "tracker.pedometer_day_summary": lambda row: _steps(row, steps),
    }
    for part, source in archive.documents(parts):
        kind = _type(part)
        if kind not in take:
            left.ignore(kind)
            continue
        table = tables.Table(source, tables.Dialect("utf-8-sig", ","))
        names: list[str] = []
        for number, (_, cells) in enumerate(table):
            if number < 2:
                names = [name.rpartition(".")[2] for name in cells]
                continue
            try:
                take[kind](dict(zip(names, cells, strict=False)))
            except (KeyError, ValueError, OverflowError, OSError):
                left.unreadable += 1
        if table.is_cut:
            left.cut.append(part.name)
    for day, count in steps.items():
        noon = at_noon(day, days.zone)
        days.put("steps", noon, noon, count, NAME, PHONE)
    return incoming(NAME, SOURCE, archive.sha256(*parts), days, to, left)


def _point(row: Row, column: str, kind: str, days: Days) -> None:
    at = _instant(row["start_time"])
    days.put(kind, at, at, _number(row[column]), NAME, PHONE)


def _sleep(row: Row, state: float | None, days: Days) -> None:
    if state is not None:
        days.put("sleep", _instant(row["start_time"]), _instant(row["end_time"]), state, NAME, PHONE)


def _exercise(row: Row, days: Days) -> None:
    """Take an exercise with the duration that leaves out pauses, in milliseconds."""
    start, end = _instant(row["start_time"]), _instant(row["end_time"])
    minutes = _number(row["duration"]) / 60_000 if row.get("duration") else (end - start) / 60
    days.put("workout_min", start, end, minutes, NAME, PHONE)


def _steps(row: Row, steps: dict[dt.date, float]) -> None:
    day = dt.datetime.fromtimestamp(int(row["day_time"]) // 1000, dt.UTC).date()
    steps[day] = max(steps.get(day, 0.0), _number(row["step_count"]))


def _instant(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp())


def _number(text: str) -> float:
    value = tables.number(text)
    if value is None or value < 0:
        raise ValueError(text)
    return value
