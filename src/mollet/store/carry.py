"""Carry a diary out of the store as a whole, and what a file brought into it."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from mollet.diary.measures import Measure
from mollet.exchange.diary_json import SETTINGS, Complete
from mollet.exchange.incoming import Destination, Generation, Incoming
from mollet.store import models, read, write

_CHOSEN = tuple(name for name in SETTINGS if name != "name")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file: entries new, known and refused, the imports that hold it, and the foods of a table."""

    kept: int
    known: int
    refused: tuple[write.Result, ...]
    measures: int
    imports: tuple[write.Imported, ...]
    foods: int = 0


def complete(person: models.Person) -> Complete:
    """Gather everything there is of a person, ready to leave."""
    by_import: dict[UUID, list[Measure]] = defaultdict(list)
    for measure in read.all_measures(person):
        by_import[measure.import_id].append(measure)
    brought = [
        Generation(origin.format, origin.sha256, origin.name, origin.at, tuple(by_import[origin.id]))
        for origin in read.imports(person).filter(undone=None)
        if by_import[origin.id]
    ]
    settings = {name: str(getattr(person, name)) for name in SETTINGS}
    return Complete(person.diary, tuple(read.entries(person)), tuple(brought), settings)


def destination(person: models.Person, now: dt.datetime, *, replace: bool = False) -> Destination:
    """Say which diary a file is read for, and what day it is there."""
    today = now.astimezone(ZoneInfo(person.zone)).date()
    table = read.food_table(person)
    held = table.sha256 if table else ""
    return Destination(person.diary, read.diary(person), person.name, replace, today=today, food_table=held)


def take_in(
    person: models.Person, incoming: Incoming, at: dt.datetime, name: str, *, settings: bool = False
) -> Receipt:
    """Keep what a file brought; the same file again changes nothing. ``settings`` takes over those it holds too."""
    if settings:
        _take_settings(person, incoming)
    report = {"found": [{"kind": one.kind, "rows": one.rows, "nights": one.nights} for one in incoming.found]}
    made = [
        write.record_import(person, one.format, one.measures, sha256=one.sha256, at=one.at, name=one.name)
        for one in incoming.generations
    ]
    if incoming.entries or incoming.measures or incoming.foods:
        whole = write.record_import(
            person,
            incoming.format,
            incoming.measures,
            sha256=incoming.sha256,
            at=at,
            name=name,
            entries=incoming.entries,
            report=report | ({"foods": len(incoming.foods)} if incoming.foods else {}),
            foods=incoming.foods,
        )
        made.append(whole)
    results = [result for one in made for result in one.results]
    return Receipt(
        kept=sum(result.state == "kept" for result in results),
        known=sum(result.state == "known" for result in results),
        refused=tuple(result for result in results if result.state == "refused"),
        measures=sum(one.measures for one in made if one.state == "kept"),
        imports=tuple(made),
        foods=len(incoming.foods) if made and made[-1].state == "kept" else 0,
    )


def _take_settings(person: models.Person, incoming: Incoming) -> None:
    there = {name: incoming.settings[name] for name in _CHOSEN if name in incoming.settings}
    for name, value in there.items():
        setattr(person, name, value)
    person.save(update_fields=list(there))
