"""The doctor's page: one sheet of paper, counted from closed nights."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import mark_safe

from mollet.diary.nights import night_of
from mollet.knowledge import load
from mollet.report import charts
from mollet.report.doctor import denied_by_day, doctor, first_night
from mollet.store import read
from mollet.web import clock
from mollet.web.page import PersonalRequest

SPANS = (28, 91, 182, 364)
"""How many nights the page may look back on: four weeks first, for a doctor asks about now."""


def report(request: PersonalRequest) -> HttpResponse:
    """Show the page that is printed for a doctor."""
    diary, catalogue = read.diary(request.person), load()
    days = _days(request.GET.get("days", ""))
    last = night_of(clock.now(), request.person.zone, diary.by_day) - dt.timedelta(days=1)
    span = (last - dt.timedelta(days=days - 1), last)
    page = doctor(diary, catalogue, clock.now(), span, request.person.country)
    chart = charts.weekly_chart(page.weeks, request.lang) if len(page.weeks) > 1 and page.nights.closed else ""
    return render(
        request,
        "report.html",
        {
            "page": page,
            "days": days,
            "spans": SPANS,
            "first": first_night(diary),
            "denied": denied_by_day(page.denied),
            "tier": catalogue.tiers[page.triage.tier],
            # The picture is made of numbers and escaped words alone.
            "chart": mark_safe(chart),
            "relief": catalogue.relief,
            "today": request.local_now.date(),
        },
    )


def _days(asked: str) -> int:
    return int(asked) if asked.isdigit() and int(asked) in SPANS else SPANS[0]


urlpatterns = [path("", report, name="report")]
