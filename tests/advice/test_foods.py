import pytest

from mollet.advice.foods import Amount, TableFood, figure, foods, guarded, matched, of_our_list
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


def of_table(name="Banane, pulpe, crue", **holds):
    return TableFood("13005", name, "", {kind: Amount(value, value) for kind, value in holds.items()}, "13005")


def test_the_figure_of_a_table_takes_the_place_of_ours():
    remedy, facts = load().remedies["potassium_foods"], resolve({}, load())

    found = foods(remedy, facts, load(), "FR", {"banana": of_table(k_mg=320.0)})

    [banana] = [one for one in found.portions if one.food.id == "banana"]
    assert (banana.mg, banana.is_from_table) == (320.0 * banana.food.portion_g / 100, True)


def test_what_the_table_does_not_know_stays_as_we_know_it():
    remedy, facts = load().remedies["potassium_foods"], resolve({}, load())

    found = foods(remedy, facts, load(), "FR", {"banana": of_table(ca_mg=5.0)})

    [banana] = [one for one in found.portions if one.food.id == "banana"]
    assert (banana.mg, found.n_from_table) == (load().foods["banana"].k_mg * banana.food.portion_g / 100, 0)


def test_a_number_that_is_another_foods_in_this_table_replaces_nothing():
    assert matched({"banana": of_table("Poisson pané")}, load()) == {}


def test_no_number_of_a_table_stands_for_two_foods():
    for name in ("ciqual", "ndb"):
        held = [getattr(food, name) for food in load().foods.values() if getattr(food, name)]
        assert len(held) == len(set(held))


def test_who_has_kidney_disease_is_told_not_to_seek_potassium():
    against = guarded(resolve({"conditions": ["chronic kidney disease"]}, load()), load())

    assert "potassium" in {one.nutrient for one in against if one.judgement.state == "withheld"}


def test_who_may_eat_everything_is_told_nothing():
    clear = resolve({"conditions": [], "medicines": [], "supplements": [], "pregnant": False}, load())

    assert guarded(clear, load()) == ()


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        (None, "not known"),
        (Amount(0.0, None), "traces"),
        (Amount(0.0, 0.3), "less than 0.6\u00a0mg"),
        (Amount(12.4, 12.4), "25\u00a0mg"),
        (Amount(0.0, 0.0), "0\u00a0mg"),
    ],
)
def test_a_figure_says_what_is_known(amount, says):
    assert figure(amount, "k_mg", 200.0, "en") == says


@pytest.mark.parametrize("words", ["banane", "banana", "bananne", "BANANE"])
def test_a_food_is_found_in_either_language_and_with_a_slip(words):
    assert [one.number for one in of_our_list(words, load(), "fr", 20)] == ["banana"]


def test_a_food_that_nobody_knows_is_not_found():
    assert of_our_list("zzzzz", load(), "fr", 20) == []


def test_a_food_found_in_the_other_language_is_named_in_the_own():
    assert of_our_list("spinach", load(), "fr", 20)[0].named("fr").startswith("épinard")
