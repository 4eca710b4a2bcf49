from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_migration_can_be_taken_back(diary_file: Path) -> None:
    call_command("migrate", "store", "zero", verbosity=0)

    assert "store_entry" not in connection.introspection.table_names()


@pytest.mark.django_db
def test_every_row_that_was_said_has_a_person_and_ids_are_unique_within_one() -> None:
    with connection.cursor() as cursor:
        keys = {
            table: connection.introspection.get_constraints(cursor, table)
            for table in ("store_entry", "store_import", "store_measure", "store_night")
        }

    unique = {
        table: [key["columns"][0] for key in held.values() if key["unique"] and not key["primary_key"]]
        for table, held in keys.items()
    }
    assert unique == {table: ["person_id"] for table in keys}


def test_the_journal_and_the_disk_are_as_durability_asks(diary_file: Path) -> None:
    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys")
        }

    assert found == {"journal_mode": "wal", "synchronous": 2, "wal_autocheckpoint": 0, "foreign_keys": 1}
