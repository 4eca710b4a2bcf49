import datetime as dt
import json
import shutil
import subprocess
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from tests.people import claire

from mollet.advice.plan import plan as plan_of
from mollet.diary import fold
from mollet.diary.entries import Answer, Dose, Exposure, Medicine
from mollet.diary.fold import Diary
from mollet.diary.measures import Measure
from mollet.errors import FileError
from mollet.exchange import archive, fhir, fhir_read
from mollet.exchange.diary_json import Complete
from mollet.exchange.incoming import Destination
from mollet.knowledge import load
from mollet.report.example import example_entries
from mollet.words.say import keys

ROOT = Path(__file__).parents[2]
VALIDATOR = ROOT / "node_modules" / "fhir"
ONE, OTHER = UUID(int=1), UUID(int=2)
YEAR = tuple(example_entries(3, dt.date(2026, 11, 22)))
NIGHT = dt.date(2026, 11, 10)
SINCE, UNTIL = dt.date(2025, 11, 1), dt.date(2026, 11, 22)


def bundle(*entries, **options):
    complete = Complete(ONE, entries, (), {"language": "en", "name": "Claire"})
    return "".join(fhir.write(complete, Diary(entries), **options))


ANSWERS = (
    claire.answers_night("2026-11-10", 2),
    claire.cramps_at("2026-11-11 03:00", severity=7, leg="left", place="calf", helped=("foot_up",), woke=True),
    claire.says(Answer("medicines", ("furosemide",)), "2026-11-12 09:00"),
    claire.says(Answer("sex", "female"), "2026-11-12 09:00"),
    claire.says(Answer("age_years", 67.0), "2026-11-12 09:00"),
)
WHOLE = bundle(*ANSWERS)


def resources(text, kind):
    return [one["resource"] for one in json.loads(text)["entry"] if one["resource"]["resourceType"] == kind]


def codes(resource):
    return [one["code"] for one in resource["code"]["coding"]]


def came_back(text, tmp_path, to=None):
    file = tmp_path / "bundle.json"
    file.write_text(text, encoding="utf-8")
    return fhir_read.read(archive.parts(file)[0], to or Destination(OTHER, Diary(())))


def nights_of(entries):
    said = fold.nights(Diary(tuple(entries)), SINCE, UNTIL)
    episodes = [
        [(e.at.replace(microsecond=0), e.minutes, e.severity, e.leg, e.helped) for e in n.episodes] for n in said
    ]
    return [(n.date, n.cramps, n.awake_minutes, n.sleep, e) for n, e in zip(said, episodes, strict=True)]


def test_a_closed_night_is_counted_from_noon_to_noon():
    [night] = resources(bundle(claire.answers_night("2026-11-10", 2)), "Observation")

    assert (night["valueQuantity"]["value"], night["effectivePeriod"]["start"]) == (2, "2026-11-10T12:00:00+01:00")


def test_a_confirmed_none_is_a_zero():
    [night] = resources(bundle(claire.answers_night("2026-11-10", 0)), "Observation")

    assert night["valueQuantity"]["value"] == 0


def test_a_night_nobody_confirmed_is_not_counted():
    made = resources(bundle(claire.cramps_at("2026-11-12 03:00")), "Observation")

    assert [codes(one) for one in made] == [["cramp"]]


def test_the_patient_has_no_name():
    [patient] = resources(bundle(claire.answers_night("2026-11-10", 2)), "Patient")

    assert set(patient) == {"resourceType", "id"}


def test_a_name_stands_nowhere():
    assert "Claire" not in bundle(*YEAR)


def test_severity_stands_under_the_code_others_know():
    [cramp] = resources(bundle(claire.cramps_at("2026-11-12 03:00", severity=7)), "Observation")

    assert (cramp["component"][0]["code"]["coding"][0]["code"], cramp["component"][0]["valueInteger"]) == ("72514-3", 7)


def test_an_end_nobody_knows_is_not_made_up():
    [cramp] = resources(bundle(claire.cramps_at("2026-11-12 03:00")), "Observation")

    assert "end" not in cramp["effectivePeriod"]


