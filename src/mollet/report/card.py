"""The bedside card: relief in four steps on A6, and on its back what is more than a cramp, with the number to call."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from mollet.advice.lasting import asking_minute
from mollet.advice.plan import plan
from mollet.advice.relief import StepFound, alone, beside, form
from mollet.advice.triage import triage
from mollet.knowledge import Facts
from mollet.knowledge.model import Catalogue
from mollet.report.paper import URGENT, Drawings, Drawn, Urgency, lasting, picture
from mollet.words import date, say

STEPS = 4
"""As many as can be read on A6 without glasses."""


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that stands on the card: its front, then its back."""

    lang: str
    title: str
    name: str
    first: tuple[str, ...]
    opening: str
    steps: tuple[Drawn, ...]
    lasts: str
    urgencies: tuple[Urgency, ...]
    conditions_title: str
    conditions: tuple[str, ...]
    foot: str


def card(
    facts: Facts,
    catalogue: Catalogue,
    country: str,
    drawings: Drawings,
    today: dt.date,
    lang: str,
    name: str = "",
) -> Card:
    """Make the card of a person: only what the gate lets through, in the form that suits them.

    Parameters
    ----------
    facts : Facts
        What is known of the person.
    catalogue : Catalogue
        What is known.
    country : str
        Whose numbers to call.
    drawings : mapping of str to str
        The drawings there are, as complete SVG.
    today : date
        The day the card is made; what it says holds for the answers of that day.
    lang : str
        Language of the card.
    name : str
        Stands on the card where it is wished.
    """
    tier = triage(facts, catalogue, country).tier
    found = beside(tier if tier in URGENT else None, facts, catalogue)
    opening = min(catalogue.relief.values(), key=lambda step: step.order)
    steps = [one for one in found.steps if one.step is not opening][:STEPS] or [alone(found)]
    return Card(
        lang=lang,
        title=say("card.title", lang),
        name=name,
        first=tuple(flag.says.to(lang) for flag in plan(facts, catalogue).first),
        opening=opening.words.to(lang),
        steps=tuple(_drawn(one, facts, drawings, lang) for one in steps),
        lasts=say("card.lasts", lang, n=int(asking_minute(catalogue))),
        urgencies=lasting(catalogue, country, lang),
        conditions_title=say("relief.not_for_everyone", lang),
        conditions=tuple(dict.fromkeys(_conditions(steps, lang))),
        foot=say("paper.made", lang, day=date(today, lang, "d MMMM y")),
    )


def _drawn(one: StepFound, facts: Facts, drawings: Drawings, lang: str) -> Drawn:
    step, chosen = one.step, form(one.step, facts)
    names = [step.drawing]
    if chosen:
        own = (chosen.drawing, f"{step.drawing}_{chosen.id}", f"{step.drawing}_{chosen.position}")
        names = [*(name for name in own if name), step.drawing]
    words = chosen.words if chosen and chosen.words else step.words
    return Drawn(words.to(lang), *picture(names, drawings, lang), says=(step.stop.to(lang),))


def _conditions(steps: list[StepFound], lang: str) -> Iterator[str]:
    """Say the condition on the danger signs once, then those of each step under its name."""
    yield from (text.to(lang) for one in steps for text in one.judgement.says if text not in one.judgement.conditions)
    yield from (text.to(lang) for one in steps for text in one.judgement.conditions)
