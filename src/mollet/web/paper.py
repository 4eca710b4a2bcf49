"""The papers of one person: what was answered up to now, and drawings that are complete in themselves."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from mollet.diary import fold
from mollet.diary.facts import resolve
from mollet.diary.fold import Diary
from mollet.knowledge import Facts, load
from mollet.report.card import Card, card
from mollet.report.doctor import OWN_NAME, own_words
from mollet.report.fridge import Fridge, fridge
from mollet.store import read
from mollet.store.models import Person
from mollet.web import answered
from mollet.web.page import PersonalRequest
from mollet.web.templatetags.drawings import VIEW_BOX, drawn, shapes
from mollet.words import LANGUAGES

_STYLE = (
    ".ground{stroke:#777}.help{stroke-width:4}.feel{stroke-width:5;stroke-dasharray:1 8}.skin{fill:#fff}"
    ".bare{fill:#fff;stroke:none}.flesh{stroke:#fff}.limb,.flesh{fill:none}"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """How a paper was asked for: its language, and whether the name stands on it."""

    lang: str
    name: bool

    @property
    def query(self) -> str:
        """The same choice as an address."""
        return urlencode({"lang": self.lang, **({"name": "1"} if self.name else {})})


def choice(request: PersonalRequest) -> Choice:
    """Read the choice from the address; without one it is the language of the page and no name."""
    lang = request.GET.get("lang", "")
    return Choice(lang if lang in LANGUAGES else request.lang, request.GET.get("name") == "1")


def offered(request: PersonalRequest, chosen: Choice) -> dict[str, object]:
    """Return what the form above a paper offers."""
    return {"choice": chosen, "languages": LANGUAGES, "own_name": name_of(read.diary(request.person))}


def handed_over(made: bytes, name: str) -> HttpResponse:
    """Answer with a file to keep or to print."""
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def card_of(person: Person, now: dt.datetime, lang: str, *, with_name: bool) -> Card:
    """Make the bedside card of a person, from what they answered and what has not expired."""
    diary = read.diary(person)
    today = now.astimezone(ZoneInfo(person.zone)).date()
    name = name_of(diary) if with_name else ""
    return card(_facts(diary, now, today), load(), person.country, drawings(), today, lang, name)


def fridge_of(person: Person, now: dt.datetime, lang: str, *, with_name: bool) -> Fridge:
    """Make the fridge sheet of a person, from what they answered and what has not expired."""
    diary = read.diary(person)
    today = now.astimezone(ZoneInfo(person.zone)).date()
    name = name_of(diary) if with_name else ""
    return fridge(_facts(diary, now, today), load(), person.country, drawings(), today, lang, name)


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
