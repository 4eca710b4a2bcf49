"""The address a phone speaks to: entries in batches, each with its own result, and what the phone must know."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from ninja import NinjaAPI, Schema, Status
from ninja.errors import HttpError, ValidationError
from ninja.security import APIKeyCookie
from pydantic import Field

from mollet.advice.compiled import asked, named
from mollet.advice.plan import Planned, plan, to_json
from mollet.diary.entries import Night as NightAnswer
from mollet.diary.fold import Diary
from mollet.diary.nights import windows
from mollet.errors import EntryError
from mollet.knowledge import load
from mollet.store import read, write
from mollet.store.models import Person
from mollet.web import answered
from mollet.web.night_pages import is_by_day
from mollet.web.page import PersonalRequest, Request
from mollet.web.views.now import asked_from
from mollet.web.wording import worded
from mollet.words import say

NIGHTS_BACK, NIGHTS_AHEAD = 7, 52
"""How many nights a phone knows besides the one that runs: back for a slow clock, ahead for weeks without the house."""
MOST_ENTRIES = 1000


class Session(APIKeyCookie):
    """The signed cookie of the browser; a change also needs the token against forged requests."""

    param_name = "mollet_session"

    def _get_key(self, request: HttpRequest) -> str | None:
        super()._get_key(request)
        return None

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        """Return the person the middleware found."""
        return cast(Request, request).person


class Batch(Schema):
    """What a phone sends: the diary it believes to speak to, and entries, each read by itself."""

    diary: uuid.UUID
    entries: Annotated[list[Any], Field(max_length=MOST_ENTRIES)]


class OneResult(Schema):
    """What became of one entry."""

    id: uuid.UUID | None
    state: Literal["kept", "known", "refused"]
    reason: str | None = None
    says: str | None = None


class Results(Schema):
    """One result for each entry, in the order of the batch."""

    results: list[OneResult]


class Problem(Schema):
    """Why a request was refused as a whole; nothing of it was taken in, nothing was lost."""

    error: str
    says: str


class SaidCramps(Schema):
    """What a morning answer said."""

    kind: Literal["night"] = "night"
    night: dt.date
    cramps: int


class SaidNight(Schema):
    """A morning answer that holds, with what a later one must name to stand in its place: part of its entry."""

    id: uuid.UUID
    about: uuid.UUID
    replaces: list[uuid.UUID]
    data: SaidCramps


class NightWindow(Schema):
    """A night: its date, when it begins, ends and is asked about, whose sleep it is, and what was answered."""

    date: dt.date
    start: dt.datetime
    end: dt.datetime
    asked: dt.datetime
    by_day: bool
    said: list[SaidNight]


class Hold(Schema):
    """One guided hold of the routine."""

    words: str
    does: str
    seconds: int
    repeats: int
    rest_seconds: int
    each_leg: bool
    drawing: str | None


class RoutinePart(Schema):
    """A part of tonight's routine, with its conditions and its holds."""

    id: str
    name: str
    does: str
    conditions: list[str]
    steps: list[Hold]
    sources: list[str]
    """What it rests on; the last is ``standard`` where the wording is only usual practice."""


class Urgent(Schema):
    """What must be seen to before any routine, and what it rests on."""

    says: str
    sources: list[str]


class Held(Schema):
    """What was answered last to a question of the check-up, and when."""

    question: str
    value: Any
    at: dt.datetime


class Me(Schema):
    """What a phone must know to go on without the house: diary, nights, routine, and what was answered."""

    diary: uuid.UUID
    csrf: str
    zone: str
    lang: str
    nights: list[NightWindow]
    routine: list[RoutinePart]
    first: list[Urgent]
    """What must be seen to before any routine; while it holds the routine is empty."""
    answers: list[Held]
    """Answers that hold, of the questions that a check-up on the phone asks."""


api = NinjaAPI(
    title="mollet",
    version="1",
    auth=Session(),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)


