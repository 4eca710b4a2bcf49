"""The person's page: how mollet speaks and looks, where and when they sleep, and the way to their papers."""

from typing import Any
from zoneinfo import available_timezones

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import include, path

from mollet.diary.fold import SLEEPS_BY_DAY, Diary
from mollet.knowledge import load
from mollet.store import read
from mollet.web import saying
from mollet.web.page import PersonalRequest
from mollet.web.typed import Problem, Typed
from mollet.web.views import feed
from mollet.words import LANGUAGES

THEMES = ("auto", "day", "night")
HOURS = ("24", "12")
BY_DAY = ("no", "yes")
KEPT = ("language", "theme", "country", "zone", "hours")


def me(request: PersonalRequest) -> HttpResponse:
    """Show the settings, and save them."""
    typed = Typed(request.POST)
    by_day = _sleeps_by_day(read.diary(request.person))
    if request.method == "POST" and _saved(request, typed, by_day):
        return HttpResponseRedirect("/me/?done=kept")
    held = {name: getattr(request.person, name) for name in KEPT} | {"by_day": "yes" if by_day else "no"}
    return render(
        request,
        "me.html",
        {
            "typed": typed.fields if request.method == "POST" else held,
            "problems": typed.problems,
            "done": request.GET.get("done") == "kept",
            "languages": LANGUAGES,
            "themes": THEMES,
            "hours_offered": HOURS,
            "by_day_offered": BY_DAY,
            "countries": load().countries.values(),
            "zones": sorted(zone for zone in available_timezones() if _is_place(zone)),
        },
    )


def _saved(request: PersonalRequest, typed: Typed, by_day: bool) -> bool:
    chosen = _read(typed)
    said = typed.choice("by_day", BY_DAY)
    if typed.problems:
        return False
    for name, value in chosen.items():
        setattr(request.person, name, value)
    request.person.save(update_fields=list(chosen))
    if said is not None and (said == "yes") != by_day:
        # A dated answer: nights before today keep the hours they had.
        answer = {"kind": "answer", "question": SLEEPS_BY_DAY, "value": said == "yes"}
        typed.problems += saying.keep(request, [saying.item(request, answer)], "by_day")
    return not typed.problems


def _read(typed: Typed) -> dict[str, Any]:
    zone = typed.text("zone", 64)
    if zone is None and "zone" in typed.fields and not typed.problems:
        typed.missing("zone")
    if zone is not None and zone not in available_timezones():
        typed.problems.append(Problem("zone", "me.unknown_zone", {"typed": zone}))
    chosen = {
        "language": typed.choice("language", LANGUAGES) or "",
        "theme": typed.choice("theme", THEMES),
        "country": typed.choice("country", load().countries),
        "zone": zone,
        "hours": typed.choice("hours", HOURS),
    }
    return {name: value for name, value in chosen.items() if value is not None}


def _sleeps_by_day(diary: Diary) -> bool:
    return bool(diary.by_day) and diary.by_day[-1][1]


def _is_place(zone: str) -> bool:
    return "/" in zone and not zone.startswith(("Etc/", "SystemV/", "posix", "right"))


urlpatterns = [
    path("", me, name="me"),
    path("medicines/", include("mollet.web.views.medicines")),
    path("phones/", include("mollet.web.views.phones")),
    *feed.on_my_page,
]
