"""The one way anything gets into the store: in one transaction, acknowledged when it is on the disk."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar
from uuid import UUID, uuid4, uuid5

from django.db import transaction

from mollet.advice.foods import TableFood, folded
from mollet.diary.entries import Entry, Kept, Refused, Withdrawn, as_json, read_entries, read_kept
from mollet.diary.fold import Thing, fold
from mollet.diary.measures import Measure
from mollet.errors import StoreError
from mollet.store import derive, models, read

_A_STATEMENT = 500  # values in one SQL statement, far below what SQLite allows

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one thing said: kept, known already, or refused and why."""

    id: UUID | None
    state: Literal["kept", "known", "refused"]
    reason: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: a generation of its own, or nothing new."""

    id: UUID
    state: Literal["kept", "known"]
    measures: int
    results: tuple[Result, ...] = ()


def receive(person: models.Person, batch: object) -> list[Result]:
    """Read a batch by the one door and record what it lets in; one result for each item, in its order."""
    readings = read_entries(batch)
    recorded = iter(record(person, [one.entry for one in readings if isinstance(one, Kept)]))
    return [_refusal(one) if isinstance(one, Refused) else next(recorded) for one in readings]


def record(person: models.Person, entries: Iterable[Entry]) -> list[Result]:
    """Keep entries, each by itself, in one transaction; when this returns, they are on the disk.

    A repeat is known and changes nothing. Another content under an id that was kept is refused: nothing is overwritten.
    """
    with transaction.atomic(durable=True):
        _take_turn(person)
        return _record(person, list(entries), None)


def record_import(
    person: models.Person,
    format: str,
    measures: Iterable[Measure] = (),
    *,
    sha256: str,
    at: dt.datetime,
    name: str = "",
    entries: Iterable[Entry] = (),
    report: Mapping[str, Any] | None = None,
    foods: Sequence[TableFood] = (),
) -> Imported:
    """Keep what a file brought as one generation; a file that brings nothing new changes nothing.

    Parameters
    ----------
    person : Person
        Whose it is.
    format, name, sha256 : str
        What the file was read as, what it was called, and the hash of its bytes.
    measures : iterable of Measure
        One for each source, kind and night; their ``import_id`` is set here.
    at : datetime
        When it was imported, with its offset.
    entries : iterable of Entry
        What the person confirmed as said; those an earlier undo of an import took back are said again.
    report : mapping
        Counts to show with the import.
    foods : sequence of TableFood
        A public food table: from now on it holds instead of our list.
    """
    brought, said = list(measures), list(entries)
    with transaction.atomic(durable=True):
        _take_turn(person)
        twin = _same_import(person, sha256, brought)
        if twin is not None and not said:
            return Imported(twin.id, "known", len(brought))
        origin = models.Import.objects.create(
            person=person, id=uuid4(), format=format, sha256=sha256, name=name[:200], at=at, report=dict(report or {})
        )
        results = _record(person, said, origin)
        again = _said_again(person, said, results, origin)
        if (
            (twin is not None or not (brought or foods))
            and not again
            and not any(one.state == "kept" for one in results)
        ):
            origin.delete()
            return Imported(twin.id if twin else origin.id, "known", len(brought), tuple(results))
        if twin is None:
            models.Measure.objects.bulk_create([_measure_row(person, origin, one) for one in brought], batch_size=100)
            models.TableFood.objects.bulk_create([_food_row(person, origin, one) for one in foods], batch_size=100)
        return Imported(origin.id, "kept", len(brought), tuple(results))


def undo_import(person: models.Person, import_id: UUID, at: dt.datetime) -> models.Import:
    """Take a generation back: measures and foods go, entries are withdrawn where the person has not spoken since.

    Raises
    ------
    StoreError
        The person has no such import.
    """
    with transaction.atomic(durable=True):
        _take_turn(person)
        origin = models.Import.objects.filter(person=person, id=import_id).first()
        if origin is None:
            raise StoreError("error.store.no_import", id=str(import_id))
        if origin.undone is None:
            models.Measure.objects.filter(person=person, origin=origin).delete()
            models.TableFood.objects.filter(person=person, origin=origin).delete()
            _record(person, _withdrawals(person, origin, at), origin)
            origin.undone = at
            origin.save(update_fields=["undone"])
        return origin


def _take_turn(person: models.Person) -> None:
    """Let one writer at a time at a person's rows; on SQLite the transaction itself sees to that."""
    models.Person.objects.select_for_update().get(key=person.key)


def _record(person: models.Person, entries: Sequence[Entry], origin: models.Import | None) -> list[Result]:
    kept = _stored(person, [entry.id for entry in entries])
    results, new = [], []
    for entry in entries:
        content = as_json(entry)
        if entry.id not in kept:
            kept[entry.id] = content
            new.append(entry)
            results.append(Result(entry.id, "kept"))
        else:
            results.append(_repeated(entry, content, kept[entry.id]))
    models.Entry.objects.bulk_create([entry_row(person, entry, origin) for entry in new], batch_size=100)
    derive.refresh(person, new)
    return results


