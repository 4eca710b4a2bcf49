"""A missed week, filled in on one page."""

import datetime as dt
import re
import uuid

import pytest

from mollet.diary import fold
from mollet.store import read
from mollet.words import say

WEEK = [dt.date(2026, 11, 15) + dt.timedelta(days=days) for days in range(7)]


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


def counts(person):
    return [night.cramps for night in fold.nights(read.diary(person), WEEK[0], WEEK[-1])]


def page(house, **query):
    return house.get("/missed/", query).content.decode()


def test_a_week_is_kept_with_one_button(house, person):
    house.post("/missed/", {str(night): str(n) for n, night in enumerate(WEEK) if n < 6} | {str(WEEK[6]): "0"})

    assert counts(person) == [0, 1, 2, 3, 4, 5, 0]


def test_a_row_that_is_left_alone_stays_a_gap(house, person):
    house.post("/missed/", {str(WEEK[0]): "1", str(WEEK[1]): ""})

    assert counts(person)[:2] == [1, None]


def test_an_answered_night_is_not_asked_again(house):
    house.post(f"/nights/{WEEK[3]}/answer/", {"cramps": "2"})

    assert f'name="{WEEK[3]}"' not in page(house)


def test_a_night_of_a_pause_is_not_asked_for(house):
    house.post("/nights/pause/", {"first": str(WEEK[2]), "last": str(WEEK[4]), "reason": "hospital"})

    asked = page(house)
    assert [night for night in WEEK if f'name="{night}"' in asked] == [WEEK[0], WEEK[1], WEEK[5], WEEK[6]]


def test_what_was_recorded_at_night_is_said_beside_the_question(house):
    house.post(f"/nights/{WEEK[5]}/cramp/", {"time": "03:10"})

    assert say("now.at_least", "en", n=1) in page(house)


def test_the_same_page_sent_twice_says_one_thing(house, person):
    for _ in range(2):
        house.post("/missed/", {"once": str(uuid.uuid4()), str(WEEK[0]): "1"})

    [night] = fold.nights(read.diary(person), WEEK[0], WEEK[0])
    assert len(night.answers) == 1


def test_another_answer_given_meanwhile_is_not_overwritten(house, person):
    house.post(f"/nights/{WEEK[0]}/answer/", {"cramps": "2"})
    house.post("/missed/", {str(WEEK[0]): "0"})

    [night] = fold.nights(read.diary(person), WEEK[0], WEEK[0])
    assert sorted(entry.data.cramps for entry in night.answers) == [0, 2]


def test_a_wrong_number_keeps_nothing_and_loses_nothing(house, person):
    shown = house.post("/missed/", {str(WEEK[0]): "many", str(WEEK[1]): "2"}).content.decode()

    assert (counts(person)[1], 'value="2" checked' in shown) == (None, True)


def test_an_earlier_week_can_be_filled_too(house, person):
    house.post("/missed/?last=2026-11-14", {"2026-11-10": "3"})

    assert fold.nights(read.diary(person), dt.date(2026, 11, 10), dt.date(2026, 11, 10))[0].cramps == 3


@pytest.mark.parametrize("last", ["2030-01-01", "tomorrow", "0001-01-01", ""])
def test_whatever_week_is_asked_for_the_page_answers(house, last):
    assert house.get("/missed/", {"last": last}).status_code == 200


def test_a_night_still_to_come_is_not_kept(house, person):
    house.post("/missed/", {"2026-11-22": "1"})

    assert fold.nights(read.diary(person), dt.date(2026, 11, 22), dt.date(2026, 11, 22))[0].cramps is None


@pytest.mark.parametrize("address", ["/", "/nights/"])
def test_missed_nights_are_offered_where_they_are_seen(house, address):
    house.post("/answer/", {"night": str(WEEK[6]), "cramps": "0"})

    assert 'href="/missed/"' in house.get(address).content.decode()


def test_nights_before_the_first_that_was_spoken_of_are_nobodys_omission(house):
    house.post("/answer/", {"night": str(WEEK[6]), "cramps": "0"})
    first = house.get("/").content.decode()
    house.post("/answer/", {"night": str(WEEK[3]), "cramps": "0"})

    second = house.get("/").content.decode()

    assert (say("missed.some", "en", n=6) in first, say("missed.some", "en", n=2) in second) == (False, True)


@pytest.fixture
def one_gap(house):
    """Every night from 1 to 21 November is answered but that of the 5th."""
    for day in (day for day in range(1, 22) if day != 5):
        house.post("/answer/", {"night": f"2026-11-{day:02}", "cramps": "0"})


def asked(shown):
    return re.findall(r'<fieldset class="choice missed" id="([^"]+)"', shown)


@pytest.mark.usefixtures("one_gap")
def test_the_page_opens_at_the_last_week_with_a_gap(house):
    assert asked(page(house)) == ["2026-11-05"]


@pytest.mark.usefixtures("one_gap")
def test_the_gap_found_is_filled_with_its_own_button(house, person):
    action = re.search(r'<form method="post" action="([^"]+)"', page(house))[1]
    house.post(action, {"2026-11-05": "2"})

    assert fold.nights(read.diary(person), dt.date(2026, 11, 5), dt.date(2026, 11, 5))[0].cramps == 2


@pytest.mark.usefixtures("one_gap")
def test_a_page_filled_in_again_from_another_tab_is_not_dropped(house, person):
    action = re.search(r'<form method="post" action="([^"]+)"', page(house))[1]
    for cramps in "12":
        house.post(action, {"2026-11-05": cramps})

    [night] = fold.nights(read.diary(person), dt.date(2026, 11, 5), dt.date(2026, 11, 5))
    assert sorted(answer.data.cramps for answer in night.differing) == [1, 2]


@pytest.mark.usefixtures("one_gap")
def test_the_nights_page_leads_to_an_earlier_gap(house):
    shown = house.get("/nights/").content.decode()

    assert (say("missed.overdue", "en", n=1) in shown, 'href="/missed/"' in shown) == (True, True)


@pytest.mark.usefixtures("one_gap")
def test_when_nothing_is_open_anywhere_that_is_said(house):
    house.post("/answer/", {"night": "2026-11-05", "cramps": "0"})

    assert say("missed.all_answered", "en") in page(house)
    assert 'href="/missed/"' not in house.get("/nights/").content.decode()


@pytest.mark.usefixtures("one_gap")
def test_a_week_without_gaps_does_not_say_that_all_is_answered(house):
    assert say("missed.nothing", "en") in page(house, last="2026-11-21")


@pytest.mark.usefixtures("one_gap")
@pytest.mark.parametrize(("shown", "led"), [("2026-11-21", "2026-11-07"), ("2026-10-31", "2026-11-07")])
def test_the_way_to_another_week_jumps_over_weeks_without_gaps(house, shown, led):
    assert f'href="/missed/?last={led}"' in page(house, last=shown)


def test_a_gap_of_more_than_sixty_nights_ago_is_no_longer_asked_for(house):
    house.post("/nights/2026-08-01/answer/", {"cramps": "0"})
    for night in (dt.date(2026, 11, 21) - dt.timedelta(days=days) for days in range(60)):
        house.post(f"/nights/{night}/answer/", {"cramps": "0"})

    assert say("missed.all_answered", "en") in page(house)
    assert "/missed/?last=" not in page(house)


@pytest.mark.usefixtures("one_gap")
def test_a_gap_in_a_pause_is_not_open(house):
    house.post("/nights/pause/", {"first": "2026-11-04", "last": "2026-11-06", "reason": "travel"})

    assert say("missed.all_answered", "en") in page(house)
