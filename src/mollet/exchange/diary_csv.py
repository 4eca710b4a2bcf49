"""The diary as a table, one row per night: for a spreadsheet, for statistics, and back again.

``docs/reference/diary-csv.md`` describes the columns. Reading gives a :class:`DiaryTable`, plain data that statistics
can use too; turning it into entries compares each row with what the diary would export for that night, so that the same
file twice changes nothing, and what was said otherwise is told and never overwritten unasked.
"""

import csv
import datetime as dt
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mollet.diary.entries import CLOCKS_DIFFER
from mollet.diary.fold import Diary, doses, exposures
from mollet.diary.nights import Night
from mollet.errors import FileError
from mollet.exchange import archive
from mollet.exchange.comparison import Comparison, column_name, worst_of
from mollet.exchange.incoming import Asked, Destination, Found, Incoming
from mollet.knowledge import load

NAME = "diary-csv"
LARGEST = 64 << 20
FIXED = ("cramps", "at_least", "minutes", "severity", "awake_min", "sleep")

# Said of a night without a morning answer, these are kept as habits of that night.
KEPT_AS_HABIT = ("awake_min", "sleep", "adhered")

# Whole number or not, least, most: of the columns whose meaning is fixed.
LIMITS: dict[str, tuple[bool, float, float]] = {
    "cramps": (True, 0, 99),
    "at_least": (True, 0, 99),
    "minutes": (False, 0, 1440),
    "severity": (True, 0, 10),
    "awake_min": (True, 0, 1440),
    "sleep": (True, 0, 10),
    "adhered": (True, 0, 1),
}

# Statistics take nights that the diary itself would refuse as a slip of the finger.
WIDER_LIMITS = {**LIMITS, "cramps": (True, 0.0, 1e5), "at_least": (True, 0.0, 1e5)}

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_WITH_UNIT = re.compile(r"_(ml|mg|g|kg|min|minutes|h|hours|count|cups|drinks|steps|c)$")
_FIRST, _LAST = dt.date(1990, 1, 1), dt.date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class DiaryRow:
    """One night of one person: its line in the file, and the cells that are not empty, by column."""

    line: int
    person: str
    night: dt.date
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class DiaryTable:
    """A diary file as plain data, in the order of the file.

    ``columns`` are those besides ``night`` and ``person``; a row that could not be read is not among ``rows`` but among
    ``problems``, with its line.
    """

    columns: tuple[str, ...]
    rows: tuple[DiaryRow, ...]
    problems: tuple[FileError, ...] = ()

    @property
    def persons(self) -> tuple[str, ...]:
        """Names in the order they first appear; one empty name where the file has no such column."""
        return tuple(dict.fromkeys(row.person for row in self.rows))


def sniff(head: bytes) -> bool:
    """Tell whether a document is a diary table, by the names in its first line."""
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    names = {name.strip().strip('"').casefold() for name in re.split("[,;\t]", first)}
    return {"night", "cramps"} <= names


def read_table(content: bytes, limits: Mapping[str, tuple[bool, float, float]] = LIMITS) -> DiaryTable:
    """Read a diary file; rows that cannot be read are reported one by one, the others are kept.

    Parameters
    ----------
    content : bytes
        The file, in UTF-8.
    limits : mapping
        For each column of a fixed meaning whether it is whole, its least and its largest value.

    Raises
    ------
    FileError
        Nothing can be read: not text, no header, a column missing or there twice.
    """
    lines = list(_lines(_text(content)))
    if not lines:
        raise FileError("error.file.csv_no_header")
    (_, header), body = lines[0], lines[1:]
    columns = _columns(header)
    rows: dict[tuple[str, dt.date], DiaryRow] = {}
    twice: set[tuple[str, dt.date]] = set()
    problems: list[FileError] = []
    for line, cells in body:
        try:
            row = _row(line, cells, columns, limits)
        except FileError as problem:
            problems.append(problem)
            continue
        key = (row.person, row.night)
        if key in rows:
            twice.add(key)
            problems.append(FileError("error.file.csv_twice", first=rows[key].line, line=line, night=row.night))
        else:
            rows[key] = row
    kept = tuple(row for key, row in rows.items() if key not in twice)
    return DiaryTable(tuple(name for name in columns if name not in ("night", "person")), kept, tuple(problems))


def read(part: archive.Part, to: Destination) -> Incoming:
    """Read a table for a diary; nothing is kept yet."""
    table = read_table(archive.whole(part, LARGEST))
    rows = _of_one_person(table, to.name)
    return compared(NAME, archive.sha256(part), table, rows, to)


