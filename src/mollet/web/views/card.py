"""The bedside card: relief in four steps and whom to call, on the screen, for the printer and as PDF."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from mollet.report.pdf import pdf
from mollet.web import clock, paper
from mollet.web.page import PersonalRequest


def card(request: PersonalRequest) -> HttpResponse:
    """Show the card, both sides."""
    choice = paper.choice(request)
    made = paper.card_of(request.person, clock.now(), choice.lang, with_name=choice.name)
    return render(request, "card.html", {"card": made, **paper.offered(request, choice)})


def as_pdf(request: PersonalRequest) -> HttpResponse:
    """Hand the card over as a file."""
    choice = paper.choice(request)
    made = paper.card_of(request.person, clock.now(), choice.lang, with_name=choice.name)
    return paper.handed_over(pdf(made), f"mollet-card-{choice.lang}.pdf")


urlpatterns = [path("", card, name="card"), path("pdf/", as_pdf, name="card_pdf")]
