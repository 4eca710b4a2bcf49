"""Reads tables as other programs write them: whatever separates the cells, however numbers and days are written."""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mollet.exchange.archive import HEAD, Counted

SEPARATORS = ",;\t|"
MOST_COLUMNS = 5000
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}([,. \u00a0\u202f'’]\d{3})+")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_NUMERIC_DAY = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})(?:[T ,].*)?")
_WORDED_DAY = re.compile(
    r"(?:[^\W\d_]+\.?,? )?(\d{1,2})(?:st|nd|rd|th|er|\.)? (?:of |de )?([^\W\d_]+)\.?,? (\d{4})(?:[T ,].*)?"
)
_MONTH_BEFORE = re.compile(r"(?:[^\W\d_]+\.?,? )?([^\W\d_]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?:[T ,].*)?")
_FIRST_YEAR, _LAST_YEAR = 1990, 2099
_POINTS_OF_A_DAY = 2

# How the names of months begin, without accents, in English, French and German; each is told from all others.
_MONTHS = (
    *(("jan",), ("feb", "fev"), ("mar", "maerz"), ("apr", "avr"), ("may", "mai"), ("jun", "juin")),
    *(("jul", "juil"), ("aug", "aou"), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez")),
)
_COMMA_DECIMAL = re.compile(r"[+-]?\d+(\.\d{3})*,(\d{1,2}|\d{4,})")
_POINT_DECIMAL = re.compile(r"[+-]?\d+(,\d{3})*\.(\d{1,2}|\d{4,})")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written: encoding of its bytes, and what separates its cells."""

    encoding: str
    separator: str


def sniff(head: bytes) -> Dialect:
    """Tell by its first bytes how a table is written; the separator is the one that its first lines agree on."""
    encoding = "utf-8-sig" if _is_utf8(head) else "cp1252"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    text = head.decode(encoding, "replace")
    lines = _bare(text).splitlines()[:10]
    whole = lines[:-1] if len(lines) > 1 and not text.endswith(("\n", "\r")) else lines
    counts = {one: [line.count(one) for line in whole] for one in SEPARATORS}
    best = max(SEPARATORS, key=lambda one: _agreement(counts[one]))
    return Dialect(encoding, best if any(counts[best]) else ",")


def header(head: bytes) -> list[str]:
    """Cells of the first line of a table, from its first bytes; empty where there is none."""
    return next(iter(lines(head, sniff(head), 1)), [])


def lines(head: bytes, dialect: Dialect, most: int = 100) -> list[list[str]]:
    """First lines of a table that hold anything, from its first bytes; the last may be cut, and is left out."""
    text = head.decode(dialect.encoding, "replace").lstrip("\ufeff").replace("\x00", "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.separator)
    found: list[list[str]] = []
    try:
        for cells in reader:
            if any(cells):
                found.append([cell.strip() for cell in cells])
            if len(found) > most:
                break
    except csv.Error:
        pass
    is_cut = len(head) >= HEAD and len(found) > 1 and len(found) <= most
    return found[: len(found) - is_cut][:most]


@dataclass(slots=True)
class Table:
    """Lines of a table, each with its number and its cells; after the last, ``is_cut`` says whether more was meant."""

    source: Counted
    dialect: Dialect
    is_cut: bool = field(default=False)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each line that holds anything."""
        with io.BufferedReader(self.source, 1 << 16) as raw:
            text = io.TextIOWrapper(raw, self.dialect.encoding, errors="replace", newline="")
            reader = csv.reader(_without_nul(text), delimiter=self.dialect.separator)
            line = 1
            try:
                for cells in reader:
                    if len(cells) > MOST_COLUMNS:
                        break
                    if any(cells):
                        yield line, [cell.strip() for cell in cells]
                    line = reader.line_num + 1
            except (csv.Error, UnicodeError):
                self.is_cut = True
            self.is_cut = self.is_cut or self.source.is_cut


@dataclass(slots=True)
class Named:
    """Rows of a table by the names in its first line; a cell beyond them is dropped, one that is missing is empty."""

    table: Table
    columns: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row below the first line."""
        for line, cells in self.table:
            if not self.columns:
                self.columns = tuple(cells)
                continue
            short = len(self.columns) - len(cells)
            yield line, dict(zip(self.columns, [*cells, *[""] * short], strict=False))


def open_table(source: Counted, head: bytes) -> Named:
    """Read a document as a table whose first line names the columns."""
    return Named(Table(source, sniff(head)))


def decimal_sign(cells: Iterable[str]) -> str:
    """Tell by the cells of a table what it writes before decimals, a comma or a point; empty where nothing tells."""
    signs = {
        "," if _COMMA_DECIMAL.fullmatch(cell) else "." if _POINT_DECIMAL.fullmatch(cell) else ""
        for cell in cells
        if "," in cell or "." in cell
    }
    signs.discard("")
    return signs.pop() if len(signs) == 1 else ""


def number(text: str, decimal: str = "") -> float | None:
    """A number however it is written, ``1,5`` and ``1 234,5`` as ``1.5`` and ``1234.5``; None where it is none.

    ``decimal`` is the sign before decimals where the table tells: the other one stands between thousands then.
    """
    text = text.strip()
    if decimal and re.fullmatch(r"[+-]?\d{1,3}([,.]\d{3})+", text) and decimal not in text:
        text = re.sub("[,.]", "", text)
    if not _NUMBER.fullmatch(text):
        if _GROUPED.fullmatch(text) and not re.fullmatch(r"[+-]?\d{1,3}[,.]\d{3}", text):
            text = re.sub(r"[^\d+-]", "", text)
        else:
            text = re.sub(r"[ \u00a0\u202f'’]", "", text)
            last = max(text.rfind(","), text.rfind("."))
            if last >= 0:
                text = re.sub("[,.]", "", text[:last]) + "." + text[last + 1 :]
    return float(text) if _NUMBER.fullmatch(text) and abs(float(text)) <= 1e9 else None


def months_first(cells: Iterable[str]) -> bool | None:
    """Tell whether days are written with the month first; None where no day of them says so.

    Who writes points between them writes the day first.
    """
    for cell in cells:
        found = _NUMERIC_DAY.fullmatch(cell.strip())
        if found and cell.count(".") >= _POINTS_OF_A_DAY:
            return False
        if found and (int(found[1]) > 12) != (int(found[2]) > 12):
            return int(found[2]) > 12
    return None


def day(text: str, month_first: bool = False) -> dt.date | None:
    """A day however it is written, by itself or before a time; None where it is none."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, of_month = (int(each) for each in found.groups())
    elif found := _NUMERIC_DAY.fullmatch(text):
        first, second, year = (int(each) for each in found.groups())
        month, of_month = (first, second) if month_first else (second, first)
        year += 2000 if year < 100 else 0
    elif found := _WORDED_DAY.fullmatch(text):
        of_month, month, year = int(found[1]), _month(found[2]), int(found[3])
    elif found := _MONTH_BEFORE.fullmatch(text):
        of_month, month, year = int(found[2]), _month(found[1]), int(found[3])
    else:
        return None
    try:
        return dt.date(year, month, of_month) if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None


def _month(name: str) -> int:
    """Number of the month that a word or its short form names; 0 where it names none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return next((at for at, begins in enumerate(_MONTHS, 1) if plain.startswith(begins)), 0)


def _is_utf8(head: bytes) -> bool:
    """Tell whether bytes are UTF-8; the last character may be cut."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and error.reason == "unexpected end of data"
    return True


def _bare(text: str) -> str:
    """Text without what stands in quotes."""
    return re.sub(r'"[^"]*"', "", text)


def _agreement(counts: list[int]) -> tuple[int, int]:
    """How well lines agree on a separator: how many have as many of it as the first, and how many that are."""
    first = counts[0] if counts else 0
    return (sum(count == first for count in counts) if first else 0, first)


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line.replace("\x00", "")
