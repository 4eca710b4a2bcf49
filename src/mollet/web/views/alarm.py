"""When it is more than a cramp: what to do first, whom to call, what not to do. Public, and printable as a note."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mollet.advice.evidence import behind
from mollet.knowledge import Catalogue, load
from mollet.knowledge.model import Country, RedFlag, ReliefStep, Tier
from mollet.store import people
from mollet.web.page import Request

SHOWN_TIERS = ("emergency", "same_day", "soon")
"""Tiers that interrupt; the others belong to the check-up."""


@require_GET
def alarm(request: Request) -> HttpResponse:
    """Show what each degree of urgency asks for, with the signs that belong to it."""
    catalogue = load()
    context = {
        "tiers": tiers_to_show(catalogue),
        "signs": {tier.id: signs_of(tier, catalogue) for tier in tiers_to_show(catalogue)},
        "behind": {tier.id: behind((tier, *signs_of(tier, catalogue))) for tier in tiers_to_show(catalogue)},
        "avoided": avoided(catalogue),
        "calls": calls(catalogue, country_of(request, catalogue)),
        "country": country_of(request, catalogue),
        "countries": catalogue.countries.values(),
        "today": request.local_now.date(),
    }
    return render(request, "alarm.html", context)


def country_of(request: Request, catalogue: Catalogue) -> str:
    """Return the country asked for on this page, or the one the person of this house chose; never one guessed."""
    asked = request.GET.get("country", "")
    if asked in catalogue.countries:
        return asked
    return (request.person or people.local_person()).country


def calls(catalogue: Catalogue, country: str) -> Country:
    """Return whom to call there; where no number was checked, a sentence without one."""
    return catalogue.countries.get(country) or catalogue.countries["ZZ"]


def tiers_to_show(catalogue: Catalogue) -> list[Tier]:
    """Return the tiers that interrupt, the most urgent first."""
    return sorted((catalogue.tiers[name] for name in SHOWN_TIERS), key=lambda tier: -tier.rank)


def avoided(catalogue: Catalogue) -> list[ReliefStep]:
    """Return the relief steps that a flag of these tiers tells to leave: each says itself when it must stop."""
    tiers = {tier.id for tier in tiers_to_show(catalogue)}
    named = {name for flag in catalogue.red_flags.values() if flag.tier in tiers for name in flag.avoid}
    return [step for step in catalogue.relief.values() if step.id in named]


def signs_of(tier: Tier, catalogue: Catalogue) -> list[RedFlag]:
    """Return the red flags of a tier, in the order of their codes."""
    return sorted((flag for flag in catalogue.red_flags.values() if flag.tier == tier.id), key=lambda flag: flag.code)
