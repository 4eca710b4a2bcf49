"""Daily measures that imports brought, and which of them hold where several tell of the same night."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from mollet.errors import FileError

# What is worn knows more than what is carried, and that more than what is typed elsewhere.
_PRIORITY = ("watch", "phone", "other")


@dataclass(frozen=True, slots=True)
class Measure:
    """One daily aggregate of one source.

    Parameters
    ----------
    source : str
        Device or application, written ``"<watch|phone|other>:<name>"``.
    kind : str
        What was measured, with its unit in the name: ``water_ml``, ``steps``.
    night : date
        The night, or the day that bears its date, it belongs to.
    value : float
        In the unit of the kind.
    coverage : float
        Share of the day that the source covered, 0 to 1; 1 where that is not known.
    import_id : UUID
        The generation that brought it.
    """

    source: str
    kind: str
    night: dt.date
    value: float
    coverage: float
    import_id: UUID

    def __post_init__(self) -> None:
        if not 0 <= self.coverage <= 1 or not abs(self.value) < 1e9:
            raise FileError("error.file.measure", kind=self.kind, value=self.value, night=self.night.isoformat())


def resolve(measures: Iterable[Measure], generations: Iterable[UUID]) -> dict[tuple[dt.date, str], Measure]:
    """The measure that holds for each night and kind.

    Of one source the fullest telling of the night holds, then the newest: an export that was cut, or taken at noon,
    never stands before a whole day. Between sources watch goes before phone before other, then the fuller coverage,
    then the newer generation, then the name. Nothing is added up across sources: what an
    importer has merged is one source, and a sum of two devices would count the same steps twice.

    Parameters
    ----------
    measures : iterable of Measure
        In any order; those of an unknown generation (undone) are left out.
    generations : iterable of UUID
        The imports that hold, oldest first.
    """
    rank = {import_id: order for order, import_id in enumerate(generations)}
    newest: dict[tuple[dt.date, str, str], Measure] = {}
    for measure in measures:
        if measure.import_id in rank:
            key = (measure.night, measure.kind, measure.source)
            newest[key] = max(newest.get(key, measure), measure, key=lambda m: (m.coverage, rank[m.import_id], m.value))
    held: dict[tuple[dt.date, str], Measure] = {}
    for measure in sorted(newest.values(), key=lambda m: (*_order(m), -rank[m.import_id], m.source)):
        held.setdefault((measure.night, measure.kind), measure)
    return held


def _order(measure: Measure) -> tuple[int, float]:
    device = measure.source.partition(":")[0]
    priority = _PRIORITY.index(device) if device in _PRIORITY else len(_PRIORITY)
    return priority, -measure.coverage
