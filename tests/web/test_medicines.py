import datetime as dt

import pytest

from mollet.diary import fold
from mollet.store import read

WATER_TABLET = {"change": "start", "name": "Esidrex", "dose": "12,5 mg", "on": "2026-10-01"}


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


def taken(person):
    return [(one.name, one.dose, one.since) for one in fold.medicines(read.diary(person), dt.date(2026, 11, 22))]


def test_a_medicine_started_is_taken_since_its_day(house, person):
    house.post("/me/medicines/", WATER_TABLET)

    assert taken(person) == [("Esidrex", "12,5 mg", dt.date(2026, 10, 1))]


def test_a_medicine_stopped_is_taken_no_more(house, person):
    house.post("/me/medicines/", WATER_TABLET)
    house.post("/me/medicines/", {"change": "stop", "name": "esidrex", "on": "2026-11-01"})

    assert taken(person) == []


def test_a_start_taken_back_leaves_nothing(house, person):
    house.post("/me/medicines/", WATER_TABLET)
    [thing] = read.diary(person).live

    house.post("/nights/undo/", {"about": thing.about, "replaces": thing.held.id, "back": "/me/medicines/"})

    assert taken(person) == []


def test_a_name_left_empty_is_asked_for_and_nothing_typed_is_lost(house, person):
    page = house.post("/me/medicines/", {**WATER_TABLET, "name": ""}).content.decode()

    assert taken(person) == []
    assert 'value="12,5 mg"' in page
    assert 'href="#name"' in page


def test_a_day_to_come_is_refused(house, person):
    house.post("/me/medicines/", {**WATER_TABLET, "on": "2027-01-01"})

    assert taken(person) == []


def test_a_medicine_started_counts_in_the_plan(house):
    before = house.get("/plan/").content.decode()
    house.post("/me/medicines/", {"change": "start", "name": "spironolactone", "on": "2026-10-01"})

    after = house.get("/plan/").content.decode()

    assert 'id="potassium_foods"' in before
    assert "spironolactone" in after
