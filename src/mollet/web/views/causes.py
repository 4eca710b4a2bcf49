"""Why cramps? What applies to the person, what does not, what is not known; the diary beside it, what to ask next."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from mollet.advice.causes import causes as find
from mollet.advice.noted import LOOKED_BACK, noted
from mollet.advice.plan import plan
from mollet.knowledge import load
from mollet.store import read
from mollet.web import answered, clock
from mollet.web.page import PersonalRequest


def causes(request: PersonalRequest) -> HttpResponse:
    """Sort the causes by what the person answered; what may help beside a cause is only what the plan offers."""
    facts = answered.facts(request)
    diary, today = read.diary(request.person), clock.local(request.person.zone).date()
    planned = [one.remedy for _, section in plan(facts, load()).sections for one in section]
    context = {
        "found": find(facts, load()),
        "has_answers": answered.has_answers(diary),
        "noted": {id: noted(cause, diary, today, load()) for id, cause in load().causes.items()},
        "days": LOOKED_BACK.days,
        "offered": {remedy.id: remedy for remedy in planned},
    }
    return render(request, "causes.html", context)


urlpatterns = [path("", causes, name="causes")]
