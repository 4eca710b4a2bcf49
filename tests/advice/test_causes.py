"""Causes: applies, does not, not known."""

import pytest
from hypothesis import given
from tests.advice.answers import answers, ordinary

from mollet.advice.causes import causes, to_json
from mollet.diary.facts import resolve
from mollet.knowledge import load


def found(said):
    return causes(resolve(said, load()), load())


def ids(found_causes):
    return {one.cause.id for one in found_causes}


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ({"age_years": 70}, "age"),
        ({"pregnant": True, "pregnancy_weeks": 30}, "pregnancy"),
        ({"medicines": ["furosemide"]}, "diuretics"),
        ({"medicines": ["simvastatine"]}, "statins"),
        ({"conditions": ["type 2 diabetes"]}, "diabetes"),
        ({"long_standing": True}, "long_standing"),
        ({"unsuitable_shoes": True}, "shoes"),
    ],
)
def test_a_cause_applies(said, cause):
    assert cause in ids(found(said).applies)


def test_a_cause_that_is_denied_does_not_apply():
    assert "diabetes" in ids(found(ordinary()).does_not_apply)


def test_a_cause_of_which_nothing_was_said_is_not_known():
    assert "diabetes" in ids(found({}).not_known)


def test_a_cause_that_is_not_known_says_what_is_missing():
    diabetes = next(one for one in found({}).not_known if one.cause.id == "diabetes")

    assert "conditions" in diabetes.unknown


@given(answers())
def test_every_cause_is_in_one_list(said):
    got = found(said)

    listed = [one.cause.id for one in (*got.applies, *got.does_not_apply, *got.not_known)]

    assert sorted(listed) == sorted(load().causes)


@pytest.mark.parametrize("cause", sorted(load().causes))
def test_a_cause_is_not_known_until_something_is_said(cause):
    assert cause in ids(found({}).not_known)


def test_what_is_said_of_a_cause_names_its_sources():
    told = to_json(found({"age_years": 70}), "fr")

    assert all(one["sources"] or one["status"] == "standard" for one in told["applies"])
