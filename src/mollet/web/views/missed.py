"""A missed week on one page: one row of big buttons a night, one button to keep them all; a row left alone is a gap."""

import datetime as dt

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path

from mollet.diary.entries import FIRST_DAY
from mollet.diary.fold import Diary
from mollet.diary.nights import Night
from mollet.store import read
from mollet.web import night_forms, night_pages, saying
from mollet.web.page import PersonalRequest
from mollet.web.typed import Typed
from mollet.web.views import now

OFFERED = (1, 2, 3, 4, 5)
"""Numbers that have a button of their own; others have the page of the night."""


def missed(request: PersonalRequest) -> HttpResponse:
    """Show the last week with nights without an answer, or the week asked for, and keep what is said of them."""
    diary = read.diary(request.person)
    newest = now.last_night(request.local_now, diary)
    overdue = night_pages.overdue(diary, newest)
    last = _last(request, newest) if _names_a_week(request) else _last_with_gaps(diary, newest, overdue)
    asked = night_pages.missed(diary, last)
    typed = Typed(request.POST)
    if request.method == "POST" and _kept(request, typed, night_pages.week(diary, last)):
        return HttpResponseRedirect("/nights/?done=kept")
    before, after = night_pages.missed_weeks(diary, last, newest)
    return render(
        request,
        "missed.html",
        {
            "asked": [(night, typed.fields.get(night.date.isoformat(), "")) for night in reversed(asked)],
            "by_day": night_pages.is_by_day(last, diary.zone, diary.by_day),
            "offered": OFFERED,
            "last": last,
            "before": before,
            "after": after,
            "some_elsewhere": bool(overdue),
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


def _names_a_week(request: PersonalRequest) -> bool:
    """Tell whether a week was asked for; a form without one says of the newest."""
    return "last" in request.GET or request.method == "POST"


def _last_with_gaps(diary: Diary, newest: dt.date, overdue: list[Night]) -> dt.date:
    """Return the last night of the newest week with gaps; the newest week where nothing is asked for."""
    if night_pages.missed(diary, newest) or not overdue:
        return newest
    weeks = (newest - overdue[-1].date).days // night_pages.MISSED_NIGHTS
    return newest - dt.timedelta(days=weeks * night_pages.MISSED_NIGHTS)


def _last(request: PersonalRequest, newest: dt.date) -> dt.date:
    """Return the last night of the week asked for, or of the newest."""
    try:
        return min(max(dt.date.fromisoformat(request.GET.get("last", "")), FIRST_DAY), newest)
    except ValueError:
        return newest


urlpatterns = [path("", missed, name="missed")]
