"""Phones join by a code that works once, are known by a cookie of their own, and can be sent away."""

import datetime as dt
import json

import pytest
from django.test import Client

from mollet.web import phones, running
from mollet.web.running import Running
from mollet.words import say

NOW = "2026-11-22T15:00:00+01:00"
SECURE = "https://mollet.home.arpa:8443/"
COOKIE = "__Host-mollet_session_8443"


class Phone(Client):
    """A browser of a phone, before the door with HTTPS."""

    def __init__(self, **more):
        super().__init__(headers={"host": "localhost:8443", "accept-language": "en"}, **more)

    def request(self, **request):
        return super().request(**{**request, "wsgi.url_scheme": "https"})


@pytest.fixture
def phone(person):
    return Phone()


@pytest.fixture
def now(at):
    at(NOW)
    return dt.datetime.fromisoformat(NOW)


@pytest.fixture
def code(person, now):
    return phones.offer(person.diary, "Claire’s phone", now)


@pytest.fixture
def claire(phone, code):
    phone.post("/pair/", {"code": code})
    return phone


@pytest.fixture
def at_home(house, data_folder):
    running.note(Running("http://localhost:8765/", SECURE, "http://mollet.home.arpa:8767/", "AB CD"))
    return house


def test_a_code_joins_a_phone(phone, code):
    answer = phone.post("/pair/", {"code": code})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert phone.get("/").status_code == 200


def test_looking_uses_no_code_up(phone, code):
    phone.get("/pair/", {"code": code})

    assert phone.post("/pair/", {"code": code}).status_code == 303


def test_looking_opens_nothing(phone, code):
    phone.get("/pair/", {"code": code})

    assert phone.get("/").status_code == 403


def test_a_code_works_once(claire, code):
    second = Phone()

    assert second.post("/pair/", {"code": code}).status_code == 403
    assert second.get("/").status_code == 403


def test_a_joined_phone_that_opens_its_address_again_hears_that_it_is_in(claire, code):
    again = claire.get("/pair/", {"code": code})

    assert (again.status_code, say("pair.is_in", "en") in again.content.decode()) == (200, True)


def test_a_joined_phone_can_still_type_a_code(claire):
    assert 'name="code"' in claire.get("/pair/").content.decode()


def test_a_code_ends_after_ten_minutes(phone, code, at):
    at("2026-11-22T15:10:00+01:00")

    assert phone.post("/pair/", {"code": code}).status_code == 403
    assert phone.get("/").status_code == 403


def test_a_code_holds_until_ten_minutes_are_over(phone, code, at):
    at("2026-11-22T15:09:59+01:00")

    assert phone.post("/pair/", {"code": code}).status_code == 303


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_a_code_may_be_typed_as_people_type(phone, code, typed):
    assert phone.post("/pair/", {"code": typed(code)}).status_code == 303


@pytest.mark.parametrize("wrong", ["", "x", "ABCDE-FGHJK", "../secret_key", "clé à molette", "A" * 500])
def test_a_wrong_code_joins_nobody(phone, code, wrong):
    assert phone.post("/pair/", {"code": wrong}).status_code == 403
    assert phone.get("/").status_code == 403


def test_what_was_typed_stays_on_the_page_beside_the_problem(phone, code):
    page = phone.post("/pair/", {"code": "ABCDE-FGHJK", "name": "Kitchen"}).content.decode()

    assert 'value="ABCDE-FGHJK"' in page
    assert 'value="Kitchen"' in page


def test_a_new_start_of_the_house_withdraws_codes(phone, code):
    phones.withdraw_codes()

    assert phone.post("/pair/", {"code": code}).status_code == 403


def test_without_https_no_phone_joins(stranger, code):
    stranger.post("/pair/", {"code": code})

    assert stranger.get("/").status_code == 403
    assert phones.offered(code, dt.datetime.fromisoformat(NOW)) is not None


def test_a_forged_form_joins_nobody(code):
    strict = Phone(enforce_csrf_checks=True)

    assert strict.post("/pair/", {"code": code}).status_code == 403
    assert phones.offered(code, dt.datetime.fromisoformat(NOW)) is not None


def test_the_form_of_the_page_itself_passes_the_check(code):
    strict = Phone(enforce_csrf_checks=True)
    page = strict.get("/pair/", {"code": code}).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    said = {"code": code, "csrfmiddlewaretoken": token}
    assert strict.post("/pair/", said, headers={"referer": "https://localhost:8443/pair/"}).status_code == 303


