"""The fridge sheet: tonight's routine and the day's exercises with their doses, drink, what not to do, danger signs."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mollet.advice.gate import judge
from mollet.advice.plan import Plan, Planned, plan
from mollet.advice.triage import Advice, triage
from mollet.knowledge import Facts
from mollet.knowledge.model import Catalogue, Step
from mollet.report.paper import Drawings, Drawn, Urgency, lasting, picture
from mollet.words import date, say


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
    """Everything that stands on the sheet, in the order of reading."""

    lang: str
    title: str
    name: str
    first: tuple[str, ...]
    unless: str
    parts: tuple[Part, ...]
    avoid_title: str
    avoid: tuple[tuple[str, str], ...]
    signs_title: str
    urgencies: tuple[Urgency, ...]
    see_doctor: tuple[str, ...]
    foot: str


def fridge(
    facts: Facts,
    catalogue: Catalogue,
    country: str,
    drawings: Drawings,
    today: dt.date,
    lang: str,
    name: str = "",
) -> Fridge:
    """Make the sheet of a person from their plan: what the gate forbids stands under what not to do, or nowhere.

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
        The day the sheet is made.
    lang : str
        Language of the sheet.
    name : str
        Stands on the sheet where it is wished.
    """
    made = plan(facts, catalogue)
    return Fridge(
        lang=lang,
        title=say("fridge.title", lang),
        name=name,
        first=tuple(flag.says.to(lang) for flag in made.first),
        unless=made.unless.to(lang) if made.unless else "",
        parts=tuple(part for part in _parts(made, drawings, lang) if part.exercises),
        avoid_title=say("fridge.avoid", lang),
        avoid=tuple(_avoid(triage(facts, catalogue, country).avoid, facts, catalogue, lang)),
        signs_title=say("fridge.signs", lang),
        urgencies=lasting(catalogue, country, lang, in_full=True),
        see_doctor=tuple(text.to(lang) for text in made.see_doctor),
        foot=say("paper.made", lang, day=date(today, lang, "d MMMM y")),
    )


def _parts(made: Plan, drawings: Drawings, lang: str) -> Iterator[Part]:
    sections = dict(made.sections)
    minutes = round(sum(one.remedy.plan.minutes or 0 for one in made.tonight if one.remedy.plan))
    tonight = say("plan.tonight_minutes", lang, n=minutes) if minutes else say("plan.tonight", lang)
    yield Part(tonight, tuple(_exercise(one, drawings, lang) for one in sections["tonight"]))
    yield Part(say("plan.day", lang), tuple(_exercise(one, drawings, lang) for one in sections["day"]))
    water = (one for one in sections["drink_and_food"] if one.remedy.kind == "water" and one.remedy.suits is None)
    yield Part(say("fridge.drink", lang), tuple(_exercise(one, drawings, lang) for one in water))


def _exercise(one: Planned, drawings: Drawings, lang: str) -> Exercise:
    name = one.variant.name if one.variant and one.variant.name else one.remedy.name
    does = one.variant.does if one.variant else one.remedy.does
    steps = tuple(_drawn(step, drawings, lang) for step in one.steps)
    conditions = tuple(text.to(lang) for text in one.judgement.conditions)
    # The steps say what is done, each with its dose; what has none is said in a sentence.
    return Exercise(name.to(lang), "" if steps else does.to(lang), steps, conditions)


def _drawn(step: Step, drawings: Drawings, lang: str) -> Drawn:
    dose = say("plan.holds", lang, seconds=step.seconds, n=step.repeats)
    dose = f"{dose} {say('plan.each_leg', lang)}" if step.each_leg else dose
    names = [step.drawing] if step.drawing else []
    return Drawn(step.words.to(lang), *picture(names, drawings, lang), says=(dose, step.does.to(lang)))


def _avoid(found: Iterable[Advice], facts: Facts, catalogue: Catalogue, lang: str) -> Iterator[tuple[str, str]]:
    """Name what this person must not do, each with the reasons that their own answers give, or with ours."""
    for one in found:
        reasons = " ".join(_reasons(one, facts, catalogue, lang))
        yield one.name.to(lang) if one.name else "", reasons or one.says.to(lang)


def _reasons(one: Advice, facts: Facts, catalogue: Catalogue, lang: str) -> Iterator[str]:
    kind, _, id = (one.item or "").partition("/")
    item = catalogue.relief.get(id) if kind == "relief" else catalogue.remedies.get(id)
    if item is not None:
        reasons = judge(item, facts, catalogue).reasons
        told = (reason.text.to(lang) for reason in reasons if reason.is_medical and reason.because)
        yield from dict.fromkeys(told)
