"""From nights to what the statistics take: closed nights only, the gaps between them, the arm and the covariates.

An open or unlogged night is never a zero: it is left out, and the gap bridges it. The arm is the one that was drawn
where an order was stored, and what the diary says where none was.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import fsum, sqrt
from statistics import fmean, pstdev
from typing import Literal, Protocol

from mollet.errors import FileError
from mollet.trial.protocol import Protocol as StoredProtocol

Twin = Literal["at_least", "none", "arm_mean"]
TWINS: tuple[Twin, ...] = ("at_least", "none", "arm_mean")

# Clearly unequal: a difference that matters (10 of 100 nights) and that chance alone rarely makes (one-sided 5 %).
UNEQUAL_BY = 0.10
UNEQUAL_Z = 1.645


class Row(Protocol):
    """One line of a diary table, whatever read it."""

    @property
    def line(self) -> int:
        """Return its line in the file."""

    @property
    def night(self) -> dt.date:
        """Return its night."""

    @property
    def values(self) -> Mapping[str, float]:
        """Return the cells that are not empty, by column."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a reader must know: a name, and the values its sentence quotes."""

    id: str
    values: tuple[tuple[str, object], ...] = ()

    @property
    def n(self) -> int | None:
        """Return how many nights it is about, where it counts them."""
        found = dict(self.values).get("n")
        return found if isinstance(found, int) else None


