"""Reads what Loop Habit Tracker keeps: its zip of tables, or its database.

Of a yes-or-no habit 2 is done, 0 is not done; 1 (implied by the schedule), 3 (left out on purpose) and -1 (nothing
said) are not known. Habits that are numbers are kept a thousandfold, and told by numbers no yes-or-no habit has. An
older database only lists what was done.
"""

import datetime as dt
import sqlite3
from typing import Any

from mollet.errors import FileError
from mollet.exchange import archive, tables
from mollet.exchange.health_connect import database
from mollet.exchange.health_connect import tables as tables_of
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.mapping import Collected, answered

NAME = "loop"
DONE = {2: 1.0, 0: 0.0}
THOUSAND = 1000.0
_HABITS = ["Position", "Name", "Question"]


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is the database, the list of habits, or the table of all of them."""
    if part.head.startswith(b"SQLite"):
        return {"Habits", "Repetitions"} <= tables_of(part)
    return _is_marks(part) or tables.header(part.head)[:3] == _HABITS


def _is_marks(part: archive.Part) -> bool:
    names = tables.header(part.head)
    return part.name == "Checkmarks.csv" and len(names) >= 3 and names[0] == "Date" and not names[-1]


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read habits: ask what they mean, or give the entries that follow from what was said."""
    collected, problems = Collected(), []
    raw: dict[str, dict[dt.date, float]] = {}
    databases = [part for part in parts if part.head.startswith(b"SQLite")]
    for part in databases[:1]:
        try:
            _read_database(part, raw, collected)
        except sqlite3.Error:
            problems.append(FileError("error.file.cut", name=part.name))
    for part, source in archive.documents([part for part in parts if not databases and _is_marks(part)][:1]):
        named = tables.open_table(source, part.head)
        for _, row in named:
            _take(row, raw, collected)
        if named.table.is_cut:
            problems.append(FileError("error.file.cut", name=part.name))
    for name, days in raw.items():
        is_number = any(value > 3 for value in days.values())
        for day, value in days.items():
            if is_number and value >= 0:
                collected.note(name, day, value / THOUSAND)
            elif not is_number and value in DONE:
                collected.note(name, day, DONE[int(value)])
    return answered(NAME, archive.sha256(*parts), collected, to, problems=problems)


def _take(row: dict[str, str], raw: dict[str, dict[dt.date, float]], collected: Collected) -> None:
    day = tables.day(row["Date"])
    if day is None:
        collected.unreadable += 1
        return
    for name, cell in row.items():
        value = tables.number(cell) if name and name != "Date" else None
        if value is not None:
            raw.setdefault(name, {})[day] = value


def _read_database(part: archive.Part, raw: dict[str, dict[dt.date, float]], collected: Collected) -> None:
    with archive.on_disk(part) as path, database(path) as opened:
        columns = {row[1].casefold() for row in opened.execute("PRAGMA table_info(Repetitions)")}
        value = "r.value" if "value" in columns else "2"
        asked = f"SELECT h.name, r.timestamp, {value} FROM Repetitions r JOIN Habits h ON h.Id = r.habit"
        for name, at, done in opened.execute(asked):
            day = _day(at)
            if day is None or not isinstance(done, int | float):
                collected.unreadable += 1
            else:
                raw.setdefault(str(name), {})[day] = float(done)


def _day(at: Any) -> dt.date | None:
    """Day of a time in milliseconds at midnight UTC."""
    try:
        return dt.datetime.fromtimestamp(int(at) // 1000, dt.UTC).date()
    except (ValueError, TypeError, OverflowError, OSError):
        return None
