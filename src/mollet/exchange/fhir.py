"""The diary for other health software: one FHIR R4 Bundle, whose patient has no name.

``docs/reference/fhir.md`` holds the mapping. Only nights that the morning answer closed are counted: a night nobody
spoke of has no resource, for it is not a zero. Ids follow from the diary, so the same diary gives the same bytes.
"""

import contextlib
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from mollet.advice.plan import Planned
from mollet.advice.plan import plan as make_plan
from mollet.diary.entries import Answer, Entry, Medicine
from mollet.diary.facts import check_answers, resolve
from mollet.diary.fold import MEDICINES, Diary, doses, exposures, medicine_day, medicines
from mollet.diary.fold import answers as fold_answers
from mollet.diary.nights import Episode, Night, window
from mollet.errors import EntryError
from mollet.exchange import fhir_terms as terms
from mollet.exchange.diary_json import Complete
from mollet.exchange.fhir_terms import Json
from mollet.knowledge import Facts, load, names
from mollet.knowledge.model import Question

NAME = "fhir"
_FIRST, _LAST = dt.date(1990, 1, 1), dt.date(2099, 12, 31)
_STATUS = {"stop": "stopped", "change": "completed", "start": "completed"}
_ITEM_TYPES = {"boolean": "boolean", "number": "decimal", "choice": "choice", "list": "open-choice"}


@dataclass(frozen=True, slots=True)
class _Out:
    """A diary on its way out: what ids derive from, the language of words, the span, and whether SNOMED is spoken."""

    diary_id: UUID
    diary: Diary
    lang: str
    since: dt.date
    until: dt.date
    snomed: bool

    def id(self, *words: object) -> str:
        """Return the id of a resource, the same for the same diary."""
        return str(uuid5(self.diary_id, "fhir:" + "/".join(map(str, words))))

    @property
    def patient(self) -> Json:
        """Reference to whom it is about."""
        return {"reference": f"urn:uuid:{self.id('patient')}"}


