import io
import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.exchange import food_files, foreign_files
from tests.exchange.apple_files import put, quantity, sleep, xml, zipped

from mollet.cli import exchange, main
from mollet.cli.export import PAPERS
from mollet.exchange.formats import FORMATS
from mollet.store import folder, people, read
from mollet.words import LANGUAGES, say
from mollet.words.say import keys

TABLE = "night,cramps,at_least,severity,water_ml\n2026-11-03,2,,7,1200\n2026-11-04,,1,,\n2026-11-05,0,,,\n"
EXPORT = xml(
    [
        quantity("StepCount", "2026-11-03 10:00:00 +0100", "4200", "count"),
        quantity("DietaryWater", "2026-11-03 11:00:00 +0100", "0.5", "L"),
        sleep("AsleepCore", "2026-11-03 23:00:00 +0100", "2026-11-04 06:00:00 +0100"),
    ]
)


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(autouse=True)
def _diary(transactional_db: None, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A diary that is there, on the database of the tests, and a terminal that speaks English."""
    folder.prepare()
    folder.database().touch()
    people.add("somebody_else")
    for name in ("MOLLET_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def mollet(*words: object) -> Done:
    """Run a command as typed, in this process."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["mollet", *map(str, words)])
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def as_json(*words: object) -> dict[str, object]:
    done = mollet(*words, "--json")
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def table(*words: object) -> str:
    done = mollet("export", "diary-csv", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_table_comes_in_and_goes_out_the_same(tmp_path):
    mollet("import", put(tmp_path, TABLE, "x.csv"))

    assert (
        table() == "night,cramps,at_least,severity,water_ml\n2026-11-03,2,,7,1200\n2026-11-04,,1,,\n2026-11-05,0,,,\n"
    )


def test_the_complete_diary_fills_an_empty_one_with_the_same_nights(tmp_path):
    mollet("import", put(tmp_path, TABLE, "x.csv"))
    mollet("import", put(tmp_path, zipped(EXPORT), "x.zip"))
    mollet("export", "diary-json", "--out", tmp_path / "all.json")

    done = mollet("import", tmp_path / "all.json", "--person", "somebody_else")

    assert done.returncode == 0, done.stderr
    assert table("--person", "somebody_else") == table()


def test_the_complete_diary_brought_back_changes_nothing(tmp_path):
    mollet("import", put(tmp_path, TABLE, "x.csv"))
    mollet("import", put(tmp_path, zipped(EXPORT), "x.zip"))
    mollet("export", "diary-json", "--out", tmp_path / "all.json")

    assert as_json("import", tmp_path / "all.json")["state"] == "known"
    mollet("export", "diary-json", "--out", tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "all.json").read_bytes()


def test_the_same_export_of_a_phone_twice_changes_nothing_twice(tmp_path):
    path = put(tmp_path, zipped(EXPORT), "x.zip")
    first = table_after_import(path)

    assert as_json("import", path)["state"] == "known"
    assert table() == first


def test_a_newer_export_of_the_same_phone_replaces_and_does_not_add(tmp_path):
    table_after_import(put(tmp_path, EXPORT))
    more = xml(
        [
            quantity("StepCount", "2026-11-03 10:00:00 +0100", "4200", "count"),
            quantity("StepCount", "2026-11-03 18:00:00 +0100", "800", "count"),
        ],
        exported="2026-11-21 10:00:00 +0100",
    )

    assert ",5000" in table_after_import(put(tmp_path, more, "newer.xml"))


def table_after_import(path: Path) -> str:
    done = mollet("import", path)
    assert done.returncode == 0, done.stderr
    return table()


def test_a_health_export_closes_no_night(tmp_path):
    assert table_after_import(put(tmp_path, EXPORT)).splitlines()[1].startswith("2026-11-03,,")


def test_an_import_can_be_taken_back(tmp_path):
    mollet("import", put(tmp_path, TABLE, "x.csv"))
    before = table()
    brought = as_json("import", put(tmp_path, EXPORT))["import"]

    assert mollet("import", "--undo", brought).returncode == 0
    assert table() == before


def test_a_table_taken_back_and_imported_again_is_there_again(tmp_path):
    path = put(tmp_path, TABLE, "x.csv")
    brought = as_json("import", path)["import"]
    before = table()

    mollet("import", "--undo", brought)
    assert table() == "night,cramps\n"
    mollet("import", path)
    assert table() == before


def test_a_dry_run_says_what_was_found_and_changes_nothing(tmp_path):
    told = as_json("import", "--dry-run", put(tmp_path, EXPORT))

    assert (told["state"], [found["kind"] for found in told["found"]]) == (
        "dry_run",
        ["sleep_min", "steps", "water_ml"],
    )
    assert table() == "night,cramps\n"


def test_a_bad_line_is_told_the_others_are_kept_and_the_exit_is_1(tmp_path):
    done = mollet("import", put(tmp_path, TABLE + "2026-13-02,1,,,\n", "x.csv"))

    assert done.returncode == 1
    assert "line 5 (“2026-13-02” is not a date" in done.stderr
    assert (
        "The 3 other nights could be read. Correct the file and import again: nothing will be counted twice."
        in done.stderr
    )
    assert len(table().splitlines()) == 4


def test_a_bad_line_is_told_in_french(tmp_path):
    done = mollet("import", "--lang", "fr", put(tmp_path, TABLE + "2026-11-03,1,,,\n", "x.csv"))

    assert "La nuit du 3 novembre 2026 figure aux lignes 2 et 5." in done.stderr


def test_a_cut_export_says_up_to_when_it_was_read(tmp_path):
    done = mollet("import", put(tmp_path, EXPORT[: EXPORT.index("SleepAnalysis")]))

    assert done.returncode == 1
    assert "the last record read is of 3 November 2026" in done.stderr


def test_a_file_of_no_known_format_says_so_and_nothing_was_changed(tmp_path):
    done = mollet("import", put(tmp_path, "hello"))

    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing was changed." in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["import"],
        ["import", "a", "b", "c"],
        ["import", "x", "--undo", "1"],
        ["export"],
        ["export", "pdf"],
        ["export", "diary-json", "--since", "2026-01-01"],
        ["export", "diary-csv", "--since", "x"],
    ],
)
def test_a_wrong_command_line_exits_with_2(words):
    assert mollet(*words).returncode == 2


