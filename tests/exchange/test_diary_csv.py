import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.exchange.diaries import ELSEWHERE, HERE, NOV_3, autumn, moment, saying
from tests.sayings import entries

from mollet.diary.entries import Cramp, Entry, Exposure, Night, Withdrawn, as_json, read_entries
from mollet.diary.fold import Diary
from mollet.diary.measures import Measure
from mollet.errors import FileError
from mollet.exchange import archive, diary_csv
from mollet.exchange.comparison import column_name
from mollet.exchange.diary_csv import DiaryTable, read_table, values_by_night, write
from mollet.exchange.incoming import Destination, Incoming
from mollet.report.example import example_entries

NOV_4 = dt.date(2026, 11, 4)


def read(folder: Path, table: str | bytes, into: Diary | None = None, **more: object) -> Incoming:
    path = folder / "table.csv"
    path.write_bytes(table.encode() if isinstance(table, str) else table)
    destination = Destination(ELSEWHERE, Diary() if into is None else into, **more)  # type: ignore[arg-type]
    return diary_csv.read(archive.parts(path)[0], destination)


def then(diary: Diary, incoming: Incoming) -> Diary:
    return Diary((*diary.entries, *incoming.entries), diary.measures, diary.zone)


def problems(table: DiaryTable) -> list[tuple[str, dict[str, object]]]:
    return [(problem.key, problem.values) for problem in table.problems]


def test_a_night_without_a_morning_answer_has_an_empty_cell_and_not_a_zero():
    lines = write(Diary(autumn())).splitlines()

    assert lines[0].startswith("night,cramps,at_least,minutes,severity")
    assert lines[2].startswith("2026-11-04,,2,,5")


def test_a_quiet_night_that_was_confirmed_is_a_zero():
    assert write(Diary(autumn())).splitlines()[3].startswith("2026-11-05,0,,")


def test_a_night_with_fewer_cramps_said_than_recorded_is_no_zero():
    diary = Diary((saying(1, Cramp(), moment(4, 3)), saying(2, Night(0, NOV_3), moment(4, 8))))

    assert write(diary) == "night,cramps,at_least\n2026-11-03,,1\n"


def test_a_confirmed_zero_beside_a_cramp_comes_back_as_it_was(tmp_path):
    table = "night,cramps,minutes\n2026-11-03,0,12.5\n"

    there = then(Diary(), read(tmp_path, table))

    assert write(there) == table


def test_an_answer_that_is_still_asked_about_is_not_imported_twice(tmp_path):
    table, diary = "night,cramps\n2026-11-03,0\n", Diary((saying(1, Cramp(), moment(4, 3)),))
    once = then(diary, read(tmp_path, table, into=diary))

    assert once.said_nights[NOV_3].asks
    assert read(tmp_path, table, into=once).entries == ()


def test_the_worst_cramp_gives_minutes_and_severity():
    assert write(Diary(autumn())).splitlines()[1].startswith("2026-11-03,1,,6,7,40,4,1,1,1200")


def test_export_can_be_limited_to_a_span_of_nights():
    assert len(write(Diary(autumn()), since=NOV_4, until=NOV_4).splitlines()) == 2


def test_a_measure_stands_in_its_column_and_never_closes_a_night():
    measure = Measure("phone:apple_health", "steps", NOV_4, 5210.0, 1.0, HERE)

    assert write(Diary((), (measure,))) == "night,cramps,steps\n2026-11-04,,5210\n"


def test_export_then_import_gives_the_same_nights(tmp_path):
    diary = Diary(autumn())

    there = then(Diary(), read(tmp_path, write(diary)))

    assert values_by_night(there) == values_by_night(diary)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entries(), max_size=8))
def test_any_diary_comes_back_with_the_same_values(tmp_path, said):
    diary = Diary(tuple(said))

    there = then(Diary(), read(tmp_path, write(diary)))

    got, expected = values_by_night(there), values_by_night(diary)
    assert {night: set(row) for night, row in got.items()} == {night: set(row) for night, row in expected.items()}
    for night, row in expected.items():
        assert got[night] == pytest.approx(row, abs=1e-6)


def test_the_same_file_twice_changes_nothing_twice(tmp_path):
    table = write(Diary(autumn()))
    once = then(Diary(), read(tmp_path, table))

    again = read(tmp_path, table, into=once)

    assert (again.entries, again.differing, again.same) == ((), (), 3)


def test_the_same_file_makes_entries_with_the_same_ids(tmp_path):
    table = write(Diary(autumn()))

    assert read(tmp_path, table).entries == read(tmp_path, table).entries


def test_a_table_brought_back_into_its_own_diary_changes_nothing(tmp_path):
    diary = Diary(autumn())

    assert read(tmp_path, write(diary), into=diary).entries == ()


def test_every_entry_made_of_a_row_passes_the_door(tmp_path):
    made = read(tmp_path, write(Diary(autumn()))).entries

    assert [kept.entry for kept in read_entries([as_json(entry) for entry in made])] == list(made)


