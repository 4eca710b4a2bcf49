"""Neutral rows of foreign files, and the daily measures made of them.

Every importer of health records yields :class:`Row`; this module alone decides what a day is, how two devices that saw
the same steps are merged, and what stays unknown. No measure ever closes a night.
"""

import datetime as dt
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from math import fsum
from uuid import UUID
from zoneinfo import ZoneInfo

from mollet.diary.measures import Measure
from mollet.diary.nights import ByDay, night_of, window

WATCH, PHONE, OTHER = 0, 1, 2
IN_BED, ASLEEP, AWAKE = 0.0, 1.0, 2.0

MERGED = frozenset(
    {
        "water_ml",
        "potassium_mg",
        "magnesium_mg",
        "calcium_mg",
        "sodium_mg",
        "caffeine_mg",
        "alcohol_drinks",
        "steps",
        "standing_min",
        "exercise_min",
        "workout_min",
    }
)

SLEEP_KINDS = frozenset({"sleep_min", "in_bed_min", "awake_min"})
MADE_OF = {
    **dict.fromkeys(SLEEP_KINDS, ("sleep",)),
    "stand_hours": ("stand_hour", "summary_stand_hours"),
    "exercise_min": ("exercise_min", "workout_min", "summary_exercise_min"),
}
"""Kinds of rows that a kind of measure is made of, where they are not called the same."""

LONGEST_ROW_S = 48 * 3600
LARGEST_VALUE = 1e7

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a foreign file, in our units and in UTC.

    Parameters
    ----------
    kind : str
        What was measured, its unit in the name (``"water_ml"``), or ``"sleep"``, ``"stand_hour"``,
        ``"summary_stand_hours"``, ``"summary_exercise_min"``.
    start, end : int
        Seconds since 1970 UTC.
    value : float
        In the unit of the kind; for ``"sleep"`` one of IN_BED, ASLEEP, AWAKE; for ``"stand_hour"`` 1 stood, 0 idle.
    source : str
        Application or device, normalised.
    rank : int
        WATCH, PHONE or OTHER: who is believed where two sources saw the same minute.
    raw_type : str
        What the file calls it.
    zone : str or None
        IANA zone the file gives for this record; None: the zone of the person.
    user_entered : bool
        Typed by hand.
    external_id : str or None
        Id in the file, where it has one.
    """

    kind: str
    start: int
    end: int
    value: float
    source: str
    rank: int
    raw_type: str
    zone: str | None = None
    user_entered: bool = False
    external_id: str | None = None


@dataclass(slots=True)
class Days:
    """Adds rows up into days, in memory that grows with the days and the wanted rows, not with the file.

    A day's sum belongs to the night of the same date: what was drunk on Tuesday comes before Tuesday's night. Sleep
    goes from noon to noon, or from midnight to midnight for who sleeps by day. A day without a row stays unknown.

    Parameters
    ----------
    zone : str
        IANA zone of the person, for rows that bring none.
    by_day : bool or changes of it
        Nights run from midnight to midnight.
    """

    zone: str
    by_day: ByDay = False
    rows: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    repeated: int = 0
    odd: int = 0
    last_start: int | None = None
    last_kind: str = ""
    last_end: int = 0
    _sources: dict[tuple[str, int], int] = field(default_factory=dict)
    _held: "dict[tuple[str, int], dict[int, array[float]]]" = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Take one row in; one that ends before it starts, lasts over two days or is beyond measure counts as odd."""
        if not 0 <= row.end - row.start <= LONGEST_ROW_S or row.value > LARGEST_VALUE:
            self.odd += 1
            return
        self.rows[row.kind] += 1
        self.last_start, self.last_kind, self.last_end = row.start, row.kind, row.end
        source = self._sources.setdefault((row.source, row.rank), len(self._sources))
        by_source = self._held.setdefault((row.kind, self._day(row).toordinal()), {})
        by_source.setdefault(source, array("d")).extend((row.start, row.end, row.value))

    def measures(self, source: str, import_id: UUID, until: int | None, cut: bool) -> tuple[Measure, ...]:
        """Return one measure for each kind and night that has a row.

        Parameters
        ----------
        source : str
            Under which generations of the same file replace each other.
        import_id : UUID
            The generation.
        until : int or None
            When the file was made, in seconds since 1970 UTC: a day still running then is covered in part.
        cut : bool
            The file ends too early: the kind it was in the middle of is covered up to its last row.
        """
        self.repeated = 0
        made = [
            Measure(
                source=source,
                kind=kind,
                night=night,
                value=round(value, 3),
                coverage=self._coverage(kind, night, until, cut),
                import_id=import_id,
            )
            for kind, night, value in self._values()
        ]
        return tuple(sorted(made, key=lambda measure: (measure.kind, measure.night)))

    def _day(self, row: Row) -> dt.date:
        zone = row.zone or self.zone
        local = dt.datetime.fromtimestamp(row.start, _zone(zone))
        if row.kind == "sleep":
            return night_of(local, zone, self.by_day)
        return local.date()

    def _values(self) -> Iterator[tuple[str, dt.date, float]]:
        """Yield kind, night and value; stand hours and exercise are chosen among several kinds of rows."""
        chosen: dict[tuple[str, dt.date], dict[str, float]] = defaultdict(dict)
        for (kind, ordinal), by_source in self._held.items():
            night = dt.date.fromordinal(ordinal)
            ranked = self._ranked(by_source)
            if kind == "sleep":
                yield from ((name, night, minutes) for name, minutes in _sleep(ranked))
            elif kind == "weight_kg":
                yield kind, night, max((start, value) for rows in ranked for start, _, value in rows)[1]
            elif kind == "stand_hour":
                chosen["stand_hours", night]["rows"] = _stood(ranked)
            elif kind == "summary_stand_hours":
                chosen["stand_hours", night]["summary"] = _largest(ranked)
            elif kind in {"exercise_min", "workout_min", "summary_exercise_min"}:
                chosen["exercise_min", night][kind] = _merge(ranked) if kind in MERGED else _largest(ranked)
            else:
                yield kind, night, _merge(ranked)
        for (kind, night), candidates in chosen.items():
            value = _stand_hours(candidates) if kind == "stand_hours" else _exercise(candidates)
            if value is not None:
                yield kind, night, value

    def _ranked(self, by_source: dict[int, "array[float]"]) -> list[list[tuple[float, float, float]]]:
        """Rows of each source, the most believed source first; rows that are equal in everything count once."""
        names = {number: (rank, name) for (name, rank), number in self._sources.items()}
        ranked = []
        for number, flat in by_source.items():
            triples = list(zip(flat[0::3], flat[1::3], flat[2::3], strict=True))
            unique = sorted(set(triples))
            self.repeated += len(triples) - len(unique)
            rank, name = names[number]
            ranked.append((rank, -fsum(value for _, _, value in unique), name, unique))
        return [rows for *_, rows in sorted(ranked, key=lambda each: each[:3])]

    def _coverage(self, kind: str, night: dt.date, until: int | None, cut: bool) -> float:
        end = float("inf") if until is None else float(until)
        if cut and self.last_kind in MADE_OF.get(kind, (kind,)):
            end = min(end, self.last_end)
        first, last = window(night, self.zone, self.by_day if kind in SLEEP_KINDS else True)
        length = (last - first).total_seconds() or 1.0
        return round(min(1.0, max(0.0, (end - first.timestamp()) / length)), 3)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _largest(ranked: list[list[tuple[float, float, float]]]) -> float:
    return max(value for rows in ranked for _, _, value in rows)


