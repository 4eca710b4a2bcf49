from tests.exchange.foreign_files import read, values, zipped

HEAD = "\ufeffcom.samsung.{},6307003,7\n"


def table(kind, columns, *rows):
    return HEAD.format(kind) + columns + "\n" + "".join(f"{row},\n" for row in rows)


def day(folder, **tables):
    return values(read(folder, zipped({f"samsung/{name}.csv": text for name, text in tables.items()})))


def test_times_are_utc_and_a_comma_too_many_moves_no_column(tmp_path):
    water = table("health.water_intake", "start_time,amount,time_offset", "2026-11-03 23:30:00.834,250.0,UTC+0530")

    assert day(tmp_path, water=water) == {("water_ml", "2026-11-04"): 250.0}


def test_columns_may_bear_the_name_of_their_type(tmp_path):
    columns = "title,com.samsung.health.exercise.start_time,com.samsung.health.exercise.end_time,"
    columns += "com.samsung.health.exercise.duration"
    row = ",2026-11-03 10:00:00.000,2026-11-03 11:00:00.000,2700000"

    got = day(tmp_path, a=table("shealth.exercise", columns, row))

    assert got == {("exercise_min", "2026-11-03"): 45.0}


def test_steps_of_a_day_are_those_the_phone_merged(tmp_path):
    rows = ("980,1793664000000", "700,1793664000000", "5,1793750400000")

    got = day(tmp_path, a=table("shealth.tracker.pedometer_day_summary", "step_count,day_time", *rows))

    assert got == {("steps", "2026-11-03"): 980.0, ("steps", "2026-11-04"): 5.0}


def test_stages_make_sleep_inside_the_time_in_bed(tmp_path):
    stages = [("23:00", "23:30", 40001), ("23:30", "23:59", 40002), ("22:30", "23:00", 40004)]
    rows = [f"2026-11-03 {start}:00.000,2026-11-03 {end}:00.000,{stage}" for start, end, stage in stages]
    sleep = "2026-11-03 22:30:00.000,2026-11-03 23:59:00.000"

    got = day(
        tmp_path,
        stages=table("health.sleep_stage", "start_time,end_time,stage", *rows),
        sleep=table("shealth.sleep", "com.samsung.health.sleep.start_time,com.samsung.health.sleep.end_time", sleep),
    )

    assert got == {
        ("sleep_min", "2026-11-03"): 59.0,
        ("awake_min", "2026-11-03"): 30.0,
        ("in_bed_min", "2026-11-03"): 89.0,
    }


def test_weight_is_in_kilograms_and_what_nobody_asked_for_is_counted(tmp_path):
    files = {
        "a.csv": table("health.weight", "start_time,weight", "2026-11-03 10:00:00.000,86.0", "soon,86.0"),
        "b.csv": table("shealth.stress", "start_time,score", "2026-11-03 10:00:00.000,3"),
    }

    incoming = read(tmp_path, zipped(files))

    assert values(incoming) == {("weight_kg", "2026-11-03"): 86.0}
    assert (incoming.ignored, [note.values for note in incoming.notes]) == ({"stress": 1}, [{"n": 1}])
