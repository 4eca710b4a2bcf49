"""Answers become facts; what was not said stays not known."""

import pytest

from mollet.diary.facts import check_answers, question_of, resolve
from mollet.errors import EntryError
from mollet.knowledge import load


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        (["calf_warm"], "error.answers.not_an_object"),
        ({"calf_worm": True}, "error.answers.unknown_key_near"),
        ({"zzzzzz": True}, "error.answers.unknown_key"),
        ({"calf_warm": 1}, "error.answers.not_boolean"),
        ({"calf_warm": "yes"}, "error.answers.not_boolean"),
        ({"age_years": True}, "error.answers.not_number"),
        ({"age_years": "67"}, "error.answers.not_number"),
        ({"age_years": float("nan")}, "error.answers.not_number"),
        ({"age_years": -1}, "error.answers.too_low"),
        ({"age_years": 400}, "error.answers.too_high"),
        ({"site": "elbow"}, "error.answers.not_choice"),
        ({"site": ["calf"]}, "error.answers.not_choice"),
        ({"medicines": "ramipril"}, "error.answers.not_list"),
        ({"medicines": [3]}, "error.answers.not_name"),
        ({"medicines": [" "]}, "error.answers.not_name"),
        ({"asks_about": ["dancing"]}, "error.answers.not_choice"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused(answers, key):
    with pytest.raises(EntryError) as refused:
        check_answers(answers, load())

    assert refused.value.key == key


def test_an_unknown_key_is_named_with_the_nearest():
    with pytest.raises(EntryError) as refused:
        check_answers({"calf_worm": True}, load())

    assert refused.value.values == {"question": "calf_worm", "near": "calf_warm"}


def test_half_a_year_of_age_is_an_age():
    assert resolve({"age_years": 0.5}, load()).values["age_years"] == 0.5


def test_null_is_not_known():
    assert "calf_warm" not in resolve({"calf_warm": None}, load()).values


def test_a_missing_answer_is_not_a_no():
    assert resolve({}, load()).values == {}


def test_an_empty_list_means_none():
    assert resolve({"medicines": []}, load()).values["medicine:statin"] is False


def test_a_missing_list_is_not_known():
    assert "medicine:statin" not in resolve({"conditions": []}, load()).values


def test_a_class_that_was_not_named_is_a_no_when_all_names_were_understood():
    assert resolve({"medicines": ["ramipril"]}, load()).values["medicine:statin"] is False


def test_one_name_not_recognised_leaves_the_other_classes_not_known():
    facts = resolve({"medicines": ["ramipril", "xyzabc"]}, load())

    assert "medicine:statin" not in facts.values


def test_one_name_not_recognised_leaves_the_class_that_was_found():
    facts = resolve({"medicines": ["ramipril", "xyzabc"]}, load())

    assert facts.values["medicine:ace_inhibitor"] is True


def test_a_name_not_recognised_comes_back_as_it_was_written():
    assert resolve({"medicines": ["ramipril", "XyzAbc"]}, load()).not_recognised == ("XyzAbc",)


def test_a_medicine_not_recognised_leaves_illnesses_as_they_were():
    facts = resolve({"medicines": ["xyzabc"], "conditions": []}, load())

    assert facts.values["illness:kidney_disease"] is False


def test_a_name_in_the_wrong_list_still_counts():
    facts = resolve({"medicines": ["magnesium"], "supplements": []}, load())

    assert facts.values["supplement:magnesium"] is True


def test_a_class_brings_what_it_implies():
    assert resolve({"medicines": ["furosemide"]}, load()).values["medicine:diuretic"] is True


def test_a_wide_name_leaves_the_narrower_class_not_known():
    assert "medicine:potassium_sparing_diuretic" not in resolve({"medicines": ["water tablets"]}, load()).values


def test_a_narrower_class_named_too_is_a_yes():
    facts = resolve({"medicines": ["water tablets", "spironolactone"]}, load())

    assert facts.values["medicine:potassium_sparing_diuretic"] is True


def test_saying_none_in_a_list_is_an_empty_list():
    assert resolve({"medicines": ["aucun"]}, load()) == resolve({"medicines": []}, load())


def test_an_illness_gives_the_answer_it_contains():
    facts = resolve({"conditions": ["breast cancer"]}, load())

    assert (facts.values["cancer"], facts.origin["cancer"]) == (True, "conditions")


def test_the_persons_own_answer_is_not_changed_by_an_illness():
    assert resolve({"conditions": ["breast cancer"], "cancer": False}, load()).values["cancer"] is False


def test_a_no_to_the_foot_denies_its_three_signs():
    values = resolve({"foot_pale_cold_or_numb": False}, load()).values

    assert (values["skin_pale_or_blue"], values["foot_cold"], values["numbness"]) == (False, False, False)


def test_a_yes_to_the_foot_does_not_say_which_sign():
    assert "numbness" not in resolve({"foot_pale_cold_or_numb": True}, load()).values


def test_what_is_asked_about_is_a_fact():
    values = resolve({"asks_about": ["tiptoe"]}, load()).values

    assert (values["asks:tiptoe"], values["asks:soap"]) == (True, False)


@pytest.mark.parametrize(
    ("fact", "question"),
    [
        ("medicine:statin", "medicines"),
        ("illness:diabetes", "conditions"),
        ("supplement:magnesium", "supplements"),
        ("asks:soap", "asks_about"),
        ("calf_warm", "calf_warm"),
    ],
)
def test_a_fact_leads_back_to_its_question(fact, question):
    assert question_of(fact, load()) == question
