"""A prevention programme for one person: tonight's routine, the day, drink and food, and what was left out and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from mollet.advice.counted import Counted, counted
from mollet.advice.counted import to_json as counted_to_json
from mollet.advice.evidence import evidence_to_json
from mollet.advice.flags import Flags, flags
from mollet.advice.gate import Judgement, both, judge, suits
from mollet.advice.reasons import phrases, questions
from mollet.advice.triage import topic
from mollet.knowledge.model import Catalogue, RedFlag, Remedy, Status, Step, Text, TierName, Variant
from mollet.knowledge.rules import Facts, Outcome, evaluate

SectionName = Literal["tonight", "day", "drink_and_food", "shoes_and_habits"]

_SECTIONS: tuple[SectionName, ...] = ("tonight", "day", "drink_and_food", "shoes_and_habits")
_STOPS: TierName = "same_day"
# More reasons than this are not listed in a sentence; arbitrary, for reading.
_MOST_SIGNS = 4


@dataclass(frozen=True, slots=True)
class Planned:
    """A remedy in the plan, in the form that suits the person, with its conditions."""

    remedy: Remedy
    judgement: Judgement
    variant: Variant | None
    because: tuple[str, ...]

    @property
    def is_for_bedtime(self) -> bool:
        """Whether it belongs to the routine before bed, and not to the day."""
        return self.remedy.plan is not None and self.remedy.plan.when == "bedtime"

    @property
    def sources(self) -> tuple[str, ...]:
        """What it rests on, its conditions included."""
        conditions = (reason.sources for reason in self.judgement.reasons if reason.state == "with_condition")
        return tuple(dict.fromkeys((*self.remedy.sources, *(one for some in conditions for one in some))))

    @property
    def status(self) -> Status:
        """How well all of it is founded: a condition that names no source is usual practice."""
        conditions = (reason for reason in self.judgement.reasons if reason.state == "with_condition")
        return self.remedy.status if all(reason.sources for reason in conditions) else "standard"

    @property
    def steps(self) -> tuple[Step, ...]:
        """The guided holds, of the chosen form where it has its own."""
        return self.variant.steps if self.variant and self.variant.steps else self.remedy.steps


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A remedy that is not planned, why not, and on which answers that rests."""

    remedy: Remedy
    why: tuple[Text, ...]
    because: tuple[str, ...]
    signs: tuple[Text, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The programme; while something urgent holds it is empty and ``first`` says what to see to.

    ``unless`` is the condition on the danger signs, which holds for everything that is planned.
    """

    tier: TierName
    first: tuple[RedFlag, ...]
    sections: tuple[tuple[SectionName, tuple[Planned, ...]], ...]
    ask_first: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]
    counted: tuple[Counted, ...]
    with_doctor: tuple[Judgement, ...]
    not_advised: tuple[Judgement, ...]
    see_doctor: tuple[Text, ...]
    see_doctor_sources: tuple[str, ...]
    review_weeks: int | None
    unless: Text | None
    not_recognised: tuple[str, ...]
    knowledge_version: str

    @property
    def tonight(self) -> tuple[Planned, ...]:
        """The routine before bed."""
        return dict(self.sections)["tonight"]

    @property
    def deciding(self) -> tuple[RedFlag, ...]:
        """Of what to see to first, the signs that decide the urgency."""
        return tuple(flag for flag in self.first if flag.tier == self.tier)


def plan(facts: Facts, catalogue: Catalogue) -> Plan:
    """Plan what may help: everything offered passes the gate, everything left out says why."""
    standing = flags(facts, catalogue)
    judged = [judge(remedy, facts, catalogue, standing) for remedy in catalogue.remedies.values()]
    urgent = _urgent(standing.held, catalogue)
    offers = [one for one in judged if _remedy(one).stance == "offer"]
    suited = [one for one in offers if suits(one.item, facts, catalogue) is not False]
    planned = [] if urgent else [_planned(one, facts, catalogue) for one in suited if one.is_allowed]
    doctors = [one for one in judged if _remedy(one).stance == "with_doctor"]
    weeks = [one.remedy.plan.weeks for one in planned if one.remedy.plan and one.remedy.plan.weeks]
    return Plan(
        tier=standing.tier,
        first=urgent,
        sections=tuple((name, _section(name, planned)) for name in _SECTIONS),
        ask_first=tuple(_refused(one, facts, catalogue) for one in suited if one.state == "ask_first"),
        left_out=(
            *(_refused(one, facts, catalogue) for one in suited if one.state == "withheld"),
            *(_not_needed(one, facts, catalogue) for one in offers if one not in suited),
            *_not_even_with_doctor(doctors, facts, catalogue),
        ),
        counted=counted(facts, catalogue),
        with_doctor=() if urgent else tuple(one for one in doctors if _is_for_doctor(one, facts, catalogue)),
        not_advised=tuple(one for one in judged if _remedy(one).stance == "never"),
        see_doctor=_see_doctor_if_worse(standing, catalogue) if urgent else _see_doctor(catalogue),
        see_doctor_sources=catalogue.tiers[standing.tier].sources if urgent else _see_doctor_sources(catalogue),
        review_weeks=max(weeks, default=None),
        unless=both("advice.not_with_signs") if any(one.judgement.needs_no_signs for one in planned) else None,
        not_recognised=facts.not_recognised,
        knowledge_version=catalogue.version,
    )


def _is_for_doctor(one: Judgement, facts: Facts, catalogue: Catalogue) -> bool:
    """Whether it may be brought up with a doctor: it concerns the person, and nothing they answered rules it out."""
    return suits(one.item, facts, catalogue) is True and not _is_ruled_out(one, facts)


def _is_ruled_out(one: Judgement, facts: Facts) -> bool:
    """Whether an answer or a red flag says never; what calls for a doctor's judgement is left to the doctor.

    An action that a flag warns of, as stopping alcohol at once, is just what the doctor is there for.
    """
    never = any(each.outcome == "never" and each.when.value(facts.values) for each in one.item.contraindications)
    return never or (_remedy(one).kind != "action" and any(reason.ground == "flag" for reason in one.reasons))


def _not_even_with_doctor(judged: Iterable[Judgement], facts: Facts, catalogue: Catalogue) -> Iterator[LeftOut]:
    """What is a doctor's to give, and is ruled out for this person or does not concern them."""
    for one in judged:
        if suits(one.item, facts, catalogue) is not True:
            yield _not_needed(one, facts, catalogue)
        elif _is_ruled_out(one, facts):
            yield _ruled_out(one, facts, catalogue)


def _ruled_out(one: Judgement, facts: Facts, catalogue: Catalogue) -> LeftOut:
    reasons = [reason for reason in one.reasons if reason.state == "withheld" and reason.is_medical]
    told = tuple(dict.fromkeys(fact for reason in reasons for fact in reason.because))
    return LeftOut(
        _remedy(one),
        tuple(dict.fromkeys(reason.text for reason in reasons)),
        questions(told, facts, catalogue),
        phrases(told, facts, catalogue),
        tuple(dict.fromkeys(source for reason in reasons for source in reason.sources)),
    )


def _urgent(held: Iterable[tuple[RedFlag, Outcome]], catalogue: Catalogue) -> tuple[RedFlag, ...]:
    stops = catalogue.tiers[_STOPS].rank
    return tuple(flag for flag, _ in held if catalogue.tiers[flag.tier].rank >= stops)


def _remedy(one: Judgement) -> Remedy:
    assert isinstance(one.item, Remedy)
    return one.item


def _planned(one: Judgement, facts: Facts, catalogue: Catalogue) -> Planned:
    remedy = _remedy(one)
    chosen = (each for each in remedy.variants if each.when is not None and each.when.value(facts.values))
    asked = questions(one.because or one.unknown, facts, catalogue)
    return Planned(remedy, one, next(chosen, None), asked)


def _section(name: SectionName, planned: Iterable[Planned]) -> tuple[Planned, ...]:
    inside = [one for one in planned if _section_of(one.remedy) == name]
    return tuple(sorted(inside, key=lambda one: one.remedy.plan.order if one.remedy.plan else 0))


def _section_of(remedy: Remedy) -> SectionName:
    if remedy.plan and remedy.plan.when == "bedtime":
        return "tonight"
    if remedy.kind in ("water", "food", "supplement"):
        return "drink_and_food"
    return "day" if remedy.kind == "exercise" else "shoes_and_habits"


def _refused(one: Judgement, facts: Facts, catalogue: Catalogue) -> LeftOut:
    told = one.because or one.unknown
    asked = questions(told, facts, catalogue)
    return LeftOut(_remedy(one), one.says, asked, phrases(told, facts, catalogue), one.sources)


def _not_needed(one: Judgement, facts: Facts, catalogue: Catalogue) -> LeftOut:
    """A remedy for which nothing in the answers calls.

    Whom it concerns is said while that is not known, and where it takes more words than a reader can hold to list what
    was denied.
    """
    remedy = _remedy(one)
    outcome = evaluate(remedy.suits, facts) if remedy.suits else Outcome(False, (), ())
    signs = phrases(outcome.because, facts, catalogue)
    is_said = outcome.value is None or len(signs) > _MOST_SIGNS
    why = (remedy.suits_says,) if is_said and remedy.suits_says else ()
    return LeftOut(
        remedy,
        why,
        questions(outcome.because or outcome.unknown, facts, catalogue),
        () if why else signs,
        remedy.sources,
    )


def _see_doctor(catalogue: Catalogue) -> tuple[Text, ...]:
    """When to see a doctor although nothing urgent holds: if it persists, and the signs to watch for."""
    said = [flag.says for flag in catalogue.red_flags.values() if flag.in_plan]
    return (*said, catalogue.tiers["self_care"].safety_net)


def _see_doctor_if_worse(standing: Flags, catalogue: Catalogue) -> tuple[Text, ...]:
    """Beside what is to be seen today, an ordinary appointment is no news: only what makes it an emergency is."""
    return () if standing.is_emergency else (catalogue.tiers[standing.tier].safety_net,)


def _see_doctor_sources(catalogue: Catalogue) -> tuple[str, ...]:
    named = [flag.sources for flag in catalogue.red_flags.values() if flag.in_plan]
    return tuple(dict.fromkeys(source for one in (*named, catalogue.tiers["self_care"].sources) for source in one))


def to_json(result: Plan, lang: str) -> dict[str, Any]:
    """Return the plan as one JSON object, in one language."""
    return {
        "tier": result.tier,
        "first": [
            {"id": flag.id, "tier": flag.tier, "says": flag.says.to(lang), "sources": list(flag.sources)}
            for flag in result.first
        ],
        **{name: [_planned_to_json(one, lang) for one in planned] for name, planned in result.sections},
        "ask_first": [_left_out_to_json(one, lang) for one in result.ask_first],
        "left_out": [_left_out_to_json(one, lang) for one in result.left_out],
        "counted": [counted_to_json(one, lang) for one in result.counted],
        "with_doctor": [_stance_to_json(one, lang) for one in result.with_doctor],
        "not_advised": [_stance_to_json(one, lang) for one in result.not_advised],
        "see_doctor": [text.to(lang) for text in result.see_doctor],
        "see_doctor_sources": list(result.see_doctor_sources),
        "review_weeks": result.review_weeks,
        "unless": result.unless.to(lang) if result.unless else None,
        "not_recognised": list(result.not_recognised),
        "knowledge_version": result.knowledge_version,
    }


def _planned_to_json(one: Planned, lang: str) -> dict[str, Any]:
    remedy = one.remedy
    timing = remedy.plan
    return {
        "id": remedy.id,
        "kind": remedy.kind,
        "name": (one.variant.name if one.variant and one.variant.name else remedy.name).to(lang),
        "does": (one.variant.does if one.variant else remedy.does).to(lang),
        "says": remedy.says.to(lang),
        "state": one.judgement.state,
        "conditions": [text.to(lang) for text in one.judgement.conditions],
        "because": list(one.because),
        "certainty": remedy.certainty,
        "when": timing.when if timing else None,
        "minutes": timing.minutes if timing else None,
        "weeks": timing.weeks if timing else None,
        "variant": one.variant.id if one.variant else None,
        "variants": [{"id": each.id, "does": each.does.to(lang)} for each in remedy.variants],
        "steps": [_step_to_json(step, lang) for step in one.steps],
        "foods": list(remedy.foods),
        "evidence": [evidence_to_json(found, lang) for found in remedy.evidence],
        "sources": list(one.sources),
        "status": one.status,
    }


def _step_to_json(step: Step, lang: str) -> dict[str, Any]:
    return {
        "words": step.words.to(lang),
        "does": step.does.to(lang),
        "seconds": step.seconds,
        "repeats": step.repeats,
        "rest_seconds": step.rest_seconds,
        "each_leg": step.each_leg,
        "drawing": step.drawing,
    }


def _left_out_to_json(one: LeftOut, lang: str) -> dict[str, Any]:
    return {
        "id": one.remedy.id,
        "name": one.remedy.name.to(lang),
        "why": [text.to(lang) for text in one.why],
        "because": list(one.because),
        "signs": [sign.to(lang) for sign in one.signs],
        "sources": list(one.sources),
    }


def _to_clear(one: Judgement) -> Iterator[Text]:
    """What would have to be cleared up before: the conditions and questions that are not answered yet."""
    return (reason.text for reason in one.reasons if reason.ground == "contraindication" and reason.unknown)


def _stance_to_json(one: Judgement, lang: str) -> dict[str, Any]:
    remedy = _remedy(one)
    return {
        "id": topic(remedy),
        "item": f"remedies/{remedy.id}",
        "kind": remedy.kind,
        "name": remedy.name.to(lang),
        "says": remedy.says.to(lang),
        "certainty": remedy.certainty,
        "against": [reason.text.to(lang) for reason in one.reasons if reason.is_medical and reason.because],
        "conditions": [] if remedy.stance == "never" else [text.to(lang) for text in _to_clear(one)],
        "sources": list(remedy.sources),
        "status": remedy.status,
    }
