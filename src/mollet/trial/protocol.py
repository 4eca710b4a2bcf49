"""What was fixed before the first night of an experiment: the drawn order of arms, its seed, and the rule's numbers.

The stored draw is a JSON document, described in ``docs/how-to/analyse.md``::

    {"seed": 20261122,
     "periods": [{"first": "2026-01-05", "last": "2026-01-11", "arm": "a", "block": 1},
                 {"first": "2026-01-12", "last": "2026-01-18", "arm": "b", "block": 1}],
     "protocol": {"worthwhile": 0.7, "prior": {"mean": -0.2, "sd": 0.6}, "remedy": "calf_hamstring_stretch",
                  "acts": "same_night"}}
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import isfinite
from typing import Any, Literal

from mollet.errors import FileError
from mollet.trial.verdict import Prior

ARMS = ("a", "b")
LONGEST_PERIOD = 3650
"""Nights; what is longer is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Period:
    """Nights in a row on one arm: 0 for A, 1 for B."""

    first: dt.date
    last: dt.date
    arm: int
    block: int


@dataclass(frozen=True, slots=True)
class Protocol:
    """The stored order of arms and what else was fixed with it."""

    seed: int
    periods: tuple[Period, ...]
    worthwhile: float | None = None
    prior: Prior | None = None
    remedy: str | None = None
    acts: Literal["same_night", "slowly"] = "slowly"

    @property
    def last(self) -> dt.date:
        """Return the last planned night."""
        return self.periods[-1].last

    @property
    def may_be_too_short(self) -> bool:
        """Tell whether arms changed every night though the remedy may act more slowly."""
        return self.acts == "slowly" and min((one.last - one.first).days for one in self.periods) == 0

    def departs(self, prior: Prior, worthwhile: float) -> bool:
        """Tell whether another prior or smallest worthwhile effect is used than was fixed."""
        return (self.prior or prior) != prior or (self.worthwhile or worthwhile) != worthwhile

    def arms(self) -> dict[dt.date, int]:
        """Return the drawn arm of every planned night."""
        return {
            period.first + dt.timedelta(days=after): period.arm
            for period in self.periods
            for after in range((period.last - period.first).days + 1)
        }

    def blocks(self) -> tuple[tuple[Period, ...], ...]:
        """Return the periods by block, in their order."""
        return tuple(tuple(periods) for _, periods in groupby(self.periods, lambda one: one.block))


def read(document: object) -> Protocol:
    """Read a stored draw; whatever is not as it must be is named with its place.

    Raises
    ------
    FileError
        A key is missing, unknown or of the wrong kind, two periods overlap, or an arm is missing.
    """
    draw = _object(document, "draw", {"seed", "periods"}, {"protocol"})
    fixed = _object(
        draw.get("protocol", {}),
        "protocol",
        set(),
        {"worthwhile", "prior", "remedy", "acts", "knowledge_version", "model"},
    )
    return Protocol(
        seed=_whole(draw["seed"], "seed"),
        periods=_periods(draw["periods"]),
        worthwhile=_number(fixed["worthwhile"], "protocol.worthwhile", 0, 1) if "worthwhile" in fixed else None,
        prior=_prior(fixed["prior"]) if "prior" in fixed else None,
        remedy=_text(fixed["remedy"], "protocol.remedy") if "remedy" in fixed else None,
        acts=_acts(fixed.get("acts", "slowly")),
    )


def _periods(value: object) -> tuple[Period, ...]:
    if not isinstance(value, list) or not value:
        raise _wrong("periods", value)
    periods = tuple(_period(one, f"periods[{number}]") for number, one in enumerate(value, 1))
    for number, (before, after) in enumerate(pairwise(periods), 2):
        if after.first <= before.last:
            raise FileError("error.draw.overlap", place=f"periods[{number}]", night=after.first)
        if after.block < before.block:
            raise _wrong(f"periods[{number}].block", after.block)
    if {one.arm for one in periods} != {0, 1}:
        raise FileError("error.draw.one_arm")
    return periods


def _period(value: object, place: str) -> Period:
    period = _object(value, place, {"first", "last", "arm", "block"}, set())
    if period["arm"] not in ARMS:
        raise _wrong(f"{place}.arm", period["arm"])
    first, last = _date(period["first"], f"{place}.first"), _date(period["last"], f"{place}.last")
    if not 0 <= (last - first).days < LONGEST_PERIOD:
        raise _wrong(f"{place}.last", period["last"])
    return Period(first, last, ARMS.index(period["arm"]), _whole(period["block"], f"{place}.block"))


def _prior(value: object) -> Prior:
    prior = _object(value, "protocol.prior", {"mean", "sd"}, {"sources", "why"})
    return Prior(_number(prior["mean"], "protocol.prior.mean", -5, 5), _number(prior["sd"], "protocol.prior.sd", 0, 5))


def _acts(value: object) -> Literal["same_night", "slowly"]:
    if value == "same_night":
        return "same_night"
    if value == "slowly":
        return "slowly"
    raise _wrong("protocol.acts", value)


def _object(value: object, place: str, needed: set[str], allowed: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(place, value)
    for key in sorted(needed - set(value)):
        raise FileError("error.draw.missing", place=place, name=key)
    for key in sorted(set(value) - needed - allowed):
        raise FileError("error.draw.unknown", place=place, name=key)
    return value


def _whole(value: object, place: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _wrong(place, value)


def _number(value: object, place: str, above: float, below: float) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value) and above < value < below:
        return float(value)
    raise _wrong(place, value)


def _text(value: object, place: str) -> str:
    if isinstance(value, str):
        return value
    raise _wrong(place, value)


def _date(value: object, place: str) -> dt.date:
    try:
        return dt.date.fromisoformat(_text(value, place))
    except ValueError as error:
        raise _wrong(place, value) from error


def _wrong(place: str, value: object) -> FileError:
    return FileError("error.draw.wrong", place=place, value=str(value)[:40])
