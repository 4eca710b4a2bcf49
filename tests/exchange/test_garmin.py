import datetime as dt

from tests.exchange.foreign_files import FIT_EPOCH, fit, read, values, zipped

WALK, RUN = 6, 1


def stamp(day, hour=0, minute=0, zone=dt.UTC):
    return int(dt.datetime(2026, 11, day, hour, minute, tzinfo=zone).timestamp()) - FIT_EPOCH


def clock(utc, local):
    return ("monitoring_info", {"timestamp": utc, "local_timestamp": local})


def count(at, cycles, kind=WALK):
    return ("monitoring", {"timestamp_16": at & 0xFFFF, "cycles": cycles, "activity_type": kind})


def test_steps_of_a_day_are_the_highest_counts_of_each_kind_of_movement(tmp_path):
    start = stamp(3, 6)
    moved = [
        count(start + 7200, 100),
        count(start + 9000, 50, RUN),
        count(start + 10_000, 840),
        count(start + 9999, 9, 8),
    ]

    got = values(read(tmp_path, fit(clock(start, start + 3600), *moved)))

    assert got == {("steps", "2026-11-03"): 890.0}


def test_a_low_half_of_a_time_that_is_lower_than_the_last_means_the_next_round(tmp_path):
    start = stamp(3, 0)
    late = start + 25 * 3600

    # 65,536 seconds are 18 hours and 12 minutes.
    got = values(read(tmp_path, fit(clock(start, start), count(start + 17 * 3600, 500), count(late, 20))))

    assert got == {("steps", "2026-11-03"): 500.0, ("steps", "2026-11-04"): 20.0}


def test_the_local_clock_of_the_device_decides_the_day(tmp_path):
    start = stamp(3, 20)

    got = values(read(tmp_path, fit(clock(start, start + 10 * 3600), count(start + 60, 70))))

    assert got == {("steps", "2026-11-04"): 70.0}


def test_what_was_counted_until_midnight_belongs_to_the_day_that_ends(tmp_path):
    start = stamp(3, 0)

    got = values(read(tmp_path, fit(clock(start, start), count(start + 12 * 3600, 70), count(stamp(4), 900))))

    assert got == {("steps", "2026-11-03"): 900.0}


def test_two_files_of_one_day_go_on_counting(tmp_path):
    start = stamp(3, 6)
    first = fit(clock(start, start), count(start + 3600, 100))
    second = fit(clock(start + 7200, start + 7200), count(start + 10_800, 340))

    got = values(
        read(tmp_path, zipped({"DI_CONNECT/a.zip": zipped({"1.fit": first, "2.fit": second}), "b.json": "{}"}))
    )

    assert got == {("steps", "2026-11-03"): 340.0}


def test_a_session_counts_without_its_pauses(tmp_path):
    times = {"start_time": stamp(3, 17), "total_elapsed_time": 3_600_000, "total_timer_time": 2_700_000}

    assert values(read(tmp_path, fit(("session", times)))) == {("exercise_min", "2026-11-03"): 45.0}


def test_a_device_that_did_not_know_the_time_is_helped_by_the_end_of_its_activity(tmp_path):
    times = {"start_time": 17_217_864, "total_elapsed_time": 3_600_000, "total_timer_time": 3_600_000}
    end = ("activity", {"timestamp": 17_221_464, "local_timestamp": stamp(3, 0, 30)})

    assert values(read(tmp_path, fit(("session", times), end))) == {("exercise_min", "2026-11-02"): 60.0}


def test_the_weight_of_one_person_is_taken_and_of_two_not(tmp_path):
    one = ("weight_scale", {"timestamp": stamp(3, 7), "weight": 7580, "user_profile_index": 0})
    other = ("weight_scale", {"timestamp": stamp(3, 8), "weight": 5820, "user_profile_index": 1})

    assert values(read(tmp_path, fit(one))) == {("weight_kg", "2026-11-03"): 75.8}
    both = read(tmp_path, fit(one, other))
    assert (both.measures, [note.key for note in both.notes]) == ((), ["cli.exchange.several_people"])


def test_a_file_that_ends_too_early_is_read_up_to_there(tmp_path):
    start = stamp(3, 6)
    whole = fit(clock(start, start), count(start + 3600, 100), count(start + 7200, 340))

    incoming = read(tmp_path, whole[:-12])

    assert values(incoming) == {("steps", "2026-11-03"): 100.0}
    assert [problem.key for problem in incoming.problems] == ["error.file.cut"]


def test_a_checksum_that_fails_is_told_and_the_file_read(tmp_path):
    start = stamp(3, 6)
    whole = fit(clock(start, start), count(start + 3600, 100))

    incoming = read(tmp_path, whole[:-1] + bytes([whole[-1] ^ 1]))

    assert (len(incoming.measures), [problem.key for problem in incoming.problems]) == (1, ["error.file.cut"])
