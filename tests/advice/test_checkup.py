from mollet.advice.checkup import next_screen, screens_left, screens_open
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
