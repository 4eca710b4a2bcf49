"""Reads any table that has a column of days and columns of numbers, or of yes and no, for them.

How the table is written is found out (what separates cells, decimal commas, the encoding, the order of day and month);
what its columns mean is asked.
"""

import re

from mollet.errors import FileError
from mollet.exchange import archive, tables
from mollet.exchange.daylio import night_at
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.mapping import Collected, answered

NAME = "csv"
SHOWN = 20
_CLOCK = re.compile(r"[T ,](\d{1,2}:\d\d(?::\d\d)?(?:\s*[ap]\.?m\.?)?)", re.IGNORECASE)
_YES = {"yes", "y", "true", "x", "oui", "o", "vrai", "✓", "✔"}
_NO = {"no", "n", "false", "non", "faux"}


def sniff(part: archive.Part) -> bool:
    """Tell whether a document is a table with several columns, one of which holds days."""
    if b"\x00" in part.head and not part.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    names = tables.header(part.head)
    return len([name for name in names if name]) >= 2 and _day_place(_head(part)) is not None


def is_without_days(part: archive.Part) -> bool:
    """Tell whether a document is a table all the same: every line has the same cells, several of them, and no days."""
    if b"\x00" in part.head[:100] and not part.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    widths = {len(row) for row in _head(part)}
    return len(widths) == 1 and widths.pop() >= 2 and len(_head(part)) >= 2 and part.head.lstrip()[:1] not in b"<{["


def read(part: archive.Part, to: Destination) -> Incoming:
    """Read a table: ask what its columns mean, or give the entries that follow from what was said."""
    head = _head(part)
    meanings = to.meanings
    place = _day_place(head, meanings.day if meanings else "")
    if place is None:
        raise FileError("error.file.no_days")
    told, is_timed, decimal = _written(part, place)
    month_first = told if meanings is None or meanings.month_first is None else meanings.month_first
    # Who says mornings means the day that is written.
    by_time = to if is_timed and not (meanings and meanings.mornings) else None
    collected, columns, problems = Collected(), head[0], []
    for source_part, source in archive.documents([part]):
        table = tables.Table(source, tables.sniff(part.head))
        for number, (line, cells) in enumerate(table):
            if number:
                _take(line, cells, columns, place, bool(month_first), by_time, decimal, collected)
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
        asks_order=told is None and any(_is_twofold(row[place]) for row in head[1:] if len(row) > place),
    )


def _take(
    line: int,
    cells: list[str],
    columns: tuple[str, ...],
    place: int,
    month_first: bool,
    by_time: Destination | None,
    decimal: str,
    collected: Collected,
) -> None:
    """Take one line: each cell that is a number, or yes or no, for the day, or the night, of the line."""
    day = tables.day(cells[place], month_first) if place < len(cells) else None
    if day is None:
        collected.unreadable += 1
        return
    if by_time:
        day = night_at(day, _time(cells[place]), by_time)
    for at, (name, cell) in enumerate(zip(columns, cells, strict=False)):
        if at == place or not name or not cell:
            continue
        value = _value(cell, decimal)
        if value is None:
            collected.cannot_read(name, line, cell)
        else:
            collected.note(name, day, value)


def _time(cell: str) -> str:
    """Time that stands behind a day, without seconds' fractions and offsets: the clock on the wall."""
    found = _CLOCK.search(cell)
    return found[1].strip() if found else ""


def _value(cell: str, decimal: str) -> float | None:
    word = cell.casefold()
    if word in _YES:
        return 1.0
    return 0.0 if word in _NO else tables.number(cell, decimal)


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


def _is_twofold(cell: str) -> bool:
    """Tell whether a day may be read in two ways."""
    return tables.day(cell) != tables.day(cell, month_first=True)


def _written(part: archive.Part, place: int) -> tuple[bool | None, bool, str]:
    """How a table is written: months first, where any day tells; times that are not all midnight; the decimal sign."""
    told, is_timed, signs = None, False, set()
    for _, source in archive.documents([part]):
        for number, (_, cells) in enumerate(tables.Table(source, tables.sniff(part.head))):
            if number:
                signs.add(tables.decimal_sign(cells[:place] + cells[place + 1 :]))
            if number and place < len(cells):
                told = tables.months_first(cells[place : place + 1]) if told is None else told
                is_timed = is_timed or _time(cells[place]) not in ("", "00:00", "00:00:00")
    signs.discard("")
    return told, is_timed, signs.pop() if len(signs) == 1 else ""
