"""Reads any table that has a column of days and columns of numbers, or of yes and no, for them.

How the table is written is found out (what separates cells, decimal commas, the encoding, the order of day and month);
what its columns mean is asked.
"""

from collections.abc import Iterator

from mollet.errors import FileError
from mollet.exchange import archive, tables
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.mapping import Collected, answered

NAME = "csv"
SHOWN = 20
_YES = {"yes", "y", "true", "x", "oui", "o", "vrai", "✓", "✔"}
_NO = {"no", "n", "false", "non", "faux"}


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is a table with several columns, one of which holds days."""
    if b"\x00" in part.head and not part.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    names = tables.header(part.head)
    return len([name for name in names if name]) >= 2 and _day_place(_head(part)) is not None


def read(parts: list[archive.Part], to: Destination) -> Incoming:
    """Read a table: ask what its columns mean, or give the entries that follow from what was said."""
    part = parts[0]
    head = _head(part)
    meanings = to.meanings
    place = _day_place(head, meanings.day if meanings else "")
    if place is None:
        raise FileError("error.file.no_days")
    told = tables.months_first(row[place] for row in _days(part, place))
    month_first = told if meanings is None or meanings.month_first is None else meanings.month_first
    collected, columns, problems = Collected(), head[0], []
    for source_part, source in archive.documents([part]):
        table = tables.Table(source, tables.sniff(part.head))
        for number, (_, cells) in enumerate(table):
            if number:
                _take(cells, columns, place, bool(month_first), collected)
        if table.is_cut:
            problems.append(FileError("error.file.cut", name=source_part.name))
    return answered(
        NAME,
        archive.sha256(part),
        collected,
        to,
        head=head[: SHOWN + 1],
        day_column=columns[place],
        problems=problems,
        asks_order=told is None and any(not row[place][:4].isdigit() for row in head[1:] if len(row) > place),
    )


def _take(cells: list[str], columns: tuple[str, ...], place: int, month_first: bool, collected: Collected) -> None:
    """Take one line: each cell that is a number, or yes or no, for the day of the line."""
    day = tables.day(cells[place], month_first) if place < len(cells) else None
    if day is None:
        collected.unreadable += 1
        return
    for at, (name, cell) in enumerate(zip(columns, cells, strict=False)):
        value = None if at == place or not name else _value(cell)
        if value is not None:
            collected.note(name, day, value)


def _value(cell: str) -> float | None:
    word = cell.casefold()
    if word in _YES:
        return 1.0
    return 0.0 if word in _NO else tables.number(cell)


def _head(part: archive.Part) -> tuple[tuple[str, ...], ...]:
    """First lines of a table, as far as its first bytes hold them whole."""
    return tuple(tuple(row) for row in tables.lines(part.head, tables.sniff(part.head)))


def _day_place(head: tuple[tuple[str, ...], ...], name: str = "") -> int | None:
    """Place of the column of days: the one that is named, or the first where most cells are days."""
    if name:
        return head[0].index(name) if head and name in head[0] else None
    body = head[1 : SHOWN + 1]
    for place in range(len(head[0]) if head else 0):
        cells = [row[place] for row in body if place < len(row) and row[place]]
        if cells and sum(_is_day(cell) for cell in cells) * 2 > len(cells):
            return place
    return None


def _is_day(cell: str) -> bool:
    return tables.day(cell) is not None or tables.day(cell, month_first=True) is not None


def _days(part: archive.Part, place: int) -> Iterator[list[str]]:
    """Yield the lines of a table that have a cell at a place."""
    for _, source in archive.documents([part]):
        for number, (_, cells) in enumerate(tables.Table(source, tables.sniff(part.head))):
            if number and place < len(cells):
                yield cells
