import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.people import claire

from mollet.cli import store as commands
from mollet.errors import StoreError
from mollet.store import folder, models, people, read, write
from mollet.words import LANGUAGES, say


@pytest.fixture
def person(diary_file: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> models.Person:
    settings.MOLLET_TESTING = True
    monkeypatch.setenv("MOLLET_NOW", "2026-11-22T09:00:00+01:00")
    somebody = people.add("claire")
    write.record(somebody, [claire.cramps_at("2026-03-02 03:10")])
    return somebody


def run(command: str, *words: str) -> Result:
    return CliRunner().invoke(getattr(commands, command), [*words, "--lang", "en"])


@pytest.mark.usefixtures("person")
def test_check_says_that_all_is_well() -> None:
    done = run("check")

    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "All is well.")


@pytest.mark.usefixtures("person")
def test_a_network_drive_is_a_warning_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "network_file_system", lambda: "nfs4")

    done = run("check")

    assert done.exit_code == 0
    assert "nfs4" in done.stderr


@pytest.mark.usefixtures("person")
def test_check_can_answer_in_json() -> None:
    assert json.loads(run("check", "--json").stdout) == {
        "people": 1,
        "entries": 1,
        "measures": 0,
        "nights": 1,
        "problems": [],
        "to_look_at": [],
        "ok": True,
    }


def test_check_names_what_is_dated_after_today(person: models.Person) -> None:
    write.record(person, [claire.cramps_at("2031-05-03 03:10")])

    done = run("check")

    assert (done.exit_code, say("cli.store.all_well", "en") in done.stdout) == (0, False)
    assert "2 May 2031" in done.stderr


def test_what_is_dated_after_today_is_no_damage_in_json_either(person: models.Person) -> None:
    write.record(person, [claire.cramps_at("2031-05-03 03:10")])

    told = json.loads(run("check", "--json").stdout)

    assert (told["ok"], told["to_look_at"]) == (True, [{"key": "ahead", "n": 1, "where": "2031-05-02"}])


@pytest.mark.usefixtures("person")
def test_check_ends_with_one_and_says_what_is_wrong() -> None:
    models.Night.objects.all().delete()

    done = run("check")

    assert done.exit_code == 1
    assert "1 March 2026" in done.stderr


@pytest.mark.usefixtures("person")
def test_rebuild_mends_the_nights() -> None:
    models.Night.objects.all().delete()

    assert run("rebuild").exit_code == 0
    assert models.Night.objects.count() == 1


def test_backup_then_restore_brings_the_diary_back(person: models.Person, tmp_path: Path) -> None:
    file = tmp_path / "copy.sqlite3"

    assert run("backup", str(file)).exit_code == 0
    write.record(person, [claire.cramps_at("2026-03-03 03:10")])
    done = run("restore", str(file))

    assert (done.exit_code, len(read.entries(person))) == (0, 1)
    assert "kept" in done.stdout


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("command", ["rebuild", "restore"])
def test_what_changes_the_diary_waits_until_the_server_has_stopped(command: str, tmp_path: Path) -> None:
    with folder.lock():
        done = run(command, *([str(tmp_path / "copy.sqlite3")] if command == "restore" else []))

    assert isinstance(done.exception, StoreError)
    assert done.exception.key == "error.store.locked"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_problem_has_words(lang: str) -> None:
    for key in ("damaged", "dangling", "mixed", "unreadable", "astray", "stale"):
        for n in (1, 2):
            assert say(f"cli.store.problem.{key}", lang, n=n, where="x")


def test_an_error_is_said_in_words_and_ends_with_one(data_folder: Path) -> None:
    command = [sys.executable, "-c", "from mollet.cli import main; main()", "check", "--lang", "fr"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert str(data_folder) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_look_at_a_folder_without_a_diary_makes_none(data_folder: Path) -> None:
    run("check")

    assert not folder.database().exists()
