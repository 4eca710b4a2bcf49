"""What the store holds of one person. Nothing here reads a row of anybody else."""

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, When
from django.db.models.functions import Length
from pydantic import TypeAdapter

from mollet.advice.foods import Amount, TableFood, folded
from mollet.diary import fold
from mollet.diary.entries import Entry, Kept, Pause, read_kept
from mollet.diary.fold import Diary
from mollet.diary.measures import Measure, resolve
from mollet.diary.nights import Changes, Night
from mollet.store import models

_log = logging.getLogger(__name__)
_NIGHT: TypeAdapter[Night] = TypeAdapter(Night)
_ONE_DAY = dt.timedelta(days=1)

# The last diary read of each person, with the marks of the rows it was read from.
_last: dict[UUID, tuple[tuple[object, ...], Diary]] = {}
_guard = Lock()


def diary(person: models.Person) -> Diary:
    """Everything the person said and imported; folded once for as long as nothing is added."""
    marks = _marks(person)
    with _guard:
        held = _last.get(person.diary)
    if held is not None and held[0] == marks and not connection.in_atomic_block:
        return held[1]
    found = Diary(tuple(entries(person)), measures(person), person.zone)
    # What a transaction sees may be rolled back, and its keys given to other rows: it is not kept.
    if not connection.in_atomic_block:
        with _guard:
            _last[person.diary] = (marks, found)
    return found


def forget_what_was_read() -> None:
    """Read everything anew: another database has taken the place of the one read before."""
    with _guard:
        _last.clear()


def nights(person: models.Person, since: dt.date, until: dt.date) -> list[Night]:
    """Every night from one date to another, both included, from the derived rows."""
    rows = models.Night.objects.filter(person=person, date__gte=since, date__lte=until)
    said = {row.date: read_night(row.content) for row in rows}
    dates = [since + days * _ONE_DAY for days in range((until - since).days + 1)]
    return fold.complete(dates, said, _pauses(person), person.zone, by_day(person))


def entries(person: models.Person, abouts: Iterable[UUID] | None = None) -> list[Entry]:
    """The person's entries, or those about some things, in the order they came."""
    rows = models.Entry.objects.filter(person=person).order_by("key")
    if abouts is not None:
        rows = rows.filter(about__in=list(abouts))
    return readable(rows.values_list("content", flat=True).iterator(chunk_size=2000))


def by_day(person: models.Person) -> Changes:
    """The dated setting "I sleep by day"."""
    return fold.changes(_things_of(person, Q(kind="answer", subject=fold.SLEEPS_BY_DAY)))


def measures(person: models.Person) -> tuple[Measure, ...]:
    """The measures that hold, one for each night and kind."""
    return tuple(resolve(all_measures(person), generations(person)).values())


def all_measures(person: models.Person) -> list[Measure]:
    """Every measure of every import that holds, overlaps included."""
    rows = models.Measure.objects.filter(person=person, origin__undone=None).order_by("key")
    fields = rows.values_list("source", "kind", "night", "value", "coverage", "origin__id")
    return [Measure(*row) for row in fields.iterator(chunk_size=2000)]


def generations(person: models.Person) -> list[UUID]:
    """The imports that hold, oldest first."""
    return list(imports(person).filter(undone=None).values_list("id", flat=True))


def imports(person: models.Person) -> QuerySet[models.Import]:
    """The person's imports, oldest first, undone ones included."""
    return models.Import.objects.filter(person=person).order_by("key")


def food_table(person: models.Person) -> models.Import | None:
    """The import whose food table holds: the newest that was not taken back; None where our own list does."""
    foods = models.TableFood.objects.filter(origin=OuterRef("key"))
    return imports(person).filter(Exists(foods), undone=None).order_by("-key").first()


def table_foods(person: models.Person, words: str, most: int) -> list[TableFood]:
    """Foods of the table that holds whose names have all the words; none where there is none.

    First those whose name begins with them, then those with a word that does; the shortest name first.
    """
    table = food_table(person)
    if table is None:
        return []
    rows = models.TableFood.objects.filter(person=person, origin=table)
    wanted = folded(words)
    for word in wanted.split():
        rows = rows.filter(words__contains=word)
    nearest = Case(When(words__startswith=wanted, then=0), When(words__contains=f" {wanted}", then=1), default=2)
    return [_table_food(row) for row in rows.order_by(nearest, Length("words"), "words")[:most]]


def foods_by_code(person: models.Person, codes: Mapping[str, str]) -> dict[str, TableFood]:
    """Foods of the table that holds, by what each code stands for."""
    table = food_table(person)
    if table is None:
        return {}
    rows = models.TableFood.objects.filter(person=person, origin=table, code__in=list(codes))
    return {codes[row.code]: _table_food(row) for row in rows}


def _table_food(row: models.TableFood) -> TableFood:
    said = row.content
    holds = {name: Amount(value, at_most) for name, (value, at_most) in said["holds"].items()}
    portion = said.get("portion_g"), said.get("portion", "")
    return TableFood(row.number, said["name"], said["name_en"], holds, row.code, *portion)


def readable(contents: Iterable[Any]) -> list[Entry]:
    """The entries of stored contents; one that cannot be read is left for ``check`` to report, and blocks nothing."""
    found = []
    for reading in read_kept(list(contents)):
        if isinstance(reading, Kept):
            found.append(reading.entry)
        else:
            _log.error("unreadable entry %s: %s", reading.id, reading.reason)
    return found


def read_night(content: Any) -> Night:
    """A derived night from its stored content."""
    return _NIGHT.validate_python(content)


def night_content(night: Night) -> Any:
    """What is stored of a derived night."""
    return _NIGHT.dump_python(night, mode="json")


def _pauses(person: models.Person) -> list[Pause]:
    return fold.pauses(Diary(tuple(_things_of(person, Q(kind="pause"))), zone=person.zone))


def _things_of(person: models.Person, which: Q) -> list[Entry]:
    """All that was said about the things of which something of this kind was said."""
    abouts = models.Entry.objects.filter(which, person=person).values("about")
    rows = models.Entry.objects.filter(person=person, about__in=abouts).order_by("key")
    return readable(rows.values_list("content", flat=True))


def _marks(person: models.Person) -> tuple[object, ...]:
    said = models.Entry.objects.filter(person=person).aggregate(Max("key"), Count("key"))
    brought = models.Import.objects.filter(person=person).aggregate(Max("key"), Count("key"), Max("undone"))
    # A later undo of an earlier import may bear any time: the number undone tells too.
    undone = models.Import.objects.filter(person=person).exclude(undone=None).count()
    return (*said.values(), *brought.values(), undone, person.zone)
