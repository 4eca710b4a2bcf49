import datetime as dt
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.people import claire, marc
from tests.sayings import tangles

from mollet.diary.entries import Answer, Cramp, Entry, Night, Pause, as_json
from mollet.diary.fold import Diary, nights
from mollet.store import derive, models, people, read, write

FIRST, LAST = dt.date(2026, 3, 20), dt.date(2026, 6, 25)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> models.Person:
    return people.add("claire")


@pytest.fixture
def other() -> models.Person:
    return people.add("marc")


def states(results: list[write.Result]) -> list[str]:
    return [result.state for result in results]


def rows(person: models.Person) -> dict[dt.date, object]:
    return dict(models.Night.objects.filter(person=person).values_list("date", "content"))


def test_what_is_recorded_is_read_again(person: models.Person) -> None:
    said = [claire.cramps_at("2026-03-28 03:10"), claire.answers_night("2026-03-27", 1)]

    assert states(write.record(person, said)) == ["kept", "kept"]
    assert read.entries(person) == said


def test_a_repeat_is_known_and_changes_nothing(person: models.Person) -> None:
    said = claire.cramps_at("2026-03-28 03:10")
    write.record(person, [said])

    assert states(write.record(person, [said, said])) == ["known", "known"]
    assert models.Entry.objects.count() == 1


def test_twice_in_one_batch_is_kept_once(person: models.Person) -> None:
    said = claire.cramps_at("2026-03-28 03:10")

    assert states(write.record(person, [said, said])) == ["kept", "known"]


def test_another_content_under_a_kept_id_is_refused_and_overwrites_nothing(person: models.Person) -> None:
    said = claire.cramps_at("2026-03-28 03:10", severity=4)
    write.record(person, [said])

    (result,) = write.record(person, [replace(said, data=Cramp(severity=9))])

    assert (result.state, result.reason) == ("refused", "error.entry.different")
    assert read.entries(person) == [said]


def test_the_same_content_written_otherwise_is_known(person: models.Person) -> None:
    said = claire.cramps_at("2026-03-28 03:10")
    write.record(person, [said])
    models.Entry.objects.update(content={**as_json(said), "at": said.at.astimezone(dt.UTC).isoformat()})

    assert states(write.record(person, [said])) == ["known"]


def test_each_item_of_a_batch_has_its_own_result_in_its_place(person: models.Person) -> None:
    said = claire.cramps_at("2026-03-28 03:10")

    results = write.receive(person, ["nonsense", as_json(said), {**as_json(said), "v": 9}, as_json(said)])

    assert states(results) == ["refused", "kept", "refused", "known"]


def test_nothing_recorded_is_nothing_done(person: models.Person) -> None:
    assert write.record(person, []) == []


def test_nights_follow_what_is_recorded(person: models.Person) -> None:
    write.record(person, [claire.cramps_at("2026-03-28 03:10")])
    write.record(person, [claire.answers_night("2026-03-27", 2)])

    (night,) = read.nights(person, dt.date(2026, 3, 27), dt.date(2026, 3, 27))

    assert (night.state, night.cramps, night.at_least) == ("closed", 2, 1)


def test_an_undone_cramp_leaves_no_night_behind(person: models.Person) -> None:
    said = claire.cramps_at("2026-03-28 03:10")
    write.record(person, [said])
    write.record(person, [claire.undoes(said)])

    assert rows(person) == {}


def test_a_cramp_moved_to_another_time_leaves_its_first_night(person: models.Person) -> None:
    said = claire.cramps_at("2026-03-28 03:10")
    write.record(person, [said])
    write.record(person, [replace(claire.corrects(said, data=Cramp()), at=claire.moment("2026-02-01 03:10"))])

    assert list(rows(person)) == [dt.date(2026, 1, 31)]


def test_a_pause_shows_without_a_row_of_its_own(person: models.Person) -> None:
    write.record(person, [claire.says(Pause(dt.date(2026, 3, 27)), "2026-03-27 18:00")])

    assert [night.state for night in read.nights(person, dt.date(2026, 3, 26), dt.date(2026, 3, 27))] == [
        "unlogged",
        "paused",
    ]


def test_a_change_of_sleeping_hours_moves_the_cramps_after_it(person: models.Person) -> None:
    write.record(person, [claire.cramps_at("2026-03-28 10:00")])
    write.record(person, [claire.says(Answer("sleeps_by_day", True), "2026-03-20 10:00")])

    assert list(rows(person)) == [dt.date(2026, 3, 28)]


