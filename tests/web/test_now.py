import datetime as dt
import re

import pytest

from mollet.diary.entries import Pause
from mollet.store import read
from mollet.words import say

NIGHT = "2026-11-22T03:10:00+01:00"
MORNING = "2026-11-22T08:00:00+01:00"
DAY = "2026-11-22T15:00:00+01:00"
LAST = dt.date(2026, 11, 21)


def page(house):
    return house.get("/").content.decode()


def answer(house, cramps, night=LAST, **more):
    return house.post("/answer/", {"night": str(night), "cramps": cramps, **more})


def last_night(person, night=LAST):
    [found] = read.nights(person, night, night)
    return found


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-11-22T20:59:00+01:00", "morning"),
        ("2026-11-22T21:00:00+01:00", "night"),
        (NIGHT, "night"),
        ("2026-11-22T06:59:00+01:00", "night"),
        ("2026-11-22T07:00:00+01:00", "morning"),
        (DAY, "morning"),
    ],
)
def test_the_hour_of_the_person_chooses_what_comes_first(house, at, moment, shown):
    at(moment)

    assert f'<body class="now {shown}">' in page(house)


def test_the_zone_of_the_person_decides_not_that_of_the_machine(house, person, at):
    person.zone = "America/Montreal"
    person.save()

    at("2026-11-22T04:00:00+01:00")

    assert '<body class="now night">' in page(house)


def test_an_answered_morning_becomes_a_day(house, at):
    at(MORNING)

    answer(house, 0)

    assert '<body class="now day">' in page(house)


@pytest.mark.parametrize("cramps", [0, 1, 2, 3, 8])
def test_one_tap_closes_the_night(house, person, at, cramps):
    at(MORNING)

    answer(house, cramps)

    assert last_night(person).cramps == cramps


def test_the_date_of_last_night_stands_under_the_question(house, at):
    at(MORNING)

    assert "From the evening of Saturday 21 November to Sunday morning" in page(house)


def test_after_noon_the_question_is_still_about_the_night_before(house, at):
    at(DAY)

    assert 'name="night" value="2026-11-21"' in page(house)


def test_the_answer_is_said_back_with_its_undo(house, at):
    at(MORNING)

    shown = house.get(answer(house, 2).headers["Location"]).content.decode()

    assert say("now.said", "en", n=2) in shown
    assert 'action="/undo/"' in shown


def test_undo_opens_the_night_again(house, person, at):
    at(MORNING)
    shown = house.get(answer(house, 2).headers["Location"]).content.decode()
    about = re.search(r'name="about" value="([^"]+)"', shown)[1]

    house.post("/undo/", {"about": about, "back": "/"})

    assert last_night(person).cramps is None


def test_an_undone_answer_can_be_given_again(house, person, at):
    at(MORNING)
    shown = house.get(answer(house, 2).headers["Location"]).content.decode()
    about = re.search(r'name="about" value="([^"]+)"', shown)[1]
    house.post("/undo/", {"about": about})

    answer(house, 1)

    assert last_night(person).cramps == 1


def test_a_second_answer_takes_the_place_of_the_first(house, person, at):
    at(MORNING)
    answer(house, 2)

    answer(house, 1)

    assert (last_night(person).cramps, len(last_night(person).answers)) == (1, 1)


def test_a_form_sent_twice_is_one_answer(house, person, at):
    at(MORNING)
    once = "11111111-1111-4111-8111-111111111111"

    answer(house, 2, once=once)
    answer(house, 2, once=once)

    assert len(read.entries(person)) == 1


@pytest.mark.parametrize(
    "wrong", [{"cramps": "-1"}, {"cramps": "many"}, {"cramps": ""}, {"cramps": "100"}, {"night": "x"}]
)
def test_a_wrong_answer_is_said_and_changes_nothing(house, person, at, wrong):
    at(MORNING)

    shown = house.post("/answer/", {"night": str(LAST), "cramps": "1", **wrong})

    assert shown.status_code == 400
    assert 'class="error-summary"' in shown.content.decode()
    assert read.entries(person) == []


