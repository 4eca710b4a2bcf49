"""Why cramps? What applies to the person, what does not, what is not known, and what to ask next."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from mollet.advice.causes import causes as find
from mollet.knowledge import load
from mollet.store import read
from mollet.web import answered
from mollet.web.page import PersonalRequest


def causes(request: PersonalRequest) -> HttpResponse:
    """Sort the causes by what the person answered."""
    return render(
        request,
        "causes.html",
        {
            "found": find(answered.facts(request), load()),
            "has_answers": answered.has_answers(read.diary(request.person)),
            "remedies": load().remedies,
        },
    )


urlpatterns = [path("", causes, name="causes")]