def test_many_entries_at_once_give_the_same_nights(person: models.Person) -> None:
    days = [dt.date(2025, 1, 1) + dt.timedelta(days=n) for n in range(300)]
    write.record(person, [claire.answers_night(day.isoformat(), day.day % 3) for day in days])

    assert len(rows(person)) == 300


def test_the_same_id_may_be_two_peoples(person: models.Person, other: models.Person) -> None:
    said = claire.cramps_at("2026-03-28 03:10")
    write.record(person, [said])

    assert states(write.record(other, [replace(said, data=Cramp(severity=9))])) == ["kept"]
    assert read.entries(person) == [said]


def test_nobody_can_replace_another_persons_entry(person: models.Person, other: models.Person) -> None:
    said = claire.cramps_at("2026-03-28 03:10")
    write.record(person, [said])
    write.record(other, [claire.undoes(said)])

    assert [night.at_least for night in read.nights(person, dt.date(2026, 3, 27), dt.date(2026, 3, 27))] == [1]


def test_nobody_can_read_another_persons_rows(person: models.Person, other: models.Person) -> None:
    write.record(person, [claire.cramps_at("2026-03-28 03:10"), claire.says(Pause(FIRST), "2026-03-20 10:00")])
    write.record(person, [claire.says(Answer("sleeps_by_day", True), "2026-03-20 10:00")])

    assert read.diary(other) == Diary(zone=other.zone)
    assert read.by_day(other) == ()
    assert all(night.state == "unlogged" for night in read.nights(other, FIRST, LAST))


def test_a_rebuild_of_one_person_leaves_the_others_nights(person: models.Person, other: models.Person) -> None:
    write.record(person, [claire.cramps_at("2026-03-28 03:10")])
    before = rows(person)

    derive.rebuild(other)

    assert rows(person) == before


def test_somebody_who_is_not_here_is_named() -> None:
    with pytest.raises(people.StoreError) as refused:
        people.person("nobody")

    assert refused.value.values == {"name": "nobody"}


def test_the_local_person_stays_the_same() -> None:
    assert people.local_person().diary == people.local_person().diary


def test_a_diary_is_found_by_its_id(person: models.Person) -> None:
    assert people.with_diary(person.diary) == person
    assert people.with_diary(uuid4()) is None


def test_marc_lives_elsewhere_and_has_nights_of_his_own(other: models.Person) -> None:
    write.record(other, [marc.cramps_at("2026-03-28 03:10")])

    assert list(rows(other)) == [dt.date(2026, 3, 27)]


def test_a_late_answer_refreshes_the_thing_that_its_successor_replaced_too(person: models.Person) -> None:
    cramp = claire.cramps_at("2026-03-29 03:10")
    beside = replace(
        claire.answers_night("2026-03-27", 0, word="beside"),
        about=cramp.about,
        said=cramp.said - dt.timedelta(minutes=1),
    )
    answer = claire.answers_night("2026-03-27", 0)
    both = claire.corrects(answer, beside, data=Cramp())
    write.record(person, [cramp, beside, both])
    write.record(person, [answer])

    fresh = nights(Diary((cramp, beside, answer, both), zone=person.zone), FIRST, LAST)
    assert read.nights(person, FIRST, LAST) == fresh


class TestAnyBatches(TestCase):
    """However the sayings are cut into batches, the derived nights are those of a fresh fold."""

    @given(tangles(), st.data())
    def test_derived_nights_are_those_of_a_fresh_fold(self, entries: list[Entry], data: st.DataObject) -> None:
        person = people.add("claire")
        waiting = data.draw(st.permutations(entries))
        while waiting:
            size = data.draw(st.integers(1, len(waiting)))
            write.record(person, waiting[:size])
            waiting = waiting[size:]

        assert read.nights(person, FIRST, LAST) == nights(Diary(tuple(entries), zone=person.zone), FIRST, LAST)
        before = rows(person)
        derive.rebuild(person)
        assert rows(person) == before


def test_an_answer_of_a_night_far_away_is_found(person: models.Person) -> None:
    late = replace(claire.says(Night(2, dt.date(2025, 3, 28)), "2026-03-28 10:00"))
    write.record(person, [late])
    write.record(person, [claire.answers_night("2025-03-28", 3, word="again", said="2026-04-01 10:00")])

    (night,) = read.nights(person, dt.date(2025, 3, 28), dt.date(2025, 3, 28))

    assert (night.cramps, night.has_two_answers) == (3, True)
