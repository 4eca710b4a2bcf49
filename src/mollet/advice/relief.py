"""What to do during a cramp: the steps the gate lets through, in order, with their conditions."""

from dataclasses import dataclass
from typing import Any

from mollet.advice.evidence import evidence_to_json
from mollet.advice.flags import flags
from mollet.advice.gate import Judgement, judge
from mollet.advice.reasons import questions
from mollet.knowledge.model import Catalogue, ReliefStep, Variant
from mollet.knowledge.rules import Facts


@dataclass(frozen=True, slots=True)
class StepFound:
    """A relief step, what the gate says of it, and the questions its condition rests on."""

    step: ReliefStep
    judgement: Judgement
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relief:
    """Steps to show, in order, and steps left out with the reasons."""

    steps: tuple[StepFound, ...]
    left_out: tuple[StepFound, ...]


def relief(facts: Facts, catalogue: Catalogue) -> Relief:
    """Return the steps for a person of whom these facts are known; with none, every step with its conditions."""
    standing = flags(facts, catalogue)
    found = []
    for step in sorted(catalogue.relief.values(), key=lambda one: one.order):
        judgement = judge(step, facts, catalogue, standing)
        asked = questions(judgement.because or judgement.unknown, facts, catalogue)
        found.append(StepFound(step, judgement, asked))
    return Relief(
        tuple(one for one in found if one.judgement.is_allowed),
        tuple(one for one in found if not one.judgement.is_allowed),
    )


def beside(alarm: str | None, facts: Facts, catalogue: Catalogue) -> Relief:
    """Return the steps that an alarm leaves: at an emergency one breathes and calls, and does nothing else.

    Parameters
    ----------
    alarm : str or None
        Tier of the alarm that stands, none where nothing interrupts.
    facts : Facts
        What is known of the person.
    catalogue : Catalogue
        What is known.
    """
    found = relief(facts, catalogue)
    if alarm == "emergency":
        return Relief(tuple(one for one in found.steps if one.step.in_emergency), ())
    return found


def form(step: ReliefStep, facts: Facts) -> Variant | None:
    """Return the form of a step that a person's answers call for; none where the usual one does."""
    return next((one for one in step.variants if one.when is not None and one.when.value(facts.values)), None)


def alone(found: Relief) -> StepFound:
    """Return the step that stays when no other may be shown."""
    return next(one for one in found.steps if one.step.in_emergency)


def to_json(result: Relief, lang: str) -> dict[str, Any]:
    """Return the steps as one JSON object, in one language."""
    return {
        "steps": [_step_to_json(one, lang) for one in result.steps],
        "left_out": [_step_to_json(one, lang) for one in result.left_out],
    }


def _step_to_json(one: StepFound, lang: str) -> dict[str, Any]:
    step = one.step
    return {
        "id": step.id,
        "name": step.name.to(lang),
        "words": step.words.to(lang),
        "does": step.does.to(lang),
        "stop": step.stop.to(lang),
        "position": step.position,
        "seconds": step.seconds,
        "drawing": step.drawing,
        "state": one.judgement.state,
        "conditions": [text.to(lang) for text in one.judgement.says],
        "because": list(one.because),
        "variants": [_variant_to_json(variant, lang) for variant in step.variants],
        "evidence": [evidence_to_json(found, lang) for found in step.evidence],
        "sources": list(step.sources),
        "status": step.status,
    }


def _variant_to_json(variant: Variant, lang: str) -> dict[str, Any]:
    return {
        "id": variant.id,
        "words": variant.words.to(lang) if variant.words else None,
        "does": variant.does.to(lang),
    }
