"""Reads the first sheet of a workbook, xls or xlsx, as rows of text; at most so large, and no entities."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice

from mollet.errors import FileError
from mollet.exchange import archive

OLD_MARK, ZIP_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
LARGEST = 64 << 20
"""Bytes of a workbook, and of what streams out of one that is a zip: the largest real table is a tenth of it."""
MOST_COLUMNS = 200
MOST_ROWS = 20_000


def is_sheet(part: archive.Part) -> bool:
    """Tell by its first bytes whether a document may be a workbook."""
    return part.head.startswith((OLD_MARK, ZIP_MARK))


def first_rows(part: archive.Part, count: int) -> list[list[str]]:
    """First rows of a workbook; none where it cannot be read."""
    try:
        return list(islice(rows(part), count))
    except FileError:
        return []


def rows(part: archive.Part) -> Iterator[list[str]]:
    """Yield the rows of the first sheet.

    Raises
    ------
    FileError
        The workbook is damaged, swells without end, or declares entities.
    """
    content = archive.whole(part, LARGEST)
    read = _old if content.startswith(OLD_MARK) else _new
    try:
        for cells in islice(read(content, part.name), MOST_ROWS):
            yield [_text(cell) for cell in cells[:MOST_COLUMNS]]
    except FileError:
        raise
    except Exception as error:
        # Both libraries fail on damaged files with whatever they stumble over.
        raise FileError("error.file.bad_sheet", name=part.name) from error


def _old(content: bytes, name: str) -> Iterator[list[object]]:
    import xlrd  # type: ignore[import-untyped]

    with xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), on_demand=True, ragged_rows=True) as book:
        sheet = book.sheet_by_index(0)
        for place in range(sheet.nrows):
            yield list(sheet.row_values(place))


def _new(content: bytes, name: str) -> Iterator[list[object]]:
    import openpyxl  # type: ignore[import-untyped]

    _look_through(content, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        for cells in book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS):
            yield list(cells)
    finally:
        book.close()


def _look_through(content: bytes, name: str) -> None:
    """Refuse a workbook that streams out larger than any real one, or that declares entities."""
    left = LARGEST
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            for member in zipped.infolist()[: archive.MOST_MEMBERS]:
                tail = b""
                with zipped.open(member) as inside:
                    while piece := inside.read(archive.CHUNK):
                        left -= len(piece)
                        if left < 0:
                            raise FileError("error.file.too_large", name=name)
                        if b"<!ENTITY" in tail + piece:
                            raise FileError("error.file.entity")
                        tail = piece[-8:]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileError("error.file.bad_sheet", name=name) from error


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