@pytest.mark.parametrize(("snomed", "found"), [(True, True), (False, False)])
def test_snomed_codes_are_written_only_when_asked_for(snomed, found):
    assert ("http://snomed.info/sct" in bundle(claire.cramps_at("2026-11-12 03:00"), snomed=snomed)) is found


def test_an_illness_is_reported_and_not_confirmed():
    made = resources(bundle(claire.says(Answer("conditions", ("goutte",)), "2026-11-12 09:00")), "Condition")

    assert [(one["code"]["text"], one["verificationStatus"]["coding"][0]["code"]) for one in made] == [
        ("goutte", "unconfirmed")
    ]


def test_a_medicine_lasts_from_its_start_to_its_stop():
    days = {"start": dt.date(2026, 3, 1), "stop": dt.date(2026, 5, 2)}
    said = [claire.says(Medicine(how, "furosemide", None, day), f"{day} 09:00") for how, day in days.items()]

    [statement] = resources(bundle(*said), "MedicationStatement")

    assert (statement["status"], statement["effectivePeriod"]) == (
        "stopped",
        {"start": "2026-03-01", "end": "2026-05-02"},
    )


def test_none_is_an_answer():
    [response] = resources(bundle(claire.says(Answer("medicines", ()), "2026-11-12 09:00")), "QuestionnaireResponse")

    assert response["item"][0]["answer"][0]["valueCoding"]["code"] == "none"


def test_a_note_never_leaves():
    assert "Dr Martin" not in bundle(*YEAR)


def test_the_same_diary_gives_the_same_bytes():
    assert bundle(*YEAR) == bundle(*reversed(YEAR))


def test_a_span_leaves_the_other_nights_out():
    nights = [claire.answers_night(f"2026-11-{day}", 1) for day in (10, 11, 12)]

    assert len(resources(bundle(*nights, since=dt.date(2026, 11, 12)), "Observation")) == 1


def test_our_own_bundle_comes_back_as_the_same_nights(tmp_path):
    assert nights_of(came_back(bundle(*YEAR), tmp_path).entries) == nights_of(YEAR)


def test_answers_come_back(tmp_path):
    asked = {question.id: question.holds for question in fhir.load().questions.values()}
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)

    brought = fold.answers(Diary(came_back(bundle(*YEAR), tmp_path).entries), now, asked)

    assert brought["medicines"] == ("amlodipine", "hydrochlorothiazide")


def test_a_bundle_brought_in_again_is_known(tmp_path):
    once = came_back(bundle(*YEAR), tmp_path).entries

    assert came_back(bundle(*YEAR), tmp_path, Destination(OTHER, Diary(once))).entries == ()


def test_a_bundle_of_the_same_diary_brings_nothing_new(tmp_path):
    assert came_back(bundle(*YEAR), tmp_path, Destination(ONE, Diary(YEAR))).entries == ()


def test_a_night_that_is_told_otherwise_stays_as_it_is(tmp_path):
    there = Diary((claire.answers_night("2026-11-10", 1),))

    incoming = came_back(bundle(claire.answers_night("2026-11-10", 2)), tmp_path, Destination(OTHER, there))

    assert (incoming.entries, incoming.differing) == ((), (dt.date(2026, 11, 10),))


def test_what_other_software_wrote_is_counted_and_left_aside(tmp_path):
    other = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Encounter"}}]}

    assert came_back(json.dumps(other), tmp_path).ignored == {"Encounter": 1}


def test_a_broken_resource_blocks_no_other(tmp_path):
    whole = json.loads(bundle(*(claire.answers_night(f"2026-11-{day}", 1) for day in (10, 11))))
    whole["entry"][1]["resource"]["valueQuantity"] = {"value": -3}

    incoming = came_back(json.dumps(whole), tmp_path)

    assert (len(incoming.problems), len(incoming.entries)) == (1, 1)


