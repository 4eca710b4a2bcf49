"""The smoothed number of cramps a week, with its band: from closed nights alone, or the reason why there is none."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from mollet.diary.nights import Night
from mollet.diary.summary import NIGHTS_A_WEEK, Summary
from mollet.errors import MolletError

LEAST_CLOSED = 14
"""Closed nights from which a curve is drawn: two weeks. Fewer would mostly show what is believed beforehand."""
OF_TWENTY = 16
"""In so many of 20 cases the band holds the rate."""
_QUANTILES = (0.5 - OF_TWENTY / 40, 0.5, 0.5 + OF_TWENTY / 40)

Missing = Literal["few_nights", "poor_fit"]


@dataclass(frozen=True, slots=True)
class Rate:
    """Cramps to be expected in seven nights like those of a week: the middle, and the band around it."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Trend:
    """The rate of each week.

    Parameters
    ----------
    rates : tuple of (Rate or None)
        One a week; None for a week without a closed night, where the curve has a gap.
    missing : {"few_nights", "poor_fit"} or None
        Why there is no curve at all.
    closed : int
        Closed nights behind it.
    """

    rates: tuple[Rate | None, ...]
    missing: Missing | None
    closed: int


def trend(nights: Sequence[Night], weeks: Sequence[Summary]) -> Trend:
    """Return the smoothed rate of each week.

    Parameters
    ----------
    nights : sequence of Night
        All that is looked at; the open and the unlogged among them are bridged, never zeros.
    weeks : sequence of Summary
        Their weeks, in order.
    """
    closed = sorted((night.date, night.cramps or 0) for night in nights if night.state == "closed")
    none = (None,) * len(weeks)
    if len(closed) < LEAST_CLOSED:
        return Trend(none, "few_nights", len(closed))
    days = [day for day, _ in closed]
    gaps = tuple((later - day).days for day, later in pairwise(days))
    found = _smoothed(tuple(cramps for _, cramps in closed), gaps, tuple(_span(week, days) for week in weeks))
    return Trend(found, None, len(closed)) if found else Trend(none, "poor_fit", len(closed))


Span = tuple[int, int] | None


def _span(week: Summary, days: Sequence[dt.date]) -> Span:
    """Return the nights of a week between the first and the last closed one, counted from the first."""
    if not week.closed:
        return None
    return max((week.first - days[0]).days, 0), (min(week.last, days[-1]) - days[0]).days


@lru_cache(maxsize=32)
def _smoothed(counts: tuple[int, ...], gaps: tuple[int, ...], spans: tuple[Span, ...]) -> tuple[Rate | None, ...]:
    """Ask the engine, once for each diary; nothing where its answer is not to be trusted."""
    # Numbers are loaded where they are needed: the web starts without them.
    from mollet.inference.level import level

    try:
        # Plain NumPy takes some hundredths of a second; to load the compiled twin takes a whole one, and 100 MB.
        found = level(counts, gaps, twin="numpy")
    except (MolletError, ArithmeticError, ValueError):
        return ()
    if found.problems:
        return ()
    return tuple(
        Rate(*(NIGHTS_A_WEEK * value for value in found.over(*span, _QUANTILES))) if span else None for span in spans
    )
