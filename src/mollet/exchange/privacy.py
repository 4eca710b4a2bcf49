"""How much of a diary leaves: all of it, with moved dates, or only how often the cramps come.

``full``: everything. ``shifted``: what holds, every date moved back by the same secret number of weeks (weekdays, times
of day and all distances stay), under new ids, without names, free words and file names. ``minimum``: of that, the
confirmed nights and the severity and length of cramps, and nothing else. The same diary and secret give the same again.
"""

import datetime as dt
import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from mollet.diary.entries import (
    FIRST_DAY,
    LAST_DAY,
    Answer,
    Cramp,
    Data,
    Dose,
    Entry,
    Exposure,
    Medicine,
    Night,
    Note,
    Pause,
    Withdrawn,
    entry_of,
)
from mollet.diary.fold import Diary, exposures, medicine_day, night_of_entry
from mollet.diary.measures import Measure, resolve
from mollet.diary.nights import window
from mollet.exchange.diary_json import Complete
from mollet.exchange.incoming import Generation
from mollet.knowledge import load, names
from mollet.knowledge.model import Catalogue

Level = Literal["full", "shifted", "minimum"]
LEVELS: tuple[Level, ...] = ("full", "shifted", "minimum")

# Dates move back by one to about nine years: a choice, so that neither year nor season is told.
_LEAST_WEEKS, _WEEKS = 53, 420
_UNSAID = "?"
_DOSE = re.compile(r"[\d.,/ ]{1,12} ?(mg|g|µg|mcg|ml|ui|iu)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves: the diary as it will be written, how many things of each kind, from when to when, and what stays."""

    complete: Complete
    diary: Diary
    kinds: Mapping[str, int]
    stays: Mapping[str, int]
    first: dt.date | None
    last: dt.date | None
    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Veil:
    """What hides a diary: by how much dates move, and what new ids are made from."""

    back: dt.timedelta
    ids: UUID
    catalogue: Catalogue

    def day(self, day: dt.date) -> dt.date:
        """Move a day; a medicine of very long ago stays within what the door lets in."""
        return max(day - self.back, FIRST_DAY)

    def moment(self, at: dt.datetime, zone: str) -> dt.datetime:
        """Move a moment by whole weeks of the local clock, so that it stays in its night."""
        here = ZoneInfo(zone)
        wall = at.astimezone(here).replace(tzinfo=None, microsecond=0) - self.back
        moved = wall.replace(tzinfo=here)
        return moved.replace(tzinfo=dt.timezone(moved.utcoffset() or dt.timedelta()))

    def id(self, *words: object) -> UUID:
        return uuid5(self.ids, "/".join(map(str, words)))


def leaving(complete: Complete, level: Level, secret: bytes, zone: str) -> Leaving:
    """Return what leaves at a level.

    Parameters
    ----------
    complete : Complete
        Everything there is.
    level : str
        One of ``LEVELS``.
    secret : bytes
        Known to this machine alone; decides by how much dates move, and the new ids.
    zone : str
        IANA name of the zone the person lives in.
    """
    whole = diary_of(complete, zone)
    kept = complete if level == "full" else _veiled(complete, whole, level, secret)
    out = diary_of(kept, zone)
    before, after = _kinds(complete, complete.entries), _kinds(kept, kept.entries)
    stays = {kind: n - after.get(kind, 0) for kind, n in before.items() if n > after.get(kind, 0)}
    days = [night_of_entry(entry, out.by_day) for entry in kept.entries]
    days += [measure.night for one in kept.generations for measure in one.measures]
    first, last = min(days, default=None), max(days, default=None)
    return Leaving(kept, out, after, stays, first, last, tuple(kept.settings))


def diary_of(complete: Complete, zone: str) -> Diary:
    """Return the diary that a complete one holds, with the measures that hold."""
    measures = [measure for one in complete.generations for measure in one.measures]
    generations = dict.fromkeys(measure.import_id for measure in measures)
    return Diary(complete.entries, tuple(resolve(measures, generations).values()), zone)


def _kinds(complete: Complete, entries: Iterable[Entry]) -> dict[str, int]:
    counted = Counter(entry.data.kind for entry in entries)
    measures = sum(len(one.measures) for one in complete.generations)
    return dict(sorted(counted.items())) | ({"measure": measures} if measures else {})


def _veiled(complete: Complete, diary: Diary, level: Level, secret: bytes) -> Complete:
    key = hmac.new(secret, complete.diary_id.bytes, hashlib.sha256).digest()
    weeks = _LEAST_WEEKS + int.from_bytes(key[16:24], "big") % _WEEKS
    earliest = min((entry.at.date() for entry in complete.entries), default=LAST_DAY)
    weeks = max(0, min(weeks, (earliest - FIRST_DAY).days // 7 - 1))
    veil = _Veil(dt.timedelta(weeks=weeks), UUID(bytes=key[:16]), load())
    said = _shifted(diary, veil) if level == "shifted" else _least(diary, veil)
    entries = tuple(sorted(said, key=lambda entry: (entry.said, entry.id)))
    brought = tuple(_generations(complete, veil)) if level == "shifted" else ()
    return Complete(veil.id("diary"), entries, brought, {"zone": diary.zone})


def _shifted(diary: Diary, veil: _Veil) -> Iterator[Entry]:
    for entry in _held(diary):
        data = _moved(entry, veil)
        if data is not None:
            at, said = veil.moment(entry.at, entry.zone), veil.moment(entry.said, entry.zone)
            yield entry_of(data, at, entry.zone, veil.id(entry.id), said=said)


def _held(diary: Diary) -> Iterator[Entry]:
    """Yield what holds, each night and habit once; what was corrected or taken back stays here."""
    habits = {one.leaves[-1] for one in exposures(diary, FIRST_DAY, LAST_DAY)}
    nights = {night.answers[-1].id for night in diary.said_nights.values() if night.answers}
    for thing in diary.live:
        if isinstance(thing.held.data, Night | Exposure):
            yield from (leaf for leaf in thing.leaves if leaf.id in nights or leaf.id in habits)
        else:
            yield thing.held


def _moved(entry: Entry, veil: _Veil) -> Data | None:
    """Return what was said with its dates moved and its free words gone; None where nothing would be left."""
    data = entry.data
    match data:
        case Cramp():
            return replace(data, end=data.end and veil.moment(entry.at, entry.zone) + (data.end - entry.at))
        case Night() | Exposure() | Dose():
            return replace(data, night=data.night and veil.day(data.night))
        case Medicine():
            dose = data.dose if data.dose and _DOSE.fullmatch(data.dose) else None
            return replace(data, name=_name(data.name, veil), dose=dose, on=veil.day(medicine_day(entry)))
        case Pause():
            return replace(data, first=veil.day(data.first), last=data.last and veil.day(data.last), reason="other")
        case Answer():
            return _answer(data, veil)
        case Note() | Withdrawn():
            return None
        case _:
            assert_never(data)


def _answer(data: Answer, veil: _Veil) -> Answer | None:
    """Keep answers to questions we ask; of a list, the names we know, for any other may say who it is."""
    question = veil.catalogue.questions.get(data.question)
    if question is None:
        return None
    if isinstance(data.value, tuple) and question.list_of in names.KINDS:
        return replace(data, value=tuple(_name(one, veil) for one in data.value))
    return data


def _name(written: str, veil: _Veil) -> str:
    """Keep a name that is known as a whole; hide any other without hiding that there was one."""
    is_known = names.is_nothing(written, veil.catalogue) or names.read_name(written, veil.catalogue).is_whole
    return written if is_known else _UNSAID


def _generations(complete: Complete, veil: _Veil) -> Iterator[Generation]:
    """Yield what imports brought, without the names of files and devices."""
    for place, one in enumerate(complete.generations):
        sources = {name: number for number, name in enumerate(dict.fromkeys(m.source for m in one.measures), 1)}
        import_id = veil.id("import", place)
        measures = tuple(
            Measure(
                f"{m.source.partition(':')[0]}:{sources[m.source]}",
                m.kind,
                veil.day(m.night),
                m.value,
                m.coverage,
                import_id,
            )
            for m in one.measures
        )
        sha256 = hashlib.sha256(import_id.bytes).hexdigest()
        yield Generation(one.format, sha256, "", veil.moment(one.at, "UTC"), measures)


def _least(diary: Diary, veil: _Veil) -> Iterator[Entry]:
    """Yield the confirmed nights, and of their cramps how bad and how long, a minute apart in mid-night."""
    for date, night in diary.said_nights.items():
        if night.cramps is None:
            continue
        start, end = window(veil.day(date), diary.zone)
        middle = (start + (end - start) // 2).astimezone(ZoneInfo(diary.zone))
        at = middle.replace(tzinfo=dt.timezone(middle.utcoffset() or dt.timedelta()))
        yield entry_of(Night(night.cramps, veil.day(date)), at, diary.zone, veil.id("night", date))
        for place, one in enumerate(night.episodes):
            # A minute apart, as of a table: two of one moment could not be told apart again.
            began = at + dt.timedelta(minutes=place)
            ends = began + dt.timedelta(minutes=one.minutes) if one.minutes is not None else None
            cramp = Cramp(ends, ends is not None, severity=one.severity)
            yield entry_of(cramp, began, diary.zone, veil.id("cramp", date, place))