def test_a_question_nobody_knows_blocks_no_other_answer(tmp_path):
    said = [claire.says(Answer(question, False), "2026-11-12 09:00") for question in ("chest_pain", "breathless")]
    whole = json.loads(bundle(*said).replace('"linkId": "chest_pain"', '"linkId": "from_the_future"'))

    incoming = came_back(json.dumps(whole), tmp_path)

    assert ([one.data.question for one in incoming.entries], len(incoming.problems)) == (["breathless"], 1)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_broken_in_a_bundle_never_ends_in_a_crash(tmp_path, seed):
    rng = Random(seed)
    told = set()
    for _ in range(80):
        whole = json.loads(WHOLE)
        for _ in range(rng.randint(1, 4)):
            spoil(whole["entry"], rng)
        told |= {problem.key for problem in came_back(json.dumps(whole), tmp_path).problems}

    assert told <= keys("fr")


def spoil(node, rng):
    """Put something unexpected somewhere inside a document."""
    while True:
        key = rng.choice(sorted(node) if isinstance(node, dict) else range(len(node)))
        if not (isinstance(node[key], dict | list) and node[key] and rng.random() < 0.85):
            node[key] = rng.choice([None, True, -1, 1e300, "x", "2026-13-45", [], {}, [None], {"value": "x"}])
            return
        node = node[key]


@pytest.mark.parametrize("text", ['{"resourceType": "Patient"}', '{"resourceType": "Bundle"}', "[]", '{"a": NaN}', "{"])
def test_what_is_no_bundle_is_refused_in_words(text, tmp_path):
    with pytest.raises(FileError):
        came_back(text, tmp_path)


@pytest.mark.skipif(not shutil.which("node") or not VALIDATOR.exists(), reason="needs node and npm ci")
@pytest.mark.parametrize("snomed", [True, False])
def test_the_bundle_is_valid_fhir_r4(snomed, tmp_path):
    kinds = ("steps", "weight_kg", "water_ml", "sleep_min", "stand_hours")
    measures = tuple(Measure("watch:a", kind, NIGHT, 10.0, 0.5, ONE) for kind in kinds)
    complete = Complete(ONE, YEAR, (), {"language": "fr"})
    made = json.loads("".join(fhir.write(complete, Diary(YEAR, measures), snomed=snomed)))
    # A few of every shape are enough: the validator takes its time over a year.
    shapes = {}
    for one in made["entry"]:
        shapes.setdefault(shape(one["resource"]), []).append(one)
    made["entry"] = [one for some in shapes.values() for one in some[:5]]

    assert {kind for kind, _ in shapes} >= {"CarePlan", "MedicationStatement", "Questionnaire", "Condition"}

    assert errors(made, tmp_path) == []


@pytest.mark.skipif(not shutil.which("node") or not VALIDATOR.exists(), reason="needs node and npm ci")
def test_the_validator_would_say_so(tmp_path):
    made = json.loads(bundle(claire.answers_night("2026-11-10", 2)))
    made["entry"][1]["resource"]["status"] = "finalised"

    assert errors(made, tmp_path) != []


def shape(resource):
    coded = resource["resourceType"] == "Observation"
    return resource["resourceType"], tuple(codes(resource)) if coded else ""


