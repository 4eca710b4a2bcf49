"""The plan: one a person may follow, with what was left out and why."""

import pytest
from hypothesis import given
from tests.advice.answers import answers, ordinary

from mollet.advice.plan import plan, to_json
from mollet.diary.facts import resolve
from mollet.knowledge import load
from mollet.words import LANGUAGES


def found(said):
    return plan(resolve(said, load()), load())


def planned(got):
    return {one.remedy.id for _, section in got.sections for one in section}


def test_tonight_holds_the_stretch_with_the_dose_of_the_trial():
    stretch = next(one for one in found(ordinary()).tonight if one.remedy.id == "calf_hamstring_stretch")

    assert {(step.seconds, step.repeats) for step in stretch.steps} == {(10, 3)}


def test_the_plan_is_reviewed_after_the_weeks_it_is_tried():
    assert found(ordinary()).review_weeks == 6


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ({"medicines": ["spironolactone"]}, "potassium_foods"),
        ({"conditions": ["dialysis"]}, "potassium_foods"),
        ({"conditions": ["heart failure"]}, "water"),
    ],
)
def test_what_is_forbidden_is_left_out(said, remedy):
    got = found(ordinary(**said))

    assert remedy not in planned(got)
    assert remedy in {one.remedy.id for one in got.left_out}


def test_what_is_left_out_says_why():
    got = found(ordinary(medicines=["spironolactone"]))

    assert all(one.why or one.because for one in got.left_out)


def test_what_is_left_out_names_the_answer_it_rests_on():
    left = {one.remedy.id: one.because for one in found(ordinary(medicines=["spironolactone"])).left_out}

    assert left["potassium_foods"] == ("medicines",)


def test_something_urgent_comes_before_any_plan():
    got = found({"calf_swollen_one_leg": True, "calf_warm": True, "calf_tender": True})

    assert planned(got) == set()
    assert got.first != ()


def test_nothing_is_first_when_nothing_is_urgent():
    assert found(ordinary()).first == ()


def test_tiptoe_is_among_what_is_not_advised():
    assert "tiptoe" in {one.item.id for one in found(ordinary()).not_advised}


def test_medicines_for_severe_cases_stand_only_with_a_doctor():
    got = found(ordinary())

    assert "muscle_relaxant" in {one.item.id for one in got.with_doctor}
    assert "muscle_relaxant" not in planned(got)


def with_doctor(said):
    return {one.item.id for one in found(said).with_doctor}


def left_out(said):
    return {one.remedy.id: one for one in found(said).left_out}


def test_someone_who_takes_nothing_is_not_told_to_have_medicines_reviewed():
    assert "medicine_review" in left_out(ordinary())


def test_a_review_of_medicines_is_planned_on_condition_while_none_is_known():
    review = next(one for _, part in found({}).sections for one in part if one.remedy.id == "medicine_review")

    assert [text.en for text in review.judgement.conditions] == [
        "Only if you take a medicine that goes together with cramps, or began one lately."
    ]


@pytest.mark.parametrize("said", [{}, ordinary()])
def test_stopping_alcohol_is_no_matter_for_who_does_not_drink_heavily(said):
    assert "alcohol_stop" not in with_doctor(said)


def test_stopping_alcohol_is_a_matter_for_the_doctor_of_who_drinks_heavily():
    assert "alcohol_stop" in with_doctor(ordinary(alcohol_heavy=True))


@pytest.mark.parametrize(
    ("remedy", "said"),
    [
        ("quinine", {"reaction_to_quinine": True}),
        ("quinine", {"conditions": ["long QT syndrome"]}),
        ("quinine", {"pregnant": True}),
        ("potassium_tablets", {"conditions": ["dialysis"]}),
        ("potassium_tablets", {"medicines": ["ramipril"]}),
        ("diltiazem", {"medicines": ["bisoprolol"]}),
        ("muscle_relaxant", {"pregnant": True}),
        ("vitamin_b_complex", {"medicines": ["levodopa"]}),
        ("calcium_tablets", {"medicines": ["digoxin"]}),
        ("naftidrofuryl", {"conditions": ["chronic kidney disease"]}),
    ],
)
def test_what_the_answers_rule_out_is_not_left_to_the_doctor_either(remedy, said):
    assert remedy not in with_doctor(ordinary(**said))
    assert left_out(ordinary(**said))[remedy].why


