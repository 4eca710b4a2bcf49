"""The first page for a phone without its house: public, and without a word of anybody's."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mollet.knowledge import Catalogue, load
from mollet.knowledge.model import Remedy, Variant
from mollet.web.page import Request

MORE = range(3, 9)


@require_GET
def offline(request: Request) -> HttpResponse:
    """Show what needs no house: relief, the question of the morning, and the place for tonight's routine."""
    return render(request, "offline.html", {"more": MORE, "drawings": routine_drawings(load())})


def routine_drawings(catalogue: Catalogue) -> list[str]:
    """Return the drawings that a routine before bed may name."""
    remedies = [one for one in catalogue.remedies.values() if one.plan and one.plan.when == "bedtime"]
    forms: list[Remedy | Variant] = [*remedies, *(each for one in remedies for each in one.variants)]
    steps = [step for form in forms for step in form.steps]
    return sorted({step.drawing for step in steps if step.drawing})
