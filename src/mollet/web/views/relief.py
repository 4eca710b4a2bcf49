"""Relief while it hurts. Public, so that nothing ever stands between a person and the first step.

Without a session every step stands with its conditions; with one, what the person's answers forbid is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from typing import NamedTuple, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from mollet.advice.evidence import Behind, behind, said_of
from mollet.advice.lasting import MINUTES, asking_minute, judge
from mollet.advice.relief import Relief, alone, beside, form
from mollet.advice.triage import Finding
from mollet.knowledge import Catalogue, Facts, Text, load
from mollet.knowledge.model import ReliefStep, Variant
from mollet.web import answered, saying, standing
from mollet.web.doors import form_of
from mollet.web.page import PersonalRequest, Request
from mollet.web.templatetags.drawings import is_drawn
from mollet.web.views.alarm import calls, country_of, tiers_to_show


@dataclass(frozen=True, slots=True)
class Way:
    """One way of doing a step: the usual one, or a variant for who cannot do it."""

    id: str
    words: Text
    does: Text
    drawing: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as the page shows it."""

    step: ReliefStep
    conditions: tuple[Text, ...]
    ways: tuple[Way, ...]


class Reason(NamedTuple):
    """Why signs call for what the screen says; ``late`` where they do so only after the ten minutes."""

    signs: str
    findings: tuple[Finding, ...]
    late: bool


@require_GET
def relief(request: Request) -> HttpResponse:
    """Show the first step at once; all steps stand on the page and can be read without scripts."""
    catalogue = load()
    facts = _facts(request)
    alarm = standing.alarm(cast(PersonalRequest, request), facts, catalogue) if request.person else None
    found = beside(alarm.tier.id if alarm else None, facts, catalogue)
    steps = shown(found, facts)
    context = {
        "alarm": alarm,
        "opening": opening(catalogue),
        "steps": steps,
        "behind": all_behind(steps, catalogue),
        "left_out": found.left_out,
        "check": check_form(catalogue),
        "calls": calls(catalogue, country_of(request, catalogue)),
        "tiers": tiers_to_show(catalogue),
        "danger": behind_danger(catalogue, country_of(request, catalogue)),
        "severities": range(1, 11),
    }
    return render(request, "relief.html", context)


# A page that is hours old must still get its answer. What it keeps are danger signs of whoever has the session, whose
# cookie no other site can send along.
@csrf_exempt
@form_of("/relief/#check")
def check(request: Request) -> HttpResponse:
    """Answer the ten-minute screen: what to do, by the rules of the knowledge; whose session it is, it is kept."""
    catalogue = load()
    ticked = [sign for sign in catalogue.signs if request.POST.get(sign)]
    if request.person and ticked:
        _keep(cast(PersonalRequest, request), ticked, catalogue)
    found = judge(catalogue, ticked, late=request.POST.get("late") == "yes", country=country_of(request, catalogue))
    context = {
        "ticked": ticked,
        "triage": found,
        "findings": found.deciding,
        "tier": catalogue.tiers[found.tier],
        "calls": calls(catalogue, country_of(request, catalogue)),
    }
    return render(request, "relief_check.html", context)


def opening(catalogue: Catalogue) -> ReliefStep:
    """Return what is said before the first step: it has no hold of its own on the screen."""
    return min(catalogue.relief.values(), key=lambda step: step.order)


def shown(found: Relief, facts: Facts) -> tuple[Shown, ...]:
    """Return the steps after the opening, in their order, each with its conditions and its ways.

    The way that a person's answers call for stands first: who is pregnant or falls easily is not told to stand up.
    """
    held = [one for one in found.steps if one.step.order > 0]
    held = held or [alone(found)]
    return tuple(Shown(one.step, one.judgement.says, _ways(one.step, facts)) for one in held)


def all_behind(steps: Iterable[Shown], catalogue: Catalogue) -> Behind:
    """Return what the opening, the steps and their conditions rest on."""
    return behind((opening(catalogue), *(part for one in steps for part in said_of(one.step))))


def behind_danger(catalogue: Catalogue, country: str) -> Behind:
    """Return what may be answered to the signs of a cramp rests on: urgencies, signs, and whom to call."""
    found = {one.flag.id: one.flag for reason in reasons() for one in reason.findings}
    return behind((*tiers_to_show(catalogue), *found.values(), calls(catalogue, country)))


def check_form(catalogue: Catalogue) -> dict[str, object]:
    """Return the ten-minute screen: its signs, its minute, and the tier of every combination of signs."""
    return {
        "minutes": asking_minute(catalogue),
        "late": " ".join(tier_table(late=True)),
        "early": " ".join(tier_table(late=False)),
        "signs": list(catalogue.signs.values()),
        "reasons": reasons(),
        "minutes_fact": MINUTES,
    }


@cache
def tier_table(late: bool) -> tuple[str, ...]:
    """Return the tier of each combination, the first sign counting 1, the next 2, then 4 and 8."""
    catalogue = load()
    combinations = [tuple(reversed(ticks)) for ticks in product((False, True), repeat=len(catalogue.signs))]
    return tuple(
        judge(catalogue, [sign for sign, tick in zip(catalogue.signs, ticks, strict=True) if tick], late=late).tier
        for ticks in combinations
    )


@cache
def reasons() -> tuple[Reason, ...]:
    """Return why each sign calls for what it does, and any two that together call for more than either alone."""
    catalogue = load()
    late, early = tier_table(late=True), tier_table(late=False)
    places = range(len(catalogue.signs))
    indices = [
        *(2**n for n in places),
        *(2**a | 2**b for a, b in combinations(places, 2) if late[2**a | 2**b] not in (late[2**a], late[2**b])),
    ]
    ticked = {index: [sign for n, sign in enumerate(catalogue.signs) if index >> n & 1] for index in indices}
    return tuple(
        Reason(" ".join(signs), judge(catalogue, signs, late=True).deciding, late[index] != early[index])
        for index, signs in ticked.items()
    )


def _keep(request: PersonalRequest, ticked: list[str], catalogue: Catalogue) -> None:
    """Keep what was ticked, as answers of this moment; what was not ticked stays not known."""
    said: dict[str, bool | float] = {fact: True for sign in ticked for fact in catalogue.signs[sign].tells}
    if request.POST.get("late") == "yes":
        said[MINUTES] = float(asking_minute(catalogue))
    saying.keep(
        request,
        [saying.item(request, {"kind": "answer", "question": key, "value": value}) for key, value in said.items()],
    )


def _facts(request: Request) -> Facts:
    return answered.facts(cast(PersonalRequest, request)) if request.person else Facts({})


def _ways(step: ReliefStep, facts: Facts) -> tuple[Way, ...]:
    usual = Way("usual", step.words, step.does, step.drawing)
    others = (Way(each.id, each.words or step.words, each.does, _drawing(step, each)) for each in step.variants)
    chosen = form(step, facts)
    first = chosen.id if chosen else usual.id
    return tuple(sorted((usual, *others), key=lambda way: way.id != first))


def _drawing(step: ReliefStep, variant: Variant) -> str:
    """Return the drawing of a variant: the one it names, its own, that of its position, or that of the step."""
    wanted = [variant.drawing, f"{step.drawing}_{variant.id}", f"{step.drawing}_{variant.position}"]
    return next((name for name in wanted if name and is_drawn(name)), step.drawing)
