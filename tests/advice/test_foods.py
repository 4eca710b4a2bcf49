from mollet.advice.foods import foods
from mollet.diary.facts import resolve
from mollet.knowledge import load


def table(remedy="magnesium_foods", country="FR", **answers):
    return foods(load().remedies[remedy], resolve(answers, load()), load(), country)


def test_a_portion_brings_its_share_of_a_hundred_grams():
    almonds = load().foods["almonds"]
    [portion] = [one for one in table().portions if one.food.id == "almonds"]

    assert portion.mg == almonds.mg_mg * almonds.portion_g / 100


def test_the_richest_food_stands_first():
    found = [one.mg for one in table().portions]

    assert found == sorted(found, reverse=True)


def test_the_intake_is_that_of_the_person():
    found = table(age_years=67, sex="female")

    assert found.least_mg == found.most_mg


def test_without_a_sex_the_intake_has_two_bounds():
    found = table(age_years=67)

    assert found.least_mg < found.most_mg


def test_the_share_is_of_the_larger_bound():
    found = table()

    assert [one.share for one in found.portions] == [round(100 * one.mg / found.most_mg) for one in found.portions]


def test_a_child_has_no_reference_of_adults():
    found = table(age_years=9, sex="female")

    assert (found.most_mg, {one.share for one in found.portions}) == (None, {None})


def test_across_the_ocean_another_body_sets_the_intake():
    assert (table(country="FR").body, table(country="US").body) == ("EFSA", "NASEM")


def test_a_remedy_without_foods_has_no_table():
    assert table("walking") is None
