"""Which red flags hold, which are still open: the ground of triage and of the gate."""

from dataclasses import dataclass

from mollet.knowledge.model import Catalogue, RedFlag, TierName
from mollet.knowledge.rules import Facts, Outcome, evaluate


@dataclass(frozen=True, slots=True)
class Flags:
    """Red flags that hold and that may still hold, the most urgent first, with their outcomes."""

    held: tuple[tuple[RedFlag, Outcome], ...]
    open: tuple[tuple[RedFlag, Outcome], ...]

    @property
    def tier(self) -> TierName:
        """The most urgent tier that holds; self-care, the floor, when none does."""
        return self.held[0][0].tier if self.held else "self_care"


def flags(facts: Facts, catalogue: Catalogue) -> Flags:
    """Evaluate every red flag; a flag that is denied is in neither list."""
    held: list[tuple[RedFlag, Outcome]] = []
    still_open: list[tuple[RedFlag, Outcome]] = []
    for flag in catalogue.red_flags.values():
        value = flag.when.value(facts.values)
        if value is not False:
            (held if value else still_open).append((flag, evaluate(flag.when, facts)))
    return Flags(_by_urgency(held, catalogue), _by_urgency(still_open, catalogue))


def _by_urgency(found: list[tuple[RedFlag, Outcome]], catalogue: Catalogue) -> tuple[tuple[RedFlag, Outcome], ...]:
    return tuple(sorted(found, key=lambda one: -catalogue.tiers[one[0].tier].rank))