def test_over_https_every_cookie_is_sealed(phone, code):
    page, joined = phone.get("/pair/"), phone.post("/pair/", {"code": code})

    cookies = {**page.cookies, **joined.cookies}
    assert set(cookies) == {"__Host-mollet_csrf", COOKIE}
    assert {(one["secure"], one["path"], one["domain"]) for one in cookies.values()} == {(True, "/", "")}


def test_a_cookie_without_the_seal_opens_nothing_over_https(claire):
    other = Phone()
    other.cookies["mollet_session_8443"] = claire.cookies[COOKIE].value

    assert other.get("/").status_code == 403


def test_the_signed_cookie_of_this_machine_opens_nothing_over_https(house, phone):
    phone.cookies[COOKIE] = house.cookies["mollet_session_8765"].value

    assert phone.get("/").status_code == 403


def test_neither_code_nor_secret_is_kept(claire, code, data_folder):
    secret = claire.cookies[COOKIE].value
    kept = " ".join(f"{file.name} {file.read_bytes()}" for file in data_folder.rglob("*") if file.is_file())

    assert [one for one in (code, code.replace("-", ""), secret) if one in kept] == []


def test_files_of_phones_are_for_their_owner_alone(claire, data_folder):
    [file] = (data_folder / "phones").iterdir()

    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_joined_phone_is_listed_by_its_name(claire, at_home):
    assert "Claire’s phone" in at_home.get("/me/phones/").content.decode()


def test_the_name_typed_on_the_phone_comes_before_that_of_the_code(phone, person, code):
    phone.post("/pair/", {"code": code, "name": "Kitchen"})

    assert [one.name for one in phones.all_of(person.diary)] == ["Kitchen"]


def test_a_name_is_text_and_nothing_else(phone, code, house):
    phone.post("/pair/", {"code": code, "name": "<script>alert(1)</script>"})

    assert "<script>alert" not in house.get("/me/phones/").content.decode()


def test_the_list_says_when_a_phone_was_here_last(claire, person, at):
    at("2026-11-25T03:10:00+01:00")
    claire.get("/")

    [one] = phones.all_of(person.diary)
    assert one.seen == dt.datetime.fromisoformat("2026-11-25T03:10:00+01:00")


def test_a_phone_that_is_sent_away_finds_the_diary_closed(claire, house, person):
    [one] = phones.all_of(person.diary)

    answer = house.post(f"/me/phones/{one.id}/away/")

    assert answer.headers["Location"] == "/me/phones/?done=away"
    assert claire.get("/").status_code == 403
    assert claire.get("/api/me").json()["error"] == "no_session"


def test_a_phone_that_was_sent_away_is_told_how_to_come_back(claire, person):
    phones.send_away(person.diary, phones.all_of(person.diary)[0].id)

    page = claire.get("/").content.decode()

    assert "mollet pair" in page
    assert 'href="/pair/"' in page


def test_relief_stays_open_for_a_phone_that_was_sent_away(claire, person):
    phones.send_away(person.diary, phones.all_of(person.diary)[0].id)

    assert claire.get("/relief/").status_code == 200


def test_sending_one_phone_away_leaves_the_others(claire, house, person, now):
    other = Phone()
    other.post("/pair/", {"code": phones.offer(person.diary, "Kitchen", now)})
    [kitchen] = [one for one in phones.all_of(person.diary) if one.name == "Kitchen"]

    house.post(f"/me/phones/{kitchen.id}/away/")

    assert (other.get("/").status_code, claire.get("/").status_code) == (403, 200)


def test_being_seen_does_not_bring_back_a_phone_that_is_sent_away(claire, person, data_folder, at):
    secret = claire.cookies[COOKIE].value
    phones.send_away(person.diary, phones.all_of(person.diary)[0].id)
    at("2026-11-23T15:00:00+01:00")

    assert phones.find(secret, dt.datetime.now(dt.UTC)) is None
    assert list((data_folder / "phones").iterdir()) == []


