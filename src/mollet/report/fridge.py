"""The fridge sheet: when to call now, the evening and the day with their doses, what not to do, other dangers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mollet.advice.gate import judge
from mollet.advice.plan import Plan, Planned, plan
from mollet.advice.triage import Advice, triage
from mollet.knowledge.model import Step
from mollet.report.paper import Drawn, Urgency, Whose, lasting, picture


@dataclass(frozen=True, slots=True)
class Exercise:
    """One thing to do: its name, what it is where it has no steps, its steps with doses, and its conditions."""

    name: str
    does: str
    steps: tuple[Drawn, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sheet with its exercises."""

    title: str
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True, slots=True)
class Fridge:
    """Everything that stands on the sheet, in the order of reading.

    ``call`` is what the door must show by itself: the signs that call for help now, and the number.
    """

    lang: str
    title: str
    name: str
    first: tuple[str, ...]
    call_title: str
    call: Urgency
    unless: str
    parts: tuple[Part, ...]
    avoid_title: str
    avoid: tuple[tuple[str, str], ...]
    signs_title: str
    urgencies: tuple[Urgency, ...]
    see_doctor: tuple[str, ...]
    foot: str


def fridge(whose: Whose) -> Fridge:
    """Make the sheet of a person from their plan: what the gate forbids stands under what not to do, or nowhere."""
    facts, catalogue, lang = whose.facts, whose.catalogue, whose.lang
    now, today = lasting(whose, in_full=True)
    made = plan(facts, catalogue)
    return Fridge(
        lang=lang,
        title=whose.say("fridge.title"),
        name=whose.name,
        first=tuple(flag.says.to(lang) for flag in made.deciding),
        call_title=whose.say("fridge.call"),
        call=replace(now, also=""),
        unless=made.unless.to(lang) if made.unless else "",
        parts=tuple(part for part in _parts(made, whose) if part.exercises),
        avoid_title=whose.say("fridge.avoid"),
        avoid=tuple(_avoid(triage(facts, catalogue, whose.country).avoid, whose)),
        signs_title=whose.say("fridge.signs"),
        urgencies=(replace(now, signs=(), says=()), today),
        see_doctor=tuple(text.to(lang) for text in made.see_doctor),
        foot=whose.foot(),
    )


def _parts(made: Plan, whose: Whose) -> Iterator[Part]:
    sections = dict(made.sections)
    minutes = round(sum(one.remedy.plan.minutes or 0 for one in made.tonight if one.remedy.plan))
    tonight = whose.say("plan.tonight_minutes", n=minutes) if minutes else whose.say("plan.tonight")
    yield Part(tonight, tuple(_exercise(one, whose) for one in sections["tonight"]))
    yield Part(whose.say("plan.day"), tuple(_exercise(one, whose) for one in sections["day"]))
    water = (one for one in sections["drink_and_food"] if one.remedy.kind == "water" and one.remedy.suits is None)
    yield Part(whose.say("fridge.drink"), tuple(_exercise(one, whose) for one in water))


def _exercise(one: Planned, whose: Whose) -> Exercise:
    name = one.variant.name if one.variant and one.variant.name else one.remedy.name
    does = one.variant.does if one.variant else one.remedy.does
    steps = tuple(_drawn(step, whose) for step in one.steps)
    conditions = tuple(text.to(whose.lang) for text in one.judgement.conditions)
    # The steps say what is done, each with its dose; what has none is said in a sentence.
    return Exercise(name.to(whose.lang), "" if steps else does.to(whose.lang), steps, conditions)


def _drawn(step: Step, whose: Whose) -> Drawn:
    dose = whose.say("plan.holds", seconds=step.seconds, n=step.repeats)
    dose = f"{dose} {whose.say('plan.each_leg')}" if step.each_leg else dose
    names = [step.drawing] if step.drawing else []
    return Drawn(step.words.to(whose.lang), *picture(names, whose), says=(dose, step.does.to(whose.lang)))


def _avoid(found: Iterable[Advice], whose: Whose) -> Iterator[tuple[str, str]]:
    """Name what this person must not do, each with the reasons that their own answers give, or with ours."""
    for one in found:
        reasons = " ".join(_reasons(one, whose))
        yield one.name.to(whose.lang) if one.name else "", reasons or one.says.to(whose.lang)


def _reasons(one: Advice, whose: Whose) -> Iterator[str]:
    kind, _, id = (one.item or "").partition("/")
    item = whose.catalogue.relief.get(id) if kind == "relief" else whose.catalogue.remedies.get(id)
    if item is not None:
        reasons = judge(item, whose.facts, whose.catalogue).reasons
        told = (reason.text.to(whose.lang) for reason in reasons if reason.is_medical and reason.because)
        yield from dict.fromkeys(told)