def write(
    complete: Complete,
    diary: Diary,
    since: dt.date | None = None,
    until: dt.date | None = None,
    *,
    snomed: bool = False,
) -> Iterator[str]:
    """Write the Bundle, one resource on a line; ``snomed`` adds the codes that need a licence in some countries."""
    lang = complete.settings.get("language") or "en"
    out = _Out(complete.diary_id, diary, lang, since or _FIRST, until or _LAST, snomed)
    head = {"resourceType": "Bundle", "id": out.id("bundle"), "type": "collection"}
    yield json.dumps(head)[:-1] + ', "entry": [\n'
    between = ""
    for resource in _resources(out):
        entry = {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
        yield between + json.dumps(entry, ensure_ascii=False, allow_nan=False)
        between = ",\n"
    yield "\n]}\n"


def _resources(out: _Out) -> Iterator[Json]:
    answers = _answers(out.diary)
    yield _patient(out, answers)
    nights = [night for date, night in out.diary.said_nights.items() if out.since <= date <= out.until]
    yield from (_night(out, night) for night in nights if night.state == "closed")
    yield from (_cramp(out, episode) for night in nights for episode in night.episodes)
    if any(night.cramps or night.episodes for night in out.diary.said_nights.values()):
        yield _condition(out, "cramps", terms.concept(*terms.CRAMP_CONDITION, text="Leg cramps at night"))
    yield from _illnesses(out, answers)
    yield from _medicines(out, answers)
    yield from _habits(out)
    yield from _remedies(out)
    yield from _measures(out)
    yield from _questionnaire(out, answers)
    yield from _care_plan(out, answers)


def _patient(out: _Out, answers: dict[str, Entry]) -> Json:
    """Return whom it is about: no name, no date of birth; the sex where it was answered."""
    patient: Json = {"resourceType": "Patient", "id": out.id("patient")}
    sex = _value(answers.get("sex"))
    return patient | ({"gender": sex} if sex in ("female", "male") else {})


def _observation(out: _Out, about: str, code: Json, period: Json) -> Json:
    return {
        "resourceType": "Observation",
        "id": about,
        "status": "final",
        "category": [terms.SURVEY],
        "code": code,
        "subject": out.patient,
        "effectivePeriod": period,
        "performer": [out.patient],
    }


def _night(out: _Out, night: Night) -> Json:
    zone = night.answers[-1].zone
    start, end = window(night.date, zone, out.diary.by_day)
    code = terms.concept(terms.own(terms.NIGHT), *([terms.CRAMP_IN_LOWER_LIMB] if out.snomed else []))
    made = _observation(out, out.id("night", night.date), code, _period(start, end, zone))
    made["identifier"] = [{"system": terms.NIGHT_NAME, "value": night.date.isoformat()}]
    made["issued"] = night.answers[-1].said.isoformat(timespec="milliseconds")
    made["valueQuantity"] = {"value": night.cramps, "unit": "cramps", "system": terms.UCUM, "code": "{#}"}
    parts = []
    if night.awake_minutes is not None:
        parts.append(terms.component(terms.AWAKE, terms.minutes(night.awake_minutes)))
    if night.sleep is not None:
        parts.append(terms.component(terms.SLEEP, {"valueInteger": night.sleep}))
    return made | ({"component": parts} if parts else {})


def _cramp(out: _Out, episode: Episode) -> Json:
    snomed = terms.CRAMP_IN_LOWER_LEG if episode.place == "calf" else terms.CRAMP_IN_LOWER_LIMB
    code = terms.concept(terms.own(terms.CRAMP), *([snomed] if out.snomed else []))
    end = episode.end if episode.end_known else None
    made = _observation(out, out.id("cramp", episode.about), code, _period(episode.at, end, episode.zone))
    where = ", ".join(filter(None, (episode.place, f"{episode.leg} leg" if episode.leg in ("left", "right") else None)))
    if where:
        made["bodySite"] = {"text": where}
    parts = list(_marks(episode))
    return made | ({"component": parts} if parts else {})


def _marks(episode: Episode) -> Iterator[Json]:
    if episode.severity is not None:
        yield terms.component(terms.SEVERITY, {"valueInteger": episode.severity}, terms.SEVERITY_CODE)
    if episode.minutes is not None:
        yield terms.component(terms.DURATION, terms.minutes(round(episode.minutes, 2)))
    for code, said in ((terms.LEG, episode.leg), (terms.PLACE, episode.place)):
        if said:
            yield terms.component(code, _coded(said, said))
    steps = load().relief
    for step in episode.helped:
        yield terms.component(terms.HELPED, _coded(step, steps[step].name.en if step in steps else step))
    if episode.woke is not None:
        yield terms.component(terms.WOKE, {"valueBoolean": episode.woke})


def _coded(code: str, display: str) -> Json:
    return {"valueCodeableConcept": terms.concept(terms.own(code, display))}


def _period(start: dt.datetime, end: dt.datetime | None, zone: str) -> Json:
    """Return a span of local time that also names its zone: an offset alone does not say which night it was."""
    here = ZoneInfo(zone)
    period: Json = {"extension": [{"url": terms.ZONE, "valueCode": zone}], "start": _moment(start, here)}
    return period | ({"end": _moment(end, here)} if end else {})


def _moment(at: dt.datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).replace(microsecond=0).isoformat()


def _condition(out: _Out, about: str, code: Json) -> Json:
    return {
        "resourceType": "Condition",
        "id": out.id("condition", about),
        "clinicalStatus": {"coding": [{"system": terms.CLINICAL, "code": "active"}]},
        "verificationStatus": {"coding": [{"system": terms.VERIFICATION, "code": "unconfirmed"}]},
        "code": code,
        "subject": out.patient,
        "asserter": out.patient,
    }


def _illnesses(out: _Out, answers: dict[str, Entry]) -> Iterator[Json]:
    for name in _listed(answers, "illness"):
        yield _condition(out, f"illness:{name}", {"text": name})


def _medicines(out: _Out, answers: dict[str, Entry]) -> Iterator[Json]:
    """Yield each stretch of a medicine from one change to the next, then what only the list names."""
    steps: dict[str, list[Entry]] = defaultdict(list)
    for thing in out.diary.live:
        if isinstance(thing.held.data, Medicine):
            steps[names.fold(thing.held.data.name)].append(thing.held)
    for said in steps.values():
        yield from _courses(out, sorted(said, key=lambda entry: (medicine_day(entry), entry.said)))
    listed = next((one.id for one in load().questions.values() if one.list_of == "medicine"), MEDICINES)
    for name in _listed(answers, "medicine"):
        if names.fold(name) not in steps:
            made = _statement(out, f"listed:{name}", name, "active")
            yield made | {"dateAsserted": _day(answers[listed]).isoformat()}


def _courses(out: _Out, said: list[Entry]) -> Iterator[Json]:
    dose: str | None = None
    for entry, following in zip(said, [*said[1:], None], strict=True):
        if not isinstance(entry.data, Medicine) or entry.data.change == "stop":
            continue
        dose = entry.data.dose or dose
        ends = following.data if following and isinstance(following.data, Medicine) else None
        made = _statement(out, str(entry.about), entry.data.name, _STATUS[ends.change] if ends else "active")
        made["effectivePeriod"] = {"start": medicine_day(entry).isoformat()}
        if following:
            made["effectivePeriod"]["end"] = medicine_day(following).isoformat()
        yield made | ({"dosage": [{"text": dose}]} if dose else {})


def _statement(out: _Out, about: str, name: str, status: str) -> Json:
    return {
        "resourceType": "MedicationStatement",
        "id": out.id("medicine", about),
        "status": status,
        "medicationCodeableConcept": {"text": name},
        "subject": out.patient,
        "informationSource": out.patient,
    }


def _of_a_day(out: _Out, about: str, code: Json, day: dt.date) -> Json:
    """Return an observation of a day, which the night of the same date follows."""
    made = _observation(out, about, code, {})
    del made["effectivePeriod"]
    return made | {
        "effectiveDateTime": day.isoformat(),
        "identifier": [{"system": terms.NIGHT_NAME, "value": day.isoformat()}],
    }


def _habits(out: _Out) -> Iterator[Json]:
    """Yield what was said of each habit on each day; of a day of which nothing was said there is nothing."""
    known = load().exposures
    for one in exposures(out.diary, out.since, out.until):
        display = known[one.what].name.to(out.lang) if one.what in known else one.what
        code = terms.concept(terms.own(terms.HABIT), terms.own(one.what, display), text=display)
        made = _of_a_day(out, out.id("habit", one.night, one.what), code, one.night)
        if isinstance(one.value, bool):
            yield made | {"valueBoolean": one.value}
        else:
            yield made | {"valueQuantity": {"value": one.value, **({"unit": one.unit} if one.unit else {})}}


def _remedies(out: _Out) -> Iterator[Json]:
    """Yield each time a remedy was done, or knowingly left out."""
    known = load().remedies
    for one in doses(out.diary, out.since, out.until):
        display = known[one.remedy].name.to(out.lang) if one.remedy in known else one.remedy
        made = _of_a_day(out, out.id("remedy", one.about), terms.concept(terms.own(terms.DONE)), one.night)
        parts = [terms.component(terms.REMEDY, _coded(one.remedy, display))]
        if one.amount is not None:
            parts.append(terms.component(terms.AMOUNT, {"valueQuantity": {"value": one.amount}}))
        yield made | {"valueBoolean": one.done, "component": parts}


def _measures(out: _Out) -> Iterator[Json]:
    """Yield what devices and programs counted; a day that a file knew only in part is preliminary."""
    for one in out.diary.measures:
        if not out.since <= one.night <= out.until:
            continue
        code, category = terms.MEASURES.get(one.kind, (None, "activity"))
        codings = [*([code] if code else []), terms.own(terms.MEASURED), terms.own(one.kind, one.kind)]
        made = _of_a_day(out, out.id("measure", one.kind, one.night), terms.concept(*codings), one.night)
        # A device counted it: nobody said it.
        del made["performer"]
        made["category"] = [terms.category(category)]
        made["status"] = "final" if one.coverage >= 1 else "preliminary"
        yield made | {"valueQuantity": terms.quantity(one.kind, one.value)}


def _care_plan(out: _Out, answers: dict[str, Entry]) -> Iterator[Json]:
    """Yield the programme that follows from the answers as they held when the diary was last spoken to."""
    if not answers:
        return
    at = max(entry.said for entry in out.diary.entries)
    made = make_plan(_facts(out.diary, at), load())
    offered = [one for _, section in made.sections for one in section]
    if offered:
        yield {
            "resourceType": "CarePlan",
            "id": out.id("plan"),
            "status": "active",
            "intent": "plan",
            **({"description": made.unless.to(out.lang)} if made.unless else {}),
            "subject": out.patient,
            "created": at.date().isoformat(),
            "author": out.patient,
            "activity": [{"detail": _activity(one, out.lang)} for one in offered],
            "note": [{"text": terms.PLAN_NOTE}],
        }


def _facts(diary: Diary, at: dt.datetime) -> Facts:
    """Return what followed from the answers that held at a moment; one that the catalogue does not allow is none."""
    catalogue = load()
    usable: dict[str, object] = {}
    for key, value in fold_answers(diary, at, {one.id: one.holds for one in catalogue.questions.values()}).items():
        with contextlib.suppress(EntryError):
            usable |= check_answers({key: value}, catalogue)
    return resolve(usable, catalogue, [course.name for course in medicines(diary, at.date())])


def _activity(one: Planned, lang: str) -> Json:
    name = one.variant.name if one.variant and one.variant.name else one.remedy.name
    does = one.variant.does if one.variant else one.remedy.does
    conditions = [text.to(lang) for text in one.judgement.conditions]
    return {
        "code": terms.concept(terms.own(one.remedy.id, name.to(lang))),
        "status": "not-started",
        "description": " ".join([does.to(lang), *conditions]),
    }


def _questionnaire(out: _Out, answers: dict[str, Entry]) -> Iterator[Json]:
    """Yield the questions that were answered, and the answers that hold, those of one day together."""
    questions = [question for question in load().questions.values() if question.id in answers]
    if not questions:
        return
    yield {
        "resourceType": "Questionnaire",
        "id": out.id("questionnaire"),
        "url": terms.QUESTIONNAIRE,
        "status": "active",
        "title": "mollet",
        "item": [_item(question, out.lang) for question in questions],
    }
    days: dict[dt.date, list[Question]] = defaultdict(list)
    for question in questions:
        days[_day(answers[question.id])].append(question)
    for day in sorted(days):
        yield _response(out, day, days[day], answers)


def _item(question: Question, lang: str) -> Json:
    item: Json = {"linkId": question.id, "text": question.asks.to(lang), "type": _ITEM_TYPES[question.type]}
    if question.type == "list":
        item["repeats"] = True
    if question.values:
        item["answerOption"] = [{"valueCoding": terms.own(one.id, one.name.to(lang))} for one in question.values]
    return item


def _response(out: _Out, day: dt.date, questions: list[Question], answers: dict[str, Entry]) -> Json:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": out.id("answers", day),
        "questionnaire": terms.QUESTIONNAIRE,
        "status": "completed",
        "subject": out.patient,
        "authored": max(answers[one.id].at for one in questions).isoformat(timespec="seconds"),
        "source": out.patient,
        "item": [
            {"linkId": one.id, "text": one.asks.to(out.lang), "answer": list(_replies(one, answers[one.id], out.lang))}
            for one in questions
        ],
    }


