import datetime as dt

from tests.people import claire

from mollet.diary.entries import Medicine
from mollet.diary.fold import Course, Diary
from mollet.knowledge import load
from mollet.report.medicines import changes, suspicions, taken

SPAN = (dt.date(2026, 1, 1), dt.date(2026, 11, 21))


def medicine(change, name, on):
    return claire.says(Medicine(change, name, None, dt.date.fromisoformat(on)), "2026-11-20 09:00")


def test_a_diuretic_may_provoke_cramps():
    assert [one.strength for one in suspicions("hydrochlorothiazide", load())] == ["moderate"]


def test_nothing_is_held_against_an_unknown_name():
    assert suspicions("zzyxxomil", load()) == ()


def test_changes_stand_in_the_order_of_their_days():
    diary = Diary((medicine("stop", "furosemide", "2026-05-02"), medicine("start", "furosemide", "2026-03-01")))

    assert [(one.change, one.on.month) for one in changes(diary, SPAN, load())] == [("start", 3), ("stop", 5)]


def test_a_change_before_the_time_line_is_not_on_it():
    assert changes(Diary((medicine("start", "furosemide", "2024-03-01"),)), SPAN, load()) == ()


def test_a_medicine_named_twice_is_taken_once():
    course = Course("Furosémide", "40 mg", dt.date(2026, 3, 1))

    assert [one.name for one in taken((course,), ("furosemide", "paracetamol"), load())] == [
        "Furosémide",
        "paracetamol",
    ]


def test_none_in_the_list_is_no_medicine():
    assert taken((), ("none",), load()) == ()