def errors(made, tmp_path):
    """What the validator of the npm package holds against a Bundle."""
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(made), encoding="utf-8")
    script = (
        "const {Fhir} = require(process.argv[1]);"
        "const made = JSON.parse(require('fs').readFileSync(process.argv[2]));"
        "const told = new Fhir().validate(made, {errorOnUnexpected: true}).messages;"
        "console.log(JSON.stringify(told.filter(one => ['error', 'fatal'].includes(one.severity))));"
    )
    done = subprocess.run(["node", "-e", script, VALIDATOR, file], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


DAY = (
    claire.says(Exposure("water_ml", 1400.0, "ml", NIGHT), "2026-11-10 20:00"),
    claire.says(Exposure("unusual_effort", False, None, NIGHT), "2026-11-10 20:01"),
    claire.says(Dose("calf_hamstring_stretch", None, True, NIGHT), "2026-11-10 21:00"),
    claire.says(Dose("magnesium", 300.0, False, NIGHT), "2026-11-10 21:01"),
)


def of_code(text, code):
    return [one for one in resources(text, "Observation") if code in codes(one)]


def measured(*measures):
    complete = Complete(ONE, DAY, (), {"language": "en"})
    return "".join(fhir.write(complete, Diary(DAY, measures)))


def test_a_habit_said_of_a_day_is_an_observation_of_that_day():
    [water] = of_code(bundle(*DAY), "water_ml")

    assert (water["effectiveDateTime"], water["valueQuantity"]) == ("2026-11-10", {"value": 1400.0, "unit": "ml"})


def test_a_remedy_left_out_is_told_as_not_done():
    found = {
        fhir_read._own_code(one["component"][0]["valueCodeableConcept"]): one["valueBoolean"]
        for one in of_code(bundle(*DAY), "remedy-done")
    }

    assert found == {"calf_hamstring_stretch": True, "magnesium": False}


@pytest.mark.parametrize(
    ("kind", "code", "quantity"),
    [
        ("steps", "55423-8", {"value": 4200.0, "unit": "steps", "code": "{#}"}),
        ("weight_kg", "29463-7", {"value": 61.5, "unit": "kg", "code": "kg"}),
        ("water_ml", "water_ml", {"value": 1000.0, "unit": "mL", "code": "mL"}),
    ],
)
def test_what_a_device_counted_stands_under_the_code_others_know(kind, code, quantity):
    value = quantity["value"]

    [found] = of_code(measured(Measure("watch:a", kind, NIGHT, value, 1.0, ONE)), "measured")

    assert codes(found)[0] == code or code in codes(found)
    assert {name: found["valueQuantity"][name] for name in quantity} == quantity


def test_a_day_that_a_file_knew_in_part_is_preliminary_and_nobody_said_it():
    [found] = of_code(measured(Measure("watch:a", "steps", NIGHT, 10.0, 0.5, ONE)), "measured")

    assert (found["status"], "performer" in found) == ("preliminary", False)


def test_the_plan_offers_what_the_gate_offers_with_its_conditions():
    [plan] = resources(WHOLE, "CarePlan")

    offered = {one["detail"]["code"]["coding"][0]["code"] for one in plan["activity"]}
    facts = fhir._facts(Diary(ANSWERS), max(entry.said for entry in ANSWERS))
    assert offered == {one.remedy.id for _, some in plan_of(facts, load()).sections for one in some}


def test_without_answers_there_is_no_plan():
    assert resources(bundle(*DAY), "CarePlan") == []


def test_habits_and_remedies_come_back(tmp_path):
    incoming = came_back(bundle(*DAY), tmp_path)

    assert {entry.data for entry in incoming.entries} == {entry.data for entry in DAY}


def test_habits_and_remedies_that_are_there_are_known(tmp_path):
    incoming = came_back(bundle(*DAY), tmp_path, Destination(OTHER, Diary(DAY)))

    assert (incoming.entries, incoming.same) == ((), len(DAY))


def test_a_habit_that_is_told_otherwise_stays_as_it_is(tmp_path):
    other = claire.says(Exposure("water_ml", 900.0, "ml", NIGHT), "2026-11-10 20:00")

    incoming = came_back(bundle(DAY[0]), tmp_path, Destination(OTHER, Diary((other,))))

    assert (incoming.entries, incoming.differing) == ((), (NIGHT,))


COURSE = (
    claire.says(Medicine("start", "amlodipine", "5 mg", dt.date(2026, 1, 2)), "2026-01-02 12:00"),
    claire.says(Medicine("change", "amlodipine", "10 mg", dt.date(2026, 3, 4)), "2026-03-04 12:00"),
    claire.says(Medicine("stop", "amlodipine", None, dt.date(2026, 5, 6)), "2026-05-06 12:00"),
    claire.says(Medicine("start", "amlodipine", "2.5 mg", dt.date(2026, 7, 8)), "2026-07-08 12:00"),
    claire.says(Medicine("start", "furosemide", None, dt.date(2026, 7, 8)), "2026-07-08 12:01"),
)


def test_medicines_come_back_as_they_were_started_changed_and_stopped(tmp_path):
    assert {entry.data for entry in came_back(bundle(*COURSE), tmp_path).entries} == {entry.data for entry in COURSE}


def test_medicines_that_are_there_are_known(tmp_path):
    incoming = came_back(bundle(*COURSE), tmp_path, Destination(OTHER, Diary(COURSE)))

    assert (incoming.entries, incoming.same) == ((), len(COURSE))