@api.get("/me", response={200: Me, 403: Problem}, summary="Whose diary this is, and its nights")
def me(request: PersonalRequest) -> Me:
    """Return the diary's UUID, the token for changes and the windows of the nights."""
    diary = read.diary(request.person)
    found = plan(answered.facts(request), load())
    planned = to_json(found, request.lang)["tonight"]
    return Me(
        diary=request.person.diary,
        csrf=get_token(request),
        zone=request.person.zone,
        lang=request.lang,
        nights=_nights(request.local_now.date(), request.person.zone, diary),
        routine=[_part(each, one) for each, one in zip(planned, found.tonight, strict=True)],
        first=[Urgent(says=each.says.to(request.lang), sources=named(each).split()) for each in found.first],
        answers=_held(diary),
    )


@api.post(
    "/entries",
    response={200: Results, 400: Problem, 403: Problem, 409: Problem, 413: Problem, 422: Problem},
    summary="Record a batch of entries; a repeat changes nothing",
)
def record(request: PersonalRequest, batch: Batch) -> Results | Status[Problem]:
    """Take each entry by itself: kept, known, or refused and why. Another diary's batch is refused as a whole."""
    if batch.diary != request.person.diary:
        return Status(409, Problem(error="another_diary", says=say("error.web.another_diary", request.lang)))
    results = write.receive(request.person, batch.entries)
    return Results(results=[_result(each, request.lang) for each in results])


@api.exception_handler(EntryError)
def refuse(request: HttpRequest, problem: EntryError) -> HttpResponse:
    """Answer what cannot be read as a batch at all."""
    lang = cast(Request, request).lang
    refusal = {"error": problem.key, "says": worded(problem.key, lang, problem.values)}
    return api.create_response(request, refusal, status=422)


@api.exception_handler(ValidationError)
def refuse_other_shapes(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    """Answer what is JSON and yet no batch."""
    says = say("error.web.not_a_batch", cast(Request, request).lang, most=MOST_ENTRIES)
    return api.create_response(request, {"error": "not_a_batch", "says": says}, status=422)


@api.exception_handler(HttpError)
def refuse_unread(request: HttpRequest, problem: HttpError) -> HttpResponse:
    """Answer what could not be read at all."""
    refusal = {"error": "not_json", "says": say("error.web.not_json", cast(Request, request).lang)}
    return api.create_response(request, refusal, status=problem.status_code)


def _part(written: dict[str, Any], one: Planned) -> RoutinePart:
    """Return a part of tonight's routine with what stands behind it."""
    return RoutinePart.model_validate({**written, "sources": named(one).split()})


def _held(diary: Diary) -> list[Held]:
    """Return the answers that hold now; the phone lets them expire by itself."""
    values = answered.answers(diary, load())
    said = answered.moments(diary)
    return [Held(question=key, value=values[key], at=said[key]) for key in asked(load()) if key in values]


def _nights(today: dt.date, zone: str, diary: Diary) -> list[NightWindow]:
    """Return the windows of the nights around today: a phone works out none of this."""
    last = today + dt.timedelta(days=NIGHTS_AHEAD)
    return [
        NightWindow(
            date=each.date,
            start=each.start,
            end=each.end,
            asked=asked_from(each.date, zone, diary.by_day),
            by_day=is_by_day(each.date, zone, diary.by_day),
            said=_said(diary, each.date),
        )
        for each in windows(last, NIGHTS_BACK + 1 + NIGHTS_AHEAD, zone, diary.by_day)
    ]


def _said(diary: Diary, date: dt.date) -> list[SaidNight]:
    """Return the morning answers of a night that hold; more than one where two devices said different things."""
    night = diary.said_nights.get(date)
    answers = night.answers if night else ()
    return [
        SaidNight(id=each.id, about=each.about, replaces=[], data=SaidCramps(night=date, cramps=each.data.cramps))
        for each in answers
        if isinstance(each.data, NightAnswer)
    ]


def docs(request: Request) -> HttpResponse:
    """Describe the addresses of the interface on a page of our own: the usual page loads scripts from elsewhere."""
    schema = api.get_openapi_schema(path_prefix="/api/")
    return render(request, "api_docs.html", {"schema": schema, "operations": _operations(schema)})


def _operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"method": method.upper(), "path": path, **operation}
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]


def _result(result: write.Result, lang: str) -> OneResult:
    says = worded(result.reason, lang, result.values) if result.reason else None
    return OneResult(id=result.id, state=result.state, reason=result.reason, says=says)
