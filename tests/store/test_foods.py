import datetime as dt

import pytest

from mollet.advice.foods import Amount, TableFood
from mollet.knowledge import load
from mollet.store import foods, models, people, read, write

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
BANANA = TableFood("13005", "Banane, pulpe, crue", "Banana, raw", {"k_mg": Amount(320.0, 320.0)}, "13005")
EGG = TableFood("22010", "Œuf, dur", "", {"k_mg": Amount(0.0, 5.0), "ca_mg": Amount(0.0, None)}, "22010")


@pytest.fixture
def person() -> models.Person:
    return people.add("claire")


def bring(person: models.Person, *table: TableFood, sha256: str = "a" * 64) -> write.Imported:
    return write.record_import(person, "ciqual", sha256=sha256, at=NOW, name="ciqual.xls", foods=table)


def names(person: models.Person, words: str) -> list[str]:
    return [food.name for food in foods.look_up(person, words, load(), "fr").foods]


def test_a_food_comes_back_as_it_was_read(person: models.Person) -> None:
    bring(person, BANANA, EGG)

    assert read.table_foods(person, "oeuf", 5) == [EGG]


def test_a_food_is_found_without_accents_and_in_both_languages(person: models.Person) -> None:
    bring(person, BANANA, EGG)

    assert names(person, "OEUF dur") == names(person, "œuf") == ["Œuf, dur"]
    assert names(person, "banana") == ["Banane, pulpe, crue"]


def test_a_name_that_begins_with_the_word_comes_first(person: models.Person) -> None:
    chayote = TableFood("1", "Chayote ou chouchou", "", BANANA.holds)
    soup = TableFood("2", "Soupe au chou", "", BANANA.holds)
    cabbage = TableFood("3", "Chou vert, bouilli à l'eau et égoutté", "", BANANA.holds)
    bring(person, soup, chayote, cabbage)

    assert names(person, "chou") == [cabbage.name, soup.name, chayote.name]


def test_a_food_that_our_list_knows_has_its_usual_portion(person: models.Person) -> None:
    bring(person, BANANA)

    [food] = foods.look_up(person, "banane", load(), "fr").foods
    assert (food.portion_g, food.portion) == (120, "1 banane")


def test_without_a_table_our_own_list_is_looked_up(person: models.Person) -> None:
    found = foods.look_up(person, "banane", load(), "fr")

    assert (found.table, [food.number for food in found.foods]) == ("", ["banana"])


def test_the_same_table_twice_changes_nothing(person: models.Person) -> None:
    first, second = bring(person, BANANA), bring(person, BANANA)

    assert (second.state, second.id, models.TableFood.objects.count()) == ("known", first.id, 1)


def test_the_newest_table_holds_and_undone_the_one_before_does(person: models.Person) -> None:
    bring(person, BANANA)
    newer = bring(person, EGG, sha256="b" * 64)
    assert names(person, "banane") == []

    write.undo_import(person, newer.id, NOW)

    assert names(person, "banane") == ["Banane, pulpe, crue"]
    assert models.TableFood.objects.count() == 1


def test_a_table_that_was_taken_back_may_come_again(person: models.Person) -> None:
    write.undo_import(person, bring(person, BANANA).id, NOW)

    assert bring(person, BANANA).state == "kept"


def test_nobody_sees_the_table_of_another(person: models.Person) -> None:
    bring(people.add("paul"), EGG)

    assert read.food_table(person) is None


def test_the_table_replaces_the_foods_of_our_list_by_their_number(person: models.Person) -> None:
    bring(person, BANANA, EGG)

    assert set(foods.in_place_of_ours(person, load())) == {"banana", "egg_hard_boiled"}
