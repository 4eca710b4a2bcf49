"""Neutral rows of foreign files, and the daily measures made of them.

Every importer of health records yields :class:`Row`; this module alone decides what a day is, how two devices that saw
the same steps are merged, and what stays unknown. No measure ever closes a night.
"""

import datetime as dt
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
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

# Numbers held of one kind, day and source before repeated rows are looked for, again whenever they have doubled.
_FULL = frozenset(3 << power for power in range(6, 32))
# Six hours: a local date that is the same at both ends, with the same offset, is the same all through.
_BLOCK_S = 6 * 3600
# Some twenty years of them: each type of record goes through all years of a file again.
_MOST_BLOCKS = 1 << 15
_EPOCH = dt.date(1970, 1, 1).toordinal()

Interval = tuple[float, float]
Ranked = list[list[tuple[float, float, float]]]


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
    last_kind: str = ""
    last_end: int = 0
    newest: int | None = None
    _held: "dict[tuple[str, str, int], dict[int, array[float]]]" = field(default_factory=lambda: defaultdict(dict))

    def add(self, row: Row) -> None:
        """Take one row in; one that ends before it starts, lasts over two days or is beyond measure counts as odd."""
        self.put(row.kind, row.start, row.end, row.value, row.source, row.rank, row.zone)

    def put(
        self, kind: str, start: int, end: int, value: float, source: str, rank: int, zone: str | None = None
    ) -> None:
        """Take one row in as :meth:`add` does, without the row: files hold millions."""
        if not 0 <= end - start <= LONGEST_ROW_S or not 0 <= value <= LARGEST_VALUE:
            self.odd += 1
            return
        zone = zone or self.zone
        if kind == "sleep":
            quick = _quick_night(zone, start // _BLOCK_S, self.by_day) if isinstance(self.by_day, bool) else 0
            day = quick or _night(zone, start, self.by_day)
        else:
            day = _quick_day(zone, start // _BLOCK_S) or _day(zone, start)
        self.rows[kind] += 1
        self.last_kind, self.last_end = kind, end
        if self.newest is None or end > self.newest:
            self.newest = end
        by_day = self._held[kind, source, rank]
        if (held := by_day.get(day)) is None:
            held = by_day[day] = array("d")
        held.extend((start, end, value))
        if len(held) in _FULL:
            self._drop_repeated(by_day, day)

    def _drop_repeated(self, by_day: "dict[int, array[float]]", day: int) -> None:
        """Keep one of rows that are equal in everything: what stands a thousand times in a file takes no memory."""
        flat = by_day[day]
        once = dict.fromkeys(zip(flat[0::3], flat[1::3], flat[2::3], strict=True))
        self.repeated += len(flat) // 3 - len(once)
        by_day[day] = array("d", (number for triple in once for number in triple))

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

    def _values(self) -> Iterator[tuple[str, dt.date, float]]:
        """Yield kind, night and value; stand hours and exercise are chosen among several kinds of rows."""
        chosen: dict[tuple[str, dt.date], dict[str, float]] = defaultdict(dict)
        for kind, night, ranked in self._nights():
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

    def _nights(self) -> Iterator[tuple[str, dt.date, Ranked]]:
        """Yield kind, night and the rows of each source, the most believed source first."""
        sources: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for kind, source, rank in self._held:
            sources[kind].append((rank, source))
        for kind, known in sources.items():
            days = {day for rank, source in known for day in self._held[kind, source, rank]}
            for day in sorted(days):
                held = ((rank, source, self._held[kind, source, rank].get(day)) for rank, source in known)
                yield kind, dt.date.fromordinal(day), self._ranked((r, s, flat) for r, s, flat in held if flat)

    def _ranked(self, by_source: "Iterable[tuple[int, str, array[float]]]") -> Ranked:
        """Rows of each source, one of those equal in everything; of sources of one rank the fuller one first."""
        ranked = []
        for rank, name, flat in by_source:
            unique = sorted(set(zip(flat[0::3], flat[1::3], flat[2::3], strict=True)))
            self.repeated += len(flat) // 3 - len(unique)
            ranked.append((rank, -fsum(value for _, _, value in unique), name, unique))
        return [rows for *_, rows in sorted(ranked, key=lambda each: each[:3])]

    def _coverage(self, kind: str, night: dt.date, until: int | None, cut: bool) -> float:
        end = float("inf") if until is None else float(until)
        if cut and self.last_kind in MADE_OF.get(kind, (kind,)):
            end = min(end, self.last_end)
        # No night ends later, whatever the zone: nearly all are over, and need no clock.
        if end >= (night.toordinal() - _EPOCH + 3) * 86_400:
            return 1.0
        first, last = window(night, self.zone, self.by_day if kind in SLEEP_KINDS else True)
        length = (last - first).total_seconds() or 1.0
        return round(min(1.0, max(0.0, (end - first.timestamp()) / length)), 3)


def _day(zone: str, start: int) -> int:
    return dt.datetime.fromtimestamp(start, _zone(zone)).toordinal()


def _night(zone: str, start: int, by_day: ByDay) -> int:
    return night_of(dt.datetime.fromtimestamp(start, _zone(zone)), zone, by_day).toordinal()


@lru_cache(maxsize=_MOST_BLOCKS)
def _quick_day(zone: str, block: int) -> int:
    """Ordinal of the local date all through a block of six hours; 0 where it changes, or the clock does."""
    first, last = block * _BLOCK_S, block * _BLOCK_S + _BLOCK_S - 1
    day = _day(zone, first)
    return day if day == _day(zone, last) and _is_steady(zone, first, last) else 0


@lru_cache(maxsize=_MOST_BLOCKS)
def _quick_night(zone: str, block: int, by_day: bool) -> int:
    """Ordinal of the night all through a block of six hours; 0 where it changes, or the clock does."""
    first, last = block * _BLOCK_S, block * _BLOCK_S + _BLOCK_S - 1
    night = _night(zone, first, by_day)
    return night if night == _night(zone, last, by_day) and _is_steady(zone, first, last) else 0


def _is_steady(zone: str, first: int, last: int) -> bool:
    start, end = (dt.datetime.fromtimestamp(at, _zone(zone)) for at in (first, last))
    return start.utcoffset() == end.utcoffset()


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
    total = [value for _, _, value in ranked[0]]
    if len(ranked) == 1:
        return fsum(total)
    taken: set[int] = set()
    for rows in ranked[:-1]:
        if taken:
            total.extend(_outside(rows, taken))
        taken.update(minute for start, end, _ in rows for minute in _touched(start, end))
    return fsum([*total, *_outside(ranked[-1], taken)])


def _outside(rows: list[tuple[float, float, float]], taken: set[int]) -> Iterator[float]:
    """Yield what each row holds outside the minutes that others saw, in proportion to its time."""
    for start, end, value in rows:
        touched = _touched(start, end)
        if taken.isdisjoint(touched):
            yield value
        elif len(touched) > 1:
            yield value * fsum(share for minute, share in _minutes(start, end) if minute not in taken)


def _touched(start: float, end: float) -> range:
    """Minutes since 1970 that an interval touches; an instant is in one."""
    return range(int(start // 60), max(int(start // 60), int(-(-end // 60)) - 1) + 1)


def _minutes(start: float, end: float) -> Iterator[tuple[int, float]]:
    """Yield the minutes an interval touches, each with its share of the whole."""
    for minute in _touched(start, end):
        yield minute, (min(end, minute * 60 + 60) - max(start, minute * 60)) / (end - start)


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
