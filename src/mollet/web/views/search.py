"""Look something up in the diary: a note, a medicine, a date."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from mollet.diary import fold
from mollet.diary.search import search as look_up
from mollet.store import read
from mollet.web.page import PersonalRequest

MOST = 60
"""As many findings as one page shows; more ask for another word."""


def search(request: PersonalRequest) -> HttpResponse:
    """Show what was found, the latest first."""
    query = request.GET.get("q", "").strip()[:200]
    diary = read.diary(request.person)
    found = look_up(diary, query)
    shown = found[:MOST]
    nights = {hit.day: night for hit in shown if hit.kind == "night" for night in fold.nights(diary, hit.day, hit.day)}
    return render(
        request,
        "search.html",
        {"query": query, "found": [(hit, nights.get(hit.day)) for hit in shown], "n": len(found), "most": MOST},
    )


urlpatterns = [path("", search, name="search")]
