"""What a file of health records brought: its rows made into days, and said in the same way for every such format."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import uuid5
from zoneinfo import ZoneInfo

from mollet.diary.measures import Measure
from mollet.errors import FileError
from mollet.exchange.incoming import Destination, Found, Incoming
from mollet.exchange.rows import MADE_OF, Days


@dataclass(slots=True)
class Left:
    """What a reader left aside, and what it could not read."""

    ignored: dict[str, int] = field(default_factory=dict)
    unreadable: int = 0
    cut: list[str] = field(default_factory=list)

    def ignore(self, name: str, count: int = 1) -> None:
        """Count what nobody asked for."""
        self.ignored[name] = self.ignored.get(name, 0) + count

    def problems(self) -> tuple[FileError, ...]:
        """Say which documents end too early, the first few by name."""
        return tuple(FileError("error.file.cut", name=name) for name in self.cut[:5])


def incoming(
    format: str,
    source: str,
    sha256: str,
    days: Days,
    to: Destination,
    left: Left,
    *,
    until: int | None = None,
    cut: bool = False,
    problems: Iterable[FileError] = (),
    notes: Iterable[FileError] = (),
) -> Incoming:
    """Make measures of the days, with what was found, left aside, odd, and repeated.

    ``source`` is under which generations replace each other; ``until`` when the file was made, in seconds since 1970
    UTC, None where that is not known; ``cut`` that it ends too early.
    """
    measures = days.measures(source, uuid5(to.diary_id, f"{format}:{sha256}"), until, cut)
    told = []
    if left.unreadable or days.odd:
        told.append(FileError("error.file.apple_unreadable", n=left.unreadable + days.odd))
    told += notes
    if days.repeated:
        told.append(FileError("cli.exchange.repeated_rows", n=days.repeated))
    return Incoming(
        format=format,
        sha256=sha256,
        measures=measures,
        found=_found(days, measures),
        ignored=dict(left.ignored),
        problems=(*left.problems(), *problems),
        notes=tuple(told),
    )


def at_local(moment: dt.datetime, zone: str) -> int:
    """Seconds since 1970 UTC of a time by the local clock; the first of the two where the clock shows it twice."""
    return int(moment.replace(tzinfo=ZoneInfo(zone)).timestamp())


def at_noon(day: dt.date, zone: str) -> int:
    """Seconds since 1970 UTC of the middle of a local day, for what is known of the day as a whole."""
    return at_local(dt.datetime.combine(day, dt.time(12)), zone)


def _found(days: Days, measures: tuple[Measure, ...]) -> tuple[Found, ...]:
    nights: dict[str, list[dt.date]] = {}
    for measure in measures:
        nights.setdefault(measure.kind, []).append(measure.night)
    return tuple(
        Found(kind, sum(days.rows.get(row, 0) for row in MADE_OF.get(kind, (kind,))), len(found), found[0], found[-1])
        for kind, found in nights.items()
    )
