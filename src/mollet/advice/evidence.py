"""What stands behind a sentence: evidence as JSON (what was found, how sure that is, who says so), and documents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from mollet.knowledge.model import Evidence, ReliefStep, Remedy, Status

UNREVIEWED = ("standard", "recalled")
"""Standings of a sentence that a page says of it: its wording rests on usual practice, which nobody reviewed."""


class Cited(Protocol):
    """Anything that names its sources."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Their names."""

    @property
    def status(self) -> Status:
        """How well it is founded."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What several sentences rest on: each document once, and whether one of them is usual practice only."""

    sources: tuple[str, ...]
    is_unreviewed: bool

    @property
    def status(self) -> Status:
        """The weakest standing among them."""
        return "standard" if self.is_unreviewed else "seen"


def behind(parts: Iterable[Cited]) -> Behind:
    """Put together what several parts rest on; one that names nothing is usual practice."""
    every = list(parts)
    named = dict.fromkeys(source for one in every for source in one.sources)
    return Behind(tuple(named), any(not one.sources or one.status in UNREVIEWED for one in every))


def said_of(item: ReliefStep | Remedy) -> Iterator[Cited]:
    """Yield an item and its conditions, which are sentences of their own."""
    yield item
    yield from item.contraindications


def evidence_to_json(one: Evidence, lang: str) -> dict[str, Any]:
    """Return one piece of evidence in one language."""
    written: dict[str, Any] = {"outcome": one.outcome, "says": one.says.to(lang)}
    if one.certainty:
        written["certainty"] = one.certainty
    if one.rated_by:
        written["rated_by"] = one.rated_by
    return {**written, "sources": list(one.sources), "status": one.status}
