"""The papers of one person: what was answered up to now, and drawings that are complete in themselves."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from mollet.diary import fold
from mollet.diary.facts import resolve
from mollet.diary.fold import Diary
from mollet.knowledge import Facts, load
from mollet.report.card import Card, card
from mollet.report.doctor import OWN_NAME, own_words
from mollet.report.fridge import Fridge, fridge
from mollet.report.paper import Whose
from mollet.report.pdf import pdf
from mollet.store import read
from mollet.store.models import Person
from mollet.web import answered, clock
from mollet.web.page import PersonalRequest
from mollet.web.templatetags.drawings import VIEW_BOX, drawn, shapes
from mollet.words import LANGUAGES

_STYLE = (
    ".ground{stroke:#777}.help{stroke-width:4}.feel{stroke-width:5;stroke-dasharray:1 8}.skin{fill:#fff}"
    ".bare{fill:#fff;stroke:none}.flesh{stroke:#fff}.limb,.flesh{fill:none}"
)


Made = Card | Fridge
MAKERS: dict[str, Callable[[Whose], Made]] = {"card": card, "fridge": fridge}
"""Each paper by its word, which names its page, its template and its file."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a paper was asked for: its language, and whether the name stands on it."""

    lang: str
    name: bool

    @property
    def query(self) -> str:
        """The same choice as an address."""
        return urlencode({"lang": self.lang, **({"name": "1"} if self.name else {})})


def addresses(word: str) -> list[URLPattern]:
    """Return the two addresses of a paper: its page, and the file to print."""

    def page(request: PersonalRequest) -> HttpResponse:
        chosen = _choice(request)
        return render(request, f"{word}.html", {word: _asked(word, request, chosen), **_offered(request, chosen)})

    def file(request: PersonalRequest) -> HttpResponse:
        chosen = _choice(request)
        response = HttpResponse(pdf(_asked(word, request, chosen)), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="mollet-{word}-{chosen.lang}.pdf"'
        return response

    return [path("", page, name=word), path("pdf/", file, name=f"{word}_pdf")]


def made(word: str, person: Person, now: dt.datetime, lang: str, *, with_name: bool) -> Made:
    """Make a paper of a person, from what they answered and what has not expired."""
    diary = read.diary(person)
    today = now.astimezone(ZoneInfo(person.zone)).date()
    name = name_of(diary) if with_name else ""
    return MAKERS[word](Whose(_facts(diary, now, today), load(), person.country, drawings(), today, lang, name))


def _asked(word: str, request: PersonalRequest, chosen: Choice) -> Made:
    return made(word, request.person, clock.now(), chosen.lang, with_name=chosen.name)


def _choice(request: PersonalRequest) -> Choice:
    """Read the choice from the address; without one it is the language of the page and no name."""
    lang = request.GET.get("lang", "")
    return Choice(lang if lang in LANGUAGES else request.lang, request.GET.get("name") == "1")


def _offered(request: PersonalRequest, chosen: Choice) -> dict[str, object]:
    """Return what the form above a paper offers."""
    return {"choice": chosen, "languages": LANGUAGES, "own_name": name_of(read.diary(request.person))}


def name_of(diary: Diary) -> str:
    """Return the name that the person wrote for their papers; nothing where there is none."""
    return " ".join(own_words(diary)[OWN_NAME])


def _facts(diary: Diary, now: dt.datetime, today: dt.date) -> Facts:
    taken = [course.name for course in fold.medicines(diary, today)]
    return resolve(answered.answers(diary, load(), now), load(), taken)


@cache
def drawings() -> dict[str, str]:
    """Return every drawing by its name, as SVG that prints by itself."""
    return {name: _complete(name) for name in drawn()}


def _complete(name: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW_BOX}" fill="none" stroke="#000" stroke-width="3" '
        f'stroke-linecap="round" stroke-linejoin="round"><style>{_STYLE}</style>{shapes(name)}</svg>'
    )
