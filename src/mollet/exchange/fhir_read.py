"""Our own FHIR Bundle back in: what was said of nights and days; anything else is counted and left aside.

Nights are held against the diary as rows of a table are; a cramp is known again by its onset, an answer by its
question, day and value. So the same Bundle twice changes nothing.
"""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid5
from zoneinfo import ZoneInfo, available_timezones

from mollet.diary.entries import FIRST_DAY, LAST_DAY, VERSION, Answer, Entry, Kept, Medicine, read_entries
from mollet.diary.facts import check_answers
from mollet.diary.fold import cramps, doses, exposures, medicine_day
from mollet.diary.nights import Episode, night_of
from mollet.errors import EntryError, FileError
from mollet.exchange import archive, diary_csv
from mollet.exchange import fhir_terms as terms
from mollet.exchange.comparison import Comparison
from mollet.exchange.fhir_terms import Json
from mollet.exchange.incoming import Destination, Found, Incoming
from mollet.knowledge import load, names

NAME = "fhir"
LARGEST = 256 << 20
MOST_TOLD = 20
_UNUSABLE = (AttributeError, EntryError, IndexError, KeyError, OverflowError, StopIteration, TypeError, ValueError)
_MARKS = ("end", "end_known", "leg", "place", "severity", "helped", "woke")


@dataclass(frozen=True, slots=True, order=True)
class _Stretch:
    """A medicine from one day to another, as one resource tells it."""

    name: str
    first: dt.date
    last: dt.date | None
    status: str
    dose: str | None


@dataclass(slots=True)
class _Gathered:
    """What was found so far, resource by resource."""

    to: Destination
    comparison: Comparison
    onsets: Mapping[dt.datetime, Episode]
    answered: frozenset[tuple[object, ...]]
    of_a_day: Mapping[tuple[object, ...], object]
    medicines: frozenset[tuple[object, ...]]
    statements: list[_Stretch] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    days: dict[str, list[dt.date]] = field(default_factory=lambda: defaultdict(list))
    differing: set[dt.date] = field(default_factory=set)
    same: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    problems: list[FileError] = field(default_factory=list)


def sniff(head: bytes) -> bool:
    """Tell whether a document is a FHIR Bundle."""
    begin = head[:1024]
    return b'"resourceType"' in begin and b'"Bundle"' in begin


def read(part: archive.Part, to: Destination) -> Incoming:
    """Read a Bundle for a diary; nothing is kept yet.

    Raises
    ------
    FileError
        It is no usable JSON, or no Bundle.
    """
    bundle = _bundle(archive.whole(part, LARGEST), part.path.name)
    found = _gathered(to)
    for place, item in enumerate(bundle, 1):
        try:
            _take(item["resource"], found)
        except _UNUSABLE as error:
            found.problems.append(FileError("error.file.fhir_resource", place=place, why=type(error).__name__))
    _take_medicines(found)
    told = found.problems
    if len(told) > MOST_TOLD:
        told = [*told[:MOST_TOLD], FileError("error.file.json_more", n=len(told) - MOST_TOLD)]
    return Incoming(
        format=NAME,
        sha256=archive.sha256(part),
        entries=tuple(found.entries),
        found=tuple(_found(found.days)),
        ignored=dict(found.ignored),
        problems=tuple(told),
        differing=tuple(sorted(found.differing)),
        same=found.same,
    )


def _gathered(to: Destination) -> _Gathered:
    comparison = Comparison(to, diary_csv.values_by_night(to.diary), frozenset(), frozenset(), {})
    onsets = {episode.at.replace(microsecond=0): episode for episode in cramps(to.diary)}
    answers = (thing.held for thing in to.diary.live if isinstance(thing.held.data, Answer))
    of_a_day: dict[tuple[object, ...], object] = {}
    of_a_day |= {("exposure", one.night, one.what): one.value for one in exposures(to.diary, FIRST_DAY, LAST_DAY)}
    of_a_day |= {("dose", one.night, one.remedy): one.done for one in doses(to.diary, FIRST_DAY, LAST_DAY)}
    answered = frozenset(_answer_key(entry) for entry in answers)
    medicines = frozenset(_medicine_key(thing.held) for thing in to.diary.live)
    return _Gathered(to, comparison, onsets, answered, of_a_day, medicines)


def _bundle(content: bytes, name: str) -> list[Any]:
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise FileError("error.file.json_damaged", line=error.lineno, column=error.colno) from error
    except (RecursionError, ValueError) as error:
        raise FileError("error.file.json_not_usable", name=name) from error
    entries = document.get("entry") if isinstance(document, dict) and document.get("resourceType") == "Bundle" else None
    if not isinstance(entries, list):
        raise FileError("error.file.fhir_no_bundle")
    return entries


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _take(resource: Json, found: _Gathered) -> None:
    kind = str(resource["resourceType"])
    code = _own_code(resource.get("code")) if kind == "Observation" else None
    if code == terms.NIGHT:
        _take_night(resource, found)
    elif code == terms.CRAMP:
        _take_cramp(resource, found)
    elif code == terms.HABIT:
        _take_habit(resource, found)
    elif code == terms.DONE:
        _take_remedy(resource, found)
    elif kind == "MedicationStatement" and "effectivePeriod" in resource:
        found.statements.append(_stretch(resource))
    elif kind == "QuestionnaireResponse" and resource.get("questionnaire") == terms.QUESTIONNAIRE:
        _take_answers(resource, found)
    else:
        found.ignored[kind[:40]] += 1


