import datetime as dt

from tests.people import claire

from mollet.diary.entries import Answer, Dose, Medicine, Note
from mollet.diary.fold import Diary
from mollet.knowledge import load
from mollet.report.doctor import denied_by_day, doctor

NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
SPAN = (dt.date(2026, 10, 25), dt.date(2026, 11, 21))


def page(*entries):
    return doctor(Diary(tuple(entries), zone="Europe/Paris"), load(), NOW, SPAN, "FR")


def answered(question, value, at="2026-11-20 09:00"):
    return claire.says(Answer(question, value), at)


def test_only_closed_nights_are_counted():
    closed, cramp = claire.answers_night("2026-11-10", 2), claire.cramps_at("2026-11-12 03:00")

    found = page(closed, cramp)

    assert (found.nights.cramps, found.nights.closed) == (2, 1)


def test_an_open_night_is_told_beside_the_count():
    found = page(claire.cramps_at("2026-11-12 03:00"), claire.cramps_at("2026-11-12 04:00"))

    assert (found.nights.open, found.open_at_least) == (1, 2)


def test_a_night_nobody_spoke_of_stays_unlogged():
    assert page().nights.unlogged == 28


def test_a_sign_that_was_denied_stands_with_its_day():
    [sign] = page(answered("breathless", False)).denied

    assert (sign.question.id, sign.on) == ("breathless", dt.date(2026, 11, 20))


def test_an_expired_no_stands_on_paper_with_its_day():
    found = page(answered("chest_pain", False, "2026-10-01 09:00"))

    assert list(denied_by_day(found.denied)) == [dt.date(2026, 10, 1)]


def test_a_sign_nobody_asked_about_is_not_denied():
    found = page(answered("breathless", False))

    assert "chest_pain" in [question.id for question in found.not_asked]


def test_an_answer_taken_back_is_not_known():
    found = page(answered("breathless", False), answered("breathless", None, "2026-11-20 10:00"))

    assert "breathless" in [question.id for question in found.not_asked]


def test_a_sign_that_is_there_stands_first():
    assert [sign.question.id for sign in page(answered("chest_pain", True)).present] == ["chest_pain"]


def test_what_speaks_for_a_plain_cramp_is_no_sign_of_danger():
    assert page(answered("relieved_by_stretching", True)).present == ()


def test_a_list_that_was_never_asked_is_not_empty():
    assert page().medicines is None


def test_a_list_of_nothing_is_empty():
    assert page(answered("medicines", ())).medicines == ()


def test_a_medicine_nobody_knows_is_kept_as_it_was_written():
    [one] = page(answered("medicines", ("zzyxxomil",))).medicines

    assert (one.name, one.classes) == ("zzyxxomil", ())


def test_a_medicine_stands_with_the_day_it_was_started():
    started = claire.says(Medicine("start", "amlodipine", "5 mg", dt.date(2026, 3, 1)), "2026-11-01 09:00")

    [course] = page(started).courses

    assert (course.name, course.since) == ("amlodipine", dt.date(2026, 3, 1))


def test_since_when_is_counted_back_from_the_day_it_was_said():
    assert page(answered("symptom_days", 30.0)).since == dt.date(2026, 10, 21)


def test_the_worst_pain_has_its_middle_and_bounds():
    pains = {10: 2, 11: 4, 12: 9}

    found = page(*(claire.cramps_at(f"2026-11-{day} 03:00", severity=pain) for day, pain in pains.items()))

    assert (found.severity.middle, found.severity.least, found.severity.most, found.severity.n) == (4, 2, 9, 3)


def test_an_end_that_is_not_known_gives_no_length():
    assert page(claire.cramps_at("2026-11-12 03:00")).minutes is None


def test_what_was_tried_counts_nights_done_and_left_out():
    done = [Dose("wall_stretch", night=dt.date(2026, 11, day)) for day in (10, 11)]
    left = Dose("wall_stretch", done=False, night=dt.date(2026, 11, 12))

    [tried] = page(*(claire.says(dose, "2026-11-12 21:00", word=dose.night) for dose in (*done, left))).tried

    assert (tried.done, tried.left_out) == (2, 1)


def test_notes_never_reach_the_page():
    assert "secret" not in repr(page(claire.says(Note("a secret"), "2026-11-12 21:00")))


def test_what_cannot_be_of_a_man_is_no_gap():
    found = page(answered("sex", "male"), answered("age_years", 84))

    assert "severe_headache" not in [question.id for question in found.not_asked]


def test_what_may_be_of_a_young_woman_stays_a_gap():
    found = page(answered("sex", "female"), answered("age_years", 30))

    assert "severe_headache" in [question.id for question in found.not_asked]


def test_what_is_asked_of_children_is_no_gap_of_an_adult():
    found = page(answered("sex", "female"), answered("age_years", 70))

    assert "child" not in {question.group for question in found.not_asked}


def test_what_is_asked_of_children_stays_a_gap_of_a_child():
    found = page(answered("sex", "female"), answered("age_years", 9))

    assert "child" in {question.group for question in found.not_asked}