def _stood(ranked: list[list[tuple[float, float, float]]]) -> float:
    """Count the hours with a stand in them, whichever device saw it."""
    return float(len({start // 3600 for rows in ranked for start, _, value in rows if value}))


def _stand_hours(candidates: dict[str, float]) -> float | None:
    """Prefer the larger: a day's summary of zero without any hourly row is a watch that was not worn."""
    best = max(candidates.values())
    return best if best or "rows" in candidates else None


def _exercise(candidates: dict[str, float]) -> float | None:
    """Take the workouts where there are any, else the minutes of exercise, else the summary of the day."""
    for kind in ("workout_min", "exercise_min", "summary_exercise_min"):
        if candidates.get(kind):
            return candidates[kind]
    return 0.0 if set(candidates) - {"summary_exercise_min"} else None


def _merge(ranked: list[list[tuple[float, float, float]]]) -> float:
    """Sum a day's rows; in a minute that several sources saw, the most believed one counts alone."""
    if len(ranked) == 1:
        return fsum(value for _, _, value in ranked[0])
    taken: set[int] = set()
    total = []
    for rows in ranked:
        seen: set[int] = set()
        for start, end, value in rows:
            shares = list(_minutes(start, end))
            seen.update(minute for minute, _ in shares)
            total.append(value * fsum(share for minute, share in shares if minute not in taken))
        taken |= seen
    return fsum(total)


def _minutes(start: float, end: float) -> Iterator[tuple[int, float]]:
    """Yield the minutes an interval touches, each with its share of the whole; an instant is in one minute."""
    first, last = int(start // 60), int(end // 60)
    if end <= start:
        yield first, 1.0
        return
    for minute in range(first, last + 1):
        share = (min(end, minute * 60 + 60) - max(start, minute * 60)) / (end - start)
        if share > 0:
            yield minute, share


def _sleep(ranked: list[list[tuple[float, float, float]]]) -> Iterator[tuple[str, float]]:
    """Minutes asleep, awake and in bed; in bed is never added to asleep, and a less believed source fills gaps only."""
    covered: list[Interval] = []
    asleep: list[Interval] = []
    awake: list[Interval] = []
    for rows in ranked:
        woken = _union((start, end) for start, end, state in rows if state == AWAKE)
        slept = _subtract(_union((start, end) for start, end, state in rows if state == ASLEEP), woken)
        awake += _subtract(woken, covered)
        asleep += _subtract(slept, covered)
        covered = _union([*covered, *woken, *slept])
    in_bed = _union((start, end) for rows in ranked for start, end, state in rows if state == IN_BED)
    for kind, intervals in (("sleep_min", asleep), ("awake_min", awake), ("in_bed_min", in_bed)):
        if intervals:
            yield kind, fsum(end - start for start, end in intervals) / 60


def _union(intervals: Iterable[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif end > start:
            joined.append((start, end))
    return joined


def _subtract(intervals: list[Interval], holes: list[Interval]) -> list[Interval]:
    left: list[Interval] = []
    for start, end in intervals:
        at = start
        for hole_start, hole_end in holes:
            if hole_end <= at or hole_start >= end:
                continue
            if hole_start > at:
                left.append((at, hole_start))
            at = max(at, hole_end)
        if at < end:
            left.append((at, end))
    return left
