"""Reads the table that Bearable exports: a line for each symptom, dose or list of factors, with a part of the day.

A symptom counts how often it was noted, a medicine adds up its amounts, a factor is there or is not known. What is
noted of the night or the early morning ("pre", "am") belongs to the night before, what has a time to the night it lies
in. Sleep is that from which the person woke on the day of its line: its length and the time in bed become measures, how
good it was is a column like any other.
"""

import datetime as dt
import re
from dataclasses import replace

from mollet.errors import FileError
from mollet.exchange import archive, tables
from mollet.exchange.daylio import clock_of, night_at
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.mapping import Collected, answered
from mollet.exchange.measured import Left, at_local, incoming
from mollet.exchange.rows import ASLEEP, IN_BED, PHONE, Days

NAME = "bearable"
_RATED = re.compile(r"\s*\((?:mild|moderate|severe|unbearable|none)\)$", re.IGNORECASE)
_NIGHTLY = {"pre", "am"}
_ONE_DAY = dt.timedelta(days=1)
SOURCE = "phone:bearable"
_LENGTH = re.compile(r"(\d{1,2}):([0-5]\d)")
_IN_BED = re.compile(r"(\d{1,2}:\d\d(?:\s*[ap]m)?)\s*[-–]\s*(\d{1,2}:\d\d(?:\s*[ap]m)?)", re.IGNORECASE)
_MIDNIGHT = dt.time()


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is such a table, by the names of its columns."""
    return {"category", "rating/amount", "detail"} <= set(tables.header(part.head))


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read symptoms, doses and factors: ask what they mean, or give the entries that follow from what was said."""
    collected, problems = Collected(), []
    days, ignored = Days(to.diary.zone, to.diary.by_day), dict[str, int]()
    for part, source in archive.documents(parts):
        named = tables.open_table(source, part.head)
        for _, row in named:
            _take(row, to, collected, days, ignored)
        if named.table.is_cut:
            problems.append(FileError("error.file.cut", name=part.name))
    sha256 = archive.sha256(*parts)
    slept = incoming(NAME, SOURCE, sha256, days, to, Left())
    if slept.measures and not any(collected.columns.values()):
        return replace(slept, ignored=ignored, problems=tuple(problems))
    said = answered(NAME, sha256, collected, to, problems=problems, ignored=ignored)
    if to.meanings is None:
        return said
    return replace(said, measures=slept.measures, found=(*said.found, *slept.found))


def _take(row: dict[str, str], to: Destination, collected: Collected, days: Days, ignored: dict[str, int]) -> None:
    day = tables.day(row.get("date formatted") or row.get("date") or "")
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
    elif category.startswith("Sleep"):
        _sleep(row, day, to, collected, days)
    else:
        ignored[category] = ignored.get(category, 0) + 1


def _sleep(row: dict[str, str], day: dt.date, to: Destination, collected: Collected, days: Days) -> None:
    """Take the sleep of a night: how long, in bed from when to when, or how good."""
    length, bed = _LENGTH.fullmatch(row["rating/amount"]), _IN_BED.search(row["detail"])
    good = None if length else tables.number(row["rating/amount"])
    if good is not None:
        collected.note(row["detail"] or row["category"], day - _ONE_DAY, good)
    elif not length and not bed:
        collected.unreadable += 1
    else:
        _slept(day, (clock_of(bed[1]), clock_of(bed[2])) if bed else (None, None), length, to.diary.zone, days)


def _slept(
    day: dt.date,
    bed: tuple[dt.time | None, dt.time | None],
    length: re.Match[str] | None,
    zone: str,
    days: Days,
) -> None:
    """Put a night's sleep on the clock: it ends on its day, and without times it is put after midnight."""
    from_, until = bed
    began = at_local(dt.datetime.combine(day, _MIDNIGHT), zone)
    if from_ is not None and until is not None:
        began = at_local(dt.datetime.combine(day - _ONE_DAY * (from_ > until), from_), zone)
        days.put("sleep", began, at_local(dt.datetime.combine(day, until), zone), IN_BED, NAME, PHONE)
    if length:
        minutes = 60 * int(length[1]) + int(length[2])
        days.put("sleep", began, began + 60 * minutes, ASLEEP, NAME, PHONE)
