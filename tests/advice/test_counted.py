"""The labelled doses of all products together count against the limits of magnesium and of vitamin B6."""

import pytest
from tests.advice.answers import ordinary

from mollet.advice.counted import counted
from mollet.advice.plan import plan
from mollet.advice.triage import triage
from mollet.diary.facts import resolve
from mollet.knowledge import load


def facts(**said):
    return resolve(ordinary(**said), load())


def avoided(**said):
    return {one.id: one for one in triage(facts(**said), load()).avoid}


def test_six_tablets_of_magnesium_b6_are_above_both_limits():
    said = counted(facts(supplements=["Magné B6 6 tablets/day"]), load())

    assert [(one.id, one.mg, one.is_over) for one in said] == [("magnesium_total", 288, True), ("b6_total", 30, True)]


def test_two_products_that_are_each_below_the_limit_may_be_above_it_together():
    assert "magnesium_total" in avoided(supplements=["magnesium 200 mg", "Berocca"])


def test_a_sum_above_the_limit_is_said_with_its_figures_in_both_languages():
    said = avoided(supplements=["magnesium 200 mg", "Berocca"])["magnesium_total"].says

    assert all("300 mg" in text and "250 mg" in text for text in (said.en, said.fr))


def test_a_sum_below_the_limit_says_how_much_is_left():
    (one,) = counted(facts(supplements=["magnesium 100 mg"]), load())

    assert "150 mg" in one.says.en


def test_a_product_named_among_the_medicines_counts():
    assert "b6_total" in avoided(medicines=["Magné B6"])


def test_no_more_magnesium_is_offered_to_whoever_reaches_the_limit():
    assert "magnesium" in avoided(supplements=["magnesium 200 mg", "magnésium marin 100 mg"], asks_about=["magnesium"])


@pytest.mark.parametrize("supplements", [[], ["vitamin C"], ["magnesium citrate 400 mg"]])
def test_nothing_is_said_where_nothing_can_be_added_up(supplements):
    assert counted(facts(supplements=supplements), load()) == ()


def test_the_plan_says_the_sum():
    assert [one.id for one in plan(facts(supplements=["Magné B6"]), load()).counted] == ["magnesium_total", "b6_total"]


def test_the_sum_has_its_sources():
    assert all(one.sources for one in counted(facts(supplements=["Magné B6"]), load()))
