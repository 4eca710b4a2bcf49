import re

import pytest

from mollet.store.folder import data_folder
from mollet.web import feeds


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


def switched_on(house, **wishes):
    response = house.post("/me/feed/on/", {"morning": "08:00", "evening": "21:30"} | wishes)
    return re.search(r"/feed/[\w-]+/mollet\.ics", response.content.decode()).group()


def test_a_calendar_without_a_session_reads_the_secret_address(house, stranger):
    response = stranger.get(switched_on(house))

    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")


@pytest.mark.parametrize("token", ["x" * 43, "short", "x" * 200])
def test_any_other_address_is_not_there(house, stranger, token):
    switched_on(house)

    assert stranger.get(f"/feed/{token}/mollet.ics").status_code == 404


def test_an_address_that_was_switched_off_is_not_there(house, stranger):
    address = switched_on(house)
    house.post("/me/feed/off/")

    assert stranger.get(address).status_code == 404


def test_a_new_address_ends_the_old_one(house, stranger):
    old, new = switched_on(house), switched_on(house)

    assert (stranger.get(old).status_code, stranger.get(new).status_code) == (404, 200)


def test_the_secret_is_nowhere_in_the_data_folder(house):
    token = switched_on(house).split("/")[2]
    files = [file for file in data_folder().rglob("*") if file.is_file()]

    assert [file for file in files if token in file.name or token.encode() in file.read_bytes()] == []


def test_the_address_is_shown_only_once(house):
    token = switched_on(house).split("/")[2]

    assert token not in house.get("/me/feed/").content.decode()


def test_the_page_shows_what_the_calendar_shows(house, stranger):
    shown = stranger.get(switched_on(house)).content.decode()

    assert all("Last night: any cramp?" in text for text in (shown, house.get("/me/feed/").content.decode()))


def test_an_empty_time_means_never(house, stranger):
    assert b"routine" not in stranger.get(switched_on(house, evening="")).content


def test_the_calendar_speaks_the_language_it_was_switched_on_in(house, stranger, person):
    person.language = "fr"
    person.save()

    assert "La nuit dernière" in stranger.get(switched_on(house)).content.decode()


def test_a_time_that_is_none_is_refused(house):
    assert house.post("/me/feed/on/", {"morning": "25:99"}).status_code == 400


def test_a_stranger_switches_nothing_on(stranger):
    assert stranger.post("/me/feed/on/").status_code == 403


def test_the_feed_writes_nothing_and_keeps_no_session(house, stranger):
    assert stranger.get(switched_on(house)).cookies == {}


def test_a_damaged_file_switches_only_its_own_calendar_off(house, person):
    switched_on(house)
    next(data_folder().joinpath("feeds").iterdir()).write_text("{", encoding="ascii")

    assert feeds.of(person.diary) is None


def test_the_same_reminders_come_as_a_file(house):
    assert house.get("/me/feed/mollet.ics").content.startswith(b"BEGIN:VCALENDAR")


def test_a_calendar_may_ask_whether_the_address_is_there(house, stranger):
    assert stranger.head(switched_on(house)).status_code == 200


def test_nothing_can_be_sent_to_the_address(house, stranger):
    assert stranger.post(switched_on(house)).status_code in (403, 405)


def test_each_reminder_opens_the_form_that_answers_it(house):
    made = house.get("/me/feed/mollet.ics").content.decode().replace("\r\n ", "")

    assert "URL:http://localhost:8765/nights/last/" in made
    assert "URL:http://localhost:8765/plan/#tonight" in made
