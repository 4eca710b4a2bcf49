import datetime as dt
import re
from xml.etree import ElementTree

import pytest
from tests.people import claire

from mollet.diary.entries import Answer, Medicine
from mollet.diary.fold import Diary
from mollet.knowledge import load
from mollet.report.doctor import OWN_NAME, OWN_QUESTIONS, OWN_TESTS, doctor
from mollet.report.sheet import PARTS, sheet

NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
SPAN = (dt.date(2026, 10, 25), dt.date(2026, 11, 21))


def page(*entries, lang="en", parts=PARTS):
    facts = doctor(Diary(tuple(entries), zone="Europe/Paris"), load(), NOW, SPAN, "FR")
    return sheet(facts, load(), NOW.date(), lang, parts)


def row(made, place):
    one = made.rows[place]
    return " ".join([one.lead, *one.says, one.small])


def answered(question, value, at="2026-11-20 09:00"):
    return claire.says(Answer(question, value), at)


def started(name, on):
    return claire.says(Medicine("start", name, None, dt.date.fromisoformat(on)), "2026-11-20 09:00")


def test_the_first_lines_are_always_the_same():
    assert [one.label for one in page(parts=()).rows] == ["Who", "Cramps", "Danger signs", "Medicines", "Tried", "Asks"]


def test_age_stands_with_the_month_in_which_it_was_said():
    assert row(page(answered("age_years", 67.0)), 0).startswith("67 years old (said in November 2026)")


def test_cramps_stand_with_the_closed_nights_and_all_nights():
    nights = (claire.answers_night("2026-11-10", 2), claire.answers_night("2026-11-11", 0))

    assert page(*nights).rows[1].lead == "2 cramps in 2 of 28 nights"


def test_the_nights_before_show_the_trend():
    earlier = [claire.answers_night(f"2026-09-{day}", 1) for day in (20, 28, 29)]

    assert "just before: 2 cramps in 2 of 28 nights, 7.0 a week" in row(page(*earlier), 1)


def test_without_enough_diary_no_trend_is_made_up():
    assert "does not reach back far enough" in row(page(claire.answers_night("2026-11-10", 2)), 1)


def test_a_no_stands_with_its_day():
    assert "Said no on 20 November 2026: chest pain." in row(page(answered("chest_pain", False)), 2)


def test_what_nobody_asked_is_said_to_be_not_asked():
    assert "coughing blood" in page(answered("chest_pain", False)).rows[2].small


def test_where_nothing_was_asked_nothing_is_said_to_be_absent():
    assert page().rows[2].lead == "Not asked."


def test_a_medicine_that_may_provoke_cramps_is_named_with_its_class():
    told = row(page(started("hydrochlorothiazide", "2026-11-01")), 3)

    assert "May provoke cramps: hydrochlorothiazide (thiazide or thiazide-like diuretic: moderate link)." in told


def test_a_start_is_marked_on_the_time_line():
    entries = (claire.answers_night("2026-11-10", 2), started("hydrochlorothiazide", "2026-11-01"))

    assert len(ElementTree.fromstring(page(*entries).picture.svg).findall(".//circle")) == 1


def test_the_picture_says_all_its_numbers():
    entries = [claire.answers_night(f"2026-11-{day}", n) for day, n in (("03", 2), ("10", 5))]

    assert page(*entries).picture.describes.endswith(", 2, 5, –.")


def test_what_the_person_asks_stands_first_in_its_line():
    asked = (answered(OWN_QUESTIONS, ("Is it my tablet?",)), answered("asks_about", ("magnesium",)))

    assert row(page(*asked), 5).startswith("Is it my tablet? Asks about: magnesium.")


def test_tests_already_done_stand_as_they_were_written():
    made = page(answered(OWN_TESTS, ("potassium 4.1, 3 March 2026",)))

    assert "Already done: potassium 4.1, 3 March 2026." in [item for part in made.parts for item in part.items]


def test_tests_are_usually_none():
    assert any("Usually no test" in item for part in page().parts for item in part.items)


@pytest.mark.parametrize(("parts", "stands"), [(PARTS, True), ((), False)])
def test_the_name_stands_only_where_it_was_ticked(parts, stands):
    assert ("Claire" in repr(page(answered(OWN_NAME, ("Claire",)), parts=parts))) is stands


def test_what_was_not_ticked_is_not_there():
    made = page(claire.answers_night("2026-11-10", 2), parts=())

    assert (made.picture, made.parts) == (None, ())


def test_it_is_said_to_be_self_reported():
    assert "reported by the person" in page().made


def test_both_languages_state_the_same_numbers():
    entries = [claire.answers_night(f"2026-11-{day}", n) for day, n in (("03", 2), ("10", 5))]
    both = [re.findall(r"\d+", row(page(*entries, lang=lang), 1)) for lang in ("en", "fr")]

    assert sorted(both[0]) == sorted(both[1])


def test_a_sign_that_holds_no_more_is_told_with_what_it_meant_when_it_was_said():
    told = row(page(answered("chest_pain", True, "2026-11-01 09:00")), 2)

    assert "When they were said, these signs meant: Emergency." in told
    assert "From the answers that still hold today: not known yet" in told


def test_a_sign_that_still_holds_is_told_with_one_urgency():
    told = row(page(answered("chest_pain", True, "2026-11-22 08:30")), 2)

    assert ("When they were said" in told, "Urgency from these answers: Emergency" in told) == (False, True)


def test_the_dose_of_a_start_stands_once():
    dosed = claire.says(Medicine("start", "amlodipine", "5 mg", dt.date(2026, 11, 5)), "2026-11-20 09:00")

    assert row(page(dosed), 3).count("5 mg") == 1
