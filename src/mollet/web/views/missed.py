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
    """Show the missed nights as they are counted elsewhere, or the week asked for, and keep what is said of them."""
    diary = read.diary(request.person)
    newest = now.last_over(request.local_now, diary)
    overdue = night_pages.overdue(diary, newest)
    last = _last(request, newest) if "last" in request.GET else None
    typed = Typed(request.POST)
    within = night_pages.week(diary, last) if last else night_pages.asked(diary, newest)
    if request.method == "POST" and _kept(request, typed, within):
        return HttpResponseRedirect("/nights/?done=kept")
    asked = night_pages.missed(diary, last) if last else overdue or night_pages.missed(diary, newest)
    before, after = night_pages.missed_weeks(diary, last or _end_of_first_week(asked, newest), newest)
    return render(
        request,
        "missed.html",
        {
            "asked": [_row(diary, typed, night) for night in reversed(asked)],
            "offered": OFFERED,
            "last": last,
            "before": before,
            "after": after if last else None,
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


def _row(diary: Diary, typed: Typed, night: Night) -> tuple[Night, str, bool]:
    """Return a night with what was typed of it and whether it is a day's sleep."""
    by_day = night_pages.is_by_day(night.date, diary.zone, diary.by_day)
    return night, typed.fields.get(night.date.isoformat(), ""), by_day


def _end_of_first_week(asked: list[Night], newest: dt.date) -> dt.date:
    """Return the last night of the week that begins with the first one shown: the way back leads before it."""
    return asked[0].date + dt.timedelta(days=night_pages.MISSED_NIGHTS - 1) if asked else newest


def _last(request: PersonalRequest, newest: dt.date) -> dt.date:
    """Return the last night of the week asked for, or of the newest."""
    try:
        return min(max(dt.date.fromisoformat(request.GET.get("last", "")), FIRST_DAY), newest)
    except ValueError:
        return newest


urlpatterns = [path("", missed, name="missed")]
