import re

import pytest


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_counts_come_with_the_nights_they_are_from(house):
    house.post("/nights/2026-11-19/answer/", {"cramps": "2"})
    house.post("/nights/2026-11-20/answer/", {"cramps": "0"})

    assert "2 cramps in 2 of 28 nights" in words(house.get("/report/"))


def test_without_a_confirmed_night_nothing_is_counted(house):
    assert "None of these 28 nights was confirmed" in words(house.get("/report/"))


def test_a_denied_sign_stands_with_its_day(house):
    house.post("/checkup/danger_now/", {"none": "none"})

    assert "Said no on 22 November 2026:" in words(house.get("/report/"))


def test_what_was_not_asked_is_said(house):
    assert "Not asked or not known" in words(house.get("/report/"))


def test_everything_is_said_to_be_self_reported(house):
    assert "reported by the person" in words(house.get("/report/"))


def test_notes_stay_private(house):
    house.post("/nights/2026-11-20/note/", {"text": "a secret thought"})

    assert "a secret thought" not in words(house.get("/report/"))


@pytest.mark.parametrize("days", ["28", "364", "7", "", "-1", "٣", "1e9"])
def test_any_span_asked_for_gives_a_page(house, days):
    assert house.get("/report/", {"days": days}).status_code == 200


def test_the_page_is_written_in_french_for_who_reads_french(house, person):
    person.language = "fr"
    person.save()

    assert "Signes de danger" in words(house.get("/report/"))
