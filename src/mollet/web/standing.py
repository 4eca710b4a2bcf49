"""What an alarm of the check-up means for the first page and for relief, for as long as its answers hold."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from mollet.advice.triage import triage
from mollet.diary.facts import question_of
from mollet.knowledge import Catalogue, Facts, Text
from mollet.knowledge.model import Country, RedFlag, Tier
from mollet.store import read
from mollet.web import answered
from mollet.web.page import PersonalRequest
from mollet.words import LANGUAGES

INTERRUPTS = ("emergency", "same_day")
"""Tiers that stand before anything else."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An urgent finding: what to do, why, whom to call, when it was answered, and until when those answers hold."""

    tier: Tier
    flag: RedFlag
    do: Text
    why: Text
    calls: Country
    said: dt.datetime | None
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
    keys = {question_of(fact, catalogue) for fact in found.findings[0].because}
    country = catalogue.countries.get(request.person.country) or catalogue.countries["ZZ"]
    return Alarm(
        catalogue.tiers[found.tier],
        found.findings[0].flag,
        Text(*(first for first, _ in parts)),
        Text(*(rest for _, rest in parts)),
        country,
        _said(request, keys),
        answered.until(request, keys, catalogue),
    )


def _said(request: PersonalRequest, keys: Collection[str]) -> dt.datetime | None:
    """Return when the last of some questions was answered, wherever: in the check-up or during a cramp."""
    last = answered.moments(read.diary(request.person))
    moment = max((last[key] for key in keys if key in last), default=None)
    return moment and moment.astimezone(ZoneInfo(request.person.zone))


def _after_first_sentence(words: str) -> tuple[str, str]:
    first, dot, rest = words.partition(". ")
    return first + dot.strip(), rest
