import datetime as dt
import json
import uuid

import pytest
from django.test import Client

from mollet.store import read
from mollet.web import session
from mollet.words import say


def cramp(**changes):
    identity = str(uuid.uuid4())
    moment = {"at": "2026-11-22T03:10:00+01:00", "zone": "Europe/Paris", "said": "2026-11-22T03:15:00+01:00"}
    data = {"kind": "cramp", "end": "2026-11-22T03:14:00+01:00", "end_known": True}
    return {"v": 1, "id": identity, "about": identity, "replaces": [], **moment, "data": data, **changes}


def post(client, person, entries, **more):
    body = {"diary": str(person.diary), "entries": entries, **more}
    return client.post("/api/entries", json.dumps(body), content_type="application/json")


def states(answer):
    return [result["state"] for result in answer.json()["results"]]


def test_me_says_whose_diary_this_is(house, person):
    assert house.get("/api/me").json()["diary"] == str(person.diary)


def test_me_ships_sixty_nights_that_tile_time(house, at):
    at("2026-11-22T03:10:00+01:00")
    nights = house.get("/api/me").json()["nights"]

    assert len(nights) == 60
    assert [each["end"] for each in nights[:-1]] == [each["start"] for each in nights[1:]]


def test_me_ships_the_night_that_is_running_and_those_of_weeks_to_come(house, at):
    at("2026-11-22T23:30:00+01:00")

    dates = [each["date"] for each in house.get("/api/me").json()["nights"]]

    assert (dates[0], dates[7], dates[-1]) == ("2026-11-15", "2026-11-22", "2027-01-13")


def test_me_says_what_was_answered_of_a_night_and_what_another_answer_must_name(house, person, at):
    at("2026-11-22T08:00:00+01:00")
    house.post("/answer/", {"night": "2026-11-21", "cramps": "2"})
    [thing] = read.diary(person).things.values()

    said = {each["date"]: each["said"] for each in house.get("/api/me").json()["nights"]}

    assert said["2026-11-20"] == []
    data = {"kind": "night", "night": "2026-11-21", "cramps": 2}
    assert said["2026-11-21"] == [{"id": str(thing.about), "about": str(thing.about), "replaces": [], "data": data}]


@pytest.mark.parametrize(
    ("by_day", "asked"), [(False, "2026-11-23T00:00:00+01:00"), (True, "2026-11-22T12:00:00+01:00")]
)
def test_me_ships_when_a_night_is_asked_about(house, person, at, by_day, asked):
    at("2026-11-20T08:00:00+01:00")
    said = {"kind": "answer", "question": "sleeps_by_day", "value": by_day}
    moment = {"at": "2026-11-20T08:00:00+01:00", "said": "2026-11-20T08:00:00+01:00"}
    post(house, person, [cramp(data=said, **moment)])

    [night] = [each for each in house.get("/api/me").json()["nights"] if each["date"] == "2026-11-22"]

    assert dt.datetime.fromisoformat(night["asked"]) == dt.datetime.fromisoformat(asked)
    assert night["by_day"] is by_day


def test_an_entry_is_kept(house, person):
    assert states(post(house, person, [cramp()])) == ["kept"]
    assert len(read.entries(person)) == 1


def test_the_same_entry_again_is_known_and_changes_nothing(house, person):
    entry = cramp()
    post(house, person, [entry])

    assert states(post(house, person, [entry, entry])) == ["known", "known"]
    assert len(read.entries(person)) == 1


def test_one_bad_entry_never_blocks_the_rest(house, person):
    answer = post(house, person, [cramp(), {"id": "x"}, 7, cramp(zone="Mars/Base"), cramp()])

    assert states(answer) == ["kept", "refused", "refused", "refused", "kept"]


def test_a_refused_entry_says_why_in_words(house, person):
    [result] = post(house, person, [cramp(zone="Mars/Base")]).json()["results"]

    assert result["reason"] == "error.entry.unknown_zone"
    assert "Mars/Base" in result["says"]


def test_a_night_to_come_is_refused_with_its_date_in_words(house, person):
    data = {"kind": "night", "night": "2026-12-25", "cramps": 0}
    [result] = post(house, person, [cramp(data=data)]).json()["results"]

    assert result["state"] == "refused"
    assert "25 December 2026" in result["says"]


def test_results_stand_in_the_order_of_the_batch(house, person):
    entries = [cramp(), cramp(zone="x"), cramp()]

    results = post(house, person, entries).json()["results"]

    assert [result["id"] for result in results] == [entry["id"] for entry in entries]


def test_the_batch_of_another_diary_is_refused_as_a_whole(house, person):
    answer = post(house, person, [cramp()], diary=str(uuid.uuid4()))

    assert (answer.status_code, answer.json()["error"]) == (409, "another_diary")
    assert read.entries(person) == []


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"entries": []}', '{"diary": "x", "entries": []}', '{"diary": 1, "entries": 2}']
)
def test_a_batch_that_cannot_be_read_is_an_error_of_the_sender(house, person, body):
    answer = house.post("/api/entries", body, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"error", "says"}


@pytest.mark.parametrize(("body", "key"), [("{", "not_json"), ('{"entries": []}', "not_a_batch")])
def test_a_batch_that_cannot_be_read_is_refused_in_the_language_of_the_person(house, person, body, key):
    person.language = "fr"
    person.save()

    answer = house.post("/api/entries", body, content_type="application/json").json()

    assert answer == {"error": key, "says": say(f"error.web.{key}", "fr", most=1000)}


def test_a_batch_beyond_two_megabytes_is_refused_before_it_is_read(house, person):
    answer = post(house, person, [], padding="x" * 2_000_000)

    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


def test_a_batch_of_many_notes_is_taken_in(house, person):
    notes = [cramp(data={"kind": "note", "text": "x" * 4000}) for _ in range(200)]

    assert set(states(post(house, person, notes))) == {"kept"}


def test_without_a_session_nothing_is_taken_in(stranger, person):
    assert post(stranger, person, [cramp()]).status_code == 403
    assert read.entries(person) == []


def test_a_batch_without_the_token_is_refused(person):
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost:8765"})
    client.get("/", {"key": session.issue(person.diary)})

    assert post(client, person, [cramp()]).status_code == 403
    assert read.entries(person) == []


def test_a_batch_with_the_token_of_me_is_taken_in(person):
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost:8765"})
    client.get("/", {"key": session.issue(person.diary)})
    token = client.get("/api/me").json()["csrf"]

    answer = client.post(
        "/api/entries",
        json.dumps({"diary": str(person.diary), "entries": [cramp()]}),
        content_type="application/json",
        headers={"x-csrftoken": token},
    )

    assert states(answer) == ["kept"]


def test_a_huge_batch_is_refused_and_nothing_of_it_is_kept(house, person):
    assert post(house, person, [cramp()] * 1001).status_code == 422
    assert read.entries(person) == []


def test_the_schema_describes_both_addresses(house):
    schema = house.get("/api/openapi.json").json()

    assert set(schema["paths"]) == {"/api/me", "/api/entries"}


def test_the_page_of_the_interface_loads_nothing_from_elsewhere(house):
    shown = house.get("/api/docs").content.decode()

    assert "https://" not in shown
    assert "/api/entries" in shown