def test_a_phone_of_another_diary_cannot_be_sent_away(claire, house, person):
    from mollet.store import people

    other = people.add("someone else")
    secret = phones.add(other.diary, "theirs", dt.datetime.fromisoformat(NOW))
    [theirs] = phones.all_of(other.diary)

    assert house.post(f"/me/phones/{theirs.id}/away/").status_code == 404
    assert phones.find(secret, dt.datetime.fromisoformat(NOW)) is not None


def test_joining_again_leaves_no_second_phone(claire, person, now):
    claire.post("/pair/", {"code": phones.offer(person.diary, "Claire, again", now)})

    assert [one.name for one in phones.all_of(person.diary)] == ["Claire, again"]
    assert claire.get("/").status_code == 200


def test_a_key_of_the_terminal_used_over_https_is_a_phone_too(phone, person, now):
    from mollet.web import session

    phone.get("/", {"key": session.issue(person.diary)})

    assert phone.get("/").status_code == 200
    assert len(phones.all_of(person.diary)) == 1


def test_a_phone_not_seen_for_more_than_a_year_joins_anew(claire, at):
    at("2027-12-31T15:00:00+01:00")

    assert claire.get("/").status_code == 403


def test_a_phone_that_comes_every_day_keeps_its_way_in(claire, at):
    for day in ("2027-06-01", "2028-01-01", "2028-10-01"):
        at(f"{day}T15:00:00+01:00")
        answer = claire.get("/")
        assert answer.status_code == 200
        assert answer.cookies[COOKIE]["max-age"] == 400 * 24 * 3600


@pytest.mark.parametrize("broken", ["", "[]", '{"id": "x"}', '{"diary": 3}', "\x00"])
def test_a_damaged_file_opens_nothing_and_breaks_nothing(claire, house, data_folder, broken):
    [file] = (data_folder / "phones").iterdir()
    file.write_text(broken)

    assert claire.get("/").status_code == 403
    assert house.get("/me/phones/").status_code == 200


@pytest.mark.parametrize("address", ["/me/phones/", "/me/phones/add/"])
def test_the_page_of_phones_is_closed_without_a_session(stranger, address):
    assert stranger.get(address).status_code == 403
    assert stranger.post(address).status_code == 403


def test_no_code_is_made_while_only_this_machine_is_served(house, data_folder):
    page = house.post("/me/phones/add/", {"name": "Kitchen"}).content.decode()

    assert "mollet serve --lan --https" in page
    assert not (data_folder / "codes").exists()


def test_the_pocket_is_named_before_the_certificate(house):
    page = house.get("/me/phones/").content.decode()

    assert 0 < page.index("mollet pocket") < page.index("mollet serve --lan --https")


def test_the_page_draws_both_addresses_and_shows_the_fingerprint(at_home):
    page = at_home.post("/me/phones/add/", {"name": "Kitchen"}).content.decode()

    assert page.count('class="qr"') == 2
    assert "http://mollet.home.arpa:8767/" in page
    assert "https://mollet.home.arpa:8443/pair/?code=" in page
    assert "AB CD" in page


def test_the_code_of_the_page_joins(at_home, phone):
    page = at_home.post("/me/phones/add/", {"name": "Kitchen"}).content.decode()
    code = page.split("pair/?code=")[1].split("<")[0]

    phone.post("/pair/", {"code": code})

    assert phone.get("/").status_code == 200


def test_behind_a_domain_of_ones_own_there_is_no_certificate_to_hand_out(house, data_folder):
    running.note(Running("http://localhost:8765/", "https://mollet.example.org/"))

    page = house.post("/me/phones/add/", {"name": "Kitchen"}).content.decode()

    assert page.count('class="qr"') == 1
    assert "SHA-256" not in page


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_says_what_becomes_of_what_waits_at_the_old_address(at_home, person, lang):
    person.language = lang
    person.save()

    page = at_home.get("/me/phones/").content.decode()

    assert 'id="moving"' in page
    assert 'id="waiting"' in page


def test_the_pattern_says_the_address():
    import io

    import segno

    from mollet.web import qr

    expected = io.StringIO()
    segno.make(SECURE, error="m", micro=False).terminal(expected, compact=True)
    assert qr.terminal(SECURE) == expected.getvalue()
    assert "style=" not in qr.svg(SECURE, "An address")


def test_a_file_of_a_phone_says_no_more_than_it_must(claire, data_folder):
    [file] = (data_folder / "phones").iterdir()

    assert set(json.loads(file.read_text())) == {"id", "diary", "name", "joined"}