def test_bleeding_on_quinine_leaves_only_what_is_urgent():
    got = found({"medicines": ["quinine"], "unexplained_bleeding": True})

    assert got.with_doctor == ()
    assert "quinine" in {one.remedy.id for one in got.left_out}


@given(answers())
def test_what_is_left_to_the_doctor_is_never_ruled_out_by_an_answer(said):
    facts = resolve(said, load())
    wrong = [
        one.item.id
        for one in plan(facts, load()).with_doctor
        if any(each.outcome == "never" and each.when.value(facts.values) for each in one.item.contraindications)
    ]

    assert wrong == []


def test_what_makes_it_persist_is_named_by_the_knowledge():
    assert {flag.id for flag in load().red_flags.values() if flag.in_plan} == {"persists"}


def test_the_condition_on_the_danger_signs_stands_once_in_the_plan():
    told = to_json(found({}), "en")

    assert told["unless"]
    assert told["unless"] not in [text for one in told["tonight"] for text in one["conditions"]]


def test_every_class_of_medicines_counts_as_a_medicine():
    from mollet.knowledge.rules import leaves

    named = {leaf.name for leaf, _ in leaves(load().derived["takes_a_medicine"].when)}

    assert named == {f"medicine:{one}" for one in load().medicines}


def test_what_suits_some_people_says_whom():
    assert [one.id for one in load().remedies.values() if one.suits and not one.suits_says] == []


def test_when_to_see_a_doctor_is_always_said():
    assert len(found({}).see_doctor) >= 2


@given(answers())
def test_nothing_planned_is_forbidden(said):
    facts = resolve(said, load())
    got = plan(facts, load())
    wrong = [
        one.remedy.id
        for _, section in got.sections
        for one in section
        for contra in one.remedy.contraindications
        if contra.outcome != "adapt" and contra.when.value(facts.values)
    ]

    assert wrong == []


@given(answers())
def test_every_offer_is_planned_asked_first_or_left_out(said):
    got = found(said)
    offers = {remedy.id for remedy in load().remedies.values() if remedy.stance == "offer"}
    seen = planned(got) | {one.remedy.id for one in (*got.ask_first, *got.left_out)}

    assert offers <= seen or got.first


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_planned_remedy_says_how_sure_and_who_says_so(lang):
    told = to_json(found(ordinary()), lang)

    assert all(one["certainty"] and (one["sources"] or one["status"] == "standard") for one in told["tonight"])


def test_who_is_pregnant_is_not_told_to_drink_less_alcohol_but_none():
    assert "no alcohol at all" in left_out(ordinary(age_years=31, pregnant=True))["less_alcohol"].why[0].en


@pytest.mark.parametrize("illness", ["cirrhosis", "fatty liver"])
def test_who_has_a_liver_disease_is_sent_to_the_liver_team_about_alcohol(illness):
    assert "liver" in left_out(ordinary(conditions=[illness]))["less_alcohol"].why[0].en


def test_beside_what_is_to_be_seen_today_no_ordinary_appointment_is_spoken_of():
    made = found(ordinary(calf_swollen_one_leg=True))

    assert made.tier == "same_day"
    assert [text for text in made.see_doctor if "ordinary appointment" in text.en] == []


def test_beside_an_emergency_nothing_is_said_of_when_to_see_a_doctor():
    assert found(ordinary(chest_pain=True)).see_doctor == ()


def test_what_was_denied_is_not_listed_where_it_is_more_than_a_reader_can_hold():
    got = left_out(ordinary(medicines=["warfarin"]))["medicine_review"]

    assert len(got.signs) <= 4
    assert got.why


def test_a_child_reads_how_much_a_child_needs_to_drink():
    everything = [one for _, part in found(ordinary(age_years=8)).sections for one in part]
    water = next(one for one in everything if one.remedy.id == "water")

    assert any("1.6 litres" in text.en for text in water.judgement.conditions)