@pytest.mark.parametrize("about", ["", "x", "11111111-1111-4111-8111-111111111111"])
def test_undoing_what_is_not_there_changes_nothing(house, person, about):
    house.post("/undo/", {"about": about})

    assert read.entries(person) == []


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"])
def test_undo_never_leads_out_of_the_house(house, back):
    answer = house.post("/undo/", {"about": "11111111-1111-4111-8111-111111111111", "back": back})

    assert answer.headers["Location"] == "/"


def test_a_form_without_its_token_is_refused(person, at):
    from django.test import Client

    from mollet.web import session

    client = Client(enforce_csrf_checks=True, headers={"host": "localhost:8765"})
    client.get("/", {"key": session.issue(person.diary)})

    shown = client.post("/answer/", {"night": str(LAST), "cramps": "1"})

    assert shown.status_code == 403
    assert read.entries(person) == []


def test_a_get_records_nothing(house, person):
    house.get("/answer/", {"night": str(LAST), "cramps": "1"})

    assert read.entries(person) == []


@pytest.mark.parametrize("address", ["/answer/", "/nights/2030-01-01/answer/"])
def test_a_night_that_has_not_begun_cannot_be_answered(house, person, at, address):
    at(MORNING)

    answered = house.post(address, {"night": "2030-01-01", "cramps": "1"})

    assert (answered.status_code, "This night has not begun" in answered.content.decode()) == (400, True)
    assert read.entries(person) == []


def asked_nights(house, at, since, hours):
    """The night that the first page asks about, hour after hour."""
    begin = dt.datetime.fromisoformat(since)
    found = []
    for hour in range(hours):
        at((begin + dt.timedelta(hours=hour)).isoformat())
        found += re.findall(r'name="night" value="([\d-]+)"', page(house))
    return found


def test_a_change_to_sleeping_by_day_skips_no_night(house, at):
    at("2026-11-21T09:00:00+01:00")
    house.post("/me/", {"by_day": "yes"})

    assert sorted(set(asked_nights(house, at, "2026-11-21T10:00:00+01:00", 60))) == [
        "2026-11-20",
        "2026-11-21",
        "2026-11-22",
        "2026-11-23",
    ]


def test_the_night_before_the_change_is_asked_as_a_night(house, at):
    at("2026-11-21T09:00:00+01:00")

    house.post("/me/", {"by_day": "yes"})

    assert "From the evening of Friday" in page(house)


def test_who_sleeps_by_day_is_not_asked_about_an_evening(house, at):
    at("2026-11-21T09:00:00+01:00")
    house.post("/me/", {"by_day": "yes"})

    at("2026-11-23T15:00:00+01:00")

    assert "The day of Monday" in page(house)
    assert "From the evening" not in page(house)


def test_nothing_said_is_shown_as_a_gap_never_as_a_zero(house, at):
    at(MORNING)

    assert page(house).count('data-state="unlogged" data-count=""') == 7


def test_who_sleeps_by_day_is_asked_in_the_evening_about_the_same_day(house, person, at):
    from mollet.store import write

    at("2026-11-20T12:00:00+01:00")
    setting = {
        "v": 1,
        "id": "22222222-2222-4222-8222-222222222222",
        "about": "22222222-2222-4222-8222-222222222222",
        "replaces": [],
        "at": "2026-11-20T12:00:00+01:00",
        "zone": "Europe/Paris",
        "said": "2026-11-20T12:00:00+01:00",
        "data": {"kind": "answer", "question": "sleeps_by_day", "value": True},
    }
    write.receive(person, [setting])

    at("2026-11-22T22:00:00+01:00")

    assert 'name="night" value="2026-11-22"' in page(house)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("moment", [NIGHT, MORNING, DAY])
def test_every_moment_is_said_in_both_languages(house, person, at, lang, moment):
    person.language = lang
    person.save()
    at(moment)

    assert say("now.cramp_button", lang) in page(house)


def test_fewer_said_than_recorded_is_asked_never_guessed(house, person, at):
    from mollet.store import write

    at(MORNING)
    identity = "33333333-3333-4333-8333-333333333333"
    moment = {"at": NIGHT, "zone": "Europe/Paris", "said": NIGHT}
    write.receive(
        person, [{"v": 1, "id": identity, "about": identity, "replaces": [], **moment, "data": {"kind": "cramp"}}]
    )

    answer(house, 0)

    assert say("now.fewer_said", "en", said=0, n=1) in page(house)


