import re

import pytest
from django.test import Client

from mollet.web import session

CLOSED = ["/", "/nights/", "/checkup/", "/causes/", "/plan/", "/claims/", "/report/", "/data/", "/me/", "/api/docs"]
CLOSED = [*CLOSED, "/me/phones/"]
OPEN = ["/relief/", "/alarm/", "/offline/", "/phone/", "/sw.js", "/healthz", "/readyz", "/manifest.webmanifest"]
OPEN = [*OPEN, "/pair/"]


def key_of(person) -> str:
    return session.issue(person.diary)


@pytest.mark.parametrize("address", CLOSED)
def test_without_a_session_the_diary_is_closed(stranger, address):
    assert stranger.get(address).status_code == 403


@pytest.mark.parametrize("address", OPEN)
def test_pain_and_danger_need_no_session(stranger, address):
    assert stranger.get(address).status_code == 200


def test_an_address_nobody_knows_is_closed_too(stranger):
    assert stranger.get("/nothing-here/").status_code == 403


def test_the_closed_page_says_how_to_get_an_address(stranger):
    assert "mollet address" in stranger.get("/").content.decode()


def test_the_api_says_in_json_that_it_is_closed(stranger):
    assert stranger.get("/api/me").json()["error"] == "no_session"


def test_a_key_opens_the_house(stranger, person):
    stranger.get("/", {"key": key_of(person)})

    assert stranger.get("/").status_code == 200


def test_a_key_leaves_the_address_bar(stranger, person):
    answer = stranger.get("/nights/", {"key": key_of(person), "month": "2026-11"})

    assert answer.headers["Location"] == "/nights/?month=2026-11"


def test_a_key_works_once(stranger, person):
    key = key_of(person)
    stranger.get("/", {"key": key})

    another = Client(headers={"host": "localhost:8765"})
    another.get("/", {"key": key})

    assert another.get("/").status_code == 403


def test_a_used_key_does_not_sign_out_who_is_in(house):
    house.get("/", {"key": "x" * 32})

    assert house.get("/").status_code == 200


def test_a_key_never_leads_to_another_host(stranger, person):
    answer = stranger.get("/", {"key": key_of(person)}, PATH_INFO="//elsewhere.example/")

    assert answer.headers["Location"].startswith("/elsewhere")


@pytest.mark.parametrize("key", ["", "x", "../lock", "../../secret_key", "a" * 500, "clé à molette 0123456789"])
def test_a_key_of_nobody_opens_nothing(stranger, person, key):
    stranger.get("/", {"key": key})

    assert stranger.get("/").status_code == 403


def test_the_key_itself_is_not_kept(person, data_folder):
    key = key_of(person)

    kept = " ".join(f"{file.name} {file.read_text()}" for file in (data_folder / "keys").iterdir())

    assert key not in kept


def test_the_cookie_cannot_be_read_by_scripts_or_sent_from_elsewhere(stranger, person):
    cookie = stranger.get("/", {"key": key_of(person)}).cookies["mollet_session_8765"]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")


def test_a_forged_cookie_opens_nothing(stranger, person):
    stranger.cookies["mollet_session_8765"] = f"{person.diary}:1abcde:forged"

    assert stranger.get("/").status_code == 403


def test_the_example_house_next_door_does_not_open_ours(house):
    assert house.get("/", headers={"host": "localhost:8766"}).status_code == 403


def test_a_new_start_withdraws_unused_keys(stranger, person):
    key = key_of(person)
    session.withdraw_all()

    stranger.get("/", {"key": key})

    assert stranger.get("/").status_code == 403


def test_the_content_policy_allows_nothing_from_elsewhere(house):
    policy = house.get("/").headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'")
    assert not re.search(r"unsafe|https?:|\*", policy)


@pytest.mark.parametrize("address", ["/", "/relief/", "/nothing-here/", "/healthz"])
def test_every_answer_carries_the_security_headers(house, address):
    headers = house.get(address).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_bare_number_is_sent_to_localhost(stranger):
    answer = stranger.get("/relief/?a=1", headers={"host": "127.0.0.1:8765"})

    assert answer.headers["Location"] == "http://localhost:8765/relief/?a=1"


def test_another_name_for_this_machine_is_refused(stranger):
    assert stranger.get("/relief/", headers={"host": "evil.example"}).status_code == 400


def test_the_language_follows_the_browser_until_the_person_chooses(stranger):
    page = stranger.get("/relief/", headers={"accept-language": "de, fr;q=0.8, en;q=0.5"}).content.decode()

    assert '<html lang="fr"' in page


def test_the_chosen_language_holds_whatever_the_browser_says(house):
    page = house.get("/relief/", headers={"accept-language": "fr"}).content.decode()

    assert '<html lang="en"' in page


def test_a_quality_that_is_no_number_is_no_error(stranger):
    assert stranger.get("/relief/", headers={"accept-language": "fr;q=much, en"}).status_code == 200


def test_at_night_the_theme_is_dark_from_the_first_byte(house, at):
    at("2026-11-22T03:10:00+01:00")

    assert house.get("/").content.decode().startswith('<!doctype html>\n<html lang="en" data-theme="night"')


def test_by_day_the_device_chooses_the_theme(house, at):
    at("2026-11-22T15:00:00+01:00")

    assert 'data-theme="auto"' in house.get("/").content.decode()


def test_the_chosen_theme_holds_at_night(house, person, at):
    person.theme = "day"
    person.save()
    at("2026-11-22T03:10:00+01:00")

    assert 'data-theme="day"' in house.get("/").content.decode()
