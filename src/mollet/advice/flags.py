"""Which red flags hold, which are still open: the ground of triage and of the gate."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from mollet.knowledge.model import Catalogue, RedFlag, TierName
from mollet.knowledge.rules import Compiled, Facts, Outcome, compiled

Standing = tuple[RedFlag, Outcome]
"""A red flag that holds, and why."""

_TOP: TierName = "emergency"


@dataclass(frozen=True, slots=True)
class Flags:
    """Red flags that hold, with their reasons, and those that may still hold; the most urgent first in both."""

    held: tuple[Standing, ...]
    open: tuple[RedFlag, ...]
    against: Mapping[str, tuple[Standing, ...]]
    """Flags that hold and speak against an item, by its id."""
    maybe_against: Mapping[str, tuple[RedFlag, ...]]
    """Flags that may still hold and would speak against an item, by its id."""

    @property
    def tier(self) -> TierName:
        """The most urgent tier that holds; self-care, the floor, when none does."""
        return self.held[0][0].tier if self.held else "self_care"

    @property
    def is_emergency(self) -> bool:
        """Whether nothing is to be done now but to call for help."""
        return self.tier == _TOP


def flags(facts: Facts, catalogue: Catalogue) -> Flags:
    """Evaluate every red flag; a flag that is denied is in neither list."""
    held: list[Standing] = []
    still_open: list[RedFlag] = []
    for flag, rule in _by_urgency(catalogue):
        value = rule.test(facts)
        if value:
            held.append((flag, rule.outcome(facts)))
        elif value is None:
            still_open.append(flag)
    against: dict[str, tuple[Standing, ...]] = {}
    for one in held:
        for item in one[0].avoid:
            against[item] = (*against.get(item, ()), one)
    maybe: dict[str, list[RedFlag]] = {}
    for flag in still_open:
        for item in flag.avoid:
            maybe.setdefault(item, []).append(flag)
    return Flags(tuple(held), tuple(still_open), against, {item: tuple(found) for item, found in maybe.items()})


def outcome(flag: RedFlag, facts: Facts, catalogue: Catalogue) -> Outcome:
    """Say whether a flag holds, because of what, or what is missing to tell."""
    return _by_id(catalogue)[flag.id].outcome(facts)


@lru_cache(maxsize=4)
def _by_id(catalogue: Catalogue) -> dict[str, Compiled]:
    return {flag.id: rule for flag, rule in _by_urgency(catalogue)}


@lru_cache(maxsize=4)
def _by_urgency(catalogue: Catalogue) -> tuple[tuple[RedFlag, Compiled], ...]:
    """Every flag with its rule, the most urgent first: worked out once for a catalogue."""
    ordered = sorted(catalogue.red_flags.values(), key=lambda flag: -catalogue.tiers[flag.tier].rank)
    return tuple((flag, compiled(flag.when)) for flag in ordered)
