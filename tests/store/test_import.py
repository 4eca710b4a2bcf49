import datetime as dt
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from tests.people import claire

from mollet.diary.entries import Entry
from mollet.diary.measures import Measure
from mollet.errors import StoreError
from mollet.store import models, people, read, write

pytestmark = pytest.mark.django_db

NIGHT = dt.date(2026, 3, 1)
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
FILE, NEWER = "a" * 64, "b" * 64


@pytest.fixture
def person() -> models.Person:
    return people.add("claire")


def steps(value: float, source: str = "watch:a") -> Measure:
    return Measure(source, "steps", NIGHT, value, 1.0, UUID(int=0))


def bring(
    person: models.Person, *measures: Measure, sha256: str = FILE, entries: tuple[Entry, ...] = ()
) -> write.Imported:
    return write.record_import(person, "apple_health", measures, sha256=sha256, at=NOW, entries=entries)


def held(person: models.Person) -> list[float]:
    return [measure.value for measure in read.measures(person)]


def test_a_file_brings_its_measures(person: models.Person) -> None:
    done = bring(person, steps(4000))

    assert (done.state, held(person)) == ("kept", [4000])


def test_the_same_file_twice_changes_nothing(person: models.Person) -> None:
    first = bring(person, steps(4000))

    second = bring(person, steps(4000))

    assert (second.state, second.id) == ("known", first.id)
    assert models.Import.objects.count() == 1
    assert models.Measure.objects.count() == 1


def test_a_file_that_is_now_read_better_is_a_new_generation(person: models.Person) -> None:
    bring(person, steps(4000))

    assert bring(person, steps(4100)).state == "kept"
    assert held(person) == [4100]


def test_a_newer_export_counts_nothing_twice(person: models.Person) -> None:
    bring(person, steps(4000))
    bring(person, steps(9000), sha256=NEWER)

    assert held(person) == [9000]


def test_undoing_the_newer_generation_shows_the_older_one_again(person: models.Person) -> None:
    bring(person, steps(4000))
    newer = bring(person, steps(9000), sha256=NEWER)

    write.undo_import(person, newer.id, NOW)

    assert held(person) == [4000]


def test_an_undone_file_may_come_again(person: models.Person) -> None:
    write.undo_import(person, bring(person, steps(4000)).id, NOW)

    assert bring(person, steps(4000)).state == "kept"
    assert held(person) == [4000]


def test_undone_twice_is_undone_once(person: models.Person) -> None:
    done = bring(person, steps(4000))
    write.undo_import(person, done.id, NOW)

    assert write.undo_import(person, done.id, NOW + dt.timedelta(days=1)).undone == NOW


def test_the_diary_follows_an_undo(person: models.Person) -> None:
    done = bring(person, steps(4000))
    assert len(read.diary(person).measures) == 1

    write.undo_import(person, done.id, NOW)

    assert read.diary(person).measures == ()


def test_a_file_that_brings_nothing_leaves_no_import(person: models.Person) -> None:
    assert bring(person).state == "known"
    assert models.Import.objects.count() == 0


def test_nobody_can_undo_another_persons_import(person: models.Person) -> None:
    done = bring(person, steps(4000))

    with pytest.raises(StoreError) as refused:
        write.undo_import(people.add("marc"), done.id, NOW)

    assert refused.value.key == "error.store.no_import"
    assert held(person) == [4000]


def test_an_import_nobody_made_is_named(person: models.Person) -> None:
    with pytest.raises(StoreError):
        write.undo_import(person, uuid4(), NOW)


def cramps_recorded(person: models.Person) -> int:
    return sum(night.at_least for night in read.nights(person, NIGHT, NIGHT))


def test_undo_withdraws_the_entries_of_the_file(person: models.Person) -> None:
    done = bring(person, entries=(claire.cramps_at("2026-03-02 03:10"),))
    assert cramps_recorded(person) == 1

    write.undo_import(person, done.id, NOW)

    assert cramps_recorded(person) == 0


def test_entries_known_before_a_file_stay_when_it_is_undone(person: models.Person) -> None:
    said, new = claire.cramps_at("2026-03-02 03:10"), claire.cramps_at("2026-03-02 04:10")
    write.record(person, [said])
    done = bring(person, entries=(said, new))

    write.undo_import(person, done.id, NOW)

    assert cramps_recorded(person) == 1


def test_what_the_person_corrected_stays_when_the_file_is_undone(person: models.Person) -> None:
    said = claire.cramps_at("2026-03-02 03:10")
    done = bring(person, entries=(said,))
    write.record(person, [claire.corrects(said, data=replace(said.data, severity=5))])

    write.undo_import(person, done.id, NOW)

    assert cramps_recorded(person) == 1


def test_entries_of_an_undone_file_come_back_with_it(person: models.Person) -> None:
    said = claire.cramps_at("2026-03-02 03:10")
    write.undo_import(person, bring(person, entries=(said,)).id, NOW)

    again = bring(person, entries=(said,))

    assert (again.state, cramps_recorded(person)) == ("kept", 1)
    assert bring(person, entries=(said,)).state == "known"


def test_what_the_person_took_back_stays_back_when_the_file_comes_again(person: models.Person) -> None:
    said = claire.cramps_at("2026-03-02 03:10")
    bring(person, entries=(said,))
    write.record(person, [claire.undoes(said)])

    bring(person, entries=(said,))

    assert cramps_recorded(person) == 0


def test_an_import_says_what_became_of_each_entry(person: models.Person) -> None:
    said = claire.cramps_at("2026-03-02 03:10")

    done = bring(person, entries=(said, said))

    assert [result.state for result in done.results] == ["kept", "known"]
