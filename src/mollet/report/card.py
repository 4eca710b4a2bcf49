"""The bedside card: relief in four steps on A5, and on its back what is more than a cramp, with the number to call."""

from collections.abc import Iterator
from dataclasses import dataclass

from mollet.advice.lasting import asking_minute
from mollet.advice.plan import plan
from mollet.advice.relief import StepFound, alone, beside, form
from mollet.advice.triage import triage
from mollet.report.paper import URGENT, Drawn, Urgency, Whose, lasting, picture

STEPS = 4
"""As many as can be read at arm's length without glasses on one side of A5."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a step must not be done with, under the number of the step; without a number, what holds for all."""

    number: str
    says: tuple[str, ...]


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
    conditions: tuple[Condition, ...]
    foot: str


def card(whose: Whose) -> Card:
    """Make the card of a person: only what the gate lets through, in the form that suits them."""
    facts, catalogue, lang = whose.facts, whose.catalogue, whose.lang
    tier = triage(facts, catalogue, whose.country).tier
    found = beside(tier if tier in URGENT else None, facts, catalogue)
    opening = min(catalogue.relief.values(), key=lambda step: step.order)
    steps = [one for one in found.steps if one.step is not opening][:STEPS] or [alone(found)]
    return Card(
        lang=lang,
        title=whose.say("card.title"),
        name=whose.name,
        first=tuple(flag.says.to(lang) for flag in plan(facts, catalogue).deciding),
        opening=opening.words.to(lang),
        steps=tuple(_drawn(one, whose) for one in steps),
        lasts=whose.say("card.lasts", n=int(asking_minute(catalogue))),
        urgencies=lasting(whose),
        conditions_title=whose.say("relief.not_for_everyone"),
        conditions=tuple(_conditions(steps, lang)),
        foot=whose.foot(),
    )


def _drawn(one: StepFound, whose: Whose) -> Drawn:
    step, chosen = one.step, form(one.step, whose.facts)
    names = [step.drawing]
    if chosen:
        own = (chosen.drawing, f"{step.drawing}_{chosen.id}", f"{step.drawing}_{chosen.position}")
        names = [*(name for name in own if name), step.drawing]
    words = chosen.words if chosen and chosen.words else step.words
    return Drawn(words.to(whose.lang), *picture(names, whose), says=(step.stop.to(whose.lang),))


def _conditions(steps: list[StepFound], lang: str) -> Iterator[Condition]:
    """Say the condition on the danger signs once, then those of each step under its number, none of them twice."""
    every = [text for one in steps for text in one.judgement.says if text not in one.judgement.conditions]
    said: set[str] = set()
    for number, texts in [("", every), *((str(at), one.judgement.conditions) for at, one in enumerate(steps, 1))]:
        new = tuple(dict.fromkeys(words for text in texts if (words := text.to(lang)) not in said))
        said.update(new)
        if new:
            yield Condition(number, new)