FOREIGN = {
    "health_connect": foreign_files.health_connect(
        {"steps_record_table": [foreign_files.span(foreign_files.TEN, 5, count=9)]}
    ),
    "fitbit": b'[{"id": 1, "date": "11/03/26", "waterAmount": 200.0, "measurementUnit": "MILLILITER"}]',
    "cronometer": b"Day,Food Name,Amount,Magnesium (mg)\n2026-11-03,Tea,1 cup,2.00\n",
    "withings": b'Date,"Poids (kg)","A (kg)","B (kg)","C (kg)","D (kg)",Notes\n2026-11-03 07:30:00,61,,,,,\n',
    "garmin": foreign_files.fit(("weight_scale", {"timestamp": 1_162_000_000, "weight": 6100})),
    "samsung": b"com.samsung.health.weight,6307003,7\nstart_time,weight\n2026-11-03 10:00:00.000,61.0,\n",
    "myfitnesspal": b"Date,Meal,Calories,Sodium (mg)\n2026-11-03,Lunch,500,900.0\n",
}
HABITS = "Jour;Crampes;Promenade\n03/11/2026;2;oui\n04/11/2026;0;non\n25/11/2026;;oui\n"


def test_a_table_of_another_program_lists_its_columns_and_brings_nothing(tmp_path):
    done = mollet("import", put(tmp_path, HABITS, "x.csv"))

    assert done.returncode == 1
    assert "Crampes" in done.stdout
    assert table() == "night,cramps\n"


