"""What a food holds: looked up by name in the table that was loaded, or in our own list."""

from django.http import HttpResponse
from django.shortcuts import render

from mollet.advice.foods import HELD, TableFood, figure, guarded
from mollet.knowledge import load
from mollet.store import foods as kept
from mollet.web import answered
from mollet.web.page import PersonalRequest
from mollet.words import say

LONGEST = 80


def foods(request: PersonalRequest) -> HttpResponse:
    """Show the foods that some words name; before them what this person is not to eat more of."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    found = kept.look_up(request.person, words, load(), request.lang)
    context = {
        "words": words,
        "table": found.table,
        "found": [(food.named(request.lang), *_columns(food, request.lang)) for food in found.foods] if words else [],
        "has_more": found.has_more,
        "shown": len(found.foods),
        "against": guarded(answered.facts(request), load()),
        "own_sources": list(dict.fromkeys(source for food in load().foods.values() for source in food.sources)),
    }
    return render(request, "foods.html", context)


def _columns(food: TableFood, lang: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Titles of the portions of a food, and what each holds of each nutrient."""
    portions = [(100.0, say("foods.in_100_g", lang))]
    if food.portion_g:
        portions.append((food.portion_g, say("foods.in_portion", lang, what=food.portion, g=f"{food.portion_g:g}")))
    rows = [(f"foods.holds.{kind}", kind) for kind in HELD]
    held = [(say(key, lang), [figure(food.holds.get(kind), kind, g, lang) for g, _ in portions]) for key, kind in rows]
    return [title for _, title in portions], held