def _replies(question: Question, entry: Entry, lang: str) -> Iterable[Json]:
    value = _value(entry)
    if isinstance(value, bool):
        return [{"valueBoolean": value}]
    if isinstance(value, float | int):
        return [{"valueDecimal": value}]
    choices = {one.id: one.name.to(lang) for one in question.values}
    if isinstance(value, str):
        return [{"valueCoding": terms.own(value, choices.get(value, value))}]
    named = value if isinstance(value, tuple) else ()
    if not named:
        # An empty list was said too: it means none, and no answer at all would mean not asked.
        return [{"valueCoding": terms.own(terms.NONE)}]
    return [{"valueCoding": terms.own(one, choices[one])} if one in choices else {"valueString": one} for one in named]


def _answers(diary: Diary) -> dict[str, Entry]:
    """Return the last reply to each question of the check-up that says anything, expired or not: each has its day."""
    last: dict[str, Entry] = {}
    for thing in diary.live:
        if isinstance(thing.held.data, Answer):
            last[thing.held.data.question] = thing.held
    known = load().questions
    return {id: entry for id, entry in last.items() if id in known and _value(entry) is not None}


def _listed(answers: dict[str, Entry], kind: str) -> tuple[str, ...]:
    question = next((one.id for one in load().questions.values() if one.list_of == kind), "")
    value = _value(answers.get(question))
    there = value if isinstance(value, tuple) else ()
    return tuple(name for name in there if not names.is_nothing(name, load()))


def _value(entry: Entry | None) -> object:
    return entry.data.value if entry is not None and isinstance(entry.data, Answer) else None


def _day(entry: Entry) -> dt.date:
    return entry.at.astimezone(ZoneInfo(entry.zone)).date()