def test_another_answer_for_a_night_is_told_and_not_overwritten(tmp_path):
    incoming = read(tmp_path, "night,cramps\n2026-11-03,5\n", into=Diary(autumn()))

    assert (incoming.entries, incoming.differing) == ((), (NOV_3,))


def test_another_answer_replaces_where_the_person_says_so(tmp_path):
    diary = Diary(autumn())

    after = then(diary, read(tmp_path, "night,cramps,water_ml\n2026-11-03,5,900\n", into=diary, replace=True))

    assert after.said_nights[NOV_3].cramps == 5
    assert len(after.said_nights[NOV_3].answers) == 1
    assert values_by_night(after)[NOV_3]["water_ml"] == 900


def test_replacing_twice_changes_nothing_twice(tmp_path):
    table = "night,cramps,severity\n2026-11-03,5,9\n"
    diary = Diary(autumn())
    after = then(diary, read(tmp_path, table, into=diary, replace=True))

    assert read(tmp_path, table, into=after, replace=True).entries == ()


def test_a_new_column_adds_to_a_night_without_touching_its_answer(tmp_path):
    diary = Diary(autumn())

    incoming = read(tmp_path, "night,cramps,cold_legs\n2026-11-03,1,1\n", into=diary)

    assert [entry.data for entry in incoming.entries] == [Exposure("cold_legs", True, None, NOV_3)]


def test_what_the_file_knows_more_of_an_answer_completes_it(tmp_path):
    diary = Diary((saying(6, autumn()[5].data, moment(6, 8)),))

    after = then(diary, read(tmp_path, "night,cramps,sleep\n2026-11-05,0,8\n", into=diary))

    assert after.said_nights[dt.date(2026, 11, 5)].sleep == 8


def test_an_empty_cell_says_nothing_about_a_night_the_diary_knows(tmp_path):
    incoming = read(tmp_path, "night,cramps\n2026-11-03,\n", into=Diary(autumn()))

    assert (incoming.entries, incoming.differing) == ((), ())


def test_at_least_makes_an_open_night_and_no_morning_answer(tmp_path):
    night = then(Diary(), read(tmp_path, "night,cramps,at_least\n2026-11-03,,2\n")).said_nights[NOV_3]

    assert (night.state, night.cramps, night.at_least) == ("open", None, 2)


def test_sleep_without_a_morning_answer_is_kept_and_closes_nothing(tmp_path):
    after = then(Diary(), read(tmp_path, "night,cramps,sleep\n2026-11-03,,7\n"))

    assert values_by_night(after) == {NOV_3: {"sleep": 7.0}}


def test_columns_of_zero_and_one_are_habits_and_those_with_a_unit_are_numbers(tmp_path):
    made = read(tmp_path, "night,cramps,socks,water_ml\n2026-11-03,,1,1\n").entries

    assert [entry.data.value for entry in made] == [True, 1.0]


def test_the_rows_may_be_out_of_order_and_quoted_and_begin_with_a_mark(tmp_path):
    table = b'\xef\xbb\xbf"night","cramps"\r\n2026-11-05,1\r\n\r\n2026-11-03,"0"\r\n'

    assert [(row.line, row.values["cramps"]) for row in read_table(table).rows] == [(2, 1.0), (4, 0.0)]


def test_the_table_is_plain_data():
    table = read_table(b"person,night,cramps,magnesium\nclaire,2026-11-03,,1\n")

    assert (table.columns, table.persons) == (("cramps", "magnesium"), ("claire",))
    assert table.rows[0].values == {"magnesium": 1.0}


def test_a_night_twice_names_both_lines_and_keeps_the_others():
    table = read_table(b"night,cramps\n2026-11-03,1\n2026-11-04,0\n2026-11-03,2\n")

    assert problems(table) == [("error.file.csv_twice", {"first": 2, "line": 4, "night": NOV_3})]
    assert [row.night for row in table.rows] == [NOV_4]


def test_the_same_night_of_two_people_is_not_twice():
    assert read_table(b"person,night,cramps\na,2026-11-03,1\nb,2026-11-03,1\n").problems == ()


@pytest.mark.parametrize(
    ("row", "key", "values"),
    [
        ("2026-13-02,1,", "csv_bad_date", {"line": 3, "value": "2026-13-02"}),
        ("03/11/2026,1,", "csv_bad_date", {"line": 3, "value": "03/11/2026"}),
        ("0026-11-03,1,", "csv_bad_date", {"line": 3, "value": "0026-11-03"}),
        ("2026-11-03,two,", "csv_not_number", {"line": 3, "column": "cramps", "value": "two"}),
        ("2026-11-03,nan,", "csv_not_number", {"line": 3, "column": "cramps", "value": "nan"}),
        ('2026-11-03,1,"1,5"', "csv_not_number", {"line": 3, "column": "water_ml", "value": "1,5"}),
        ("2026-11-03,1,1_000", "csv_not_number", {"line": 3, "column": "water_ml", "value": "1_000"}),
        ("2026-11-03,1,1e999", "csv_too_large", {"line": 3, "column": "water_ml", "value": "1e999"}),
        ("2026-11-03,1.5,", "csv_not_whole", {"line": 3, "column": "cramps", "value": "1.5", "least": 0, "most": 99}),
        ("2026-11-03,-1,", "csv_not_whole", {"line": 3, "column": "cramps", "value": "-1", "least": 0, "most": 99}),
        ("2026-11-03,1", "csv_cells", {"line": 3, "n": 2, "expected": 3}),
        ("2026-11-03,1,2,3", "csv_cells", {"line": 3, "n": 4, "expected": 3}),
    ],
)
def test_a_bad_row_is_told_by_line_and_the_others_are_kept(row, key, values):
    table = read_table(f"night,cramps,water_ml\n2026-11-01,1,\n{row}\n2026-11-05,0,\n".encode())

    assert problems(table) == [(f"error.file.{key}", values)]
    assert len(table.rows) == 2


