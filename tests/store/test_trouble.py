"""A damaged file and a full disk are told in words, never in the words of a program."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.people import claire

from mollet.errors import MolletError, reason_of
from mollet.store import backup, folder, people, trouble, write
from mollet.words import LANGUAGES, say

COMMANDS = [
    ("check",),
    ("rebuild",),
    ("export", "diary-csv"),
    ("backup", "copy.sqlite3"),
    ("serve", "--port", "0"),
    ("import", "table.csv"),
]


def random_bytes(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 40)


def a_zeroed_middle(file: Path) -> None:
    size = file.stat().st_size
    with file.open("rb+") as stream:
        stream.seek(size // 8)
        stream.write(bytes(size * 3 // 4))


def mollet(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from mollet.cli import main; main()", *words, "--lang", "fr"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def diary(diary_file: Path, tmp_path: Path) -> Path:
    """A diary on the disk, journal put away, beside a table that could be imported."""
    from django.db import connections

    from mollet.store import start

    write.record(people.local_person(), [claire.cramps_at(f"2026-03-{day:02} 03:10") for day in range(1, 29)])
    start.put_journal_away()
    connections.close_all()
    (tmp_path / "table.csv").write_text("night,cramps\n2026-11-03,1\n", encoding="utf-8")
    return diary_file


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("damage", [random_bytes, a_zeroed_middle])
def test_a_damaged_diary_is_named_kept_and_a_way_out_is_shown(diary, tmp_path, damage, words):
    damage(diary)
    before = diary.read_bytes()

    done = mollet(tmp_path, *words)

    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == say("error.store.damaged", "fr", file=str(diary))
    assert "Traceback" not in done.stderr
    assert diary.read_bytes() == before


def test_a_backup_is_restored_over_a_damaged_diary(diary, tmp_path):
    backup.backup(tmp_path / "copy.sqlite3")
    random_bytes(diary)

    assert mollet(tmp_path, "restore", "copy.sqlite3").returncode == 0
    assert mollet(tmp_path, "check").returncode == 0


def test_a_full_disk_is_told(diary):
    from django.db import Error, connection

    with connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(Error) as failed:
        write.record(people.local_person(), [claire.cramps_at(f"2026-05-{day:02} 03:10") for day in range(1, 29)])

    known = trouble.of(failed.value)

    assert known is not None
    assert (known.key, known.values["why"].key) == ("error.store.cannot", "reason.full")


def test_a_defect_of_ours_is_not_blamed_on_the_diary(diary):
    assert trouble.of(ValueError("a defect")) is None


def test_a_folder_is_no_backup_and_is_called_a_folder(diary, tmp_path):
    with pytest.raises(MolletError) as refused:
        backup.verify(tmp_path)

    assert refused.value.key == "error.store.is_folder"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_every_complaint_of_the_system_has_words(lang, number):
    reason = reason_of(OSError(number, os.strerror(number)))

    assert say(reason.key, lang, **reason.values)


def test_a_folder_that_cannot_be_made_is_told_in_french(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("MOLLET_DATA", str(tmp_path / "file" / "diary"))

    done = mollet(tmp_path, "check")

    assert say("reason.no_folder", "fr") in done.stderr
    assert str(folder.data_folder()) in done.stderr
