"""What a phone with a wrong clock dated after today: kept, shown, reached, moved and taken back."""

import datetime as dt
import re
import uuid
from html import unescape

import pytest

from mollet.diary import fold
from mollet.diary.entries import Answer, Cramp, Dose, Exposure, Night, Note, Pause, entry_of
from mollet.knowledge import load
from mollet.store import read, write
from mollet.words import say

AHEAD = dt.date(2031, 5, 2)
MOMENT = dt.datetime.fromisoformat("2031-05-03T03:10:20+02:00")


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-22T09:00:00+01:00")


def keep(person, data, at=MOMENT):
    said = entry_of(data, at, "Europe/Paris", uuid.uuid4())
    write.record(person, [said])
    return said


@pytest.fixture
def cramp(person):
    """A cramp of four minutes that a phone recorded in 2031."""
    return keep(person, Cramp(end=MOMENT + dt.timedelta(seconds=250), end_known=True, leg="left"))


def page(house, address, **query):
    answer = house.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("cramp")
def test_the_nights_page_says_what_is_dated_after_today_and_leads_there(house):
    shown = page(house, "/nights/")

    assert say("nights.ahead", "en", n=1) in shown
    assert 'href="/nights/2031-05-02/"' in shown


@pytest.mark.usefixtures("cramp")
def test_it_is_said_in_french_too(house, person):
    person.language = "fr"
    person.save()

    assert say("nights.ahead", "fr", n=1) in page(house, "/nights/")


@pytest.mark.usefixtures("cramp")
def test_the_calendar_goes_forward_to_the_last_thing_said_and_back(house):
    assert 'href="/nights/?month=2031-05"' in page(house, "/nights/")

    shown = page(house, "/nights/", month="2031-05")
    assert re.findall(r'class="night-dot" href="/nights/([^/]+)/"', shown) == ["2031-05-02"]
    assert 'href="/nights/?month=2026-11"' in shown


def test_the_calendar_goes_no_further_than_this_month_without_such_a_thing(house):
    assert "month=2026-12" not in page(house, "/nights/")


@pytest.mark.usefixtures("cramp")
def test_the_nights_between_are_no_part_of_the_calendar(house):
    assert 'href="/nights/2026-11-25/"' not in page(house, "/nights/")


@pytest.mark.parametrize(
    "data",
    [
        Night(1, AHEAD),
        Exposure("coffee", 2.0, None, AHEAD),
        Dose("stretch", None, True, AHEAD),
        Note("a walk"),
        Answer("fever", True),
    ],
)
def test_whatever_was_said_of_a_night_to_come_can_be_reached(house, person, data):
    keep(person, data)

    assert 'href="/nights/2031-05-02/"' in page(house, "/nights/")
    assert say("nights.dated_ahead", "en", day="2 May 2031") in page(house, f"/nights/{AHEAD}/")


@pytest.mark.parametrize(
    "data", [Cramp(), Night(1, AHEAD), Dose("stretch", None, True, AHEAD), Note("a walk"), Answer("fever", True)]
)
def test_whatever_was_said_of_a_night_to_come_can_be_taken_back(house, person, data):
    keep(person, data)
    forms = re.findall(r'<form method="post" action="/nights/undo/">.*?</form>', page(house, f"/nights/{AHEAD}/"), re.S)
    fields = dict(re.findall(r'name="(about|replaces|back)" value="([^"]*)"', forms[0]))

    shown = house.post("/nights/undo/", fields, follow=True)

    assert (shown.status_code, read.diary(person).live) == (200, ())
    assert say("nights.bring_back", "en") in shown.content.decode()


def move(house, cramp, night, time="03:10"):
    fields = {"night": night, "time": time, "minutes": "4.2", "leg": "left"}
    return house.post(f"/nights/{AHEAD}/cramp/{cramp.about}/", fields)


def test_a_cramp_of_2031_is_moved_to_its_night(house, person, cramp):
    answer = move(house, cramp, "2026-11-20")

    [night] = fold.nights(read.diary(person), dt.date(2026, 11, 20), dt.date(2026, 11, 20))
    assert (answer.headers["location"], night.at_least) == ("/nights/2026-11-20/?done=kept", 1)
    assert say("nights.ahead", "en", n=1) not in page(house, "/nights/")


def test_a_cramp_that_is_moved_lasts_as_long_as_it_did(house, person, cramp):
    move(house, cramp, "2026-11-20")

    [moved] = fold.cramps(read.diary(person))
    assert moved.minutes == 250 / 60


def test_a_cramp_is_not_moved_to_another_night_to_come(house, cramp):
    shown = move(house, cramp, "2031-05-01").content.decode()

    assert say("form.future", "en") in shown
    assert 'value="2031-05-01"' in shown


def test_a_date_no_calendar_has_moves_nothing(house, person, cramp):
    move(house, cramp, "2026-02-30")

    assert fold.cramps(read.diary(person))[0].at == MOMENT


def test_searching_leads_to_the_page_of_a_pause_to_come(house, person):
    pause = keep(person, Pause(dt.date(2027, 1, 4)), dt.datetime.fromisoformat("2026-11-20T10:00:00+01:00"))

    assert f'href="/nights/pause/{pause.about}/"' in page(house, "/search/", q="pause")


def test_a_night_that_holds_a_cramp_already_is_not_said_not_to_have_begun(house, person, at):
    keep(person, Cramp(), dt.datetime.fromisoformat("2026-11-22T14:00:00+01:00"))
    at("2026-11-22T15:00:00+01:00")

    shown = page(house, "/nights/2026-11-22/")
    assert (say("nights.tonight", "en") in shown, say("nights.tonight_held", "en") in shown) == (False, True)


def test_a_dose_of_the_evening_to_come_is_not_dated_after_today(house, person):
    keep(person, Dose("stretch", None, True, dt.date(2026, 11, 22)), dt.datetime(2026, 11, 22, 7, tzinfo=dt.UTC))

    assert 'id="ahead"' not in page(house, "/nights/")


def test_replies_dated_after_today_are_counted_and_shown_under_their_questions(house, person):
    for question in ("fever", "pregnant"):
        keep(person, Answer(question, True))

    assert say("nights.ahead", "en", n=2) in page(house, "/nights/")
    assert load().questions["fever"].asks.to("en") in unescape(page(house, f"/nights/{AHEAD}/"))


def test_a_reply_of_today_is_not_dated_after_today(house, person):
    keep(person, Answer("fever", True), dt.datetime.fromisoformat("2026-11-22T08:59:00+01:00"))

    assert 'id="ahead"' not in page(house, "/nights/")
