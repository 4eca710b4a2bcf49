"""Reads the tables that Cronometer exports: servings, one food a line, or the daily summary.

Which nutrients there are, and in which order, is up to the person: columns are looked up by name and unit. An empty
cell is a nutrient nobody knows of that food, so that the day is a lower bound; 0 is a known zero. ``Water`` is that of
food and drink together, and never taken for what was drunk. Where a file holds both tables the servings count, and the
summary only for days that have none.
"""

import datetime as dt
from collections import defaultdict

from mollet.errors import FileError
from mollet.exchange import archive, tables
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left, at_noon, incoming
from mollet.exchange.rows import OTHER, Days

NAME = "cronometer"
SOURCE = "other:cronometer"
NUTRIENTS = {
    "Potassium (mg)": "potassium_mg",
    "Magnesium (mg)": "magnesium_mg",
    "Calcium (mg)": "calcium_mg",
    "Sodium (mg)": "sodium_mg",
    "Caffeine (mg)": "caffeine_mg",
    "Alcohol (g)": "alcohol_g",
    "Water (g)": "total_water_g",
}
_SERVINGS = {"Day", "Food Name", "Amount"}
_SUMMARY = {"Date", "Energy (kcal)"}


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is one of the two tables, by the names of its columns."""
    return _kind(part) is not None


def _kind(part: archive.Part) -> str | None:
    names = set(tables.header(part.head))
    if not names & NUTRIENTS.keys():
        return None
    if names >= _SERVINGS:
        return "servings"
    return "summary" if names >= _SUMMARY else None


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read servings and summaries into daily measures; nothing is kept yet."""
    left = Left()
    sums: dict[str, dict[dt.date, dict[str, float]]] = {"servings": defaultdict(dict), "summary": defaultdict(dict)}
    unknown: set[dt.date] = set()
    partial: set[dt.date] = set()
    for part, source in archive.documents(parts):
        kind = _kind(part) or "summary"
        named = tables.open_table(source, part.head)
        for _, row in named:
            _take(row, sums[kind], unknown, partial, left)
        if named.table.is_cut:
            left.cut.append(part.name)
    days = Days(to.diary.zone, to.diary.by_day)
    for day, values in (sums["summary"] | sums["servings"]).items():
        noon = at_noon(day, days.zone)
        for kind, value in values.items():
            days.put(kind, noon, noon, value, NAME, OTHER)
    notes = []
    if unknown:
        notes.append(FileError("cli.exchange.lower_bound", n=len(unknown)))
    if partial:
        notes.append(FileError("cli.exchange.partial_days", n=len(partial)))
    return incoming(NAME, SOURCE, archive.sha256(*parts), days, to, left, notes=notes)


def _take(
    row: dict[str, str],
    sums: dict[dt.date, dict[str, float]],
    unknown: set[dt.date],
    partial: set[dt.date],
    left: Left,
) -> None:
    """Add one line to its day."""
    day = tables.day(row.get("Day") or row.get("Date") or "")
    cells = {kind: row[name] for name, kind in NUTRIENTS.items() if name in row}
    values = {kind: tables.number(cell) for kind, cell in cells.items() if cell}
    if day is None or any(value is None or value < 0 for value in values.values()):
        left.unreadable += 1
        return
    if len(values) < len(cells):
        unknown.add(day)
    if row.get("Completed", "").casefold() == "false":
        partial.add(day)
    for kind, value in values.items():
        sums[day][kind] = sums[day].get(kind, 0.0) + (value or 0.0)
