"""What a row of a table says that the diary does not say yet.

The row is held against what the diary itself would export for that night. What is the same makes nothing; what is new
makes entries with ids that follow from diary, night and kind, so that the same row always makes the same entries; what
is said otherwise is told, and replaces only where the person asked for it.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from mollet.diary.entries import FIRST_DAY, LAST_DAY, VERSION, Cramp, Data, Dose, Entry, Exposure
from mollet.diary.entries import Night as MorningAnswer
from mollet.diary.fold import doses, exposures
from mollet.diary.nights import Episode, Night, window
from mollet.exchange.incoming import Destination

ANSWER = ("cramps", "awake_min", "sleep")
EPISODE = ("minutes", "severity")
_EVENING, _MORNING = dt.timedelta(hours=8), dt.timedelta(hours=20)
_NAME = re.compile(r"[a-z][a-z0-9_:.\-]{0,79}")
_SECOND, _MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Compared:
    """One row held against the diary: what it adds, and whether something in it stands otherwise there."""

    night: dt.date
    entries: tuple[Entry, ...] = ()
    differs: bool = False


@dataclass(frozen=True)
class Comparison:
    """A diary that rows of a table are held against.

    Parameters
    ----------
    to : Destination
        The diary.
    have : mapping of date to mapping of str to float
        What the diary would export, by night and column.
    yes_no : set of str
        Columns that hold nothing but 0 and 1: a habit kept or not.
    remedies : set of str
        Columns that name a remedy: done or left out.
    units : mapping of str to str
        Units of the exposures that have one.
    """

    to: Destination
    have: Mapping[dt.date, Mapping[str, float]]
    yes_no: frozenset[str]
    remedies: frozenset[str]
    units: Mapping[str, str]

    @cached_property
    def _by_id(self) -> dict[UUID, Entry]:
        return {entry.id: entry for entry in self.to.diary.entries}

    @cached_property
    def _leaves(self) -> dict[tuple[dt.date, str], tuple[UUID, ...]]:
        diary = self.to.diary
        done = {(dose.night, dose.remedy): dose.leaves for dose in doses(diary, FIRST_DAY, LAST_DAY)}
        said = {(each.night, each.what): each.leaves for each in exposures(diary, FIRST_DAY, LAST_DAY)}
        return done | said

    def of(self, night: dt.date, values: Mapping[str, float]) -> Compared:
        """Hold one night's cells against the diary."""
        named = {column_name(column): value for column, value in values.items()}
        answer, episodes = self._answer(night, named), self._episodes(night, named)
        parts = [self._with_its_cramps(night, answer, episodes), episodes, *self._habits(night, named)]
        entries = tuple(entry for part in parts if part for entry in part)
        return Compared(night, entries, any(part is None for part in parts))

    def _answer(self, night: dt.date, named: Mapping[str, float]) -> list[Entry] | None:
        """Give the morning answer; None where the diary has another one."""
        if "cramps" not in named:
            return []
        want = {name: named[name] for name in ANSWER if name in named}
        have = {name: value for name, value in self._answered(night).items() if name in ANSWER}
        if _agrees(have, want):
            return []
        if _contradicts(have, want) and not self.to.replace:
            return None
        full = have | want
        data = MorningAnswer(int(full["cramps"]), night, _whole(full.get("awake_min")), _whole(full.get("sleep")))
        answers = self._said(night).answers
        return [self._entry(night, "night", data, _MORNING, [answer.id for answer in answers])]

    def _answered(self, night: dt.date) -> Mapping[str, float]:
        """What the diary says of a night, with an answer that is still asked about as it was given."""
        said = self._said(night).said
        return self._have(night) if said is None else {**self._have(night), "cramps": float(said)}

    def _with_its_cramps(
        self, night: dt.date, answer: list[Entry] | None, episodes: list[Entry] | None
    ) -> list[Entry] | None:
        """Let an answer of fewer cramps than its own row describes hold: the row says both."""
        if not answer or not episodes or self._said(night).episodes:
            return answer
        (said,) = answer
        return [replace(said, replaces=(*said.replaces, *(cramp.id for cramp in episodes)))]

    def _episodes(self, night: dt.date, named: Mapping[str, float]) -> list[Entry] | None:
        """Give the episodes of a night without a morning answer, and of any night how bad the worst was."""
        want = {name: named[name] for name in EPISODE if name in named}
        wanted = 0 if "cramps" in named else int(named.get("at_least", 0))
        there = self._said(night).episodes
        have = {name: value for name, value in self._have(night).items() if name in EPISODE}
        missing = max(wanted, 1 if want else 0) - len(there)
        if there and _agrees(have, want) and missing <= 0:
            return [] if wanted in (0, len(there)) else None
        if there and (_contradicts(have, want) or missing > 0) and not self.to.replace:
            return None
        made = [self._worst_corrected(night, there, have | want)] if there and not _agrees(have, want) else []
        first_new = 0 if there else 1
        if not there and missing > 0:
            made.append(self._cramp(night, 0, want))
        extra = range(len(there) + first_new, len(there) + missing)
        return made + [self._cramp(night, number, {}) for number in extra]

    def _habits(self, night: dt.date, named: Mapping[str, float]) -> Iterable[list[Entry] | None]:
        """Give each further column; what goes with a morning answer that is not there is kept as a habit too."""
        fixed = {"cramps", "at_least", *EPISODE, *(ANSWER if "cramps" in named else ())}
        for name, value in named.items():
            if name in fixed:
                continue
            have = self._have(night).get(name)
            if have is not None and _same(have, value):
                continue
            if have is not None and not self.to.replace:
                yield None
                continue
            yield [
                self._entry(night, name, self._habit(night, name, value), _EVENING, self._leaves.get((night, name), ()))
            ]

    def _habit(self, night: dt.date, name: str, value: float) -> Data:
        if name in self.remedies and value in (0, 1):
            return Dose(name, done=bool(value), night=night)
        return Exposure(name, bool(value) if name in self.yes_no else float(value), self.units.get(name), night)

    def _cramp(self, night: dt.date, number: int, want: Mapping[str, float]) -> Entry:
        """Make an episode in the middle of the night: a table holds no times."""
        start, end = window(night, self.to.diary.zone, self.to.diary.by_day)
        at = start + (end - start) // 2 + number * _MINUTE
        data = Cramp(_end(at, want), "minutes" in want, severity=_whole(want.get("severity")))
        return self._entry(night, f"cramp:{number}", data, at - start, ())

    def _worst_corrected(self, night: dt.date, there: tuple[Episode, ...], full: Mapping[str, float]) -> Entry:
        worst = worst_of(there)
        held = self._by_id[worst.leaves[-1]]
        end = _end(worst.at, full) if "minutes" in full else worst.end
        known = "minutes" in full or worst.end_known
        data = replace(cast("Cramp", held.data), end=end, end_known=known, severity=_whole(full.get("severity")))
        return self._correction(night, "cramp", data, worst.at, worst.zone, held, worst.leaves)

    def _entry(self, night: dt.date, kind: str, data: Data, after: dt.timedelta, replaces: Iterable[UUID]) -> Entry:
        diary = self.to.diary
        start, end = window(night, diary.zone, diary.by_day)
        at = min(start + after, max(start, end - _SECOND)).astimezone(ZoneInfo(diary.zone))
        leaves = tuple(replaces)
        if leaves:
            return self._correction(night, kind, data, at, diary.zone, self._by_id[leaves[-1]], leaves)
        identity = uuid5(self.to.diary_id, f"{night.isoformat()}:{kind}")
        taken = self._by_id.get(identity)
        if taken is not None and taken.data != data:
            # Said before, taken back since, and now said otherwise: another saying.
            identity = uuid5(identity, repr(data))
        return Entry(VERSION, identity, identity, (), at, diary.zone, at, data)

    def _correction(
        self, night: dt.date, kind: str, data: Data, at: dt.datetime, zone: str, held: Entry, leaves: tuple[UUID, ...]
    ) -> Entry:
        """Replace what the diary holds; the id follows from what is said and what it replaces."""
        named = ",".join(sorted(map(str, leaves)))
        identity = uuid5(self.to.diary_id, f"{night.isoformat()}:{kind}:{data!r}:{named}")
        said = max([at, *(self._by_id[leaf].said + _SECOND for leaf in leaves if leaf in self._by_id)])
        return Entry(VERSION, identity, held.about, leaves, at, zone, said, data)

    def _have(self, night: dt.date) -> Mapping[str, float]:
        return self.have.get(night, {})

    def _said(self, night: dt.date) -> Night:
        return self.to.diary.said_nights.get(night) or Night(night)


