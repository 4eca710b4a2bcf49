"""The first page: relief at night, one question in the morning, tonight and the week by day."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from mollet.advice.lasting import asking_minute
from mollet.advice.plan import plan
from mollet.diary.entries import FIRST_DAY, LAST_DAY, Entry, Pause
from mollet.diary.entries import Night as NightAnswer
from mollet.diary.fold import Diary, Thing
from mollet.diary.fold import nights as nights_of
from mollet.diary.nights import Changes, Night, night_of
from mollet.errors import EntryError
from mollet.knowledge import load
from mollet.store import read
from mollet.web import answered, clock, last_cramp, night_pages, standing
from mollet.web.doors import KEPT, form_of
from mollet.web.page import PersonalRequest
from mollet.web.saying import item, keep, withdrawal
from mollet.web.views import errors
from mollet.web.wording import worded
from mollet.words import date, say

Moment = Literal["night", "morning", "day"]
DAYS_SHOWN = 7
BACK = "/?done=back"
"""The first page after a pause was ended there."""
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Said:
    """The answer just given, to say it back with its undo."""

    entry: Entry
    words: str


@require_GET
def now(request: PersonalRequest, problem: EntryError | None = None) -> HttpResponse:
    """Show what this hour asks for."""
    diary = read.diary(request.person)
    last = last_night(request.local_now, diary)
    [night] = nights_of(diary, last, last) or [Night(last)]
    facts = answered.facts(request)
    alarm = standing.alarm(request, facts, load())
    over = last_over(request.local_now, diary)
    week = nights_of(diary, last - dt.timedelta(days=DAYS_SHOWN - 1), last)
    missed, overdue = night_pages.missed(diary, over), night_pages.overdue(diary, over)
    context = {
        "alarm": alarm,
        "long_cramp": None if alarm else last_cramp.asking_again(request, diary, last, load()),
        "ten_minutes": int(asking_minute(load())),
        "clock_left": last_cramp.clock_left(diary),
        "moment": moment(request.local_now, night, sleeps_by_day(diary)),
        "last": night,
        "tonight": last + _ONE_DAY,
        "last_by_day": night_pages.is_by_day(last, request.person.zone, diary.by_day),
        "current": night_of(request.local_now, request.person.zone, diary.by_day),
        "once": uuid.uuid4(),
        "said": _just_said(request, night),
        "usual": night_pages.usual(diary, last, request.lang),
        "more": range(3, 9),
        "week": week,
        "week_paused": any(night.state == "paused" for night in week),
        "before_midnight": request.local_now.time() >= clock.NIGHT_BEGINS,
        # The night that this page asks about is no reason of its own to lead elsewhere.
        "missed": any(night.date != last for night in (*missed, *overdue)),
        "overdue": len(overdue) if any(night.date != last for night in overdue) else 0,
        "since": night_pages.asked_since(diary, over),
        "paused": next((_paused(one, request.lang) for _, one in night_pages.pauses_going_on(diary, over)), ""),
        "back": _just_back(request, diary, over),
        "over": over,
        "plan": plan(facts, load()),
        "problem": problem and worded(problem.key, request.lang, problem.values, request.person.hours),
    }
    return render(request, "now.html", context)


@form_of("/")
def answer(request: PersonalRequest) -> HttpResponse:
    """Take the morning answer; it closes its night, and stands in the place of an earlier answer."""
    try:
        night = _date(request.POST.get("night", ""))
        if FIRST_DAY <= night <= LAST_DAY and not night_pages.has_begun(read.diary(request.person), night):
            return errors.not_begun(request, night)
        cramps = _count(request.POST.get("cramps", ""))
        earlier = _answers_of(request, night)
        if [each.data.cramps for each in earlier if isinstance(each.data, NightAnswer)] == [cramps]:
            # The same form sent twice: it was said already.
            return HttpResponseRedirect(f"/?said={earlier[0].id}")
        said = item(
            request,
            {"kind": "night", "night": night.isoformat(), "cramps": cramps},
            about=earlier[-1].about if earlier else None,
            replaces=[each.id for each in earlier],
        )
        _keep(request, said)
    except EntryError as problem:
        return _again(request, problem)
    return HttpResponseRedirect(f"/?said={said['id']}")


@form_of("/")
def undo(request: PersonalRequest) -> HttpResponse:
    """Take a thing back, whatever it was: nothing is erased, and it may be said again."""
    try:
        thing = read.diary(request.person).things.get(_uuid(request.POST.get("about", "")))
        if thing is not None and not thing.is_withdrawn:
            _keep(request, withdrawal(request, thing))
    except EntryError as problem:
        return _again(request, problem)
    return HttpResponseRedirect(_safe_back(request))


@form_of("/")
def clock_left(request: PersonalRequest) -> HttpResponse:
    """Take the answer about a clock that nobody stopped: a cramp stays, what was none is taken back."""
    left = last_cramp.clock_left(read.diary(request.person))
    if left is not None and request.POST.get("about") == str(left.about) and request.POST.get("was") in ("yes", "no"):
        asked = [left.asked] if request.POST["was"] == "yes" else [left.asked, left.cramp]
        try:
            _keep(request, *(withdrawal(request, thing) for thing in asked))
        except EntryError as problem:
            return _again(request, problem)
    return HttpResponseRedirect(KEPT)


@form_of("/")
def end_pause(request: PersonalRequest) -> HttpResponse:
    """End what pause goes on: the last night that is over is its last."""
    diary = read.diary(request.person)
    over = last_over(request.local_now, diary)
    ended = [
        item(
            request,
            {"kind": "pause", "first": pause.first, "last": over, "reason": pause.reason},
            about=thing.about,
            replaces=[leaf.id for leaf in thing.leaves],
        )
        for thing, pause in night_pages.pauses_going_on(diary, over)
    ]
    try:
        _keep(request, *ended)
    except EntryError as problem:
        return _again(request, problem)
    return HttpResponseRedirect(BACK)


def moment(local: dt.datetime, last: Night, by_day: bool) -> Moment:
    """Which of the three moments it is; who sleeps by day has no night by the clock."""
    if clock.is_night(local) and not by_day:
        return "night"
    return "morning" if not last.answers and not last.is_paused else "day"


def last_night(local: dt.datetime, diary: Diary) -> dt.date:
    """Return the date of the night that was slept last: the one the morning asks about."""
    zone = str(local.tzinfo)
    night = night_of(local, zone, diary.by_day)
    while asked_from(night, zone, diary.by_day) > local:
        night -= _ONE_DAY
    return night


def last_over(local: dt.datetime, diary: Diary) -> dt.date:
    """Return the date of the last night that is over: one that still runs, at night, is asked about in the morning."""
    last = last_night(local, diary)
    is_running = night_of(local, str(local.tzinfo), diary.by_day) == last
    return last - _ONE_DAY if is_running and clock.is_night(local) and not sleeps_by_day(diary) else last


def asked_from(night: dt.date, zone: str, by_day: Changes) -> dt.datetime:
    """Return when a night is asked about: after its midnight; at noon of its day where sleep is by day.

    The first of these moments that has passed is never beyond the next one, so a change of hours skips no night.
    """
    noon = dt.datetime.combine(night, dt.time(12), ZoneInfo(zone))
    return noon if night_pages.is_by_day(night, zone, by_day) else noon + _ONE_DAY / 2


def sleeps_by_day(diary: Diary) -> bool:
    """Say whether the person said last that they sleep by day."""
    return bool(diary.by_day) and diary.by_day[-1][1]


def _paused(pause: Pause, lang: str) -> str:
    """Say since when the diary is paused, until when where that was said, and why where it says anything."""
    why = "" if pause.reason == "other" else f" ({say(f'nights.pause.{pause.reason}', lang)})"
    first = date(pause.first, lang, "d MMMM y")
    if pause.last is None:
        return say("now.paused_since", lang, first=first, why=why)
    return say("now.paused_until", lang, first=first, last=date(pause.last, lang, "d MMMM y"), why=why)


def _just_back(request: PersonalRequest, diary: Diary, over: dt.date) -> Thing | None:
    """Return the pause that was just ended, to say so with a way to change it."""
    if request.get_full_path() != BACK:
        return None
    return next((thing for thing, pause in night_pages.pauses(diary) if pause.last == over), None)


def _just_said(request: PersonalRequest, night: Night) -> Said | None:
    named = request.GET.get("said")
    found = [entry for entry in night.answers if str(entry.id) == named]
    if not found or night.said is None:
        return None
    words = say("now.said", request.lang, n=night.said) if night.said else say("now.said_none", request.lang)
    return Said(found[0], words)


def _answers_of(request: PersonalRequest, night: dt.date) -> tuple[Entry, ...]:
    found = nights_of(read.diary(request.person), night, night)
    return found[0].answers if found else ()


def _keep(request: PersonalRequest, *said: Mapping[str, object]) -> None:
    for problem in keep(request, said):
        raise EntryError(problem.key, **problem.values)


def _again(request: PersonalRequest, problem: EntryError) -> HttpResponse:
    request.method = "GET"
    response: HttpResponse = now(request, problem)
    response.status_code = 400
    return response


def _safe_back(request: HttpRequest) -> str:
    back = request.POST.get("back", "/")
    if back == "/":
        return KEPT
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/") else "/"


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise EntryError("error.entry.wrong_day", field="night", value=text[:60]) from error


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 3:
        raise EntryError("error.entry.not_usable", field="cramps", value=text[:60])
    return int(text)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise EntryError("error.entry.not_usable", field="about", value=text[:60]) from error
