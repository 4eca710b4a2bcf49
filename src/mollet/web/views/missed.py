"""A missed week on one page: one row of big buttons a night, one button to keep them all; a row left alone is a gap."""

import datetime as dt

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path

from mollet.diary.entries import FIRST_DAY
from mollet.diary.nights import Night
from mollet.store import read
from mollet.web import night_forms, night_pages, saying
from mollet.web.page import PersonalRequest
from mollet.web.typed import Typed
from mollet.web.views import now

OFFERED = (1, 2, 3, 4, 5)
"""Numbers that have a button of their own; others have the page of the night."""


def missed(request: PersonalRequest) -> HttpResponse:
    """Show the nights without an answer, and keep what is said of them."""
    diary = read.diary(request.person)
    newest = now.last_night(request.local_now, diary)
    last = _last(request, newest)
    asked = night_pages.missed(diary, last)
    typed = Typed(request.POST)
    if request.method == "POST" and _kept(request, typed, night_pages.week(diary, last)):
        return HttpResponseRedirect("/nights/?done=kept")
    before = last - dt.timedelta(days=night_pages.MISSED_NIGHTS)
    return render(
        request,
        "missed.html",
        {
            "asked": [(night, typed.fields.get(night.date.isoformat(), "")) for night in reversed(asked)],
            "by_day": night_pages.is_by_day(last, diary.zone, diary.by_day),
            "offered": OFFERED,
            "last": last,
            "before": before if before >= FIRST_DAY else None,
            "after": min(last + dt.timedelta(days=night_pages.MISSED_NIGHTS), newest) if last < newest else None,
            "problems": typed.problems,
        },
    )


def _kept(request: PersonalRequest, typed: Typed, week: list[Night]) -> bool:
    """Keep what was said; a night that was answered otherwise meanwhile then has two answers, and both are shown."""
    read_in = [(night, night_forms.missed(typed, night.date)) for night in week]
    said = [data for night, data in read_in if data is not None and data["cramps"] != night.said]
    if not typed.problems:
        typed.problems += saying.keep(request, [saying.item(request, data) for data in said])
    return not typed.problems


def _last(request: PersonalRequest, newest: dt.date) -> dt.date:
    """Return the last night of the week asked for, or of the newest."""
    try:
        return min(max(dt.date.fromisoformat(request.GET.get("last", "")), FIRST_DAY), newest)
    except ValueError:
        return newest


urlpatterns = [path("", missed, name="missed")]
