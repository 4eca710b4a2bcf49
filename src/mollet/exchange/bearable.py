"""Reads the table that Bearable exports: a line for each symptom, dose or list of factors, with a part of the day.

A symptom counts how often it was noted, a medicine adds up its amounts, a factor is there or is not known. What is
noted of the night or the early morning ("pre", "am") belongs to the night before, what has a time to the night it lies
in.
"""

import datetime as dt
import re

from mollet.errors import FileError
from mollet.exchange import archive, tables
from mollet.exchange.daylio import night_at
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.mapping import Collected, answered

NAME = "bearable"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3})[a-z]*\.?\s+(\d{4})")
_RATED = re.compile(r"\s*\((?:mild|moderate|severe|unbearable|none)\)$", re.IGNORECASE)
_NIGHTLY = {"pre", "am"}
_ONE_DAY = dt.timedelta(days=1)


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is such a table, by the names of its columns."""
    return {"category", "rating/amount", "detail"} <= set(tables.header(part.head))


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read symptoms, doses and factors: ask what they mean, or give the entries that follow from what was said."""
    collected, problems = Collected(), []
    ignored: dict[str, int] = {}
    for part, source in archive.documents(parts):
        named = tables.open_table(source, part.head)
        for _, row in named:
            _take(row, to, collected, ignored)
        if named.table.is_cut:
            problems.append(FileError("error.file.cut", name=part.name))
    return answered(NAME, archive.sha256(*parts), collected, to, problems=problems, ignored=ignored)


def _take(row: dict[str, str], to: Destination, collected: Collected, ignored: dict[str, int]) -> None:
    day = _day(row.get("date formatted") or row.get("date") or "")
    if day is None:
        collected.unreadable += 1
        return
    time = row.get("time of day", "")
    night = day - _ONE_DAY if time in _NIGHTLY else night_at(day, time, to)
    category, detail = row["category"], row["detail"]
    if category == "Symptom":
        collected.add(_RATED.sub("", detail), night, 1.0)
    elif category == "Meds/Supplements":
        amount = tables.number(row["rating/amount"])
        if amount is None:
            collected.unreadable += 1
        else:
            collected.add(detail, night, amount)
    elif "actors" in category:
        for factor in filter(None, (each.strip() for each in detail.split("|"))):
            collected.add(factor, night, 1.0)
    else:
        ignored[category] = ignored.get(category, 0) + 1


def _day(text: str) -> dt.date | None:
    found = _DAY.fullmatch(text)
    if not found or found[2].casefold() not in MONTHS:
        return tables.day(text)
    try:
        return dt.date(int(found[3]), MONTHS.index(found[2].casefold()) + 1, int(found[1]))
    except ValueError:
        return None
