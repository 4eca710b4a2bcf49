"""What the diary says beside a cause: how often and how much it was noted, and the nights that followed. Counts only.

A count beside a cause is no share of blame: whether one thing brings cramps is for an analysis, not for this.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from mollet.diary import fold
from mollet.diary.fold import Diary, Exposed
from mollet.diary.nights import Night
from mollet.knowledge.model import Catalogue, Cause, Exposure

LOOKED_BACK = dt.timedelta(days=28)
"""How far back the diary is read: four weeks, a choice."""


@dataclass(frozen=True, slots=True)
class Nights:
    """Nights after some days: how many were answered in the morning, and how many of these had a cramp."""

    answered: int
    with_cramps: int


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted of one habit in the last weeks.

    Parameters
    ----------
    exposure : Exposure
        The habit.
    days : int
        Days on which something was said of it.
    least, middle, most : float or None
        Of the amounts, where it has one.
    yes, no : Nights
        Nights of the days on which it was so, and of those on which it was not; an amount above nothing is a yes.
    """

    exposure: Exposure
    days: int
    least: float | None
    middle: float | None
    most: float | None
    yes: Nights
    no: Nights


def noted(cause: Cause, diary: Diary, today: dt.date, catalogue: Catalogue) -> tuple[Noted, ...]:
    """Return what the diary says of the habits behind a cause, each once, also those of which it says nothing."""
    if not cause.exposures:
        return ()
    since = today - LOOKED_BACK
    said = fold.exposures(diary, since, today)
    nights = {night.date: night for night in fold.nights(diary, since, today)}
    return tuple(_noted(catalogue.exposures[what], said, nights) for what in cause.exposures)


def _noted(exposure: Exposure, said: Iterable[Exposed], nights: dict[dt.date, Night]) -> Noted:
    own = [one for one in said if one.what == exposure.id]
    amounts = [float(one.value) for one in own if not isinstance(one.value, bool)]
    return Noted(
        exposure,
        days=len(own),
        least=min(amounts, default=None),
        middle=median(amounts) if amounts else None,
        most=max(amounts, default=None),
        yes=_after((one for one in own if one.value), nights),
        no=_after((one for one in own if not one.value), nights),
    )


def _after(days: Iterable[Exposed], nights: dict[dt.date, Night]) -> Nights:
    there = (nights.get(one.night) for one in days)
    closed = [night for night in there if night is not None and night.state == "closed"]
    return Nights(len(closed), sum(1 for night in closed if night.cramps))
