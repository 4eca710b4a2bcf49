"""The nights, derived from the entries: refreshed as these come, or all derived again."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from mollet.diary.entries import Cramp, Entry
from mollet.diary.entries import Night as NightAnswer
from mollet.diary.fold import SLEEPS_BY_DAY, Diary, night_of_entry
from mollet.diary.nights import Changes, Night
from mollet.store import models, read

# A night of a date lies within these of its midnight in UTC, whatever the zone and its jumps.
_BEFORE, _AFTER = dt.timedelta(days=2), dt.timedelta(days=4)
# Above this many new entries, or nights touched, deriving all is quicker than looking for what they touch.
_MANY = 200
_NIGHTS_AT_ONCE = 20


def rebuild(person: models.Person) -> int:
    """Drop the person's nights and derive them again; returns how many there are."""
    with transaction.atomic():
        said = Diary(tuple(read.entries(person)), zone=person.zone).said_nights
        models.Night.objects.filter(person=person).delete()
        _write(person, said.values())
    return len(said)


def refresh(person: models.Person, new: Sequence[Entry]) -> None:
    """Derive again the nights that new entries, already stored, touch."""
    if not new:
        return
    about = {entry.about for entry in new}
    moved = models.Entry.objects.filter(person=person, about__in=list(about)[:_MANY], subject=SLEEPS_BY_DAY).exists()
    if moved or len(new) > _MANY:
        rebuild(person)
        return
    by_day = read.by_day(person)
    about |= _replaced_elsewhere(person, read.entries(person, about))
    dates = _dates(read.entries(person, about), by_day)
    if len(dates) > _NIGHTS_AT_ONCE:
        rebuild(person)
        return
    near = {row.about for row in _near(person, dates)} if dates else set()
    said = _said_nights(person, about | near)
    models.Night.objects.filter(person=person, date__in=dates).delete()
    _write(person, [said[date] for date in sorted(dates) if date in said])


def _replaced_elsewhere(person: models.Person, entries: Iterable[Entry]) -> set[UUID]:
    """The things whose sayings the entries name: an answer of one night may replace another thing's."""
    named = list({earlier for entry in entries for earlier in entry.replaces})
    spans = (named[start : start + _MANY] for start in range(0, len(named), _MANY))
    kept = models.Entry.objects.filter(person=person)
    return {about for span in spans for about in kept.filter(id__in=span).values_list("about", flat=True)}


def _dates(entries: Iterable[Entry], by_day: Changes) -> set[dt.date]:
    return {night_of_entry(entry, by_day) for entry in entries if isinstance(entry.data, Cramp | NightAnswer)}


def _near(person: models.Person, dates: Iterable[dt.date]) -> Iterable[models.Entry]:
    """Every cramp and morning answer that may belong to the nights."""
    spans = Q()
    for date in dates:
        midnight = dt.datetime.combine(date, dt.time(0), dt.UTC)
        spans |= Q(night=date) | Q(at__gte=midnight - _BEFORE, at__lte=midnight + _AFTER)
    return models.Entry.objects.filter(spans, person=person, kind__in=["cramp", "night"]).only("about")


def _said_nights(person: models.Person, abouts: Iterable[UUID]) -> dict[dt.date, Night]:
    """The nights that the things tell of; each that all of whose things are among them is as in the whole diary."""
    setting = models.Entry.objects.filter(person=person, kind="answer", subject=SLEEPS_BY_DAY)
    settings = set(setting.values_list("about", flat=True))
    return dict(Diary(tuple(read.entries(person, settings.union(abouts))), zone=person.zone).said_nights)


def _write(person: models.Person, nights: Iterable[Night]) -> None:
    rows = [_row(person, night) for night in nights]
    models.Night.objects.bulk_create(rows, batch_size=100)


def _row(person: models.Person, night: Night) -> models.Night:
    content = read.night_content(night)
    return models.Night(person=person, date=night.date, cramps=night.cramps, at_least=night.at_least, content=content)
