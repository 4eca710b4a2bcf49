"""Clinical cases: answers in, urgency and findings out."""

from typing import Any

import pytest
from tests.advice.vignettes import KEYS as ADVICE_KEYS
from tests.advice.vignettes import misses, read

from mollet.advice.triage import Triage, triage
from mollet.diary.facts import resolve
from mollet.knowledge import load

CASES: list[dict[str, Any]] = list(read("case"))
ADVICE: list[dict[str, Any]] = list(read("advice"))
KEYS = {"id", "title", "source", "text", "tier", "findings", "not_findings", "status", "answers", "could_be", "settled"}
every_case = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


def found(case: dict[str, Any]) -> Triage:
    """What triage says of a case."""
    return triage(resolve(case["answers"], load()), load())


@every_case
def test_a_case_has_the_urgency_a_clinician_would_read(case):
    assert found(case).tier == case["tier"]


@every_case
def test_a_case_has_its_findings(case):
    assert set(case["findings"]) <= {one.flag.id for one in found(case).findings}


@every_case
def test_a_case_has_none_of_the_findings_it_nearly_has(case):
    assert not set(case.get("not_findings", ())) & {one.flag.id for one in found(case).findings}


@every_case
def test_a_case_names_sources_that_are_cited(case):
    assert set(case["source"]) <= set(load().sources)


def outcomes():
    """How many cases come out exactly as urgent as they are, more urgent, less urgent; and emergencies missed."""
    ranks = load().tiers
    differences = [ranks[found(case).tier].rank - ranks[case["tier"]].rank for case in CASES]
    missed = [case["id"] for case in CASES if case["tier"] == "emergency" and found(case).tier != "emergency"]
    exact, over = differences.count(0), sum(one > 0 for one in differences)
    print(f"{len(CASES)} cases: {exact} exact, {over} over, {len(CASES) - exact - over} under")  # noqa: T201
    return exact / len(CASES), over / len(CASES), missed


def test_there_are_enough_cases_to_speak_of():
    assert len(CASES) >= 150


def test_no_emergency_among_the_cases_is_missed():
    assert outcomes()[2] == []


def test_few_cases_come_out_more_urgent_than_they_are():
    assert outcomes()[1] <= 0.08


def test_most_cases_come_out_exactly_as_urgent_as_they_are():
    assert outcomes()[0] >= 0.9


def test_each_case_has_its_own_name():
    assert len({case["id"] for case in CASES}) == len(CASES)


def test_cases_say_nothing_that_is_not_tested():
    assert {key for case in CASES for key in case} <= KEYS


def test_every_red_flag_fires_in_some_case():
    fired = {name for case in CASES for name in case["findings"]}

    assert set(load().red_flags) <= fired


def test_a_case_that_says_so_is_settled_as_it_says():
    wrong = [case["id"] for case in CASES if "settled" in case and found(case).settled != case["settled"]]

    assert wrong == []


def test_a_case_that_says_so_stays_open_as_it_says():
    wrong = [case["id"] for case in CASES if "could_be" in case and found(case).could_be != case["could_be"]]

    assert wrong == []


# --- advice: what a person is given and refused ---

every_advice = pytest.mark.parametrize("case", ADVICE, ids=[case["id"] for case in ADVICE])


@every_advice
def test_a_person_is_given_and_refused_what_the_case_says(case):
    assert [str(one) for one in misses(case)] == []


@every_advice
def test_a_case_of_advice_names_sources_that_are_cited(case):
    assert set(case["source"]) <= set(load().sources)


def test_there_are_enough_cases_of_advice_to_speak_of():
    assert len(ADVICE) >= 150


def test_each_case_of_advice_has_its_own_name():
    assert len({case["id"] for case in ADVICE}) == len(ADVICE)


def test_cases_of_advice_say_nothing_that_is_not_tested():
    assert {key for case in ADVICE for key in case} <= ADVICE_KEYS


def test_what_a_case_forbids_but_a_person_is_given_is_dangerous():
    case = {"id": "wrong", "answers": {}, "withheld": ["soap"], "plan_lacks": ["water"]}

    assert [one.dangerous for one in misses(case)] == [True, True]


def test_a_condition_where_a_case_only_forbids_silence_is_no_miss():
    assert misses({"id": "right", "answers": {"medicines": ["levothyroxine"]}, "not_offered": ["magnesium"]}) == []
