import sqlite3

import pytest
from tests.exchange.foreign_files import HOUR, TEN, health_connect, read, span, values, zipped

NIGHT = TEN + 13 * HOUR


def day(folder, tables):
    return values(read(folder, health_connect(tables)))


def test_water_is_in_litres_and_minerals_in_grams(tmp_path):
    got = day(
        tmp_path,
        {
            "hydration_record_table": [span(TEN, 1, volume=0.25), span(TEN + HOUR, 1, volume=0.5)],
            "nutrition_record_table": [span(TEN, 10, potassium=1.2, magnesium=0.07, energy=745_000.0, calcium=None)],
        },
    )

    assert got == {
        ("water_ml", "2026-11-03"): 750.0,
        ("potassium_mg", "2026-11-03"): 1200.0,
        ("magnesium_mg", "2026-11-03"): 70.0,
    }


def test_weight_is_in_grams_at_an_instant(tmp_path):
    got = day(tmp_path, {"weight_record_table": [{"time": TEN, "weight": 71_500.0}]})

    assert got == {("weight_kg", "2026-11-03"): 71.5}


def test_steps_that_two_apps_wrote_count_once(tmp_path):
    watch = span(TEN, 10, count=100, app_info_id=2, device_info_id=2)

    got = day(tmp_path, {"steps_record_table": [span(TEN, 10, count=120), watch, span(TEN + HOUR, 10, count=30)]})

    assert got == {("steps", "2026-11-03"): 130.0}


def test_stages_make_sleep_and_a_session_without_them_counts_whole(tmp_path):
    stages = [(0, 60, 4), (60, 30, 1), (90, 60, 5), (150, 10, 3), (160, 20, 7)]
    rows = [
        {"parent_key": 1, "stage_start_time": NIGHT + at * 60_000, "stage_end_time": NIGHT + (at + n) * 60_000}
        | {"stage_type": stage}
        for at, n, stage in stages
    ]
    sessions = [span(NIGHT, 180, row_id=1), span(NIGHT + 24 * HOUR, 400, row_id=2)]

    got = day(tmp_path, {"sleep_session_record_table": sessions, "sleep_stages_table": rows})

    assert got == {
        ("sleep_min", "2026-11-03"): 120.0,
        ("awake_min", "2026-11-03"): 50.0,
        ("sleep_min", "2026-11-04"): 400.0,
    }


def test_exercise_counts_its_minutes(tmp_path):
    got = day(tmp_path, {"exercise_session_record_table": [span(TEN, 45, exercise_type=56)]})

    assert got == {("exercise_min", "2026-11-03"): 45.0}


def test_a_day_is_that_of_the_person_whatever_the_offset_in_the_row(tmp_path):
    late = span(TEN + 14 * HOUR, 1, volume=0.2, start_zone_offset=-18_000, local_date=20760)

    assert day(tmp_path, {"hydration_record_table": [late]}) == {("water_ml", "2026-11-04"): 200.0}


def test_a_number_that_is_none_is_told_and_a_table_nobody_asked_for_is_counted(tmp_path):
    tables = {
        "steps_record_table": [span(TEN, 1, count="many"), span(TEN, 2, count=5)],
        "heart_rate_record_table": [span(TEN, 1)],
    }

    incoming = read(tmp_path, health_connect(tables))

    assert [(note.key, note.values) for note in incoming.notes] == [("error.file.apple_unreadable", {"n": 1})]
    assert incoming.ignored == {"heart_rate": 1}


def test_a_later_layout_without_a_column_still_reads(tmp_path):
    content = health_connect({"nutrition_record_table": [span(TEN, 1, sodium=1.0)]}, version=26)

    assert values(read(tmp_path, content)) == {("sodium_mg", "2026-11-03"): 1000.0}


def test_a_damaged_database_says_so_and_keeps_what_was_read(tmp_path):
    whole = health_connect({"hydration_record_table": [span(TEN + n * HOUR, 1, volume=0.1) for n in range(4000)]})
    path = tmp_path / "whole"
    path.write_bytes(whole)
    import zipfile

    with zipfile.ZipFile(path) as archive:
        content = bytearray(archive.read("health_connect_export.db"))
    content[40_000:60_000] = b"\xff" * 20_000

    incoming = read(tmp_path, zipped({"a.db": bytes(content)}))

    assert [problem.key for problem in incoming.problems] == ["error.file.cut"]


@pytest.mark.parametrize("sql", ["CREATE TABLE steps (a)", "CREATE VIEW steps_record_table AS SELECT 1 AS count"])
def test_another_database_is_not_taken_for_this_one(tmp_path, sql):
    from mollet.errors import FileError

    opened = sqlite3.connect(":memory:")
    opened.execute(sql)

    with pytest.raises(FileError) as error:
        read(tmp_path, opened.serialize())

    assert error.value.key == "error.file.not_recognised"
