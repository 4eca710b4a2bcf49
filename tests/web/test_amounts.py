"""Numbers as people write them: understood, or asked back, never quietly taken for others."""

import datetime as dt

import pytest
from django.http import QueryDict

from mollet.diary import fold
from mollet.store import people, read
from mollet.web.typed import Typed

NIGHT = dt.date(2026, 11, 20)
HABITS = "/nights/2026-11-20/habits/"


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


def number(words, least=0, most=150000):
    fields = QueryDict(mutable=True)
    fields["n"] = words
    return Typed(fields).number("n", least, most)


def exposures(person):
    return {one.what: one.value for one in fold.exposures(read.diary(person), NIGHT, NIGHT)}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("12.000", 12000),
        ("12,000", 12000),
        ("12 000", 12000),
        ("12\u202f000", 12000),
        ("12'000", 12000),
        ("1.250,5", 1250.5),
        ("1,250.5", 1250.5),
        ("1,5", 1.5),
        ("0.500", 0.5),
        ("7", 7),
    ],
)
def test_thousands_and_decimals_are_told_apart(words, value):
    assert number(words) == value


def test_three_decimals_stay_decimals_where_thousands_cannot_be():
    assert number("72.500", 2, 400) == 72.5


@pytest.mark.parametrize("words", ["1.2.3", "12,00,000", "1.5.000", "zz", "--2"])
def test_what_is_no_number_is_not_read_as_one(words):
    assert number(words) is None


@pytest.mark.parametrize(("field", "words", "meant"), [("water_ml", "1,5", "1500"), ("steps", "12.5", "12500")])
def test_an_amount_in_another_unit_is_asked_back_and_kept_on_the_page(house, person, field, words, meant):
    shown = house.post(HABITS, {field: words, "coffee_cups": "2"}).content.decode()

    assert f"did you mean {meant}?" in shown
    assert f'value="{words}"' in shown
    assert exposures(person) == {}


def test_an_amount_that_is_said_to_be_right_is_kept(house, person):
    house.post(HABITS, {"water_ml": "1,5", "sure_water_ml": "1,5"})

    assert exposures(person) == {"water_ml": 1.5}


def test_being_sure_of_one_amount_is_not_being_sure_of_another(house, person):
    house.post(HABITS, {"water_ml": "2,5", "sure_water_ml": "1,5"})

    assert exposures(person) == {}


def test_more_hours_than_a_day_has_are_asked_back(house, person):
    shown = house.post(HABITS, {"standing_hours": "20", "sitting_hours": "20"}).content.decode()

    assert "40 hours" in shown
    assert exposures(person) == {}


@pytest.mark.parametrize("wrong", [{"by_day": "zz"}, {"zone": ""}])
def test_a_setting_that_cannot_be_taken_is_not_said_to_be_saved(house, wrong):
    good = {"language": "en", "theme": "auto", "country": "FR", "zone": "Europe/Paris", "hours": "24", "by_day": "no"}

    answer = house.post("/me/", good | wrong)

    assert (answer.status_code, "error-summary" in answer.content.decode()) == (200, True)
    assert people.local_person().zone == "Europe/Paris"
