"""The doctor's page: one sheet of paper, counted from closed nights, on the screen, for the printer and as PDF."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import mark_safe

from mollet.diary.entries import Answer
from mollet.diary.fold import Diary
from mollet.diary.nights import night_of
from mollet.knowledge import load
from mollet.report.doctor import OWN_NAME, OWN_QUESTIONS, OWN_TESTS, Doctor, doctor, own_words
from mollet.report.pdf import pdf
from mollet.report.sheet import PARTS, USUAL_PARTS, Sheet, sheet
from mollet.store import read
from mollet.web import clock, saying
from mollet.web.doors import form_of
from mollet.web.page import PersonalRequest
from mollet.web.typed import Problem, Typed
from mollet.words import LANGUAGES

SPANS = (28, 91, 182, 364)
"""How many nights the page may look back on: four weeks first, for a doctor asks about now."""
OWN = {"name": (OWN_NAME, 80), "asks": (OWN_QUESTIONS, 200), "tests": (OWN_TESTS, 200)}
"""What the person may add: the field, what it is kept as, and how long a line of it may be."""
MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """How the page was asked for: nights to look back on, the doctor's language, the parts ticked."""

    days: int
    lang: str
    parts: tuple[str, ...]

    @property
    def query(self) -> str:
        """The same choice as an address."""
        asked = QueryDict(mutable=True)
        asked.update({"days": str(self.days), "lang": self.lang, "chosen": "1"})
        asked.setlist("part", list(self.parts))
        return asked.urlencode()


def report(request: PersonalRequest) -> HttpResponse:
    """Show the page, with what it may hold and the way to paper."""
    return _page(request, Typed(QueryDict()))


@form_of("/report/")
def words(request: PersonalRequest) -> HttpResponse:
    """Keep what the person adds for this page: a name, questions of their own, tests already done."""
    typed = Typed(request.POST)
    diary = read.diary(request.person)
    held = own_words(diary)
    items = []
    for field, (question, longest) in OWN.items():
        lines = _lines(typed, field, longest)
        if field in request.POST and lines != held[question]:
            items.append((question, lines))
    if not typed.problems:
        typed.problems += saying.keep(request, [_saying(request, diary, key, value) for key, value in items])
    if typed.problems:
        return _page(request, typed)
    return HttpResponseRedirect(f"/report/?{_choice(request).query}&kept=1#own")


def _saying(request: PersonalRequest, diary: Diary, question: str, value: tuple[str, ...]) -> dict[str, Any]:
    """Say it anew: what stood there before is replaced, and not only outlived."""
    data = {"kind": "answer", "question": question, "value": value}
    things = (one for one in diary.live if isinstance(one.held.data, Answer) and one.held.data.question == question)
    before = next(things, None)
    if before is None:
        return saying.item(request, data)
    return saying.item(request, data, about=before.about, replaces=[leaf.id for leaf in before.leaves])


def as_pdf(request: PersonalRequest) -> HttpResponse:
    """Hand the page over as a file to print or to send."""
    choice = _choice(request)
    made = pdf(_sheet(request, choice, _facts(request, choice)))
    response = HttpResponse(made, content_type="application/pdf")
    name = f"mollet-{request.local_now:%Y-%m-%d}-{choice.lang}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(request: PersonalRequest, typed: Typed) -> HttpResponse:
    choice = _choice(request)
    facts = _facts(request, choice)
    made = _sheet(request, choice, facts)
    own = own_words(read.diary(request.person))
    held = {field: "\n".join(own[question]) for field, (question, _) in OWN.items()}
    return render(
        request,
        "report.html",
        {
            "sheet": made,
            # The picture is made of numbers and escaped words alone.
            "picture": mark_safe(made.picture.svg) if made.picture else "",
            "weeks": facts.time_line,
            "sources": sources_of(facts, choice),
            "choice": choice,
            "spans": SPANS,
            "languages": LANGUAGES,
            "parts": PARTS,
            "typed": typed.fields if typed.problems else held,
            "problems": typed.problems,
            "kept": request.GET.get("kept") == "1",
        },
        status=400 if typed.problems else 200,
    )


def _facts(request: PersonalRequest, choice: Choice) -> Doctor:
    diary = read.diary(request.person)
    return doctor(diary, load(), clock.now(), span(diary, request.person.zone, choice.days), request.person.country)


def sources_of(facts: Doctor, choice: Choice) -> tuple[str, ...]:
    """Return what the page rests on besides the diary: the signs found, medicines named as a cause, and its parts."""
    parts = {
        "tests": [facts.tests.sources],
        "discuss": [one.sources for one in facts.triage.discuss],
        "causes": [one.cause.sources for one in facts.causes],
    }
    named = [one.flag.sources for one in facts.triage.findings]
    named += [suspicion.sources for one in facts.taken for suspicion in one.suspicions]
    named += [each for part in choice.parts for each in parts.get(part, [])]
    return tuple(dict.fromkeys(source for each in named for source in each))


def _sheet(request: PersonalRequest, choice: Choice, facts: Doctor) -> Sheet:
    return sheet(facts, load(), request.local_now.date(), choice.lang, choice.parts)


def span(diary: Diary, zone: str, days: int) -> tuple[dt.date, dt.date]:
    """Return the nights the page looks back on: up to the last that is over."""
    last = night_of(clock.now(), zone, diary.by_day) - dt.timedelta(days=1)
    return last - dt.timedelta(days=days - 1), last


def _choice(request: PersonalRequest) -> Choice:
    """Read the choice from the address; what is not among those offered counts as not chosen."""
    days, lang = request.GET.get("days", ""), request.GET.get("lang", "")
    ticked = tuple(part for part in PARTS if part in request.GET.getlist("part"))
    return Choice(
        int(days) if days in map(str, SPANS) else SPANS[0],
        lang if lang in LANGUAGES else request.lang,
        ticked if "chosen" in request.GET else USUAL_PARTS,
    )


def _lines(typed: Typed, field: str, longest: int) -> tuple[str, ...]:
    """Read a few lines of words; each stands on the page as it was written."""
    lines = tuple(line.strip() for line in typed.fields.get(field, "").splitlines() if line.strip())
    if len(lines) > MOST_LINES:
        typed.problems.append(Problem(field, "report.too_many_lines", {"n": MOST_LINES}))
    if any(len(line) > longest for line in lines):
        typed.problems.append(Problem(field, "report.line_too_long", {"n": longest}))
    return lines


urlpatterns = [
    path("", report, name="report"),
    path("pdf/", as_pdf, name="report_pdf"),
    path("words/", words, name="report_words"),
]