def test_a_table_of_another_program_is_taken_as_the_person_says(tmp_path):
    file = put(tmp_path, HABITS, "x.csv")
    asked = as_json("import", file)
    assert (asked["state"], asked["asked"]["columns"][0]["proposed"]) == ("asked", "cramps")

    done = as_json("import", file, "--map", "Crampes=cramps", "--map", "Promenade=habit")

    assert (done["state"], done["entries"]["kept"]) == ("kept", 5)
    assert "2026-11-03,2,1" in table()
    assert as_json("import", file, "--map", "Crampes=cramps", "--map", "Promenade=habit")["state"] == "known"
    mollet("import", "--undo", done["import"])
    assert table() == "night,cramps\n"


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_file_comes_in_once_closes_no_night_and_can_be_taken_back(tmp_path, kind):
    file = put(tmp_path, FOREIGN[kind], "x")

    done = as_json("import", file)

    assert (done["format"], done["state"]) == (kind, "kept")
    assert as_json("import", file)["state"] == "known"
    assert not [night for night in read.diary(people.person(None)).said_nights.values() if night.cramps is not None]
    mollet("import", "--undo", done["import"])
    assert read.diary(people.person(None)).measures == ()


def test_undoing_an_import_that_never_was_says_so(tmp_path):
    mollet("import", put(tmp_path, TABLE, "x.csv"))

    done = mollet("import", "--undo", "00000000-0000-4000-8000-000000000000")

    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_another_answer_is_told_and_replaced_only_where_asked(tmp_path):
    mollet("import", put(tmp_path, TABLE, "x.csv"))
    other = put(tmp_path, "night,cramps\n2026-11-05,4\n", "y.csv")

    assert as_json("import", other)["differing"] == ["2026-11-05"]
    assert "2026-11-05,0" in table()
    mollet("import", "--replace", other)
    assert "2026-11-05,4" in table()


def test_formats_lists_only_what_works():
    listed = json.loads(mollet("formats", "--json").stdout)

    assert [(one["name"], one["in"], one["out"]) for one in listed] == [
        *((one.spelt, one.read is not None, one.write is not None) for one in FORMATS.values()),
        *((name, False, True) for name in PAPERS),
    ]
    assert listed[0] == {"name": "diary-csv", "in": True, "out": True}


@pytest.mark.parametrize("name", ["import", "export", "formats"])
def test_help_shows_an_example(name):
    assert f"mollet {name}" in mollet(name, "--help").stdout


def test_an_export_that_cannot_be_written_says_so(tmp_path):
    mollet("import", put(tmp_path, TABLE, "x.csv"))

    done = mollet("export", "diary-json", "--out", tmp_path / "nowhere" / "all.json")

    assert (done.returncode, "could not be written" in done.stderr) == (1, True)


EMPTY_EXPORT = xml([quantity("StepCount", "2026-11-03 10:00:00 +0100", "many", "count")])


@pytest.mark.parametrize(
    "table",
    [
        "night,cramps\n2026-11-03,-1\n",
        "night,cramps\n2026-11-03,1\n2026-11-03,2\n",
        "night,cramps\n2099-11-01,1\n",
    ],
)
def test_a_table_of_which_no_row_could_be_read_says_so(tmp_path, table):
    done = mollet("import", put(tmp_path, table, "x.csv"))

    assert done.returncode == 1
    assert say("import.nothing_read", "en") in done.stderr
    assert "diary already" not in done.stdout + done.stderr
    assert " 0 other" not in done.stderr


@pytest.mark.parametrize(
    ("content", "name"),
    [("night,cramps\n", "x.csv"), ("night,cramps\n2026-11-03,\n", "x.csv"), (EMPTY_EXPORT, "export.xml")],
)
def test_a_file_that_holds_no_night_says_so(tmp_path, content, name):
    done = mollet("import", put(tmp_path, content, name))

    assert (done.returncode, say("import.holds_nothing", "en") in done.stderr) == (1, True)


