"""The calendar of nights and each night: answered, corrected, undone; cramps, habits, notes and pauses added."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, register_converter

from mollet.diary import fold
from mollet.diary.entries import FIRST_DAY, LAST_DAY, Entry, Note, Pause, Withdrawn
from mollet.diary.fold import Diary, Thing
from mollet.diary.moments import is_twice
from mollet.diary.nights import Episode, today
from mollet.knowledge import load
from mollet.store import read
from mollet.web import clock, night_forms, night_pages, saying
from mollet.web.doors import form_of
from mollet.web.page import PersonalRequest
from mollet.web.typed import Problem, Typed
from mollet.web.views import errors, now
from mollet.words import date

_ONE_DAY = dt.timedelta(days=1)


class DayInAddress:
    """A date in an address, as 2026-11-21."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """Read it; one that no calendar has, or no entry can have, is no address."""
        day = dt.date.fromisoformat(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError(value)
        return day

    def to_url(self, value: dt.date) -> str:
        """Write it."""
        return value.isoformat()


register_converter(DayInAddress, "day")


def nights(request: PersonalRequest) -> HttpResponse:
    """Show a month of nights, their list, and the cramps of the last weeks."""
    diary = read.diary(request.person)
    tonight = night_pages.tonight(request, diary)
    newest = now.last_over(request.local_now, diary)
    first = night_pages.first_day(request.GET.get("month", ""), diary, tonight)
    overdue = night_pages.overdue(diary, newest)
    return render(
        request,
        "nights.html",
        {
            **night_pages.month(diary, first, tonight),
            **night_pages.ahead(diary, _today(request, diary)),
            **night_pages.weeks(diary, tonight, request.lang),
            "missed": night_pages.missed(diary, newest) or overdue,
            "overdue": len(overdue),
            "since": night_pages.asked_since(diary, newest),
            "pauses": [thing for thing, _ in night_pages.pauses(diary)],
            **_notice(request, diary),
        },
    )


def night(request: PersonalRequest, night: dt.date) -> HttpResponse:
    """Show one night, with everything that can be said of it."""
    return _night_page(request, night)


@form_of("/nights/{night}/#exactly")
def answer(request: PersonalRequest, night: dt.date) -> HttpResponse:
    """Keep the morning answer; "3 or more" first asks how many."""
    if not night_pages.has_begun(read.diary(request.person), night):
        return errors.not_begun(request, night)
    typed = Typed(request.POST)
    if request.POST.get("cramps") == "more":
        return _night_page(request, night, opened="answer", typed={**night_forms.retyped(typed), "cramps": ""})
    data = night_forms.answer(typed, night)
    before = night_pages.one(read.diary(request.person), night).answers
    about = before[-1].about if before else None
    if data is not None:
        # Beside the answers it replaces an answer may name the cramps its page showed, and then holds against them.
        replaces = [*(entry.id for entry in before), *_seen(request)][:100]
        typed.problems += saying.keep(request, [saying.item(request, data, about=about, replaces=replaces)], "cramps")
    if typed.problems:
        return _night_page(request, night, typed.problems, "answer", night_forms.retyped(typed))
    return _back(f"/nights/{night}/", "kept")


def cramp(request: PersonalRequest, night: dt.date, about: UUID | None = None) -> HttpResponse:
    """Add a cramp to a night, or correct one."""
    diary = read.diary(request.person)
    _check_reach(request, diary, night)
    before = _episode(diary, about)
    typed = Typed(request.POST)
    there = night_forms.night_meant(typed, night, before)
    if request.method == "POST" and _kept_cramp(request, typed, diary, there, before):
        return _back(f"/nights/{there}/", _how_kept(request, typed, diary, there, before))
    held = {**night_forms.filled_cramp(before), "night": night.isoformat()} if before else {}
    return render(
        request,
        "nights_cramp.html",
        {
            **night_pages.heading(diary, night),
            "cramp": before,
            "typed": night_forms.retyped(typed) if request.method == "POST" else held,
            "problems": typed.problems,
            "legs": night_forms.LEGS,
            "places": night_forms.PLACES,
            "relief": sorted(load().relief.values(), key=lambda step: step.order),
        },
    )


@form_of("/nights/{night}/")
def habits(request: PersonalRequest, night: dt.date) -> HttpResponse:
    """Keep what the day before a night held; only what changed is said again."""
    typed = Typed(request.POST)
    diary = read.diary(request.person)
    _check_reach(request, diary, night)
    items = _changed_habits(request, typed, diary, night)
    if not typed.problems:
        typed.problems += saying.keep(request, items)
    if typed.problems:
        return _night_page(request, night, typed.problems, "habits", habits=typed)
    return _back(f"/nights/{night}/", "kept")


@form_of("/nights/{night}/")
def usual(request: PersonalRequest, night: dt.date) -> HttpResponse:
    """Keep the usual values that were confirmed for a day; what was said of it before stays as it is."""
    typed = Typed(request.POST)
    diary = read.diary(request.person)
    _check_reach(request, diary, night)
    known, items = load().exposures, []
    for habit in night_forms.habits(known.values(), fold.exposures(diary, night, night), request.lang):
        value = night_forms.confirmed(habit, known[habit.id], typed)
        if habit.value is None and value is not None:
            data = {"kind": "exposure", "what": habit.id, "value": value, "unit": habit.unit or None, "night": night}
            items.append(saying.item(request, data))
    if not typed.problems:
        typed.problems += saying.keep(request, items)
    if typed.problems:
        return _night_page(request, night, typed.problems, "habits")
    return _back(f"/nights/{night}/", "kept" if items else "")


def last(request: PersonalRequest) -> HttpResponse:
    """Lead to the night that was slept last: where the reminder of a calendar opens."""
    return HttpResponseRedirect(f"/nights/{now.last_night(request.local_now, read.diary(request.person))}/")


def note(request: PersonalRequest, night: dt.date, about: UUID | None = None) -> HttpResponse:
    """Write a note to a night, or change one."""
    typed = Typed(request.POST)
    diary = read.diary(request.person)
    _check_reach(request, diary, night)
    before = _thing(diary, about, Note)
    if request.method == "POST" and _kept_note(request, typed, diary, night, before):
        return _back(f"/nights/{night}/", "kept")
    return _form_page(request, "nights_note.html", typed, before, {**night_pages.heading(diary, night), "note": before})


def pause(request: PersonalRequest, about: UUID | None = None) -> HttpResponse:
    """Add a pause, or change one."""
    typed = Typed(request.POST)
    before = _thing(read.diary(request.person), about, Pause)
    data = night_forms.pause(typed) if request.method == "POST" else None
    if data is not None:
        said = saying.item(request, data, **_instead_of(request, before))
        typed.problems += saying.keep(request, [said], "first")
        if not typed.problems:
            return _back("/nights/", "kept", about=said["about"])
    offered = {"typed": {"first": request.GET.get("first", "")}, "reasons": night_forms.REASONS, "pause": before}
    return _form_page(request, "nights_pause.html", typed, before, offered)


@form_of("/nights/")
def undo(request: PersonalRequest) -> HttpResponse:
    """Take something back; what was said stays in the diary, under the saying that takes it back."""
    thing = _thing(read.diary(request.person), _id(request.POST.get("about")), object)
    if thing is None:
        raise Http404
    data = {"kind": "withdrawn"}
    instead = _instead_of(request, thing)
    saying.keep(request, [saying.item(request, data, at=thing.held.at, zone=thing.held.zone, **instead)])
    return _back(request.POST.get("back", ""), "undone", about=thing.about)


@form_of("/nights/")
def bring_back(request: PersonalRequest) -> HttpResponse:
    """Say again what was taken back last."""
    diary = read.diary(request.person)
    thing = diary.things.get(_id(request.POST.get("about")) or UUID(int=0))
    earlier = _before_undo(diary, thing)
    if thing is None or earlier is None:
        raise Http404
    saying.keep(request, [saying.again(request, earlier, replaces=[leaf.id for leaf in thing.leaves])])
    return _back(request.POST.get("back", ""), "kept")


def _night_page(
    request: PersonalRequest,
    day: dt.date,
    problems: Iterable[Problem] = (),
    opened: str = "",
    typed: Mapping[str, object] | None = None,
    habits: Typed | None = None,
) -> HttpResponse:
    diary = read.diary(request.person)
    _check_reach(request, diary, day)
    shown = night_pages.one(diary, day)
    is_ahead = day > _today(request, diary)
    known = night_forms.habits(load().exposures.values(), fold.exposures(diary, day, day), request.lang, habits)
    return render(
        request,
        "nights_one.html",
        {
            **night_pages.heading(diary, day),
            "night": shown,
            **_beside(request, diary, day),
            "begun": night_pages.may_answer(request, diary, day),
            "answer": typed or night_forms.filled_answer(shown),
            "habits": known,
            "ahead": date(day, request.lang, "d MMMM y") if is_ahead else None,
            "usual": [] if is_ahead else night_pages.usual(diary, day, request.lang),
            "said_habits": [habit for habit in known if habit.value is not None],
            "doses": night_pages.doses(diary, day, request.lang),
            "replies": night_pages.replies(diary, day, request.lang) if is_ahead else [],
            "doses_ahead": fold.doses(diary, day, day) if is_ahead else [],
            "day_words": date(day, request.lang),
            "disputed": [cramp.about for cramp in shown.episodes if diary.things[cramp.about].is_disputed],
            "notes": [diary.things[entry.about] for _, entry in fold.notes(diary, day, day)],
            "problems": list(problems),
            "open": opened,
            **_notice(request, diary),
        },
    )


def _today(request: PersonalRequest, diary: Diary) -> dt.date:
    return today(request.local_now, request.person.zone, diary.by_day)


def _check_reach(request: PersonalRequest, diary: Diary, day: dt.date) -> None:
    """Show no night that nothing can be said of: one before any diary, or one to come of which nothing was ever said.

    What a phone with a wrong clock said of a night to come can be reached, so that it can be moved or taken back.
    """
    if day < FIRST_DAY or (day > night_pages.tonight(request, diary) and not fold.was_spoken_of(diary, day)):
        raise Http404


def _beside(request: PersonalRequest, diary: Diary, day: dt.date) -> dict[str, dt.date | None]:
    """Return the nights beside one; after tonight, the next ones in which something stands."""
    tonight = night_pages.tonight(request, diary)
    ahead = sorted({night for night, _ in fold.after(diary, tonight)})
    before = max((night for night in (tonight, *ahead) if night < day), default=None)
    after = min((night for night in ahead if night > day), default=None)
    return {
        "before": day - _ONE_DAY if day <= tonight else before,
        "after": day + _ONE_DAY if day < tonight else after,
    }


def _form_page(
    request: PersonalRequest, template: str, typed: Typed, before: Thing | None, context: dict[str, Any]
) -> HttpResponse:
    filled = night_forms.retyped(typed) if request.method == "POST" else None
    held = night_forms.filled(before.held.data) if before else context.get("typed", {})
    return render(request, template, {**context, "typed": filled or held, "problems": typed.problems})


def _kept_cramp(request: PersonalRequest, typed: Typed, diary: Diary, day: dt.date, before: Episode | None) -> bool:
    zone = before.zone if before else request.person.zone
    data = night_forms.cramp(typed, load().relief)
    at = None if typed.problems else night_forms.moment(typed, diary, day, zone, before)
    end = night_forms.end(typed, at, before)
    if at is not None and at > clock.now():
        typed.problems.append(Problem("night" if before else "time", "form.future"))
    if at is None or typed.problems:
        return False
    about, replaces = (before.about, _seen(request) or before.leaves) if before else (None, ())
    entry = saying.item(request, {**data, **end}, at=at, zone=zone, about=about, replaces=replaces)
    typed.problems += saying.keep(request, [entry], "time")
    return not typed.problems


def _how_kept(request: PersonalRequest, typed: Typed, diary: Diary, day: dt.date, before: Episode | None) -> str:
    """Tell whether the clock showed the time of a cramp twice that night: then which of the two was taken is said."""
    zone = before.zone if before else request.person.zone
    time = typed.clock("time")
    return "kept_first" if time and is_twice(day, time, zone, diary.by_day) else "kept"


def _kept_note(request: PersonalRequest, typed: Typed, diary: Diary, day: dt.date, before: Thing | None) -> bool:
    text = typed.text("text")
    if text is None:
        if not typed.problems:
            typed.missing("text")
        return False
    at = before.held.at if before else night_pages.within(diary, day, request)
    data = {"kind": "note", "text": text}
    typed.problems += saying.keep(request, [saying.item(request, data, at=at, **_instead_of(request, before))], "text")
    return not typed.problems


def _changed_habits(request: PersonalRequest, typed: Typed, diary: Diary, day: dt.date) -> list[dict[str, Any]]:
    known = load().exposures
    abouts = {entry.id: entry.about for entry in diary.entries}
    items = []
    values: dict[str, bool | float | None] = {}
    for habit in night_forms.habits(known.values(), fold.exposures(diary, day, day), request.lang):
        value = values[habit.id] = night_forms.habit_value(habit, known[habit.id], typed)
        if value == habit.value and isinstance(value, bool) == isinstance(habit.value, bool):
            continue
        said = {"kind": "exposure", "what": habit.id, "value": value, "unit": habit.unit or None, "night": day}
        data = {"kind": "withdrawn"} if value is None else said
        about = abouts[habit.leaves[-1]] if habit.leaves else None
        items.append(saying.item(request, data, about=about, replaces=habit.leaves))
    night_forms.check_hours(values, known.values(), typed)
    return items


def _episode(diary: Diary, about: UUID | None) -> Episode | None:
    if about is None:
        return None
    found = next((cramp for cramp in fold.cramps(diary) if cramp.about == about), None)
    if found is None:
        raise Http404
    return found


def _thing(diary: Diary, about: UUID | None, kind: type) -> Thing | None:
    if about is None:
        return None
    thing = diary.things.get(about)
    if thing is None or thing.is_withdrawn or not isinstance(thing.held.data, kind):
        raise Http404
    return thing


def _before_undo(diary: Diary, thing: Thing | None) -> Entry | None:
    """Return what was held before a thing was taken back."""
    if thing is None or not isinstance(thing.held.data, Withdrawn):
        return None
    said = {entry.id: entry for entry in diary.entries if entry.about == thing.about}
    earlier = [said[id] for id in thing.held.replaces if id in said]
    return max(earlier, key=lambda entry: (entry.said, entry.id), default=None)


def _instead_of(request: PersonalRequest, before: Thing | None) -> dict[str, Any]:
    """Return what a correction is about and replaces: the sayings its page showed."""
    if before is None:
        return {}
    return {"about": before.about, "replaces": _seen(request) or tuple(leaf.id for leaf in before.leaves)}


def _seen(request: PersonalRequest) -> tuple[UUID, ...]:
    return tuple(id for word in request.POST.get("replaces", "").split()[:100] if (id := _id(word)))


def _id(word: str | None) -> UUID | None:
    try:
        return UUID(word or "")
    except ValueError:
        return None


def _notice(request: PersonalRequest, diary: Diary) -> dict[str, Any]:
    done = request.GET.get("done")
    thing = diary.things.get(_id(request.GET.get("about")) or UUID(int=0))
    return {
        "done": done if done in ("kept", "kept_first", "undone") else None,
        "back": request.path,
        "bring_back": thing.about if done == "undone" and thing and thing.is_withdrawn else None,
        "already": night_pages.said_within(diary, thing.held.data) if done == "kept" and thing else [],
    }


def _back(address: str, done: str, about: UUID | None = None) -> HttpResponse:
    """Go back to a page of the diary and say there what was done."""
    there = address if address.startswith(("/nights/", "/me/medicines/")) else "/nights/"
    said = {"done": done, **({"about": str(about)} if about else {})}
    return HttpResponseRedirect(f"{there}?{urlencode(said)}")


urlpatterns = [
    path("", nights, name="nights"),
    path("last/", last, name="nights_last"),
    path("undo/", undo, name="nights_undo"),
    path("bring_back/", bring_back, name="nights_bring_back"),
    path("pause/", pause, name="nights_pause"),
    path("pause/end/", now.end_pause, name="nights_pause_end"),
    path("pause/<uuid:about>/", pause, name="nights_pause_one"),
    path("<day:night>/", night, name="night"),
    path("<day:night>/answer/", answer, name="night_answer"),
    path("<day:night>/habits/", habits, name="night_habits"),
    path("<day:night>/usual/", usual, name="night_usual"),
    path("<day:night>/cramp/", cramp, name="night_cramp"),
    path("<day:night>/cramp/<uuid:about>/", cramp, name="night_cramp_one"),
    path("<day:night>/note/", note, name="night_note"),
    path("<day:night>/note/<uuid:about>/", note, name="night_note_one"),
]
