"""An alarm just given stands before everything else, for as long as its answers hold."""

import re
import uuid

import pytest

from mollet.diary import fold
from mollet.store import read, write

NIGHT = "2026-11-22T03:10:00+01:00"
MORNING = "2026-11-22T08:00:00+01:00"


@pytest.fixture
def say_yes(house, at):
    """Answer questions of the check-up with yes, at ten past three."""

    def answer(*questions, moment=NIGHT):
        at(moment)
        groups = {"chest_pain": "danger_now", "calf_swollen_one_leg": "leg_signs", "calf_warm": "leg_signs"}
        for question in questions:
            house.post(f"/checkup/{groups[question]}/", {question: "yes"})

    return answer


def shown(house, address):
    return re.sub(r"<(script|head|title).*?</\1>", "", house.get(address).content.decode(), flags=re.S)


def steps(house):
    return re.findall(r'id="step-(\w+)"', shown(house, "/relief/"))


@pytest.mark.parametrize("address", ["/", "/relief/"])
@pytest.mark.parametrize("moment", [NIGHT, MORNING, "2026-11-22T15:00:00+01:00"])
def test_an_emergency_comes_first(house, say_yes, at, address, moment):
    say_yes("chest_pain", moment="2026-11-22T03:00:00+01:00")

    at(moment)

    page = shown(house, address)
    main = page[page.index("<main") :]
    assert main.index("Call the emergency number now.") < main.index('href="tel:15"')
    others = [main.find(other) for other in ('class="relief-button"', 'class="steps"', 'id="last-night"')]
    assert all(place < 0 or place > main.index('href="tel:15"') for place in others)
    assert "/checkup/result/" in main


def test_at_an_emergency_only_breathing_stays(house, say_yes):
    say_yes("chest_pain")

    assert steps(house) == ["breathe"]


def test_a_leg_to_be_seen_today_comes_first(house, say_yes):
    say_yes("calf_swollen_one_leg", "calf_warm")

    assert "Be seen by a doctor today." in shown(house, "/")
    assert "Be seen by a doctor today." in shown(house, "/relief/")


def test_a_leg_to_be_seen_today_is_neither_rubbed_nor_warmed(house, say_yes):
    say_yes("calf_swollen_one_leg", "calf_warm")

    assert {"massage", "warmth"} & set(steps(house)) == set()


def test_an_alarm_ends_with_its_answers(house, say_yes, at):
    say_yes("chest_pain")

    at("2026-11-23T04:00:00+01:00")

    assert 'id="standing"' not in shown(house, "/")
    assert "foot_up" in steps(house)


def test_the_page_says_until_when_its_alarm_holds(house, say_yes):
    say_yes("chest_pain")

    assert 'data-until="2026-11-23T03:10:00+01:00"' in shown(house, "/relief/")


def test_a_stranger_sees_no_alarm_of_this_house(house, stranger, say_yes):
    say_yes("chest_pain")

    assert 'id="standing"' not in shown(stranger, "/relief/")


def entry(at, data, about=None):
    identity = str(uuid.uuid4())
    return {
        "v": 1,
        "id": identity,
        "about": about or identity,
        "replaces": [],
        "at": at,
        "zone": "Europe/Paris",
        "said": at,
        "data": data,
    }


def test_the_morning_comes_back_to_a_cramp_that_was_still_hard(house, at):
    at(NIGHT)
    house.post("/relief/check/", {"hard": "yes", "late": "yes"})

    at(MORNING)

    assert "Your last cramp was still hard after stretching" in shown(house, "/")


def test_the_morning_comes_back_to_a_cramp_of_more_than_ten_minutes(house, person, at):
    write.receive(person, [entry(NIGHT, {"kind": "cramp", "end": "2026-11-22T03:25:00+01:00", "end_known": True})])

    at(MORNING)

    assert "Your last cramp lasted 10 minutes or more" in shown(house, "/")


def test_once_the_check_up_was_answered_again_the_morning_is_quiet(house, at):
    at(NIGHT)
    house.post("/relief/check/", {"hard": "yes", "late": "yes"})
    at(MORNING)

    house.post("/checkup/danger_now/", {"none": "none"})

    assert "Your last cramp" not in shown(house, "/")


@pytest.fixture
def left(person):
    """A cramp whose clock nobody stopped, as the phone says it."""
    cramp = entry(NIGHT, {"kind": "cramp", "end": None, "end_known": False})
    asked = entry(NIGHT, {"kind": "answer", "question": "clock_left_running", "value": cramp["id"]})
    write.receive(person, [cramp, asked])
    return asked["id"]


def cramps(person):
    return fold.cramps(read.diary(person))


def test_a_clock_that_nobody_stopped_is_asked_about(house, at, left):
    at(MORNING)

    assert "A cramp clock was started on Sunday 22 November at 03:10" in re.sub(r"\s+", " ", shown(house, "/"))


@pytest.mark.parametrize(("was", "kept"), [("yes", 1), ("no", 0)])
def test_one_tap_says_what_the_clock_was(house, person, at, left, was, kept):
    at(MORNING)

    house.post("/clock/", {"about": left, "was": was})

    assert len(cramps(person)) == kept
    assert "A cramp clock" not in shown(house, "/")


def test_a_clock_left_running_is_no_answer_of_the_check_up(house, at, left):
    at(MORNING)

    assert "/checkup/result/" not in shown(house, "/checkup/")


SIGNS = {"breath": "yes", "late": "yes"}


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "From what you answered on Sunday 22 November at 03:10"),
        ("fr", "D’après ce que vous avez répondu le dimanche 22 novembre à 03:10"),
    ],
)
@pytest.mark.parametrize("address", ["/relief/check/", "/checkup/danger_now/"])
def test_the_alarm_says_when_it_was_answered_wherever_that_was(house, person, at, address, lang, words):
    at(NIGHT)
    house.post(address, {**SIGNS, "chest_pain": "yes"})
    person.language = lang
    person.save()

    at(MORNING)

    assert words in shown(house, "/")