def compared(
    format: str,
    sha256: str,
    table: DiaryTable,
    rows: tuple[DiaryRow, ...],
    to: Destination,
    asked: Asked | None = None,
    ignored: Mapping[str, int] | None = None,
) -> Incoming:
    """Hold the rows of a table against the diary, and give what they add to it.

    A row that tells how a night was before it has begun is left, and told with its line.
    """
    too_early = tuple(row for row in rows if _is_to_come(row, to))
    rows = tuple(row for row in rows if row not in too_early)
    problems = (*table.problems, *(_to_come(row) for row in too_early))
    comparison = _comparison(table, to)
    found = [comparison.of(row.night, row.values) for row in rows]
    return Incoming(
        format=format,
        sha256=sha256,
        entries=tuple(entry for each in found for entry in each.entries),
        found=_found(rows),
        ignored=dict(ignored or {}),
        problems=_told(problems, len(rows)),
        differing=tuple(each.night for each in found if each.differs),
        same=sum(
            bool(row.values) and not each.entries and not each.differs for row, each in zip(rows, found, strict=True)
        ),
        asked=asked,
    )


def write(diary: Diary, since: dt.date | None = None, until: dt.date | None = None) -> str:
    """Write the nights of a diary that hold anything, oldest first, as a table."""
    exported = values_by_night(diary)
    nights = sorted(night for night in exported if (since or _FIRST) <= night <= (until or _LAST))
    held = {name for night in nights for name in exported[night]}
    columns = ["cramps", *(name for name in FIXED[1:] if name in held), *sorted(held - set(FIXED))]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["night", *columns])
    for night in nights:
        table.writerow([night.isoformat(), *(_cell(exported[night].get(name)) for name in columns)])
    return text.getvalue()


def values_by_night(diary: Diary) -> dict[dt.date, dict[str, float]]:
    """What the table says of each night of a diary: what was said, and where nothing was, what was measured."""
    values: dict[dt.date, dict[str, float]] = defaultdict(dict)
    for _, night, name, value in _cells(diary):
        values[night][name] = value
    return values


def kinds(diary: Diary, since: dt.date | None = None, until: dt.date | None = None) -> dict[str, int]:
    """Count what the table of some nights holds: morning answers, nights of which it tells the cramps, other cells."""
    held = {(night, name): kind for kind, night, name, _ in _cells(diary)}
    told = {
        (kind, night, "" if kind in ("night", "cramp") else name)
        for (night, name), kind in held.items()
        if (since or _FIRST) <= night <= (until or _LAST)
    }
    return dict(Counter(kind for kind, _, _ in told))


def _cells(diary: Diary) -> Iterator[tuple[str, dt.date, str, float]]:
    """Yield each cell with its kind; a later one stands in the place of an earlier one."""
    for measure in diary.measures:
        yield "measure", measure.night, _free(measure.kind, "measured"), measure.value
    for dose in doses(diary, _FIRST, _LAST):
        yield "dose", dose.night, _free(dose.remedy, "dose"), float(dose.done)
    for exposed in exposures(diary, _FIRST, _LAST):
        is_of_a_night = exposed.what in KEPT_AS_HABIT and fits(exposed.what, float(exposed.value))
        name = exposed.what if is_of_a_night else _free(exposed.what, "exposure")
        yield "exposure", exposed.night, name, float(exposed.value)
    for date, night in diary.said_nights.items():
        for name, value in _said(night).items():
            yield "cramp" if name in ("at_least", "minutes", "severity") else "night", date, name, value


def _free(name: str, kind: str) -> str:
    """Name of a column that no column of a fixed meaning has."""
    return f"{kind}_{name}" if name in LIMITS or name in ("night", "person") else name


def fits(column: str, value: float, limits: Mapping[str, tuple[bool, float, float]] = LIMITS) -> bool:
    """Tell whether a value can stand in a column: within its limits, and whole where it must be."""
    is_whole, least, most = limits.get(column, (False, -1e9, 1e9))
    return least <= value <= most and (not is_whole or value == int(value))


def _said(night: Night) -> dict[str, float]:
    worst = worst_of(night.episodes) if night.episodes else None
    said = {
        "cramps": night.cramps,
        "at_least": night.at_least or None if night.cramps is None else None,
        "minutes": None if worst is None or worst.minutes is None else round(worst.minutes, 2),
        "severity": worst.severity if worst else None,
        "awake_min": night.awake_minutes,
        "sleep": night.sleep,
    }
    return {name: float(value) for name, value in said.items() if value is not None}