def _take_night(resource: Json, found: _Gathered) -> None:
    night = dt.date.fromisoformat(_identified(resource))
    parts = _components(resource)
    values = {"cramps": _number(resource["valueQuantity"]["value"])}
    if terms.AWAKE in parts:
        values["awake_min"] = _number(parts[terms.AWAKE][0]["valueQuantity"]["value"])
    if terms.SLEEP in parts:
        values["sleep"] = _number(parts[terms.SLEEP][0]["valueInteger"])
    for column, value in values.items():
        whole, least, most = diary_csv.LIMITS[column]
        if not least <= value <= most or (whole and value != int(value)):
            raise ValueError(column)
    compared = found.comparison.of(night, values)
    found.days["cramps"].append(night)
    found.entries += compared.entries
    if compared.differs:
        found.differing.add(night)
    elif not compared.entries:
        found.same += 1


def _identified(resource: Json) -> str:
    return next(str(one["value"]) for one in resource["identifier"] if one["system"] == terms.NIGHT_NAME)


def _take_cramp(resource: Json, found: _Gathered) -> None:
    period = resource["effectivePeriod"]
    zone = _zone(period) or found.to.diary.zone
    data = {"kind": "cramp", **_episode(period, _components(resource))}
    raw = _said(found, f"cramp:{resource['id']}", period["start"], zone, data)
    [entry] = _through_the_door([raw])
    night = night_of(entry.at, zone, found.to.diary.by_day)
    found.days["cramp"].append(night)
    there = found.onsets.get(entry.at)
    if there is None:
        found.entries.append(entry)
    elif all(getattr(there, name) == getattr(entry.data, name) for name in _MARKS if name != "end"):
        found.same += 1
    else:
        found.differing.add(night)


def _episode(period: Json, parts: Mapping[str, list[Json]]) -> Json:
    """Return what was marked of a cramp; its end is known where the period has one."""
    marks: Json = {}
    if "end" in period:
        marks |= {"end": period["end"], "end_known": True}
    if terms.SEVERITY in parts:
        marks["severity"] = parts[terms.SEVERITY][0]["valueInteger"]
    if terms.WOKE in parts:
        marks["woke"] = parts[terms.WOKE][0]["valueBoolean"]
    for name in (terms.LEG, terms.PLACE):
        if name in parts:
            marks[name] = _own_code(parts[name][0]["valueCodeableConcept"])
    if terms.HELPED in parts:
        marks["helped"] = [_own_code(one["valueCodeableConcept"]) for one in parts[terms.HELPED]]
    return marks


def _take_habit(resource: Json, found: _Gathered) -> None:
    """Take what was said of a habit, unless the diary says anything of it on that day."""
    codes = [str(one["code"]) for one in resource["code"]["coding"] if one.get("system") == terms.OWN]
    what = next(code for code in codes if code != terms.HABIT)
    value = resource["valueBoolean"] if "valueBoolean" in resource else _number(resource["valueQuantity"]["value"])
    unit = resource.get("valueQuantity", {}).get("unit")
    night = dt.date.fromisoformat(_identified(resource))
    data = {"kind": "exposure", "what": what, "value": value, "unit": unit, "night": night}
    _take_of_a_day(data, "exposure", (night, what), value, found)


def _take_remedy(resource: Json, found: _Gathered) -> None:
    """Take that a remedy was done or left out, unless the diary says so or otherwise of that day."""
    parts = _components(resource)
    remedy = _own_code(parts[terms.REMEDY][0]["valueCodeableConcept"])
    amount = parts[terms.AMOUNT][0]["valueQuantity"]["value"] if terms.AMOUNT in parts else None
    night, done = dt.date.fromisoformat(_identified(resource)), resource["valueBoolean"]
    data = {"kind": "dose", "remedy": remedy, "amount": amount, "done": done, "night": night}
    _take_of_a_day(data, "dose", (night, remedy), done, found)


def _stretch(resource: Json) -> _Stretch:
    period = resource["effectivePeriod"]
    last = dt.date.fromisoformat(period["end"]) if "end" in period else None
    dose = next((str(one["text"]) for one in resource.get("dosage", ())), None)
    name = str(resource["medicationCodeableConcept"]["text"])
    return _Stretch(name, dt.date.fromisoformat(period["start"]), last, str(resource["status"]), dose)


def _take_medicines(found: _Gathered) -> None:
    """Say again what was started, changed and stopped: a stretch that follows another at once is a change."""
    before: dict[str, _Stretch] = {}
    for one in sorted(found.statements, key=lambda one: (names.fold(one.name), one.first)):
        last = before.get(names.fold(one.name))
        is_change = last is not None and last.last == one.first and last.status == "completed"
        _take_medicine("change" if is_change else "start", one, one.first, found)
        if one.last and one.status == "stopped":
            _take_medicine("stop", one, one.last, found)
        before[names.fold(one.name)] = one


