from mollet.advice.checkup import next_screen, screens_left
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


def test_an_emergency_leaves_no_screen():
    assert screens_left(result(chest_pain=True, faint_or_collapse=True), load()) == ()
