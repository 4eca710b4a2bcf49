"""Medicines on the time line: what was started, changed or stopped, and when; each can be taken back."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path

from mollet.advice.evidence import behind
from mollet.diary import fold
from mollet.diary.entries import Medicine
from mollet.knowledge import load
from mollet.store import read
from mollet.web import clock, saying
from mollet.web.page import PersonalRequest
from mollet.web.typed import Problem, Typed

CHANGES = ("start", "change", "stop")
LONGEST = 120
ON_STOPPING = ("stop_the_statin", "diuretics_and_inhalers")
"""Claims that say what the page asks: never to stop a prescribed medicine by oneself."""


def medicines(request: PersonalRequest) -> HttpResponse:
    """Show what is taken and what changed, and add a change."""
    typed = Typed(request.POST)
    if request.method == "POST" and _kept(request, typed):
        return HttpResponseRedirect("/me/medicines/?done=kept")
    diary = read.diary(request.person)
    today = clock.local(request.person.zone).date()
    steps = [thing for thing in diary.live if isinstance(thing.held.data, Medicine)]
    return render(
        request,
        "medicines.html",
        {
            "courses": fold.medicines(diary, today),
            "steps": sorted(steps, key=lambda thing: fold.medicine_day(thing.held), reverse=True),
            "changes": CHANGES,
            "stopping": behind(load().claims[name] for name in ON_STOPPING),
            "today": today,
            "typed": typed.fields if request.method == "POST" else {"change": "start", "on": today.isoformat()},
            "problems": typed.problems,
            "done": request.GET.get("done") if request.GET.get("done") in ("kept", "undone") else None,
        },
    )


def _kept(request: PersonalRequest, typed: Typed) -> bool:
    data = _read(request, typed)
    if not typed.problems:
        typed.problems += saying.keep(request, [saying.item(request, data)], "name")
    return not typed.problems


def _read(request: PersonalRequest, typed: Typed) -> dict[str, Any]:
    name, change, on = typed.text("name", LONGEST), typed.choice("change", CHANGES), typed.day("on")
    for field, value in (("name", name), ("change", change)):
        if value is None and not any(problem.field == field for problem in typed.problems):
            typed.missing(field)
    if on and on > clock.local(request.person.zone).date():
        typed.problems.append(Problem("on", "form.future", {"typed": typed.fields["on"]}))
    return {"kind": "medicine", "change": change, "name": name, "dose": typed.text("dose", LONGEST), "on": on}


urlpatterns = [path("", medicines, name="medicines")]
