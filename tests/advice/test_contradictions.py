"""Answers that do not go together: said which, resolved by nobody, and no danger cleared by them."""

import pytest
from hypothesis import given, settings
from tests.advice.answers import answers, ordinary

from mollet.advice.triage import triage
from mollet.diary.facts import resolve
from mollet.knowledge import load

PAIRS = [
    ("male_and_maternity", {"sex": "male", "pregnant": True}, ("sex", "pregnant")),
    ("male_and_maternity", {"sex": "male", "recently_gave_birth": True}, ("sex", "recently_gave_birth")),
    ("age_and_maternity", {"age_years": 8, "pregnant": True}, ("age_years", "pregnant")),
    ("age_and_maternity", {"age_years": 71, "recently_gave_birth": True}, ("age_years", "recently_gave_birth")),
    ("pregnant_and_gave_birth", {"pregnant": True, "recently_gave_birth": True}, ("pregnant", "recently_gave_birth")),
    ("weeks_and_not_pregnant", {"pregnant": False, "pregnancy_weeks": 30}, ("pregnant", "pregnancy_weeks")),
    ("weeks_and_not_pregnant", {"sex": "male", "pregnancy_weeks": 30}, ("sex", "pregnancy_weeks")),
    ("child_and_age", {"age_years": 40, "answering_for": "child"}, ("answering_for", "age_years")),
    ("older_than_the_person", {"age_years": 4, "symptom_days": 4000}, ("age_years", "symptom_days")),
    ("older_than_the_person", {"age_years": 55, "symptom_days": 365 * 62}, ("age_years", "symptom_days")),
    ("lump_that_grows", {"lump": False, "lump_growing": True}, ("lump", "lump_growing")),
    ("wound_that_is_dirty", {"wound_recent": False, "wound_dirty": True}, ("wound_recent", "wound_dirty")),
]
DANGERS = [
    ("leg_clot_maternity", {"calf_swollen_one_leg": True}),
    ("pre_eclampsia", {"severe_headache": True, "pregnancy_weeks": 30}),
    ("eclampsia", {"seizure": True, "pregnancy_weeks": 30}),
]


def found(said):
    return triage(resolve(said, load()), load())


def named(said):
    return {one.id for one in found(said).contradictions}


@pytest.mark.parametrize(("name", "said", "keys"), PAIRS)
def test_two_answers_that_contradict_each_other_are_said_to(name, said, keys):
    told = {one.id: one for one in found(said).contradictions}

    assert set(told[name].keys) == set(keys)


@pytest.mark.parametrize(("name", "said", "keys"), PAIRS)
def test_one_of_two_answers_contradicts_nothing(name, said, keys):
    assert [key for key in said if name in named({key: said[key]})] == []


@pytest.mark.parametrize("name", load().contradictions)
def test_every_contradiction_is_shown_by_some_pair(name):
    assert name in {one for one, _, _ in PAIRS}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"sex": "female", "pregnant": True, "pregnancy_weeks": 30},
        {"age_years": 59, "pregnant": True},
        {"age_years": 10, "pregnant": True},
        {"age_years": 17, "answering_for": "child"},
        {"age_years": 9.9, "symptom_days": 3600},
        {"age_years": 55, "symptom_days": 365 * 54},
        {"sex": "male", "pregnancy_weeks": 0},
    ],
)
def test_answers_that_go_together_are_left_alone(said):
    assert named(ordinary(**said)) == set()


@pytest.mark.parametrize(("flag", "sign"), DANGERS)
@pytest.mark.parametrize("more", [{"sex": "male"}, {"age_years": 70}, {"sex": "male", "age_years": 8}])
@pytest.mark.parametrize("maternity", ["pregnant", "recently_gave_birth"])
def test_the_dangers_of_pregnancy_are_found_whatever_sex_and_age_are_given(flag, sign, more, maternity):
    assert flag in {one.flag.id for one in found({**more, **sign, maternity: True}).findings}


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("lump_growing", {"lump": False, "lump_growing": True}),
        ("tetanus_risk", {"wound_recent": False, "wound_dirty": True}),
        ("child_today", {"age_years": 40, "answering_for": "child", "fever": True, "limp": True}),
    ],
)
def test_a_danger_is_found_although_another_answer_denies_it(flag, said):
    assert flag in {one.flag.id for one in found(said).findings}


@settings(max_examples=200)
@given(said=answers())
def test_only_answers_that_were_given_are_said_to_contradict_each_other(said):
    assert {key for one in found(said).contradictions for key in one.keys} <= said.keys()
