"""The check-up: danger signs first, one screen at a time, then what to do, what to avoid and what to discuss."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path

from mollet.advice.checkup import next_screen, screens_for, screens_left, screens_open
from mollet.advice.triage import Triage, triage
from mollet.knowledge import load
from mollet.store import read
from mollet.web import answered, checkup_forms, saying
from mollet.web.page import PersonalRequest
from mollet.web.typed import Typed

FURTHER = ("cramp", "character", "you", "medicines_and_illnesses", "safety", "daily_life", "asks")
"""Screens offered after the danger signs: they sharpen causes and plan, and nothing waits for them."""


def checkup(request: PersonalRequest) -> HttpResponse:
    """Show where the check-up stands, its screens, and how to tell a cramp."""
    diary = read.diary(request.person)
    return render(
        request,
        "checkup.html",
        {
            "result": _triage(request),
            "has_answers": answered.has_answers(diary),
            "expired": bool(answered.expired(diary, load())),
            "groups": _groups(request),
            "features": load().features.values(),
            "feature_sources": _each_once(feature.sources for feature in load().features.values()),
        },
    )


def begin(request: PersonalRequest) -> HttpResponse:
    """Go to the screen that matters most now."""
    return _onward(request, _triage(request), ())


def screen(request: PersonalRequest, group: str) -> HttpResponse:
    """Ask the questions of one screen, keep the answers, and go on; an emergency stops everything else."""
    if group not in load().groups:
        raise Http404
    typed = Typed(request.POST) if request.method == "POST" else None
    if typed is not None and _kept(request, group, typed):
        if checkup_forms.names_read(group, load(), answered.answers(read.diary(request.person), load()), request.lang):
            return HttpResponseRedirect(f"/checkup/{group}/names/?{_query((*_seen(request), group))}")
        return _onward(request, _triage(request), (*_seen(request), group))
    return _screen_page(request, group, typed)


def names(request: PersonalRequest, group: str) -> HttpResponse:
    """Show back which names were recognised, and as what."""
    result = _triage(request)
    held = answered.answers(read.diary(request.person), load())
    read_back = checkup_forms.names_read(group, load(), held, request.lang)
    return render(
        request,
        "checkup_names.html",
        {
            "group": load().groups.get(group),
            "unread": any(not name.classes for found in read_back.values() for name in found),
            "names": {load().questions[key].short: found for key, found in read_back.items()},
            "onward": _next_address(result, _seen(request)),
            "seen": _query(_seen(request)),
        },
    )


def result(request: PersonalRequest) -> HttpResponse:
    """Show how urgent it is and why, what to do, what to avoid, what to discuss and what is still open."""
    found = _triage(request)
    catalogue = load()
    return render(
        request,
        "checkup_result.html",
        {
            "result": found,
            "tier": catalogue.tiers[found.tier],
            # Silence is never "no": while something more urgent is possible, no tier is shown as the answer.
            "is_unfinished": not found.settled and not _is_urgent(found.tier),
            "is_found": found.is_known,
            "is_calm": not _is_urgent(found.tier),
            "do": [one for one in found.do if one.id not in (found.tier, "not_settled", "safety_net")],
            "not_settled": next((one.says for one in found.do if one.id == "not_settled"), None),
            "could_be": catalogue.tiers[found.could_be],
            "country": catalogue.countries.get(found.call.country),
            "open_groups": [catalogue.groups[left.group] for left in screens_open(found, catalogue)],
            "may_ask": bool(screens_left(found, catalogue)),
            "contradicted": list(_contradicted(found)),
            "further": [group for group in _groups(request) if group["group"].id in FURTHER],
            "names": [name for names in _all_names(request).values() for name in names],
            "today": request.local_now.date(),
        },
    )


def _contradicted(found: Triage) -> Iterator[dict[str, object]]:
    """Answers that do not go together, with the screens on which they can be changed."""
    catalogue = load()
    for one in found.contradictions:
        groups = dict.fromkeys(catalogue.questions[key].group for key in one.keys)
        yield {"says": one.says, "groups": [catalogue.groups[group] for group in groups]}


def _is_urgent(tier: str) -> bool:
    """Tell whether a degree of urgency asks for a doctor today."""
    return load().tiers[tier].rank >= load().tiers["same_day"].rank


def _screen_page(request: PersonalRequest, group: str, typed: Typed | None) -> HttpResponse:
    diary, catalogue, seen = read.diary(request.person), load(), _seen(request)
    held, old = answered.answers(diary, catalogue), answered.expired(diary, catalogue)
    asked = checkup_forms.asked(group, catalogue, held, old, request.lang, typed)
    return render(
        request,
        "checkup_screen.html",
        {
            "group": catalogue.groups[group],
            "asked": asked,
            "yes_no": sum(one.question.type == "boolean" for one in asked),
            "left": len(screens_left(_triage(request), catalogue, (*seen, group))),
            "seen": seen,
            "problems": typed.problems if typed else [],
        },
    )


def _kept(request: PersonalRequest, group: str, typed: Typed) -> bool:
    held = answered.answers(read.diary(request.person), load())
    answers = checkup_forms.read_answers(group, load(), held, typed)
    if not typed.problems:
        typed.problems += saying.keep(request, [saying.item(request, answer) for answer in answers])
    return not typed.problems


def _triage(request: PersonalRequest) -> Triage:
    return triage(answered.facts(request), load(), request.person.country)


def _onward(request: PersonalRequest, found: Triage, seen: tuple[str, ...]) -> HttpResponse:
    return HttpResponseRedirect(_next_address(found, seen))


def _next_address(found: Triage, seen: tuple[str, ...]) -> str:
    after = next_screen(found, load(), seen)
    if found.tier == "emergency" or after is None:
        return "/checkup/result/"
    return f"/checkup/{after.group}/?{_query(seen)}"


def _seen(request: PersonalRequest) -> tuple[str, ...]:
    """Return the screens shown in this round: their open questions are not asked again before the result."""
    named = request.POST.getlist("seen") or request.GET.getlist("seen")
    return tuple(dict.fromkeys(name for name in named if name in load().groups))


def _query(seen: tuple[str, ...]) -> str:
    return urlencode([("seen", group) for group in dict.fromkeys(seen)])


def _groups(request: PersonalRequest) -> list[dict[str, Any]]:
    """Return every screen that may concern this person, with how many of its questions hold an answer now."""
    held = answered.answers(read.diary(request.person), load())
    keys = {group: [q.id for q in load().questions.values() if q.group == group] for group in load().groups}
    return [
        {"group": load().groups[group], "answered": sum(key in held for key in keys[group]), "asked": len(keys[group])}
        for group in screens_for(held, load())
        if group != "settings"
    ]


def _each_once(several: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for some in several for one in some))


def _all_names(request: PersonalRequest) -> dict[str, list[checkup_forms.ReadName]]:
    held = answered.answers(read.diary(request.person), load())
    groups = {question.group for question in load().questions.values() if question.type == "list"}
    found: dict[str, list[checkup_forms.ReadName]] = {}
    for group in groups:
        found.update(checkup_forms.names_read(group, load(), held, request.lang))
    return found


urlpatterns = [
    path("", checkup, name="checkup"),
    path("begin/", begin, name="checkup_begin"),
    path("result/", result, name="checkup_result"),
    path("<slug:group>/", screen, name="checkup_screen"),
    path("<slug:group>/names/", names, name="checkup_names"),
]
