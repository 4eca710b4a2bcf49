import pytest

from mollet.advice.checkup import next_screen, screens_for, screens_left, screens_open
from mollet.advice.triage import triage
from mollet.diary.facts import resolve
from mollet.knowledge import load


def result(**answers):
    return triage(resolve(answers, load()), load())


def test_the_next_screen_is_the_one_the_triage_asks_for():
    found = result()

    assert next_screen(found, load()) == found.ask_next


def test_a_screen_that_was_seen_is_not_shown_again():
    found = result()

    assert next_screen(found, load(), {found.ask_next.group}).group != found.ask_next.group


def test_after_every_screen_there_is_none():
    assert next_screen(result(), load(), set(load().groups)) is None


def test_screens_left_hold_every_open_question():
    found = result()

    assert {key for screen in screens_left(found, load()) for key in screen.keys} == set(found.open)


def test_a_screen_whose_answers_could_not_be_read_is_open_and_no_longer_left():
    found = result(medicines=["xyzabc"], conditions=["xyzabc"], supplements=["xyzabc"], new_medicine_recent=False)
    group = "medicines_and_illnesses"

    assert group in {one.group for one in screens_open(found, load())} - {
        one.group for one in screens_left(found, load())
    }


def test_an_emergency_leaves_no_screen():
    assert screens_left(result(chest_pain=True, faint_or_collapse=True), load()) == ()


def still_open(said):
    return {screen.group for screen in screens_open(result(**said), load())}


def listed(said):
    return set(screens_for(said, load()))


both = pytest.mark.parametrize("screens", [still_open, listed])


@both
@pytest.mark.parametrize("age", [18, 44, 80])
def test_an_adult_whose_age_is_known_has_no_gap_about_a_child(screens, age):
    assert "child" not in screens({"age_years": age})


@both
@pytest.mark.parametrize("said", [{"age_years": 9}, {"age_years": 16}, {"sex": "female"}])
def test_a_child_and_who_may_be_one_keeps_the_questions_about_a_child(screens, said):
    assert "child" in screens(said)


@both
@pytest.mark.parametrize("said", [{"sex": "male"}, {"sex": "female", "age_years": 71}])
def test_who_cannot_be_pregnant_has_no_gap_about_pregnancy(screens, said):
    assert "pregnancy" not in screens(said)


@both
@pytest.mark.parametrize(
    "said", [{"sex": "female", "age_years": 30}, {"age_years": 30}, {"sex": "male", "pregnant": True}]
)
def test_who_may_be_pregnant_keeps_the_questions_about_it(screens, said):
    assert "pregnancy" in screens(said)


def test_a_screen_that_was_answered_stays_listed():
    assert "child" in listed({"age_years": 40, "morning_symptoms": True})


def test_answers_that_contradict_each_other_leave_no_screen_out():
    assert listed({"age_years": 40, "answering_for": "child"}) == set(load().groups)


def test_what_asks_about_everybody_is_listed_for_everybody():
    assert listed({"age_years": 40, "sex": "male"}) == set(load().groups) - {"child", "pregnancy"}
