import pytest
from tests.exchange import food_files
from tests.web.test_data import bring_in, upload, words

from mollet.store import models


@pytest.fixture(autouse=True)
def morning(at, person, data_folder):
    at("2026-11-22T09:00:00+01:00")
    data_folder.mkdir(parents=True, exist_ok=True)


def test_a_food_of_our_list_is_looked_up(house):
    assert "Potassium 358 mg 430 mg" in words(house.get("/plan/foods/?q=banana"))


def test_a_preview_of_a_table_says_how_many_foods_it_holds(house):
    page = words(house.get(upload(house, food_files.xls(), "ciqual.xls")["Location"]))

    assert "2 foods of a public table" in page
    assert models.TableFood.objects.count() == 0


def test_the_receipt_leads_to_the_foods(house):
    page = bring_in(house, food_files.xlsx(), "ciqual.xlsx")

    assert "2 foods kept" in words(page)
    assert 'href="/plan/foods/"' in page.content.decode()


def test_a_table_that_was_loaded_is_looked_up_with_what_it_does_not_know(house):
    bring_in(house, food_files.csv(), "ciqual.csv")

    page = words(house.get("/plan/foods/?q=the"))
    assert "Calcium traces" in page
    assert "Magnesium not known" in page


def test_what_the_gate_holds_back_is_said_before_the_figures(house):
    page = words(house.get("/plan/foods/?q=banana"))

    assert page.index("Not for eating more of it") < page.index("430")


def test_a_food_that_nobody_knows_says_so(house):
    assert "No food with “xyzzy” in its name" in words(house.get("/plan/foods/?q=xyzzy"))


def test_the_plan_says_which_figures_are_of_the_table(house):
    cheese = ["fromages", "12001", "Camembert, sans précision", "280", "53", "456", "18", "100", "600", "0"]

    bring_in(house, food_files.csv([food_files.TITLES, cheese]), "ciqual.csv")

    page = words(house.get("/plan/"))
    assert "1 figure is from the table you loaded." in page
