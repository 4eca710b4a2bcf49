"""Why cramps? Which causes apply to a person, which do not, and which are not known, with the evidence for each."""

from dataclasses import dataclass
from typing import Any

from mollet.advice.evidence import evidence_to_json
from mollet.advice.reasons import phrases, questions
from mollet.knowledge.model import Catalogue, Cause, Text
from mollet.knowledge.rules import Facts, evaluate

_STRENGTHS = ("strong", "moderate", "weak", "plausible", "conflicting", "none", "contrary")


@dataclass(frozen=True, slots=True)
class CauseFound:
    """A cause, the questions it rests on, in words too, and those whose answers are missing."""

    cause: Cause
    applies: bool | None
    because: tuple[str, ...]
    signs: tuple[Text, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Causes:
    """Every cause of the catalogue in one of three lists, the best supported first."""

    applies: tuple[CauseFound, ...]
    does_not_apply: tuple[CauseFound, ...]
    not_known: tuple[CauseFound, ...]
    not_recognised: tuple[str, ...]
    knowledge_version: str


def causes(facts: Facts, catalogue: Catalogue) -> Causes:
    """Sort the causes by what is known of a person: applies, does not, not known."""
    found = [_find(cause, facts, catalogue) for cause in catalogue.causes.values()]
    ordered = sorted(found, key=lambda one: _STRENGTHS.index(one.cause.strength))
    return Causes(
        applies=tuple(one for one in ordered if one.applies),
        does_not_apply=tuple(one for one in ordered if one.applies is False),
        not_known=tuple(one for one in ordered if one.applies is None),
        not_recognised=facts.not_recognised,
        knowledge_version=catalogue.version,
    )


def to_json(result: Causes, lang: str) -> dict[str, Any]:
    """Return the causes as one JSON object, in one language."""
    return {
        "applies": [_cause_to_json(one, lang) for one in result.applies],
        "does_not_apply": [_cause_to_json(one, lang) for one in result.does_not_apply],
        "not_known": [_cause_to_json(one, lang) for one in result.not_known],
        "not_recognised": list(result.not_recognised),
        "knowledge_version": result.knowledge_version,
    }


def _find(cause: Cause, facts: Facts, catalogue: Catalogue) -> CauseFound:
    outcome = evaluate(cause.when, facts)
    return CauseFound(
        cause,
        outcome.value,
        questions(outcome.because, facts, catalogue),
        phrases(outcome.because, facts, catalogue),
        questions(outcome.unknown, facts, catalogue),
    )


def _cause_to_json(one: CauseFound, lang: str) -> dict[str, Any]:
    cause = one.cause
    written: dict[str, Any] = {
        "id": cause.id,
        "kind": cause.kind,
        "name": cause.name.to(lang),
        "says": cause.says.to(lang),
        "strength": cause.strength,
        "because": list(one.because),
        "signs": [sign.to(lang) for sign in one.signs],
        "unknown": list(one.unknown),
        "evidence": [evidence_to_json(found, lang) for found in cause.evidence],
        "remedies": list(cause.remedies),
        "sources": list(cause.sources),
        "status": cause.status,
    }
    if cause.ask:
        written["ask"] = cause.ask.to(lang)
    if cause.discuss:
        written["discuss"] = {
            "id": cause.discuss.id,
            "says": cause.discuss.text.to(lang),
            "sources": list(cause.sources),
        }
    return written
