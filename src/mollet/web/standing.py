"""What an alarm of the check-up means for the first page and for relief, for as long as its answers hold."""

import datetime as dt
from dataclasses import dataclass

from mollet.advice.gate import judge
from mollet.advice.relief import Relief, StepFound, relief
from mollet.advice.triage import Triage, triage
from mollet.diary.facts import question_of
from mollet.knowledge import Catalogue, Facts, Text
from mollet.knowledge.model import Country, Tier
from mollet.web import answered
from mollet.web.page import PersonalRequest
from mollet.words import LANGUAGES

INTERRUPTS = ("emergency", "same_day")
"""Tiers that stand before anything else."""
STRETCHES = ("calf_hamstring_stretch", "wall_stretch")
"""Remedies that pull at the muscle; what forbids one of them forbids the relief steps that do the same."""
STRETCHING = ("foot_up", "foot_flat", "heel_walk")
ALONE = "breathe"
"""The one relief step that stays beside an emergency."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An urgent finding: what to do, why, whom to call, and until when the answers behind it hold."""

    tier: Tier
    do: Text
    why: Text
    calls: Country
    until: dt.datetime | None

    @property
    def is_emergency(self) -> bool:
        """Whether nothing else is to be done now."""
        return self.tier.id == INTERRUPTS[0]


def alarm(request: PersonalRequest, facts: Facts, catalogue: Catalogue) -> Alarm | None:
    """Return the most urgent finding of a person's answers, if it interrupts."""
    found = triage(facts, catalogue, request.person.country)
    if found.tier not in INTERRUPTS or not found.findings:
        return None
    parts = [_after_first_sentence(found.findings[0].flag.says.to(lang)) for lang in LANGUAGES]
    country = catalogue.countries.get(request.person.country) or catalogue.countries["ZZ"]
    return Alarm(
        catalogue.tiers[found.tier],
        Text(*(first for first, _ in parts)),
        Text(*(rest for _, rest in parts)),
        country,
        _until(request, found, catalogue),
    )


def steps(facts: Facts, catalogue: Catalogue, standing: Alarm | None) -> Relief:
    """Return the relief steps that an alarm leaves: at an emergency one breathes and calls, and does nothing else."""
    found = relief(facts, catalogue)
    if standing is None:
        return found
    if standing.is_emergency:
        return Relief(tuple(one for one in found.steps if one.step.id == ALONE), ())
    if not any(_is_flagged(remedy, facts, catalogue) for remedy in STRETCHES):
        return found
    kept = tuple(one for one in found.steps if one.step.id not in STRETCHING)
    return Relief(kept, found.left_out)


def alone(found: Relief) -> StepFound:
    """Return the step that stays when no other may be shown."""
    return next(one for one in found.steps if one.step.id == ALONE)


def _is_flagged(remedy: str, facts: Facts, catalogue: Catalogue) -> bool:
    item = catalogue.remedies.get(remedy)
    reasons = judge(item, facts, catalogue).reasons if item else ()
    return any(one.ground == "flag" and one.state == "withheld" for one in reasons)


def _until(request: PersonalRequest, found: Triage, catalogue: Catalogue) -> dt.datetime | None:
    keys = {question_of(fact, catalogue) for fact in found.findings[0].because}
    return answered.until(request, keys, catalogue)


def _after_first_sentence(words: str) -> tuple[str, str]:
    first, dot, rest = words.partition(". ")
    return first + dot.strip(), rest
