import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.people import claire

from mollet.errors import StoreError
from mollet.store import backup, derive, folder, models, people, read, start, write
from mollet.store.check import check

FUTURE = "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_future', '2030-01-01')"
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def person(diary_file: Path) -> models.Person:
    somebody = people.add("claire")
    write.record(somebody, [claire.cramps_at("2026-03-02 03:10"), claire.answers_night("2026-03-01", 1)])
    return somebody


def ids(person: models.Person) -> set[object]:
    return {entry.id for entry in read.entries(person)}


def test_a_backup_holds_everything_in_one_file(person: models.Person, tmp_path: Path) -> None:
    file = backup.backup(tmp_path / "copy.sqlite3")

    assert backup.verify(file) == backup.Verified(people=1, entries=2, unreadable=0)
    assert sorted(path.name for path in tmp_path.glob("*copy*")) == ["copy.sqlite3"]


def test_a_backup_never_overwrites(person: models.Person, tmp_path: Path) -> None:
    file = tmp_path / "copy.sqlite3"
    file.write_text("something dear")

    with pytest.raises(StoreError) as refused:
        backup.backup(file)

    assert refused.value.key == "error.store.exists"
    assert file.read_text() == "something dear"


def test_a_backup_into_a_folder_that_is_not_there_is_an_error(person: models.Person, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        backup.backup(tmp_path / "nowhere" / "copy.sqlite3")

    assert refused.value.key == "error.store.not_written"


def test_a_restored_backup_then_a_replay_changes_nothing(person: models.Person, tmp_path: Path) -> None:
    said = read.entries(person)
    later = claire.cramps_at("2026-03-05 03:10")
    file = backup.backup(tmp_path / "copy.sqlite3")
    write.record(person, [later])

    backup.restore(file, NOW)

    assert ids(person) == {entry.id for entry in said}
    assert [one.state for one in write.record(person, [*said, later])] == ["known", "known", "kept"]
    assert check().problems == ()


def test_what_was_there_before_a_restore_is_kept(person: models.Person, tmp_path: Path) -> None:
    file = backup.backup(tmp_path / "copy.sqlite3")
    write.record(person, [claire.cramps_at("2026-03-05 03:10")])

    kept = backup.restore(file, NOW)

    assert kept is not None
    backup.restore(kept, NOW)
    assert len(ids(person)) == 3


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"SQLite format 3\0" + bytes(4096)])
def test_a_file_that_is_no_backup_leaves_the_diary_as_it_was(
    person: models.Person, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "broken.sqlite3"
    file.write_bytes(content)

    with pytest.raises(StoreError) as refused:
        backup.restore(file, NOW)

    assert refused.value.key == "error.store.not_a_backup"
    assert len(ids(person)) == 2


def test_a_truncated_backup_is_refused(person: models.Person, tmp_path: Path) -> None:
    whole = backup.backup(tmp_path / "copy.sqlite3").read_bytes()
    file = tmp_path / "half.sqlite3"
    file.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(StoreError):
        backup.restore(file, NOW)


def test_a_backup_of_a_newer_mollet_is_refused(person: models.Person, tmp_path: Path) -> None:
    file = backup.backup(tmp_path / "copy.sqlite3")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_future', '2030-01-01')"
        )

    with pytest.raises(StoreError) as refused:
        backup.restore(file, NOW)

    assert refused.value.key == "error.store.newer"


def test_a_damaged_diary_can_be_restored_over_and_is_kept(person: models.Person, tmp_path: Path) -> None:
    file = backup.backup(tmp_path / "copy.sqlite3")
    from django.db import connections

    connections.close_all()
    damaged = bytes(9000)
    folder.database().write_bytes(damaged)

    kept = backup.restore(file, NOW)

    assert len(ids(person)) == 2
    assert kept is not None
    assert kept.read_bytes() == damaged


def test_the_journal_of_the_diary_before_is_never_applied_to_the_restored_one(
    person: models.Person, tmp_path: Path
) -> None:
    file = backup.backup(tmp_path / "copy.sqlite3")
    with closing(sqlite3.connect(folder.database())) as another_program:
        another_program.execute("SELECT count(*) FROM store_entry").fetchone()
        write.record(person, [claire.cramps_at(f"2026-03-{day:02} 03:10") for day in range(3, 28)])

        backup.restore(file, NOW)

    assert len(ids(person)) == 2
    assert check().problems == ()


def test_a_backup_precedes_a_migration(person: models.Person) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'store'")

    with pytest.raises(Exception, match="already exists"):
        start.bring_up_to_date(NOW)

    (kept,) = (folder.data_folder() / start.KEPT).glob("before-*.sqlite3")
    with closing(sqlite3.connect(kept)) as database:
        assert database.execute("SELECT count(*) FROM store_entry").fetchone() == (2,)


def test_tables_of_a_newer_mollet_stop_the_start(person: models.Person) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_future', '2030-01-01')"
        )

    with pytest.raises(StoreError) as refused:
        start.bring_up_to_date(NOW)

    assert refused.value.key == "error.store.newer"


def test_a_second_start_changes_nothing(person: models.Person) -> None:
    assert start.bring_up_to_date(NOW) is None
    assert not (folder.data_folder() / start.KEPT).exists()


def test_a_check_of_a_sound_diary_finds_nothing(person: models.Person) -> None:
    report = check()

    assert (report.people, report.entries, report.nights, report.problems) == (1, 2, 1, ())


def problems() -> list[tuple[str, int]]:
    return [(problem.key, problem.n) for problem in check().problems]


def test_a_check_finds_an_entry_the_door_would_refuse(person: models.Person) -> None:
    models.Entry.objects.filter(kind="cramp").update(content={"v": 1})

    assert ("unreadable", 1) in problems()


def test_a_check_finds_an_index_that_went_astray(person: models.Person) -> None:
    models.Entry.objects.filter(kind="night").update(night=dt.date(2020, 1, 1))

    assert problems() == [("astray", 1)]


@pytest.mark.parametrize("change", [{"cramps": 7}, {"at_least": 7}, {"date": dt.date(2020, 1, 1)}])
def test_a_check_finds_a_night_that_does_not_follow(person: models.Person, change: dict[str, object]) -> None:
    models.Night.objects.update(**change)

    assert [key for key, _ in problems()] == ["stale"]


def test_a_rebuild_mends_what_does_not_follow(person: models.Person) -> None:
    models.Night.objects.all().delete()

    assert derive.rebuild(person) == 1
    assert problems() == []


def test_a_check_finds_measures_that_hang_on_anothers_import(person: models.Person) -> None:
    from mollet.diary.measures import Measure

    measure = Measure("watch:a", "steps", dt.date(2026, 3, 1), 1.0, 1.0, person.diary)
    write.record_import(person, "apple_health", [measure], sha256="a" * 64, at=NOW)
    models.Measure.objects.update(person=people.add("marc"))

    assert problems() == [("mixed", 1)]
