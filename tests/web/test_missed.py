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


def without_answer(day, n):
    return say("missed.overdue", "en", day=day, n=n)


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


def test_where_no_night_is_asked_for_older_ones_may_still_be_filled_in(house):
    house.post("/nights/pause/", {"first": str(WEEK[0]), "last": "", "reason": "travel"})

    shown = page(house)
    assert (say("missed.all_answered", "en") in shown, say("missed.older", "en") in shown) == (True, True)
    assert "‹ " + say("missed.before", "en") in shown


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

    assert ("no answer yet" in first, without_answer("18 November 2026", 2) in second) == (False, True)


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

    assert (without_answer("1 November 2026", 1) in shown, 'href="/missed/"' in shown) == (True, True)


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


@pytest.fixture
def scattered(house):
    """Every night from 1 October to 21 November is answered but those of six weeks."""
    for day in (dt.date(2026, 10, 1) + dt.timedelta(days=days) for days in range(52)):
        if str(day) not in SCATTERED:
            house.post("/answer/", {"night": str(day), "cramps": "0"})


SCATTERED = ["2026-11-19", "2026-11-10", "2026-11-01", "2026-10-24", "2026-10-16", "2026-10-05"]


@pytest.mark.usefixtures("scattered")
def test_the_page_opens_with_every_night_that_was_counted(house):
    assert asked(page(house)) == SCATTERED


@pytest.mark.usefixtures("scattered")
@pytest.mark.parametrize("address", ["/", "/nights/", "/nights/?month=2026-10"])
def test_missed_nights_are_counted_alike_everywhere(house, address):
    assert without_answer("1 October 2026", 6) in house.get(address).content.decode()


@pytest.mark.usefixtures("scattered")
def test_nights_of_many_weeks_are_kept_with_one_button(house, person):
    house.post("/missed/", dict.fromkeys(SCATTERED, "2"))

    found = fold.nights(read.diary(person), dt.date(2026, 10, 1), WEEK[-1])
    assert [str(night.date) for night in found if night.cramps == 2] == SCATTERED[::-1]


def test_the_way_back_leads_before_the_first_night_that_was_counted(house):
    house.post("/answer/", {"night": "2026-11-18", "cramps": "0"})

    shown = page(house)

    assert asked(shown) == ["2026-11-21", "2026-11-20", "2026-11-19"]
    assert asked(page(house, last=re.search(r"last=([\d-]+)", shown)[1]))[0] == "2026-11-17"


@pytest.mark.parametrize("address", ["/", "/nights/", "/missed/"])
def test_a_diary_that_has_not_begun_misses_nothing(house, address):
    assert "no answer yet" not in house.get(address).content.decode()


def test_only_one_count_of_nights_without_a_word_stands_on_the_page_of_nights(house):
    house.post("/answer/", {"night": str(WEEK[5]), "cramps": "0"})

    assert re.findall(r"(\d+) nights? [^.<]*", house.get("/nights/").content.decode().split("weeks-table")[0]) == ["1"]


@pytest.mark.parametrize(("moment", "is_asked"), [("03:10", False), ("06:59", False), ("07:00", True)])
def test_the_night_that_still_runs_is_not_missed_yet(house, at, moment, is_asked):
    at(f"2026-11-22T{moment}:00+01:00")

    assert (f'name="{WEEK[6]}"' in page(house)) is is_asked


@pytest.mark.parametrize(("moment", "is_counted"), [("03:10", False), ("09:00", True)])
def test_the_night_that_still_runs_is_not_counted_yet(house, at, moment, is_counted):
    house.post("/answer/", {"night": str(WEEK[5]), "cramps": "0"})
    at(f"2026-11-22T{moment}:00+01:00")

    assert (without_answer("20 November 2026", 1) in house.get("/nights/").content.decode()) is is_counted


def test_in_the_evening_the_night_before_is_still_missed(house, at):
    at("2026-11-22T23:00:00+01:00")

    assert f'name="{WEEK[6]}"' in page(house)
