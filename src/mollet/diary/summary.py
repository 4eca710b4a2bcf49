"""What the nights add up to: counts and rates, from closed nights only."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from mollet.diary.nights import Night

NIGHTS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Summary:
    """What a span of nights adds up to.

    Parameters
    ----------
    first, last : date
        Of the span, both included.
    closed, open, unlogged, paused : int
        Nights of each state; the count of cramps comes from the closed ones alone.
    cramps : int
        Said on closed nights.
    with_cramps : int
        Closed nights with at least one.
    asking : int
        Open nights on which fewer cramps were said than recorded.
    worst_severity : int or None
        Of the episodes recorded, 0 to 10.
    episode_minutes : float or None
        Median of the episodes whose end is known.
    awake_minutes : float or None
        Median of the closed nights on which it was said.
    """

    first: dt.date
    last: dt.date
    closed: int
    open: int
    unlogged: int
    paused: int
    cramps: int
    with_cramps: int
    asking: int
    worst_severity: int | None
    episode_minutes: float | None
    awake_minutes: float | None

    @property
    def rate_per_week(self) -> float | None:
        """Cramps a week on closed nights; None without a closed night."""
        return self.cramps / self.closed * NIGHTS_A_WEEK if self.closed else None


def summary(nights: Sequence[Night]) -> Summary:
    """What nights, in the order of their dates and at least one, add up to."""
    closed = [night for night in nights if night.state == "closed"]
    said = [night.cramps or 0 for night in closed]
    episodes = [episode for night in nights for episode in night.episodes]
    return Summary(
        first=nights[0].date,
        last=nights[-1].date,
        closed=len(closed),
        open=_count(nights, "open"),
        unlogged=_count(nights, "unlogged"),
        paused=_count(nights, "paused"),
        cramps=sum(said),
        with_cramps=sum(1 for cramps in said if cramps),
        asking=sum(1 for night in nights if night.asks),
        worst_severity=max((e.severity for e in episodes if e.severity is not None), default=None),
        episode_minutes=_median(e.minutes for e in episodes),
        awake_minutes=_median(night.awake_minutes for night in closed),
    )


def weeks(nights: Iterable[Night]) -> list[Summary]:
    """The summary of each week, Monday evening's night first; the first and last weeks hold the nights given."""
    by_monday: dict[dt.date, list[Night]] = {}
    for night in sorted(nights, key=lambda night: night.date):
        monday = night.date - dt.timedelta(days=night.date.weekday())
        by_monday.setdefault(monday, []).append(night)
    return [summary(week) for week in by_monday.values()]


def _count(nights: Iterable[Night], state: str) -> int:
    return sum(1 for night in nights if night.state == state)


def _median(values: Iterable[float | None]) -> float | None:
    said = [value for value in values if value is not None]
    return median(said) if said else None
