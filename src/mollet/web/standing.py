"""What an alarm of the check-up means for the first page and for relief, for as long as its answers hold."""

import datetime as dt
from dataclasses import dataclass

from mollet.advice.triage import Triage, triage
from mollet.diary.facts import question_of
from mollet.knowledge import Catalogue, Facts, Text
from mollet.knowledge.model import Country, RedFlag, Tier
from mollet.web import answered
from mollet.web.page import PersonalRequest
from mollet.words import LANGUAGES

INTERRUPTS = ("emergency", "same_day")
"""Tiers that stand before anything else."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An urgent finding: what to do, why, whom to call, and until when the answers behind it hold."""

    tier: Tier
    flag: RedFlag
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
        found.findings[0].flag,
        Text(*(first for first, _ in parts)),
        Text(*(rest for _, rest in parts)),
        country,
        _until(request, found, catalogue),
    )


def _until(request: PersonalRequest, found: Triage, catalogue: Catalogue) -> dt.datetime | None:
    keys = {question_of(fact, catalogue) for fact in found.findings[0].because}
    return answered.until(request, keys, catalogue)


def _after_first_sentence(words: str) -> tuple[str, str]:
    first, dot, rest = words.partition(". ")
    return first + dot.strip(), rest