def _take_medicine(change: str, one: _Stretch, on: dt.date, found: _Gathered) -> None:
    zone = found.to.diary.zone
    dose = None if change == "stop" else one.dose
    data = {"kind": "medicine", "change": change, "name": one.name, "dose": dose, "on": on.isoformat()}
    noon = dt.datetime.combine(on, dt.time(12), ZoneInfo(zone)).isoformat()
    try:
        [entry] = _through_the_door([_said(found, f"medicine:{change}:{one.name}:{on}", noon, zone, data)])
    except _UNUSABLE as error:
        found.problems.append(FileError("error.file.fhir_answer", question=one.name[:40], why=type(error).__name__))
        return
    found.days["medicine"].append(on)
    if _medicine_key(entry) in found.medicines:
        found.same += 1
    else:
        found.entries.append(entry)


def _medicine_key(entry: Entry) -> tuple[object, ...]:
    data = entry.data
    return (data.change, names.fold(data.name), medicine_day(entry)) if isinstance(data, Medicine) else ()


def _take_of_a_day(data: Json, kind: str, key: tuple[object, ...], value: object, found: _Gathered) -> None:
    night = data["night"]
    evening = dt.datetime.combine(night, dt.time(20), ZoneInfo(found.to.diary.zone)).isoformat()
    raw = _said(found, f"{kind}:{'/'.join(map(str, key))}:{value!r}", evening, found.to.diary.zone, data)
    [entry] = _through_the_door([raw | {"data": data | {"night": night.isoformat()}}])
    found.days[kind].append(night)
    there = found.of_a_day.get((kind, *key))
    if there is None:
        found.entries.append(entry)
    elif there == value:
        found.same += 1
    else:
        found.differing.add(night)


def _take_answers(resource: Json, found: _Gathered) -> None:
    zone = found.to.diary.zone
    authored = dt.datetime.fromisoformat(resource["authored"])
    day = authored.astimezone(ZoneInfo(zone)).date()
    for item in resource["item"]:
        try:
            _take_answer(item, day, resource["authored"], found)
        except _UNUSABLE as error:
            what = str(item.get("linkId", "?"))[:40] if isinstance(item, dict) else "?"
            found.problems.append(FileError("error.file.fhir_answer", question=what, why=type(error).__name__))


def _take_answer(item: Json, day: dt.date, authored: str, found: _Gathered) -> None:
    question = str(item["linkId"])
    value = _value(item["answer"], load().questions[question].type)
    check_answers({question: value}, load())
    data = {"kind": "answer", "question": question, "value": value}
    raw = _said(found, f"answer:{question}:{day}:{value!r}", authored, found.to.diary.zone, data)
    [entry] = _through_the_door([raw])
    found.days["answer"].append(day)
    if _answer_key(entry) in found.answered:
        found.same += 1
    else:
        found.entries.append(entry)


def _answer_key(entry: Entry) -> tuple[object, ...]:
    day = entry.at.astimezone(ZoneInfo(entry.zone)).date()
    return (entry.data.question, day, entry.data.value) if isinstance(entry.data, Answer) else ()


def _value(answers: list[Json], kind: str) -> object:
    said = [_reply(one) for one in answers]
    if kind != "list":
        return said[0]
    return [] if said == [terms.NONE] else said


def _reply(answer: Json) -> object:
    if "valueCoding" in answer:
        return str(answer["valueCoding"]["code"])
    return next(answer[key] for key in ("valueBoolean", "valueDecimal", "valueInteger", "valueString") if key in answer)


def _said(found: _Gathered, word: str, at: str, zone: str, data: Json) -> Json:
    identity = uuid5(found.to.diary_id, f"fhir:{word}")
    return {
        "v": VERSION,
        "id": identity,
        "about": identity,
        "replaces": [],
        "at": at,
        "zone": zone,
        "said": data.get("end", at),
        "data": data,
    }


def _through_the_door(raw: Iterable[Json]) -> list[Entry]:
    read = read_entries(list(raw))
    if not all(isinstance(one, Kept) for one in read):
        raise ValueError
    return [one.entry for one in read if isinstance(one, Kept)]


def _zone(period: Json) -> str | None:
    named = (str(one["valueCode"]) for one in period.get("extension", []) if one.get("url") == terms.ZONE)
    zone = next(named, None)
    return zone if zone in available_timezones() else None


def _components(resource: Json) -> dict[str, list[Json]]:
    parts: dict[str, list[Json]] = defaultdict(list)
    for one in resource.get("component", []):
        code = _own_code(one["code"])
        if code:
            parts[code].append(one)
    return parts


def _own_code(concept: Json | None) -> str | None:
    codings = concept.get("coding", []) if concept else []
    return next((str(one["code"]) for one in codings if one.get("system") == terms.OWN), None)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)


def _found(days: Mapping[str, list[dt.date]]) -> Iterator[Found]:
    for kind, dates in days.items():
        yield Found(kind, len(dates), len(set(dates)), min(dates), max(dates))