def test_at_night_a_cramp_can_be_noted_without_the_clock(house, at):
    at(NIGHT)

    assert 'href="/nights/2026-11-21/cramp/"' in page(house)


def test_the_week_is_told_with_the_space_that_french_wants(house, person, at):
    at(DAY)
    person.language = "fr"
    person.save()
    answer(house, 0)

    assert "samedi 21 novembre\u00a0: aucune crampe" in page(house)


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/clock/", {}),
        ("/zone/", {"zone": "Europe/Paris"}),
        ("/undo/", {"back": "/", "about": "11111111-1111-4111-8111-111111111111"}),
    ],
)
def test_the_address_after_a_form_says_that_something_was_kept(house, address, form):
    assert house.post(address, form).headers["Location"] == "/?done=kept"


def add_pause(house, at, **fields):
    """Add a pause eight days ago, and come back this morning."""
    at("2026-11-14T09:00:00+01:00")
    house.post("/nights/pause/", {"first": "2026-11-14", "last": "", "reason": "hospital", **fields})
    at(MORNING)


def the_pause(person):
    [thing] = [thing for thing in read.diary(person).live if thing.held.data.kind == "pause"]
    return thing.held.data


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Your diary has been paused since 14 November 2026 (hospital)"),
        ("fr", "Votre journal est en pause depuis le 14 novembre 2026 (hôpital)"),
    ],
)
@pytest.mark.parametrize("moment", [NIGHT, MORNING, DAY])
def test_an_open_pause_is_said_with_its_begin_and_its_reason(house, person, at, moment, lang, words):
    add_pause(house, at)
    at(moment)
    person.language = lang
    person.save()

    assert words in page(house)


def test_a_pause_without_a_reason_names_none(house, at):
    add_pause(house, at, reason="other")

    assert "paused since 14 November 2026: " in page(house)


def test_a_pause_with_an_end_to_come_says_it(house, at):
    add_pause(house, at, last="2026-11-28")

    assert "paused from 14 November 2026 to 28 November 2026 (hospital)" in page(house)


@pytest.mark.parametrize("dates", [{"last": "2026-11-20"}, {"first": "2026-11-23"}])
def test_a_pause_that_is_over_or_to_come_is_not_spoken_of(house, at, dates):
    add_pause(house, at, **dates)

    assert 'id="paused"' not in page(house)


@pytest.mark.parametrize(("moment", "last"), [(MORNING, "2026-11-21"), (DAY, "2026-11-21"), (NIGHT, "2026-11-20")])
def test_who_is_back_ends_the_pause_with_the_last_night_that_is_over(house, person, at, moment, last):
    add_pause(house, at)
    at(moment)

    house.post(re.search(r'id="paused".*?action="([^"]+)"', page(house), re.S)[1])

    assert the_pause(person) == Pause(dt.date(2026, 11, 14), dt.date.fromisoformat(last), "hospital")


def test_the_next_night_is_asked_for_again(house, at):
    add_pause(house, at)
    house.post("/nights/pause/end/")

    at("2026-11-23T08:00:00+01:00")

    assert 'name="night" value="2026-11-22"' in page(house)


def test_an_ended_pause_is_said_with_the_way_to_change_it(house, at):
    add_pause(house, at)

    shown = house.post("/nights/pause/end/", follow=True).content.decode()

    assert say("now.pause_ended", "en", day="Saturday 21 November") in shown
    assert re.search(r'href="/nights/pause/[\w-]{36}/"', shown)
    assert 'id="paused"' not in shown


def test_a_pause_is_ended_once_however_often_the_button_is_pressed(house, person, at):
    add_pause(house, at)

    for _ in range(2):
        house.post("/nights/pause/end/")

    assert len(read.entries(person)) == 2


@pytest.mark.parametrize("is_paused", [True, False])
def test_the_mark_of_a_pause_is_explained_where_it_is_shown(house, at, is_paused):
    at(MORNING)
    if is_paused:
        add_pause(house, at)

    assert (say("now.week_key_paused", "en") in page(house)) is is_paused
