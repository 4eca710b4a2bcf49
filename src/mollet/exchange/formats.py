"""The formats mollet reads and writes: one line each, and none before it works."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from mollet.diary.fold import Diary
from mollet.errors import FileError
from mollet.exchange import apple_health, archive, diary_csv, diary_json
from mollet.exchange.diary_json import Complete
from mollet.exchange.incoming import Destination, Incoming

Read = Callable[[archive.Part, Destination], Incoming]
Write = Callable[[Complete, Diary, dt.date | None, dt.date | None], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how it is recognised by content, and how it is read, written, or both."""

    name: str
    suffix: str
    sniff: Callable[[bytes], bool]
    read: Read | None = None
    write: Write | None = None


def _write_csv(_: Complete, diary: Diary, since: dt.date | None, until: dt.date | None) -> Iterable[str]:
    return (diary_csv.write(diary, since, until),)


def _write_json(complete: Complete, _: Diary, since: dt.date | None, until: dt.date | None) -> Iterable[str]:
    if since or until:
        raise FileError("error.file.json_whole")
    return diary_json.write(complete)


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(diary_csv.NAME, ".csv", diary_csv.sniff, diary_csv.read, _write_csv),
        Format(diary_json.NAME, ".json", diary_json.sniff, diary_json.read, _write_json),
        Format(apple_health.NAME, ".zip", apple_health.sniff, apple_health.read),
    )
}


def read(path: Path, to: Destination, name: str | None = None) -> Incoming:
    """Read a file, zip or folder; the format is recognised by content unless it is named.

    Raises
    ------
    FileError
        Nothing in it is of the format named, or of any.
    """
    try:
        found, part = recognise(path, name)
        if found.read is None:
            raise FileError("error.file.not_readable_format", name=found.name)
        return found.read(part, to)
    except OSError as error:
        raise FileError("error.file.unreadable", name=path.name, why=error.strerror or type(error).__name__) from error


def recognise(path: Path, name: str | None = None) -> tuple[Format, archive.Part]:
    """Find the document of a known format in a file, zip or folder, by content and never by its name."""
    named = {one.replace("_", "-"): one for one in FORMATS}.get(name.replace("_", "-")) if name else None
    if name and named is None:
        raise FileError("error.file.unknown_format", name=name, known=", ".join(FORMATS))
    wanted = [FORMATS[named]] if named else list(FORMATS.values())
    for part in archive.parts(path):
        for one in wanted:
            if one.sniff(part.head):
                return one, part
    if name:
        raise FileError("error.file.other_format", name=path.name, format=name)
    raise FileError("error.file.not_recognised", name=path.name, known=", ".join(FORMATS))