def column_name(column: str) -> str:
    """Name of an exposure for a column: small letters without accents, digits and underscores."""
    if _NAME.fullmatch(column):
        return column
    plain = unicodedata.normalize("NFKD", column).encode("ascii", "ignore").decode().casefold()
    name = re.sub(r"[^a-z0-9_:.\-]+", "_", plain).strip("_")[:76]
    return name if re.match("[a-z]", name) else f"x_{name}"


def worst_of(episodes: tuple[Episode, ...]) -> Episode:
    """The most severe of some episodes, and of those the longest."""
    return max(episodes, key=_badness)


def _badness(episode: Episode) -> tuple[float, float, dt.datetime]:
    severity = -1.0 if episode.severity is None else float(episode.severity)
    return severity, -1.0 if episode.minutes is None else episode.minutes, episode.at


def _end(at: dt.datetime, want: Mapping[str, float]) -> dt.datetime | None:
    return at + want["minutes"] * _MINUTE if "minutes" in want else None


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1.0, abs(one))


def _agrees(have: Mapping[str, float], want: Mapping[str, float]) -> bool:
    return all(name in have and _same(have[name], value) for name, value in want.items())


def _contradicts(have: Mapping[str, float], want: Mapping[str, float]) -> bool:
    return any(name in have and not _same(have[name], value) for name, value in want.items())
