import pytest
from tests.exchange.foreign_files import as_json, read, values, zipped

FOLDER = "Takeout/Fitbit/Global Export Data/"


def day(folder, zone="Europe/Paris", **lists):
    return values(read(folder, zipped({f"{FOLDER}{name}.json": as_json(rows) for name, rows in lists.items()}), zone))


def series(when, value):
    return {"dateTime": when, "value": value}


def log(start, data, short=(), kind="stages"):
    levels = {"summary": {}, "data": [stage(*one) for one in data]} | ({"shortData": [stage(*one) for one in short]})
    return {"logId": 1, "dateOfSleep": start[:10], "startTime": start, "type": kind, "levels": levels}


def stage(when, level, seconds):
    return {"dateTime": when, "level": level, "seconds": seconds}


def test_steps_bear_utc_and_belong_to_the_local_day(tmp_path):
    rows = [series("11/03/26 12:00:00", "40"), series("11/03/26 13:30:00", "7"), series("11/03/26 14:00:00", "0")]

    got = day(tmp_path, "Australia/Sydney", **{"steps-2026-11-03": rows})

    assert got == {("steps", "2026-11-03"): 40.0, ("steps", "2026-11-04"): 7.0}


def test_a_minute_told_in_two_files_counts_once(tmp_path):
    row = series("11/03/26 12:00:00", "40")

    assert day(tmp_path, **{"steps-2026-11-01": [row], "steps-2026-12-01": [row]}) == {("steps", "2026-11-03"): 40.0}


def test_a_day_without_a_move_is_a_device_not_worn(tmp_path):
    rows = [series("11/03/26 00:00:00", "1440"), series("11/04/26 00:00:00", "700")]

    assert day(tmp_path, **{"sedentary_minutes-2026-11-01": rows}) == {("sitting_min", "2026-11-04"): 700.0}


@pytest.mark.parametrize(("asleep", "awake"), [("asleep", "awake"), ("rem", "wake")])
def test_both_dialects_of_sleep_are_read_in_local_time(tmp_path, asleep, awake):
    night = [("2026-11-04T00:10:00.000", asleep, 3600), ("2026-11-04T01:10:00.000", awake, 600)]

    got = day(tmp_path, **{"sleep-2026-11-01": [log("2026-11-04T00:10:00.000", night)]})

    assert got == {("sleep_min", "2026-11-03"): 60.0, ("awake_min", "2026-11-03"): 10.0}


def test_a_short_wake_is_taken_out_of_the_sleep_around_it(tmp_path):
    night = log(
        "2026-11-03T23:00:00.000",
        [("2026-11-03T23:00:00.000", "light", 7200)],
        [("2026-11-04T00:00:00.000", "wake", 120)],
    )

    got = day(tmp_path, **{"sleep-2026-11-01": [night]})

    assert got == {("sleep_min", "2026-11-03"): 118.0, ("awake_min", "2026-11-03"): 2.0}


def test_weight_is_in_pounds_and_two_glasses_alike_are_two(tmp_path):
    glass = {"date": "11/03/26", "waterAmount": 200.0, "measurementUnit": "MILLILITER"}
    weight = {"logId": 3, "weight": 191.8, "bmi": 27.77, "date": "11/03/26", "time": "23:59:59"}

    got = day(tmp_path, **{"water_logs-0": [glass | {"id": 1}, glass | {"id": 2}], "weight-2026-11-01": [weight]})

    assert got == {("water_ml", "2026-11-03"): 400.0, ("weight_kg", "2026-11-03"): 86.999}


def test_a_glass_told_in_two_files_counts_once(tmp_path):
    glass = {"id": 7, "date": "11/03/26", "waterAmount": 0.5, "measurementUnit": "LITER"}

    got = day(tmp_path, **{"water_logs-0": [glass], "water_logs-1": [glass]})

    assert got == {("water_ml", "2026-11-03"): 500.0}


def test_a_list_that_ends_too_early_is_read_up_to_there(tmp_path):
    text = as_json([series("11/03/26 12:00:00", "40"), series("11/03/26 12:01:00", "41")])

    incoming = read(tmp_path, zipped({f"{FOLDER}steps-2026-11-01.json": text[:-20]}))

    assert values(incoming) == {("steps", "2026-11-03"): 40.0}
    assert [problem.key for problem in incoming.problems] == ["error.file.cut"]


def test_what_nobody_asked_for_is_counted(tmp_path):
    files = {f"{FOLDER}heart_rate-2026-11-01.json": as_json([{"dateTime": "11/03/26 12:00:00", "value": {"bpm": 61}}])}
    files[f"{FOLDER}steps-2026-11-01.json"] = as_json([series("11/03/26 12:00:00", "4"), series("31/31/26", "4")])

    incoming = read(tmp_path, zipped(files))

    assert (incoming.ignored, [note.values for note in incoming.notes]) == ({"heart_rate": 1}, [{"n": 1}])
