"""Which red flags hold, which are still open: the ground of triage and of the gate."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from mollet.knowledge.model import Catalogue, RedFlag, TierName
from mollet.knowledge.rules import Compiled, Facts, Outcome, compiled

Standing = tuple[RedFlag, Outcome]
"""A red flag that holds, and why."""

_TOP: TierName = "emergency"
FLOOR: TierName = "self_care"
"""What holds when nothing else does."""


@dataclass(frozen=True, slots=True)
class Flags:
    """Red flags that hold, with their reasons, and by id those that may still hold; the most urgent first in both."""

    held: tuple[Standing, ...]
    open: Mapping[str, RedFlag]
    against: Mapping[str, tuple[Standing, ...]]
    """Flags that hold and speak against an item, by its id."""

    @property
    def tier(self) -> TierName:
        """The most urgent tier that holds; self-care, the floor, when none does."""
        return self.held[0][0].tier if self.held else FLOOR

    @property
    def is_emergency(self) -> bool:
        """Whether nothing is to be done now but to call for help."""
        return self.tier == _TOP


def flags(facts: Facts, catalogue: Catalogue) -> Flags:
    """Evaluate every red flag; a flag that is denied is in neither list."""
    held: list[Standing] = []
    still_open: dict[str, RedFlag] = {}
    for flag, rule in _by_urgency(catalogue):
        value = rule.test(facts)
        if value:
            held.append((flag, rule.outcome(facts)))
        elif value is None:
            still_open[flag.id] = flag
    against: dict[str, tuple[Standing, ...]] = {}
    for one in held:
        for item in one[0].avoid:
            against[item] = (*against.get(item, ()), one)
    return Flags(tuple(held), still_open, against)


def may_speak_against(item: str, standing: Flags, catalogue: Catalogue) -> bool:
    """Whether some flag that may still hold would speak against an item."""
    return not standing.open.keys().isdisjoint(_warning(catalogue).get(item, ()))


def lacks(flag: RedFlag, facts: Facts, catalogue: Catalogue) -> int:
    """Return the facts that are missing to decide a flag which may still hold, as bits."""
    return _by_id(catalogue)[flag.id].lacks(facts)


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


@lru_cache(maxsize=4)
def _warning(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """Ids of the flags that speak against an item, by its id: worked out once for a catalogue."""
    found: dict[str, set[str]] = {}
    for flag in catalogue.red_flags.values():
        for item in flag.avoid:
            found.setdefault(item, set()).add(flag.id)
    return {item: frozenset(flags) for item, flags in found.items()}
