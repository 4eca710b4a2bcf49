"""Diaries of known arms and counts, for the tests of comparisons."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from mollet.trial.protocol import Period, Protocol

FIRST = dt.date(2026, 1, 5)


@dataclass(frozen=True)
class Line:
    """One line of a diary table."""

    line: int
    night: dt.date
    values: dict[str, float] = field(default_factory=dict)


def night(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def diary(
    counts: Sequence[float | None], arms: Sequence[float | None], **columns: Sequence[float | None]
) -> list[Line]:
    """Nights in a row; None is an empty cell."""
    named = {"cramps": counts, "b": arms, **columns}
    return [
        Line(
            number + 2,
            night(number),
            {name: float(cells[number]) for name, cells in named.items() if cells[number] is not None},
        )
        for number in range(len(counts))
    ]


def weeks(*arms: int, nights: int = 7) -> list[int]:
    """Arms of nights in a row, a week of each."""
    return [arm for arm in arms for _ in range(nights)]


def drawn(*arms: int, nights: int = 7, **fixed: object) -> Protocol:
    """Return a stored draw of pairs of periods, one after the other."""
    periods = tuple(
        Period(night(number * nights), night(number * nights + nights - 1), arm, number // 2 + 1)
        for number, arm in enumerate(arms)
    )
    return Protocol(20260105, periods, **fixed)
