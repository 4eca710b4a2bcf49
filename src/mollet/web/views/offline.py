"""The first page for a phone without its house: public, and without a word of anybody's."""

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mollet.advice.compiled import compiled, documents, sentences
from mollet.knowledge import Catalogue, load
from mollet.knowledge.model import Remedy, Variant
from mollet.web.page import Request
from mollet.web.views import alarm
from mollet.words import LANGUAGES

MORE = range(3, 9)
NAMES = ("names", "meanings")
"""What names of medicines mean: the heaviest part of the rules, needed only once a name was given."""
WORDS = ("groups", "questions", "flags", "tiers", "countries", "items", "sources")
"""The sentences a check-up shows."""


@require_GET
def offline(request: Request) -> HttpResponse:
    """Show what needs no house: relief, the question of the morning, and the place for tonight's routine."""
    return render(request, "offline.html", {"more": MORE, "drawings": routine_drawings(load())})


@require_GET
def checkup(request: Request) -> HttpResponse:
    """Show the check-up that the phone computes itself, for when no house answers."""
    return render(request, "offline_checkup.html", {"country": alarm.country_of(request, load())})


@require_GET
def data(request: Request, name: str) -> HttpResponse:
    """Send what that check-up computes with: the same rules and sentences as here, and nothing of anybody."""
    known = _data(load().version)
    if name not in known:
        raise Http404
    return JsonResponse(known[name], json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@lru_cache(maxsize=1)
def _data(version: str) -> dict[str, Any]:
    """Return the files of a version of the knowledge, by name."""
    catalogue = load()
    rules = compiled(catalogue)
    words = {lang: sentences(catalogue, lang) for lang in LANGUAGES}
    return {
        "rules": {key: part for key, part in rules.items() if key not in NAMES},
        "names": {key: rules[key] for key in NAMES},
        "sources": {"documents": documents(catalogue), "lists": []},
        **{f"words.{lang}": {key: words[lang][key] for key in WORDS} for lang in LANGUAGES},
    }


def routine_drawings(catalogue: Catalogue) -> list[str]:
    """Return the drawings that a routine before bed may name."""
    remedies = [one for one in catalogue.remedies.values() if one.plan and one.plan.when == "bedtime"]
    forms: list[Remedy | Variant] = [*remedies, *(each for one in remedies for each in one.variants)]
    steps = [step for form in forms for step in form.steps]
    return sorted({step.drawing for step in steps if step.drawing})