def test_a_night_to_come_is_told_by_line_and_the_others_are_kept(tmp_path):
    table = "night,cramps\n2099-11-01,1\n2026-11-03,2\n"

    incoming = read(tmp_path, table, today=dt.date(2026, 11, 22))

    assert [entry.data.night for entry in incoming.entries] == [NOV_3]
    problem = incoming.problems[0]
    assert (problem.key, problem.values) == ("error.file.csv_to_come", {"line": 2, "night": dt.date(2099, 11, 1)})


def test_a_number_too_large_is_called_too_large():
    [problem] = read_table(b"night,cramps,water_ml\n2026-11-03,1,1e300\n").problems

    assert problem.key == "error.file.csv_too_large"


def test_a_habit_may_be_planned_for_a_night_to_come(tmp_path):
    incoming = read(tmp_path, "night,cramps,stretch_ab\n2026-12-24,,1\n", today=dt.date(2026, 11, 22))

    assert (len(incoming.entries), incoming.problems) == (1, ())


def test_the_night_that_has_just_begun_elsewhere_is_taken(tmp_path):
    assert read(tmp_path, "night,cramps\n2026-11-23,0\n", today=dt.date(2026, 11, 22)).problems == ()


def test_beside_what_is_wrong_stands_what_was_kept(tmp_path):
    incoming = read(tmp_path, "night,cramps\n2026-13-02,1\n2026-11-05,0\n")

    assert [(problem.key, problem.values) for problem in incoming.problems][1:] == [("error.file.csv_kept", {"n": 1})]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (b"\n\n", "csv_no_header"),
        (b"night;cramps\n2026-11-03;1\n", "csv_separator"),
        (b"night,crampes\n", "csv_column_missing"),
        (b"night,cramps,,water_ml\n", "csv_column_empty"),
        (b"night,cramps,a,a\n", "csv_column_twice"),
        (b"night,cramps\n2026-11-03,\xe9\n", "csv_not_utf8"),
        (b"night,cramps\n2026-11-03,\x00\n", "csv_not_utf8"),
        (b'night,cramps\n"2026-11-03,1\n', "csv_broken"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(table, key):
    with pytest.raises(FileError) as error:
        read_table(table)

    assert error.value.key == f"error.file.{key}"


def test_of_several_people_the_one_whose_diary_it_is_is_taken(tmp_path):
    table = "person,night,cramps\nmarc,2026-11-03,0\nclaire,2026-11-04,1\n"

    assert [found.first for found in read(tmp_path, table, name="claire").found] == [NOV_4]


def test_of_several_people_none_is_guessed(tmp_path):
    with pytest.raises(FileError) as error:
        read(tmp_path, "person,night,cramps\nmarc,2026-11-03,0\nclaire,2026-11-04,1\n")

    assert error.value.values == {"n": 2, "names": "claire, marc"}


def test_a_table_is_recognised_by_its_first_line():
    assert [
        diary_csv.sniff(head) for head in (b"night,cramps\n", b"\xef\xbb\xbfperson,night,x,cramps\r\n", b"date,mood\n")
    ] == [
        True,
        True,
        False,
    ]


def test_a_whole_year_is_the_same_after_two_journeys(tmp_path):
    year = Diary(tuple(example_entries(1, dt.date(2026, 11, 20))))
    first = write(year)

    there = then(Diary(), read(tmp_path, first))

    assert write(there) == first
    assert read(tmp_path, first, into=there).entries == ()


def test_an_answer_taken_back_and_said_otherwise_is_a_new_saying(tmp_path):
    once = then(Diary(), read(tmp_path, "night,cramps\n2026-11-03,2\n"))
    first = once.entries[0]
    back = Entry(1, HERE, first.about, (first.id,), first.at, first.zone, first.said, Withdrawn())
    without = Diary((*once.entries, back))

    after = then(without, read(tmp_path, "night,cramps\n2026-11-03,1\n", into=without))

    assert after.said_nights[NOV_3].cramps == 1


@pytest.mark.parametrize(
    ("column", "name"),
    [("water_ml", "water_ml"), ("a_", "a_"), ("Magnésium (soir)", "magnesium_soir"), ("2e tasse", "x_2e_tasse")],
)
def test_a_column_of_any_name_becomes_an_exposure_of_a_plain_one(column, name):
    assert column_name(column) == name
