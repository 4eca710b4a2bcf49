"""Whether everything in the store is as it must be."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F

from mollet.diary.entries import Kept, read_kept
from mollet.diary.fold import Diary, after
from mollet.diary.nights import today
from mollet.store import models, people, read, write


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it must be: a key of the words, and how often or where."""

    key: str
    n: int = 1
    where: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and what was found."""

    people: int
    entries: int
    measures: int
    nights: int
    problems: tuple[Problem, ...]
    to_look_at: tuple[Problem, ...] = ()


def check(now: dt.datetime | None = None) -> Report:
    """Look at every row as it stands at one moment; nothing is changed.

    Parameters
    ----------
    now : datetime or None
        The present, with its offset; the clock of this machine unless given.
    """
    now = now or dt.datetime.now(dt.UTC)
    with transaction.atomic():
        problems: list[Problem] = [*_damage(), *_mixed()]
        ahead: list[Problem] = []
        for person in people.everybody():
            diary = Diary(tuple(read.entries(person)), zone=person.zone)
            problems += [*_unreadable(person), *_stale(person, diary)]
            ahead += _ahead(diary, now)
        people_here, entries, measures, nights = (
            table.objects.count() for table in (models.Person, models.Entry, models.Measure, models.Night)
        )
    return Report(people_here, entries, measures, nights, tuple(problems), tuple(ahead))


def _damage() -> Iterator[Problem]:
    """Damage of the file itself, and rows that point nowhere."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        yield from (Problem("damaged", where=row[0]) for row in cursor.fetchall() if row[0] != "ok")
        cursor.execute("PRAGMA foreign_key_check")
        yield from (Problem("dangling", n, table) for table, n in Counter(row[0] for row in cursor.fetchall()).items())


def _mixed() -> Iterator[Problem]:
    """Rows of one person that hang on another's import."""
    for table in (models.Entry, models.Measure):
        mixed = table.objects.exclude(origin=None).exclude(person=F("origin__person")).count()
        if mixed:
            yield Problem("mixed", mixed, table._meta.db_table)


def _unreadable(person: models.Person) -> Iterator[Problem]:
    """Entries the door would not let in, and columns that say something else than their entry."""
    rows = list(models.Entry.objects.filter(person=person).order_by("key"))
    readings = read_kept([row.content for row in rows])
    refused = [str(row.id) for row, reading in zip(rows, readings, strict=True) if not isinstance(reading, Kept)]
    if refused:
        yield Problem("unreadable", len(refused), refused[0])
    astray = [
        str(row.id)
        for row, reading in zip(rows, readings, strict=True)
        if isinstance(reading, Kept) and _columns(row) != _columns(write.entry_row(person, reading.entry))
    ]
    if astray:
        yield Problem("astray", len(astray), astray[0])


def _columns(row: models.Entry) -> tuple[object, ...]:
    return row.id, row.about, row.kind, row.subject, row.at, row.night


def _stale(person: models.Person, diary: Diary) -> Iterator[Problem]:
    """Nights that differ from those the entries give when folded afresh."""
    fresh = diary.said_nights
    stored = {row.date: row for row in models.Night.objects.filter(person=person)}
    dates = fresh.keys() ^ stored.keys()
    dates |= {
        date for date in fresh.keys() & stored.keys() if not _is_fresh(stored[date], read.night_content(fresh[date]))
    }
    if dates:
        yield Problem("stale", len(dates), min(dates).isoformat())


def _ahead(diary: Diary, now: dt.datetime) -> Iterator[Problem]:
    """Nights to come of which something was said: nothing is lost, but a clock was wrong."""
    nights = Counter(night for night, _ in after(diary, today(now, diary.zone, diary.by_day)))
    yield from (Problem("ahead", n, night.isoformat()) for night, n in nights.items())


def _is_fresh(row: models.Night, content: object) -> bool:
    night = read.read_night(content)
    return (row.content, row.cramps, row.at_least) == (content, night.cramps, night.at_least)