def problem(name: str, **values: object) -> Problem:
    """Make a problem of its name and values."""
    return Problem(name, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class ComparedNight:
    """A night whose arm is known; ``cramps`` is None until it is closed."""

    night: dt.date
    arm: int
    cramps: int | None
    at_least: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Closing:
    """Nights of each arm, A then B, and how many of them were closed."""

    nights: tuple[int, int]
    closed: tuple[int, int]

    @property
    def shares(self) -> tuple[float, float]:
        """Return the closed share of each arm; 0 where an arm has no night."""
        a, b = (closed / nights if nights else 0.0 for closed, nights in zip(self.closed, self.nights, strict=True))
        return a, b

    @property
    def is_unequal(self) -> bool:
        """Tell whether one arm was clearly closed less often than the other."""
        if not all(self.nights):
            return False
        pooled = sum(self.closed) / sum(self.nights)
        chance = sqrt(pooled * (1 - pooled) * sum(1 / nights for nights in self.nights))
        difference = abs(self.shares[0] - self.shares[1])
        return difference >= UNEQUAL_BY and difference >= UNEQUAL_Z * chance


@dataclass(frozen=True, slots=True)
class Table:
    """What is fitted.

    Parameters
    ----------
    nights : tuple of date
        The closed nights, oldest first.
    counts : tuple of int
        Cramps of each.
    gaps : tuple of int
        Nights from each to the next, one fewer than the nights; 1 when none is left out.
    columns : tuple of str
        Names of the columns of the design: a constant first, the arm last.
    design : tuple of tuple of float
        One row per night.
    problems : tuple of Problem
        Columns that were left out, cells that were not known.
    calendar : tuple of int
        Arm of every night from the first known one to the last closed one; where it is not known, that of the night
        before.
    """

    nights: tuple[dt.date, ...]
    counts: tuple[int, ...]
    gaps: tuple[int, ...]
    columns: tuple[str, ...]
    design: tuple[tuple[float, ...], ...]
    problems: tuple[Problem, ...] = ()
    calendar: tuple[int, ...] = ()

    @property
    def arms(self) -> tuple[int, ...]:
        """Return the arm of each night."""
        return tuple(int(row[-1]) for row in self.design)

    @property
    def closed(self) -> tuple[int, int]:
        """Return the closed nights on A and on B."""
        return len(self.arms) - sum(self.arms), sum(self.arms)

    @property
    def cramps(self) -> tuple[int, int]:
        """Return the cramps on A and on B."""
        a, b = (sum(count for count, on in zip(self.counts, self.arms, strict=True) if on == arm) for arm in (0, 1))
        return a, b


def compared_nights(
    rows: Sequence[Row], arm: str, protocol: StoredProtocol | None = None
) -> tuple[tuple[ComparedNight, ...], tuple[Problem, ...]]:
    """Give each night its arm: as drawn where an order was stored, else as the column says.

    Raises
    ------
    FileError
        A cell of the arm is neither 0 nor 1; its line and column are named.
    """
    said = {row.night: _arm_said(row, arm) for row in rows}
    by_night = {row.night: row for row in rows}
    if protocol is None:
        known = {night: on for night, on in said.items() if on is not None}
        left_out = len(said) - len(known)
        found = [problem("arm_empty", n=left_out)] if left_out else []
    else:
        known = {night: on for night, on in protocol.arms().items() if night <= max(by_night, default=dt.date.min)}
        found = list(_departures(by_night, said, known))
    return tuple(_night(night, known[night], by_night.get(night)) for night in sorted(known)), tuple(found)


def _arm_said(row: Row, arm: str) -> int | None:
    value = row.values.get(arm)
    if value not in (None, 0, 1):
        raise FileError("error.file.csv_not_an_arm", line=row.line, column=arm, value=f"{value:g}")
    return None if value is None else int(value)


def _departures(
    rows: Mapping[dt.date, Row], said: Mapping[dt.date, int | None], drawn: Mapping[dt.date, int]
) -> Iterable[Problem]:
    """Tell what the diary did otherwise than the draw."""
    swapped = sum(1 for night, on in drawn.items() if said.get(night, on) not in (None, on))
    if swapped:
        yield problem("arm_swapped", n=swapped)
    outside = sum(1 for night, row in rows.items() if night not in drawn and "cramps" in row.values)
    if outside:
        yield problem("not_drawn", n=outside)


def _night(night: dt.date, arm: int, row: Row | None) -> ComparedNight:
    values = row.values if row else {}
    cramps = values.get("cramps")
    return ComparedNight(night, arm, None if cramps is None else int(cramps), int(values.get("at_least", 0)), values)


def closing(nights: Iterable[ComparedNight]) -> Closing:
    """Count the nights of each arm, and the closed ones."""
    listed = list(nights)
    a, b = ([night for night in listed if night.arm == arm] for arm in (0, 1))
    return Closing((len(a), len(b)), (_closed(a), _closed(b)))


def _closed(nights: Iterable[ComparedNight]) -> int:
    return sum(night.cramps is not None for night in nights)


def table(nights: Iterable[ComparedNight], covariates: Sequence[str] = (), *, scaled: bool = False) -> Table:
    """Make the table that is fitted.

    Parameters
    ----------
    nights : iterable of ComparedNight
        Open and unlogged ones are left out here.
    covariates : sequence of str
        Columns that are held equal between the arms.
    scaled : bool
        The covariates are already on their scale; otherwise each is centred and divided by its standard deviation
        over the closed nights.
    """
    known = list(nights)
    closed = [night for night in known if night.cramps is not None]
    dates = tuple(night.night for night in closed)
    kept, problems = _covariates(closed, covariates, scaled)
    columns = [[1.0] * len(closed), *kept.values(), [float(night.arm) for night in closed]]
    return Table(
        nights=dates,
        counts=tuple(int(night.cramps or 0) for night in closed),
        gaps=tuple((after - before).days for before, after in pairwise(dates)),
        columns=("constant", *kept, "arm"),
        design=tuple(zip(*columns, strict=True)),
        problems=tuple(problems),
        calendar=_calendar(known, dates[-1]) if dates else (),
    )


def _calendar(nights: Sequence[ComparedNight], last: dt.date) -> tuple[int, ...]:
    arms: list[int] = []
    for night in nights:
        if night.night > last:
            break
        unknown = (night.night - nights[0].night).days - len(arms)
        arms += [arms[-1]] * unknown if arms else []
        arms.append(night.arm)
    return tuple(arms)


def _covariates(
    closed: Sequence[ComparedNight], names: Sequence[str], scaled: bool
) -> tuple[dict[str, list[float]], list[Problem]]:
    """Return the columns that say something of their own, and what was done with the others."""
    kept: dict[str, list[float]] = {}
    problems: list[Problem] = []
    arm = [float(night.arm) for night in closed]
    for name in dict.fromkeys(names):
        known = [night.values[name] for night in closed if name in night.values]
        if not known or min(known) == max(known):
            problems.append(problem("covariate_constant", column=name))
            continue
        average = fmean(known)
        column = [night.values.get(name, average) for night in closed]
        copied = next((other for other, held in {"arm": arm, **kept}.items() if _is_a_copy(column, held)), None)
        if copied is not None:
            problems.append(problem("covariate_copy", column=name, other=copied))
            continue
        if len(known) < len(closed):
            problems.append(problem("covariate_unknown", column=name, n=len(closed) - len(known)))
        kept[name] = column if scaled else _standardised(column)
    return kept, problems


def _standardised(column: Sequence[float]) -> list[float]:
    average, spread = fmean(column), pstdev(column)
    return [(value - average) / spread for value in column]


def _is_a_copy(one: Sequence[float], other: Sequence[float]) -> bool:
    """Tell whether a column is another one in other units: it could share its effect with it, and explain nothing."""
    if min(other) == max(other):
        return False
    a, b = _standardised(one), _standardised(other)
    return abs(fsum(x * y for x, y in zip(a, b, strict=True))) >= (1 - 1e-9) * len(a)


def without_answer(nights: Iterable[ComparedNight]) -> int:
    """Count the nights without a morning answer, open or unlogged."""
    return sum(night.cramps is None for night in nights)


def answered(nights: Sequence[ComparedNight], twin: Twin) -> tuple[ComparedNight, ...]:
    """Give the nights without a morning answer a count, to see whether the verdict depends on them.

    ``at_least``: what was recorded in the night; ``none``: no cramp; ``arm_mean``: what the closed nights of the same
    arm had on average, in whole numbers that keep the average.
    """
    if twin == "arm_mean":
        return _at_the_mean(nights)
    return tuple(
        night if night.cramps is not None else replace(night, cramps=night.at_least if twin == "at_least" else 0)
        for night in nights
    )


def _at_the_mean(nights: Sequence[ComparedNight]) -> tuple[ComparedNight, ...]:
    counts = [[night.cramps for night in nights if night.arm == arm and night.cramps is not None] for arm in (0, 1)]
    means = [fmean(one) if one else 0.0 for one in counts]
    given = [0, 0]
    filled = []
    for night in nights:
        if night.cramps is None:
            given[night.arm] += 1
            so_far, mean = given[night.arm], means[night.arm]
            night = replace(night, cramps=int(so_far * mean + 0.5) - int((so_far - 1) * mean + 0.5))
        filled.append(night)
    return tuple(filled)
