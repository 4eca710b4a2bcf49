"""Medicines that the diary says are taken, and names that are not of the kind that was asked."""

from mollet.diary.facts import resolve
from mollet.knowledge import load


def test_a_medicine_that_was_started_is_a_yes_without_a_list():
    facts = resolve({}, load(), taken=["Furosémide 40 mg"])

    assert facts.values["medicine:loop_diuretic"] is True


def test_a_medicine_that_was_started_says_nothing_of_the_others():
    facts = resolve({}, load(), taken=["furosemide"])

    assert "medicine:statin" not in facts.values


def test_an_illness_named_as_a_medicine_leaves_every_medicine_not_known():
    facts = resolve({"medicines": ["migraine tablets"]}, load())

    assert facts.not_recognised == ("migraine tablets",)
    assert "medicine:statin" not in facts.values


def test_a_supplement_named_among_the_medicines_answers_the_question():
    facts = resolve({"medicines": ["vitamin D"]}, load())

    assert facts.not_recognised == ()
    assert facts.values["medicine:statin"] is False
