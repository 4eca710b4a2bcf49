"""What named products bring in a day is added up: what was written counts before the label."""

import pytest

from mollet.knowledge import load
from mollet.knowledge.amounts import amounts


def magnesium(*named):
    return amounts(named, load())["taken:magnesium_mg"]


@pytest.mark.parametrize(
    ("name", "mg"),
    [
        ("Magné B6", 288),
        ("Magné B6 6 tablets/day", 288),
        ("Magné B6 2 cp/j", 96),
        ("Magné B6 2 x 3", 288),
        ("Magné B6, 2 comprimés matin et soir", 192),
        ("Berocca", 100),
        ("magnesium 300 mg", 300),
        ("magnésium 100 mg 2 fois par jour", 200),
    ],
)
def test_a_product_brings_what_is_written_beside_it_or_on_its_label(name, mg):
    assert (magnesium(name).mg, magnesium(name).is_whole) == (mg, True)


def test_two_products_are_added_up():
    assert magnesium("Berocca", "Magné B6 4 tablets a day").mg == 292


def test_the_same_product_named_twice_counts_once():
    assert magnesium("Berocca", "Berocca").mg == 100


@pytest.mark.parametrize("name", ["magnesium citrate 400 mg", "mag 2"])
def test_the_amount_of_a_salt_or_of_a_product_without_figures_is_not_known(name):
    assert not magnesium(name).is_whole


def test_vitamin_b6_is_added_up_too():
    assert amounts(("Berocca", "Magné B6 2 tablets a day"), load())["taken:b6_mg"].mg == 20


def test_what_no_product_brings_is_not_there():
    assert amounts(("vitamin C",), load()) == {}
