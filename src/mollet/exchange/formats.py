"""The formats mollet reads and writes: one line each, and none before it works."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from mollet.diary.fold import Diary
from mollet.errors import FileError, reason_of
from mollet.exchange import (
    any_csv,
    apple_health,
    archive,
    bearable,
    ciqual,
    cronometer,
    daylio,
    diary_csv,
    diary_json,
    fhir,
    fhir_read,
    fitbit,
    fooddata_central,
    garmin,
    health_connect,
    loop,
    myfitnesspal,
    samsung,
    sleep_as_android,
    sleepmeter,
    withings,
)
from mollet.exchange.diary_json import Complete
from mollet.exchange.incoming import Destination, Incoming

Sniff = Callable[[archive.Part], bool]
Read = Callable[[list[archive.Part], Destination], Incoming]
Write = Callable[[Complete, Diary, dt.date | None, dt.date | None], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how it is recognised by content, and how it is read, written, or both."""

    name: str
    suffix: str
    sniff: Sniff
    read: Read | None = None
    write: Write | None = None

    @property
    def spelt(self) -> str:
        """Name as it is shown and typed; with low lines, as it is kept, it is understood too."""
        return self.name.replace("_", "-")


def _write_csv(_: Complete, diary: Diary, since: dt.date | None, until: dt.date | None) -> Iterable[str]:
    return (diary_csv.write(diary, since, until),)


def _write_json(complete: Complete, _: Diary, since: dt.date | None, until: dt.date | None) -> Iterable[str]:
    if since or until:
        raise FileError("error.file.json_whole")
    return diary_json.write(complete)


def _by_head(sniff: Callable[[bytes], bool]) -> Sniff:
    """Recognise a document by its first bytes."""
    return lambda part: sniff(part.head)


def _first(read: Callable[[archive.Part, Destination], Incoming]) -> Read:
    """Read one document, of a format that has only one; further ones are told as left aside."""

    def read_first(parts: list[archive.Part], to: Destination) -> Incoming:
        incoming = read(parts[0], to)
        return replace(incoming, ignored={**incoming.ignored, **{part.name: 1 for part in parts[1:]}})

    return read_first


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(diary_csv.NAME, ".csv", _by_head(diary_csv.sniff), _first(diary_csv.read), _write_csv),
        Format(diary_json.NAME, ".json", _by_head(diary_json.sniff), _first(diary_json.read), _write_json),
        Format(fhir.NAME, ".json", _by_head(fhir_read.sniff), _first(fhir_read.read), fhir.write),
        Format(apple_health.NAME, ".zip", _by_head(apple_health.sniff), _first(apple_health.read)),
        Format(health_connect.NAME, ".zip", health_connect.sniff, _first(health_connect.read)),
        Format(fitbit.NAME, ".zip", fitbit.sniff, fitbit.read),
        Format(cronometer.NAME, ".csv", cronometer.sniff, cronometer.read),
        Format(withings.NAME, ".zip", withings.sniff, withings.read),
        Format(garmin.NAME, ".fit", garmin.sniff, garmin.read),
        Format(samsung.NAME, ".zip", samsung.sniff, samsung.read),
        Format(myfitnesspal.NAME, ".csv", myfitnesspal.sniff, myfitnesspal.read),
        Format(loop.NAME, ".zip", loop.sniff, loop.read),
        Format(daylio.NAME, ".csv", daylio.sniff, daylio.read),
        Format(bearable.NAME, ".csv", bearable.sniff, bearable.read),
        Format(sleep_as_android.NAME, ".zip", sleep_as_android.sniff, sleep_as_android.read),
        Format(sleepmeter.NAME, ".csv", sleepmeter.sniff, sleepmeter.read),
        Format(ciqual.NAME, ".xls", ciqual.sniff, ciqual.read),
        Format(fooddata_central.NAME, ".zip", fooddata_central.sniff, fooddata_central.read),
        # Last: it takes any table that the others do not know.
        Format(any_csv.NAME, ".csv", any_csv.sniff, _first(any_csv.read)),
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
        found, parts = recognise(path, name)
        if found.read is None:
            raise FileError("error.file.not_readable_format", name=found.name)
        return _named(found.read(parts, to), path)
    except FileError as problem:
        raise problem.of_file(path.name) from problem
    except OSError as error:
        raise FileError("error.file.unreadable", name=path.name, why=reason_of(error)) from error


def _named(incoming: Incoming, path: Path) -> Incoming:
    """Name the file in each problem that points to a place in it."""
    problems = (one.of_file(path.name) if {"line", "place"} & one.values.keys() else one for one in incoming.problems)
    return replace(incoming, problems=tuple(problems))


def recognise(path: Path, name: str | None = None) -> tuple[Format, list[archive.Part]]:
    """Find the documents of a known format in a file, zip or folder, by content and never by its name."""
    known = ", ".join(one.spelt for one in FORMATS.values())
    named = {one.spelt: one.name for one in FORMATS.values()}.get(name.replace("_", "-")) if name else None
    if name and named is None:
        raise FileError("error.file.unknown_format", name=name, known=known)
    wanted = [FORMATS[named]] if named else list(FORMATS.values())
    parts = archive.parts(path)
    for one in wanted:
        if found := [part for part in parts if one.sniff(part)]:
            return one, found
    if named:
        raise FileError("error.file.other_format", name=path.name, format=FORMATS[named].spelt)
    if parts and all(any_csv.is_without_days(part) for part in parts):
        raise FileError("error.file.no_days")
    raise FileError("error.file.not_recognised", name=path.name, known=known)
