"""What helps: tonight's routine, the day, drink and food, shoes and breaks, and what was left out and why."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path

from mollet.advice.foods import foods
from mollet.advice.plan import Plan
from mollet.advice.plan import plan as make
from mollet.advice.review import review
from mollet.diary import fold
from mollet.diary.fold import Diary
from mollet.diary.nights import night_of
from mollet.knowledge import load
from mollet.store import foods as kept_foods
from mollet.store import read
from mollet.web import answered, clock, saying
from mollet.web.doors import form_of
from mollet.web.page import PersonalRequest
from mollet.web.views.foods import foods as look_up

_BEFORE_NOON = dt.timedelta(hours=12 - clock.MORNING_BEGINS.hour)


def plan(request: PersonalRequest) -> HttpResponse:
    """Show the programme that suits the person."""
    diary, facts, catalogue = read.diary(request.person), answered.facts(request), load()
    made = make(facts, catalogue)
    planned = [one for _, section in made.sections for one in section]
    loaded = kept_foods.in_place_of_ours(request.person, catalogue)
    tables = {one.remedy.id: foods(one.remedy, facts, catalogue, request.person.country, loaded) for one in planned}
    tonight = routine_night(request, diary)
    return render(
        request,
        "plan.html",
        {
            "plan": made,
            "sections": dict(made.sections),
            "minutes": _minutes(made),
            "foods": {id: table for id, table in tables.items() if table},
            "by_day": [one for one in planned if one.remedy.kind != "action" and not one.is_for_bedtime],
            "done": {dose.remedy: dose for dose in fold.doses(diary, tonight, tonight)},
            "tonight": tonight,
            "has_answers": answered.has_answers(diary),
            "review": review(diary, made.review_weeks, clock.local(request.person.zone).date(), catalogue),
            "kept": request.GET.get("done", ""),
        },
    )


@form_of("/plan/")
def done(request: PersonalRequest) -> HttpResponse:
    """Keep that a remedy was done today or tonight, or knowingly left out; said again it replaces what was said."""
    remedy = request.POST.get("remedy", "")
    if remedy not in load().remedies:
        raise Http404
    diary = read.diary(request.person)
    night = routine_night(request, diary)
    before = [dose for dose in fold.doses(diary, night, night) if dose.remedy == remedy]
    data: dict[str, Any] = {"kind": "dose", "remedy": remedy, "done": request.POST.get("done") == "yes", "night": night}
    if request.POST.get("done") == "undo":
        data = {"kind": "withdrawn"}
    if before:
        saying.keep(request, [saying.item(request, data, about=before[-1].about, replaces=before[-1].leaves)])
    elif data["kind"] == "dose":
        saying.keep(request, [saying.item(request, data)])
    place = "today" if request.POST.get("to") == "today" else remedy
    return HttpResponseRedirect(f"/plan/?done={remedy}#{place}")


def routine_night(request: PersonalRequest, diary: Diary) -> dt.date:
    """Return the night that "tonight" means: the one that goes on before the morning begins, then the one to come."""
    if diary.by_day and diary.by_day[-1][1]:
        return night_of(clock.now(), request.person.zone, diary.by_day)
    return night_of(clock.now() + _BEFORE_NOON, request.person.zone, diary.by_day)


def _minutes(made: Plan) -> int:
    """Return how long tonight's routine takes."""
    return round(sum(one.remedy.plan.minutes or 0 for one in made.tonight if one.remedy.plan))


urlpatterns = [
    path("", plan, name="plan"),
    path("done/", done, name="plan_done"),
    path("foods/", look_up, name="foods"),
]
