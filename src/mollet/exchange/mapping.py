"""Columns of other people's tables, and what the person says they mean: nothing of them enters before that.

A table of unknown meaning becomes columns with a value for some days. What each may mean is proposed by its name; what
it does mean the person says. A column that is confirmed as the morning answer closes nights, as nothing else that comes
from outside does.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mollet.diary.entries import FIRST_DAY, LAST_DAY
from mollet.errors import FileError
from mollet.exchange import diary_csv
from mollet.exchange.comparison import column_name
from mollet.exchange.diary_csv import LIMITS, DiaryRow, DiaryTable
from mollet.exchange.incoming import Asked, Column, Destination, Incoming, Meanings
from mollet.knowledge import load
from mollet.words import LANGUAGES, say

LEAVE, HABIT = "leave", "habit"
MEANINGS = ("cramps", "at_least", "severity", "minutes", "awake_min", "sleep", HABIT, LEAVE)
MOST_COLUMNS = 400
_EXAMPLES, _LONGEST_EXAMPLE = 5, 30
_SEPARATORS = re.compile(r"\s*,\s*")


@dataclass(slots=True)
class Collected:
    """Values by column and day, as a table gives them: of several for one day their sum, the largest, or none."""

    columns: dict[str, dict[dt.date, float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    differing: set[tuple[str, dt.date]] = field(default_factory=set)
    unreadable: int = 0
    unread: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    unread_counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, day: dt.date, value: float) -> None:
        """Take a value that adds up with others of its day."""
        column = self._column(name)
        column[day] = column.get(day, 0.0) + value

    def note(self, name: str, day: dt.date, value: float) -> None:
        """Take a value that there is one of for a day; where two differ, none is taken."""
        column = self._column(name)
        if column.setdefault(day, value) != value:
            self.differing.add((name, day))

    def cannot_read(self, name: str, line: int, cell: str) -> None:
        """Count a cell that is neither a number nor yes or no, and remember the first few."""
        if name not in self.unread_counts and len(self.unread_counts) >= MOST_COLUMNS:
            return
        self.unread_counts[name] = self.unread_counts.get(name, 0) + 1
        first = self.unread.setdefault(name, [])
        if len(first) < _EXAMPLES:
            first.append((line, cell[:_LONGEST_EXAMPLE]))

    def _column(self, name: str) -> dict[dt.date, float]:
        if name not in self.columns and len(self.columns) >= MOST_COLUMNS:
            raise FileError("error.file.too_many_columns", n=MOST_COLUMNS)
        self.counts[name] = self.counts.get(name, 0) + 1
        return self.columns.setdefault(name, {})


def answered(
    format: str,
    sha256: str,
    collected: Collected,
    to: Destination,
    *,
    head: tuple[tuple[str, ...], ...] = (),
    day_column: str = "",
    problems: Iterable[FileError] = (),
    ignored: Mapping[str, int] | None = None,
    asks_order: bool = False,
) -> Incoming:
    """Ask what the columns mean, or, once that was said, make entries of them.

    ``head`` are the first lines as they stand in the file; ``asks_order`` that its days may be read in two ways.
    """
    for name, day in collected.differing:
        collected.columns[name].pop(day, None)
    columns = tuple(
        Column(name, collected.counts[name], min(days), max(days), _examples(days), propose(name))
        for name, days in collected.columns.items()
        if days
    )
    told = [*problems]
    if collected.unreadable:
        told.append(FileError("error.file.lines_without_day", n=collected.unreadable))
    asked = Asked(columns, head, day_column, asks_order)
    if not columns and to.meanings is None:
        raise FileError("error.file.no_columns")
    if to.meanings is None:
        return Incoming(format, sha256, ignored=dict(ignored or {}), problems=tuple(told), asked=asked)
    return _said(format, sha256, collected, to, to.meanings, asked, tuple(told), dict(ignored or {}))


def _said(
    format: str,
    sha256: str,
    collected: Collected,
    to: Destination,
    meanings: Meanings,
    asked: Asked,
    told: tuple[FileError, ...],
    ignored: dict[str, int],
) -> Incoming:
    by_night: dict[dt.date, dict[str, float]] = {}
    taken: dict[str, str] = {}
    odd: dict[str, list[str]] = {}
    shift = dt.timedelta(days=1 if meanings.mornings else 0)
    for name, meaning in checked(meanings.columns, collected.columns).items():
        if meaning == LEAVE:
            continue
        target = column_name(name) if meaning == HABIT else meaning
        if target in taken or (meaning == HABIT and target in LIMITS):
            raise FileError("error.file.meaning_twice", column=name, other=taken.get(target, target), meaning=target)
        taken[target] = name
        for day, value in collected.columns[name].items():
            night = day - shift
            if diary_csv.fits(target, value) and FIRST_DAY <= night <= LAST_DAY:
                by_night.setdefault(night, {})[target] = value
            else:
                odd.setdefault(name, []).append(f"{value:g} ({day.isoformat()})")
    if differing := sum(name in taken.values() for name, _ in collected.differing):
        told = (*told, FileError("error.file.two_values", n=differing))
    rows = tuple(DiaryRow(0, "", night, values) for night, values in sorted(by_night.items()))
    problems = (*told, *_unread(collected, taken.values()), *_odd(odd))
    return diary_csv.compared(format, sha256, DiaryTable(tuple(taken), rows, problems), rows, to, asked, ignored)


def _unread(collected: Collected, names: Iterable[str]) -> Iterator[FileError]:
    """Tell of each column that counts which of its cells say nothing that can be read."""
    for name in names:
        if n := collected.unread_counts.get(name, 0):
            examples = ", ".join(f"{line}: “{cell}”" for line, cell in collected.unread[name])
            yield FileError("error.file.column_unread", column=name, n=n, examples=_some(examples, n))


def _odd(odd: Mapping[str, list[str]]) -> Iterator[FileError]:
    """Tell of each column which of its values are beyond what it was said to mean."""
    for name, values in odd.items():
        examples = ", ".join(values[:_EXAMPLES])
        yield FileError("error.file.column_odd", column=name, n=len(values), examples=_some(examples, len(values)))


def _some(examples: str, n: int) -> str:
    return f"{examples} …" if n > _EXAMPLES else examples


def with_meanings(to: Destination, meanings: Meanings | None) -> Destination:
    """Destination of a file whose columns mean what was said."""
    return replace(to, meanings=meanings)


def checked(said: Mapping[str, str], columns: Mapping[str, object]) -> dict[str, str]:
    """What was said of columns, when all of them exist and each meaning does."""
    for name, meaning in said.items():
        if name not in columns:
            raise FileError("error.file.no_such_column", column=name, known=", ".join(list(columns)[:20]))
        if meaning not in MEANINGS:
            raise FileError("error.file.no_such_meaning", meaning=meaning, known=", ".join(MEANINGS))
    return dict(said)


def propose(name: str) -> str:
    """What a column may mean, by its name: the morning answer, a habit that is known, or nothing."""
    plain = _plain(name)
    if any(re.search(rf"\b{re.escape(word)}", plain) for word in _cramp_words()):
        return "cramps"
    catalogue = load()
    return HABIT if column_name(name) in catalogue.exposures.keys() | catalogue.remedies.keys() else LEAVE


def _cramp_words() -> list[str]:
    return [_plain(word) for lang in LANGUAGES for word in _SEPARATORS.split(say("exchange.cramp_words", lang)) if word]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()


def _examples(days: Mapping[dt.date, float]) -> tuple[float, ...]:
    return tuple(sorted(set(days.values())))[:5]
