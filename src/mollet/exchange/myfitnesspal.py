"""Reads the nutrition summary of MyFitnessPal: a line for each meal of each day.

Sodium and potassium are in milligrams. Calcium, iron and the vitamins are percent of a daily value that has changed
over the years, so that nobody can turn them into milligrams: they are left aside. There is no magnesium at all.
"""

import datetime as dt

from mollet.errors import FileError
from mollet.exchange import archive, tables
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.measured import Left, at_noon, incoming
from mollet.exchange.rows import OTHER, Days

NAME = "myfitnesspal"
SOURCE = "other:myfitnesspal"
NUTRIENTS = {"Sodium (mg)": "sodium_mg", "Potassium": "potassium_mg"}


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is such a table, by the names of its columns."""
    return {"Date", "Meal", "Calories", "Sodium (mg)"} <= set(tables.header(part.head))


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read the meals into daily measures; nothing is kept yet."""
    left = Left()
    sums: dict[tuple[dt.date, str], float] = {}
    for part, source in archive.documents(parts):
        named = tables.open_table(source, part.head)
        for _, row in named:
            day = tables.day(row["Date"])
            values = {kind: tables.number(row[name]) for name, kind in NUTRIENTS.items() if row.get(name)}
            if day is None or any(value is None or value < 0 for value in values.values()):
                left.unreadable += 1
                continue
            for kind, value in values.items():
                sums[day, kind] = sums.get((day, kind), 0.0) + (value or 0.0)
        if named.table.is_cut:
            left.cut.append(part.name)
    days = Days(to.diary.zone, to.diary.by_day)
    for (day, kind), value in sums.items():
        noon = at_noon(day, days.zone)
        days.put(kind, noon, noon, value, NAME, OTHER)
    return incoming(
        NAME, SOURCE, archive.sha256(*parts), days, to, left, notes=[FileError("cli.exchange.percent_of_a_day")]
    )
