"""Dates and times of nights that nobody meant, and those a change of the clock makes."""

import pytest

from mollet.store import read


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


@pytest.mark.parametrize("day", ["9999-12-31", "2030-01-01", "1899-12-31", "0001-01-01", "2026-02-30"])
@pytest.mark.parametrize("rest", ["", "cramp/", "note/"])
def test_a_night_out_of_reach_is_not_there(house, day, rest):
    assert house.get(f"/nights/{day}/{rest}").status_code == 404


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2026-13", "zz", "-1"])
def test_a_month_out_of_reach_shows_one_that_is_there(house, month):
    assert house.get("/nights/", {"month": month}).status_code == 200


@pytest.mark.parametrize("first", ["9999-12-31", "0001-01-01"])
def test_a_pause_out_of_reach_is_refused_in_words(house, first):
    answer = house.post("/nights/pause/", {"first": first, "reason": "other"})

    assert answer.status_code == 200
    assert "datetime" not in answer.content.decode()
    assert first[:4].lstrip("0") in answer.content.decode()


def test_an_hour_that_did_not_exist_is_said_to_be_missing(house, person):
    shown = house.post("/nights/2026-03-28/cramp/", {"time": "02:30"}).content.decode()

    assert "02:30 did not exist" in shown
    assert read.entries(person) == []


def test_of_an_hour_that_came_twice_the_first_is_taken_and_said(house, person):
    shown = house.post("/nights/2026-10-24/cramp/", {"time": "02:30"}, follow=True).content.decode()

    assert "showed this time twice" in shown
    assert read.entries(person)[0].at.isoformat() == "2026-10-24T02:30:00+02:00".replace("24T", "25T")


@pytest.mark.parametrize(
    ("night", "title"),
    [
        ("2026-11-20", "Night of Friday 20 to Saturday 21 November"),
        ("2025-12-31", "Night of Wednesday 31 December to Thursday 1 January"),
        ("2025-11-20", "Night of Thursday 20 to Friday 21 November 2025"),
        ("2023-12-31", "Night of Sunday 31 December to Monday 1 January 2024"),
    ],
)
def test_a_night_of_another_year_bears_its_year(house, night, title):
    assert f"<h1>{title}</h1>" in house.get(f"/nights/{night}/").content.decode()
