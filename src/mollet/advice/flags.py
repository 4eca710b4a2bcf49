"""Which red flags hold, which are still open: the ground of triage and of the gate."""

from collections.abc import Mapping
from dataclasses import dataclass

from mollet.knowledge.model import Catalogue, RedFlag, TierName
from mollet.knowledge.rules import Facts, Outcome, evaluate

Standing = tuple[RedFlag, Outcome]
"""A red flag and what is known of it."""


@dataclass(frozen=True, slots=True)
class Flags:
    """Red flags that hold and that may still hold, the most urgent first, with their outcomes."""

    held: tuple[Standing, ...]
    open: tuple[Standing, ...]
    against: Mapping[str, tuple[Standing, ...]]
    """Flags that hold and speak against an item, by its id."""
    maybe_against: Mapping[str, tuple[Standing, ...]]
    """Flags that may still hold and would speak against an item, by its id."""

    @property
    def tier(self) -> TierName:
        """The most urgent tier that holds; self-care, the floor, when none does."""
        return self.held[0][0].tier if self.held else "self_care"


def flags(facts: Facts, catalogue: Catalogue) -> Flags:
    """Evaluate every red flag; a flag that is denied is in neither list."""
    held: list[Standing] = []
    still_open: list[Standing] = []
    for flag in catalogue.red_flags.values():
        value = flag.when.value(facts.values)
        if value is not False:
            (held if value else still_open).append((flag, evaluate(flag.when, facts)))
    return Flags(_by_urgency(held, catalogue), _by_urgency(still_open, catalogue), _against(held), _against(still_open))


def _by_urgency(found: list[Standing], catalogue: Catalogue) -> tuple[Standing, ...]:
    return tuple(sorted(found, key=lambda one: -catalogue.tiers[one[0].tier].rank))


def _against(found: list[Standing]) -> Mapping[str, tuple[Standing, ...]]:
    against: dict[str, tuple[Standing, ...]] = {}
    for one in found:
        for item in one[0].avoid:
            against[item] = (*against.get(item, ()), one)
    return against