def test_a_look_at_a_file_that_holds_no_night_says_so_too(tmp_path):
    done = mollet("import", "--dry-run", "--json", put(tmp_path, "night,cramps\n", "x.csv"))

    assert (done.returncode, json.loads(done.stdout)["state"]) == (1, "nothing")


def test_a_table_of_which_only_a_part_is_known_does_not_say_that_all_is(tmp_path):
    mollet("import", put(tmp_path, TABLE, "x.csv"))

    done = mollet("import", put(tmp_path, TABLE + "2026-11-06,many,,,\n", "y.csv"))

    assert done.returncode == 1
    assert say("import.nothing_new", "en") in done.stderr
    assert say("import.all_known", "en") not in done.stdout


def test_an_export_overwrites_nothing_unless_forced(tmp_path):
    mollet("import", put(tmp_path, TABLE, "x.csv"))
    there = put(tmp_path, "mine", "out.csv")

    done = mollet("export", "diary-csv", "--out", there)

    assert (done.returncode, there.read_text(encoding="utf-8")) == (1, "mine")
    assert "--force" in done.stderr
    assert mollet("export", "diary-csv", "--out", there, "--force").returncode == 0
    assert there.read_text(encoding="utf-8") == table()


def test_the_settings_of_a_diary_go_into_an_empty_one_only(tmp_path):
    mollet("import", put(tmp_path, TABLE, "x.csv"))
    moved = people.local_person()
    moved.zone, moved.language = "America/Montreal", "fr"
    moved.save()
    mollet("export", "diary-json", "--out", tmp_path / "all.json")

    mollet("import", tmp_path / "all.json", "--person", "somebody_else")

    assert people.person("somebody_else").zone == "America/Montreal"
    moved.zone = "Europe/Paris"
    moved.save()
    mollet("import", tmp_path / "all.json")
    assert people.local_person().zone == "Europe/Paris"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_of_the_commands_has_words(lang):
    named = set(re.findall(r'say\("([a-z_.]+)"', Path(exchange.__file__).read_text()))
    both = {f"cli.{part}.{name}" for part in ("help", "example") for name in ("import", "export", "formats")}

    assert (named | both) - keys(lang) == set()


def test_a_food_table_comes_in_is_looked_up_and_goes_again(tmp_path):
    path = put(tmp_path, food_files.xls(), "ciqual.xls")

    receipt = json.loads(mollet("import", "ciqual", path, "--json").stdout)
    found = json.loads(mollet("foods", "banane", "--json").stdout)
    mollet("import", "--undo", receipt["import"])

    assert (receipt["state"], receipt["foods"]) == ("kept", 2)
    assert found["foods"][0]["in_100_g"]["na_mg"] == {"value": 0.0, "at_most": 5.0}
    assert json.loads(mollet("foods", "banane", "--json").stdout)["table"] is None


def test_a_food_says_what_is_not_known_in_words(tmp_path):
    mollet("import", put(tmp_path, food_files.csv(), "ciqual.csv"))

    done = mollet("foods", "thé", "--lang", "fr")

    assert "Magnésium non connu" in done.stdout
    assert "Calcium traces" in done.stdout


def test_our_own_list_of_foods_needs_no_diary(tmp_path, monkeypatch):
    monkeypatch.setenv("MOLLET_DATA", str(tmp_path / "nothing"))
    monkeypatch.setattr("mollet.store.start.has_tables", lambda: False)

    found = json.loads(mollet("foods", "banana", "--lang", "fr", "--json").stdout)

    assert ([food["name"] for food in found["foods"]], found["table"]) == (["banane"], None)


def test_stopped_while_it_reads_nothing_is_kept_and_that_is_said(tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("mollet.exchange.formats.read", stop)

    done = mollet("import", put(tmp_path, TABLE, "a.csv"))

    assert (done.returncode, "Nothing of the file was kept" in done.stderr) == (1, True)
