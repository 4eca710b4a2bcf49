"""The calendar feed: switched on, renewed and off on the person's page, read by a calendar at its secret address."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from mollet.exchange import icalendar
from mollet.exchange.icalendar import Wishes
from mollet.knowledge import load
from mollet.store import people, read
from mollet.web import clock, feeds
from mollet.web.doors import form_of
from mollet.web.page import PersonalRequest
from mollet.web.typed import Typed

MEDIA = "text/calendar; charset=utf-8"


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the reminders to a calendar that knows the secret; to everybody else the address is not there."""
    found = feeds.find(token)
    person = people.with_diary(found.diary) if found else None
    if found is None or person is None:
        raise Http404
    made = icalendar.write(person.diary, read.diary(person), load(), clock.now(), found.wishes, _house(request))
    response = HttpResponse(made, content_type=MEDIA)
    response["Content-Disposition"] = 'inline; filename="mollet.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


def section(request: PersonalRequest) -> HttpResponse:
    """Show whether the calendar is on, and what it shows."""
    return _page(request, Typed(request.GET))


@form_of("/me/feed/")
def on(request: PersonalRequest) -> HttpResponse:
    """Make a new address, and show it this once."""
    typed = Typed(request.POST)
    wishes = _wishes(request, typed)
    if typed.problems:
        return _page(request, typed)
    token = feeds.switch_on(request.person.diary, wishes)
    return _page(request, typed, request.build_absolute_uri(f"/feed/{token}/mollet.ics"))


@form_of("/me/feed/")
def off(request: PersonalRequest) -> HttpResponse:
    """End the address: from now on it is not there."""
    feeds.switch_off(request.person.diary)
    return HttpResponseRedirect("/me/feed/?done=off")


def file(request: PersonalRequest) -> HttpResponse:
    """Hand the same reminders over as a file, for a calendar that cannot reach this machine."""
    wishes = _current(request)
    made = icalendar.write(
        request.person.diary, read.diary(request.person), load(), clock.now(), wishes, _house(request)
    )
    response = HttpResponse(made, content_type=MEDIA)
    response["Content-Disposition"] = 'attachment; filename="mollet.ics"'
    return response


def _page(request: PersonalRequest, typed: Typed, address: str | None = None) -> HttpResponse:
    wishes = _current(request)
    held = {name: _written(getattr(wishes, name)) for name in ("morning", "evening")}
    return render(
        request,
        "feed.html",
        {
            "is_on": feeds.of(request.person.diary) is not None,
            "address": address,
            "reminders": icalendar.reminders(read.diary(request.person), load(), clock.now(), wishes),
            "routine_days": icalendar.ROUTINE_DAYS,
            "typed": typed.fields if typed.problems else held,
            "problems": typed.problems,
            "done": request.GET.get("done") == "off",
        },
        status=400 if typed.problems else 200,
    )


def _house(request: HttpRequest) -> str:
    """Return the address by which the calendar reached us: a phone that reads it there can open a form there."""
    return request.build_absolute_uri("/")


def _current(request: PersonalRequest) -> Wishes:
    """Return what the calendar is switched on for, or what is proposed."""
    found = feeds.of(request.person.diary)
    return found.wishes if found else Wishes(lang=request.lang)


def _wishes(request: PersonalRequest, typed: Typed) -> Wishes:
    morning, evening = typed.clock("morning"), typed.clock("evening")
    return Wishes(morning, evening, request.lang, request.local_now.date())


def _written(time: dt.time | None) -> str:
    return time.strftime("%H:%M") if time else ""


urlpatterns = [path("<str:token>/mollet.ics", feed, name="feed")]
on_my_page = [
    path("feed/", section, name="my_feed"),
    path("feed/on/", on, name="feed_on"),
    path("feed/off/", off, name="feed_off"),
    path("feed/mollet.ics", file, name="feed_file"),
]
