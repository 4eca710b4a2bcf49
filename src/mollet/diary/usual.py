"""What is usual for a person: offered on the next day with a tap, and never taken for said."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping

from mollet.diary import fold
from mollet.diary.fold import Diary

LOOKED_BACK = dt.timedelta(days=28)
"""How far back "usual" reaches: four weeks, a choice."""
LEAST_SAID = 3
"""How often something must have been said to be called usual: a choice."""


def usual(diary: Diary, night: dt.date) -> Mapping[str, bool | float]:
    """Return the value each exposure mostly had in the weeks before a night, of those said often enough.

    A value is one that was really said: of several said equally often, the latest. Something said in as many ways as
    there were days has no usual value.
    """
    said: dict[str, list[bool | float]] = defaultdict(list)
    for one in fold.exposures(diary, night - LOOKED_BACK, night - dt.timedelta(days=1)):
        said[one.what].append(one.value)
    found = {}
    for what, values in said.items():
        most = Counter((type(value) is bool, value) for value in values)
        (_, value), times = max(most.items(), key=lambda pair: (pair[1], _last(values, pair[0])))
        if times >= LEAST_SAID:
            found[what] = value
    return found


def _last(values: list[bool | float], kind: tuple[bool, bool | float]) -> int:
    return max(place for place, value in enumerate(values) if (type(value) is bool, value) == kind)