def entry_row(person: models.Person, entry: Entry, origin: models.Import | None = None) -> models.Entry:
    """The row of an entry: its content, and beside it what is looked for."""
    data = entry.data
    return models.Entry(
        person=person,
        id=entry.id,
        about=entry.about,
        kind=data.kind,
        subject=subject(entry),
        at=entry.at,
        night=getattr(data, "night", None),
        content=as_json(entry),
        origin=origin,
    )


def subject(entry: Entry) -> str:
    """What an entry is about within its kind: the question, exposure or remedy; empty where there is none."""
    for name in ("question", "what", "remedy"):
        if found := getattr(entry.data, name, ""):
            return str(found)
    return ""


def _stored(person: models.Person, ids: Sequence[UUID]) -> dict[UUID, Any]:
    found: dict[UUID, Any] = {}
    for some in _pieces(ids):
        rows = models.Entry.objects.filter(person=person, id__in=some)
        found.update(rows.values_list("id", "content"))
    return found


def _pieces(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), _A_STATEMENT):
        yield rows[start : start + _A_STATEMENT]


def _repeated(entry: Entry, content: Any, stored: Any) -> Result:
    # What was stored by an older version may be written otherwise and still say the same.
    if stored == content or read_kept([stored]) == [Kept(entry)]:
        return Result(entry.id, "known")
    return Result(entry.id, "refused", "error.entry.different")


def _refusal(refused: Refused) -> Result:
    return Result(refused.id, "refused", refused.reason, refused.values)


def _same_import(person: models.Person, sha256: str, measures: Sequence[Measure]) -> models.Import | None:
    """An import that holds, of the same bytes that were read into the same measures."""
    for earlier in models.Import.objects.filter(person=person, sha256=sha256, undone=None).order_by("-key"):
        rows = models.Measure.objects.filter(person=person, origin=earlier)
        stored = set(rows.values_list("source", "kind", "night", "value", "coverage"))
        if stored == {(one.source, one.kind, one.night, one.value, one.coverage) for one in measures}:
            return earlier
    return None


def _measure_row(person: models.Person, origin: models.Import, measure: Measure) -> models.Measure:
    return models.Measure(
        person=person,
        origin=origin,
        source=measure.source,
        kind=measure.kind,
        night=measure.night,
        value=measure.value,
        coverage=measure.coverage,
    )


def _food_row(person: models.Person, origin: models.Import, food: TableFood) -> models.TableFood:
    holds = {name: [amount.value, amount.at_most] for name, amount in food.holds.items()}
    content: dict[str, Any] = {"name": food.name, "name_en": food.name_en, "holds": holds}
    content |= {"portion_g": food.portion_g, "portion": food.portion} if food.portion_g else {}
    return models.TableFood(
        person=person,
        origin=origin,
        number=food.number[:200],
        code=food.code[:20],
        words=folded(f"{food.name} {food.name_en}")[:500],
        content=content,
    )


def _said_again(
    person: models.Person, entries: Sequence[Entry], results: Sequence[Result], origin: models.Import
) -> list[Result]:
    """Say again what is known but was taken back by the undo of an import, and by nobody else."""
    known = [entry for entry, result in zip(entries, results, strict=True) if result.state == "known"]
    if not known:
        return []
    undone = models.Entry.objects.filter(person=person, kind="withdrawn", origin__undone__isnull=False)
    by_undo = set(undone.values_list("id", flat=True))
    things = fold(read.entries(person)) if by_undo else {}
    again = [
        replace(entry, id=uuid5(origin.id, str(entry.id)), replaces=(thing.held.id,), said=origin.at)
        for entry in known
        if (thing := things.get(entry.about)) and thing.held.id in by_undo and entry.id in thing.held.replaces
    ]
    return _record(person, again, origin)


def _withdrawals(person: models.Person, origin: models.Import, at: dt.datetime) -> list[Entry]:
    ids = set(models.Entry.objects.filter(person=person, origin=origin).values_list("id", flat=True))
    things = fold(read.entries(person)) if ids else {}
    return [_withdrawal(thing, origin.id, at) for thing in things.values() if {leaf.id for leaf in thing.leaves} <= ids]


def _withdrawal(thing: Thing, import_id: UUID, at: dt.datetime) -> Entry:
    identity, leaves = uuid5(import_id, str(thing.about)), tuple(leaf.id for leaf in thing.leaves)
    said = max(at, thing.held.said)
    return replace(thing.held, id=identity, replaces=leaves, said=said, data=Withdrawn())
