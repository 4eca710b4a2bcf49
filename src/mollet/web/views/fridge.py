"""The fridge sheet: the evening, the day, what is not for this person, danger signs; on the screen and on paper."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from mollet.report.pdf import pdf
from mollet.web import clock, paper
from mollet.web.page import PersonalRequest


def fridge(request: PersonalRequest) -> HttpResponse:
    """Show the sheet."""
    choice = paper.choice(request)
    made = paper.fridge_of(request.person, clock.now(), choice.lang, with_name=choice.name)
    return render(request, "fridge.html", {"fridge": made, **paper.offered(request, choice)})


def as_pdf(request: PersonalRequest) -> HttpResponse:
    """Hand the sheet over as a file."""
    choice = paper.choice(request)
    made = paper.fridge_of(request.person, clock.now(), choice.lang, with_name=choice.name)
    return paper.handed_over(pdf(made), f"mollet-fridge-{choice.lang}.pdf")


urlpatterns = [path("", fridge, name="fridge"), path("pdf/", as_pdf, name="fridge_pdf")]