def _cell(value: float | None) -> str:
    """Write a number as short as reads back the same; nothing where nothing is known."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(value)


def _comparison(table: DiaryTable, to: Destination) -> Comparison:
    catalogue = load()
    numbers = {name for name, known in catalogue.exposures.items() if known.type != "boolean"}
    cells = [(column_name(name), value) for row in table.rows for name, value in row.values.items()]
    not_yes_no = {name for name, value in cells if value not in (0, 1)}
    counted = {name for name, _ in cells if name in LIMITS or name in numbers or _WITH_UNIT.search(name)}
    yes_no = frozenset({name for name, _ in cells} - not_yes_no - counted)
    units = {name: known.unit for name, known in catalogue.exposures.items() if isinstance(known.unit, str)}
    return Comparison(to, values_by_night(to.diary), yes_no, frozenset(catalogue.remedies), units)


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError("error.file.csv_not_utf8", line=content.count(b"\n", 0, error.start) + 1) from error
    if "\x00" in text:
        raise FileError("error.file.csv_not_utf8", line=text.count("\n", 0, text.index("\x00")) + 1)
    return text


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each line that holds anything, with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, [cell.strip() for cell in cells]
            start = reader.line_num + 1
    except csv.Error as error:
        raise FileError("error.file.csv_broken", line=start) from error


def _columns(header: list[str]) -> list[str]:
    known = {*LIMITS, "night", "person"}
    names = [name.casefold() if name.casefold() in known else name for name in header]
    while names and not names[-1]:
        names.pop()
    if len(names) == 1 and re.search("[;\t]", names[0]):
        raise FileError("error.file.csv_separator")
    for name in ("night", "cramps"):
        if name not in names:
            raise FileError("error.file.csv_column_missing", column=name)
    for place, name in enumerate(names, 1):
        if not name:
            raise FileError("error.file.csv_column_empty", place=place)
        if names.index(name) != place - 1:
            raise FileError("error.file.csv_column_twice", column=name, first=names.index(name) + 1, place=place)
    return names


def _row(line: int, cells: list[str], columns: list[str], limits: Mapping[str, tuple[bool, float, float]]) -> DiaryRow:
    while len(cells) > len(columns) and not cells[-1]:
        cells.pop()
    if len(cells) != len(columns):
        raise FileError("error.file.csv_cells", line=line, n=len(cells), expected=len(columns))
    named = dict(zip(columns, cells, strict=True))
    night = _night(line, named.pop("night"))
    person = named.pop("person", "")
    values = {name: _number(line, name, cell, limits) for name, cell in named.items() if cell}
    return DiaryRow(line, person, night, values)


def _night(line: int, cell: str) -> dt.date:
    try:
        night = dt.date.fromisoformat(cell) if _DAY.fullmatch(cell) else None
    except ValueError:
        night = None
    if night is None or not _FIRST <= night <= _LAST:
        raise FileError("error.file.csv_bad_date", line=line, value=cell[:40])
    return night


def _number(line: int, column: str, cell: str, limits: Mapping[str, tuple[bool, float, float]]) -> float:
    value = float(cell) if _NUMBER.fullmatch(cell) else None
    if value is None or not abs(value) <= 1e9:
        key = "error.file.csv_not_number" if value is None else "error.file.csv_too_large"
        raise FileError(key, line=line, column=column, value=cell[:40])
    if not fits(column, value, limits):
        is_whole, least, most = limits[column]
        key = "error.file.csv_not_whole" if is_whole else "error.file.csv_out_of_range"
        raise FileError(key, line=line, column=column, value=cell[:40], least=int(least), most=int(most))
    return value


def _is_to_come(row: DiaryRow, to: Destination) -> bool:
    is_ahead = to.today is not None and row.night > to.today + CLOCKS_DIFFER
    return is_ahead and any(name in row.values for name in FIXED)


def _to_come(row: DiaryRow) -> FileError:
    if not row.line:
        return FileError("error.file.night_to_come", night=row.night)
    return FileError("error.file.csv_to_come", line=row.line, night=row.night)


def _told(problems: tuple[FileError, ...], kept: int) -> tuple[FileError, ...]:
    """Add to what is wrong what is safe."""
    return (*problems, FileError("error.file.csv_kept", n=kept)) if problems and kept else problems


def _of_one_person(table: DiaryTable, name: str) -> tuple[DiaryRow, ...]:
    if len(table.persons) <= 1:
        return table.rows
    if name not in table.persons:
        raise FileError("error.file.csv_persons", n=len(table.persons), names=", ".join(sorted(table.persons)[:5]))
    return tuple(row for row in table.rows if row.person == name)


def _found(rows: tuple[DiaryRow, ...]) -> tuple[Found, ...]:
    nights: dict[str, list[dt.date]] = defaultdict(list)
    for row in rows:
        for name in row.values:
            nights[name].append(row.night)
    return tuple(Found(name, len(days), len(days), min(days), max(days)) for name, days in nights.items())
