import datetime as dt
import sqlite3
from uuid import UUID

import pytest
from tests.exchange.foreign_files import zipped

from mollet.diary.entries import FIRST_DAY, LAST_DAY, Night
from mollet.diary.fold import Diary
from mollet.errors import FileError
from mollet.exchange import formats
from mollet.exchange.incoming import Destination, Incoming, Meanings
from mollet.exchange.mapping import propose

FRENCH = "Date;Crampes;Café;Humeur\n03/11/2026;2;1,5;bien\n04/11/2026;0;;moyen\n25/11/2026;;2;bien\n"
DAYLIO = """full_date,date,weekday,time,mood,activities,note_title,note
2026-11-04,4 November,Wednesday,7:45 am,good,calf cramp | walk ,,
2026-11-04,4 November,Wednesday,10:10 pm,rad,walk,,
2026-11-03,3 November,Tuesday,,meh,alcohol,,
"""
BEARABLE = """date,weekday,time of day,category,rating/amount,detail,notes
"4th Nov 2026","Wednesday","pre","Symptom","1","Leg cramps (Mild)",""
"4th Nov 2026","Wednesday","pm","Symptom","2","Leg cramps (Moderate)",""
"4th Nov 2026","Wednesday","3:04","Meds/Supplements","50","Magnesium (mg)",""
"4th Nov 2026","Wednesday","3:10","Meds/Supplements","25.5","Magnesium (mg)",""
"4th Nov 2026","Wednesday","all day","Factors","","Heat | Long walk",""
"4th Nov 2026","Wednesday","12:30","Mood","6","Good",""
"""
HABITS = "Position,Name,Question,Description,NumRepetitions,Interval,Color\n001,Crampe,,,1,1,#fff\n"
MARKS = "Date,Crampe,Verres,\n2026-11-05,2,3000,\n2026-11-04,0,1500,\n2026-11-03,1,0,\n2026-11-02,-1,-1,\n"


def read(folder, content, meanings=None, diary=None) -> Incoming:
    path = folder / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return formats.read(path, Destination(UUID(int=1), diary or Diary(), meanings=meanings))


def nights(incoming):
    return {e.data.night.isoformat(): e.data.cramps for e in incoming.entries if isinstance(e.data, Night)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_table_is_asked_about_and_brings_nothing_before(tmp_path, encoding):
    incoming = read(tmp_path, FRENCH.encode(encoding))

    assert (incoming.entries, incoming.measures) == ((), ())
    assert incoming.asked.day == "Date"
    assert [(one.name, one.proposed) for one in incoming.asked.columns] == [("Crampes", "cramps"), ("Café", "leave")]
    assert incoming.asked.head[1] == ("03/11/2026", "2", "1,5", "bien")


def test_a_column_confirmed_as_the_morning_answer_closes_nights(tmp_path):
    incoming = read(tmp_path, FRENCH, Meanings({"Crampes": "cramps"}))

    assert nights(incoming) == {"2026-11-03": 2, "2026-11-04": 0}


def test_days_may_be_those_of_the_mornings(tmp_path):
    incoming = read(tmp_path, FRENCH, Meanings({"Crampes": "cramps"}, mornings=True))

    assert nights(incoming) == {"2026-11-02": 2, "2026-11-03": 0}


def test_cramps_that_were_only_noted_leave_nights_open(tmp_path):
    incoming = read(tmp_path, FRENCH, Meanings({"Crampes": "at_least"}))

    assert [entry.data.kind for entry in incoming.entries] == ["cramp", "cramp"]


def test_a_habit_keeps_its_name_and_decimal_commas(tmp_path):
    incoming = read(tmp_path, FRENCH, Meanings({"Café": "habit"}))

    assert [(e.data.what, e.data.value) for e in incoming.entries] == [("cafe", 1.5), ("cafe", 2.0)]


def test_the_same_table_twice_changes_nothing_twice(tmp_path):
    meanings = Meanings({"Crampes": "cramps", "Café": "habit"})
    first = read(tmp_path, FRENCH, meanings)

    again = read(tmp_path, FRENCH, meanings, Diary(first.entries))

    assert (len(first.entries), again.entries, again.differing) == (4, (), ())


def test_a_day_that_says_two_things_says_nothing(tmp_path):
    incoming = read(tmp_path, "day,cramp\n2026-11-03,1\n2026-11-03,2\n2026-11-04,1\n", Meanings({"cramp": "cramps"}))

    assert nights(incoming) == {"2026-11-04": 1}
    assert incoming.problems[0].key == "error.file.two_values"


@pytest.mark.parametrize(
    ("days", "month_first", "expected", "asks"),
    [
        ("03/11/2026 05/11/2026", None, 11, True),
        ("03/11/2026 05/11/2026", True, 3, True),
        ("03/11/2026 03/25/2026", None, 3, False),
        ("2026-11-03 2026-11-05", None, 11, False),
    ],
)
def test_the_order_of_day_and_month_is_found_or_asked(tmp_path, days, month_first, expected, asks):
    table = "jour;crampe\n" + "".join(f"{day};1\n" for day in days.split())

    incoming = read(tmp_path, table, Meanings({"crampe": "cramps"}, month_first=month_first))

    assert min(dt.date.fromisoformat(night).month for night in nights(incoming)) == expected
    assert incoming.asked.asks_order is asks


@pytest.mark.parametrize(
    ("times", "mornings", "expected"),
    [
        (("04/11/2026 08:00", "05/11/2026 08:10"), False, ["2026-11-03", "2026-11-04"]),
        (("2026-11-03T23:10:00+01:00", "2026-11-05T02:00:00+01:00"), False, ["2026-11-03", "2026-11-04"]),
        (("04/11/2026 08:00", "05/11/2026 08:10"), True, ["2026-11-03", "2026-11-04"]),
        (("2026-11-03 00:00:00", "2026-11-04 00:00:00"), False, ["2026-11-03", "2026-11-04"]),
        (("11/3/2026 10:15 PM", "11/14/2026 1:05 am"), False, ["2026-11-03", "2026-11-13"]),
    ],
)
def test_a_time_beside_the_day_decides_the_night(tmp_path, times, mornings, expected):
    table = "when;crampe\n" + "".join(f"{time};1\n" for time in times)

    incoming = read(tmp_path, table, Meanings({"crampe": "cramps"}, mornings=mornings))

    assert sorted(nights(incoming)) == expected


def test_days_at_the_edge_of_what_a_diary_holds_are_told(tmp_path):
    table = "jour;crampe\n1990-01-01;1\n2026-11-04;1\n2099-12-31;1\n"

    incoming = read(tmp_path, table, Meanings({"crampe": "cramps"}, mornings=True))

    assert "2026-11-03" in nights(incoming)
    assert all(FIRST_DAY <= entry.data.night <= LAST_DAY for entry in incoming.entries)


def test_yes_and_no_are_one_and_zero(tmp_path):
    incoming = read(tmp_path, "jour,crampe\n2026-11-03,Oui\n2026-11-04,non\n", Meanings({"crampe": "cramps"}))

    assert nights(incoming) == {"2026-11-03": 1, "2026-11-04": 0}


def test_a_number_of_cramps_that_cannot_be_is_told(tmp_path):
    incoming = read(tmp_path, "jour,crampe\n2026-11-03,1.5\n2026-11-04,3\n", Meanings({"crampe": "cramps"}))

    assert nights(incoming) == {"2026-11-04": 3}
    assert incoming.problems[0].values["examples"] == "1.5 (2026-11-03)"


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"Nope": "cramps"}, "no_such_column"),
        ({"Crampes": "nothing"}, "no_such_meaning"),
        ({"Crampes": "cramps", "Café": "cramps"}, "meaning_twice"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, columns, key):
    with pytest.raises(FileError) as error:
        read(tmp_path, FRENCH, Meanings(columns))

    assert error.value.key == f"error.file.{key}"


@pytest.mark.parametrize(
    "name", ["Crampes", "Leg CRAMPS", "Charley horse", "Contracture (mollet)", "calf pain", "CRAMPE"]
)
def test_words_for_cramps_are_proposed_as_the_morning_answer(name):
    assert propose(name) == "cramps"


@pytest.mark.parametrize("name", ["Scrambled eggs", "Mood", "halfcalfskin"])
def test_other_words_are_left(name):
    assert propose(name) == "leave"


def test_activities_of_daylio_belong_to_the_night_of_their_time_and_are_never_a_zero(tmp_path):
    asked = read(tmp_path, DAYLIO)
    assert (asked.format, asked.ignored) == ("daylio", {"mood": 3, "note": 0})
    assert {one.name: one.proposed for one in asked.asked.columns}["calf cramp"] == "cramps"

    assert nights(read(tmp_path, DAYLIO, Meanings({"calf cramp": "cramps"}))) == {"2026-11-03": 1}


def test_symptoms_of_bearable_count_how_often_they_were_noted(tmp_path):
    assert nights(read(tmp_path, BEARABLE, Meanings({"Leg cramps": "cramps"}))) == {"2026-11-03": 1, "2026-11-04": 1}


def test_amounts_of_bearable_add_up_in_the_night_they_lie_in(tmp_path):
    incoming = read(tmp_path, BEARABLE, Meanings({"Magnesium (mg)": "habit"}))

    assert [(e.data.night.day, e.data.value) for e in incoming.entries] == [(3, 75.5)]
    assert incoming.ignored == {"Mood": 1}


def test_marks_of_loop_that_say_nothing_are_not_known(tmp_path):
    content = zipped({"Habits.csv": HABITS, "Checkmarks.csv": MARKS, "001 Crampe/Checkmarks.csv": "2026-11-05,2\n"})

    incoming = read(tmp_path, content, Meanings({"Crampe": "cramps", "Verres": "habit"}))

    assert incoming.format == "loop"
    assert nights(incoming) == {"2026-11-04": 0, "2026-11-05": 1}
    assert [e.data.value for e in incoming.entries if e.data.kind == "exposure"] == [0.0, 1.5, 3.0]


@pytest.mark.parametrize(("extra", "value"), [("", None), (", value INTEGER", 2)])
def test_the_database_of_loop_reads_in_both_layouts(tmp_path, extra, value):
    opened = sqlite3.connect(":memory:")
    opened.execute("CREATE TABLE Habits (Id INTEGER PRIMARY KEY, name TEXT)")
    opened.execute("INSERT INTO Habits VALUES (1, 'Mollet')")
    opened.execute(f"CREATE TABLE Repetitions (Id INTEGER PRIMARY KEY, habit INTEGER, timestamp INTEGER{extra})")
    row = (1, 1_793_664_000_000, *([value] if value else []))
    opened.execute(f"INSERT INTO Repetitions VALUES (1, {', '.join('?' * len(row))})", row)
    opened.commit()

    incoming = read(tmp_path, opened.serialize(), Meanings({"Mollet": "cramps"}))

    assert nights(incoming) == {"2026-11-03": 1}


def test_thousands_are_read_as_the_decimals_of_the_table_say(tmp_path):
    incoming = read(
        tmp_path, "Datum;Wasser;Schlaf\n03.11.2026;1.200;6,5\n04.11.2026;900;7\n", Meanings({"Wasser": "habit"})
    )

    assert [entry.data.value for entry in incoming.entries] == [1200.0, 900.0]


def test_a_cell_that_cannot_be_read_is_told_with_its_line(tmp_path):
    table = "date,cramps\n2026-11-03,abc\n2026-11-04,2\n2026-11-05,99999999999999999999\n"

    [problem, _] = read(tmp_path, table, Meanings({"cramps": "cramps"})).problems

    assert (problem.key, problem.values["n"]) == ("error.file.column_unread", 2)
    assert problem.values["examples"] == "2: “abc”, 4: “99999999999999999999”"


def test_words_of_a_column_that_is_left_are_no_problem(tmp_path):
    assert read(tmp_path, FRENCH, Meanings({"Crampes": "cramps"})).problems == ()


def test_a_value_beyond_its_meaning_is_told_with_its_day(tmp_path):
    table = "date,cramps\n2026-11-03,-1\n2026-11-04,2\n"

    [problem, _] = read(tmp_path, table, Meanings({"cramps": "cramps"})).problems

    assert (problem.key, problem.values["examples"]) == ("error.file.column_odd", "-1 (2026-11-03)")


def test_a_night_to_come_is_told_without_a_line(tmp_path):
    path = tmp_path / "file"
    path.write_text("date,cramps\n2027-01-01,1\n2026-11-04,2\n")
    to = Destination(UUID(int=1), Diary(), meanings=Meanings({"cramps": "cramps"}), today=dt.date(2026, 11, 22))

    assert formats.read(path, to).problems[0].key == "error.file.night_to_come"


@pytest.mark.parametrize("name", ["Wadenkrämpfe", "Krampf nachts", "Calambres", "crampi notturni"])
def test_cramps_are_proposed_in_other_languages(name):
    assert propose(name) == "cramps"


SLEPT = (
    BEARABLE
    + """"4th Nov 2026","Wednesday","all day","Sleep","6:30","In bed 23:10 - 07:05",""
"5th Nov 2026","Thursday","all day","Sleep","4:00","In bed 07:30 - 11:30",""
"5th Nov 2026","Thursday","all day","Sleep quality","3","Sleep quality",""
"""
)


def measured(incoming):
    return {(one.kind, one.night.isoformat()): one.value for one in incoming.measures}


def test_sleep_of_bearable_becomes_measures_once_the_columns_are_said(tmp_path):
    asked, said = read(tmp_path, SLEPT), read(tmp_path, SLEPT, Meanings({"Leg cramps": "at_least"}))

    assert (asked.measures, nights(said)) == ((), {})
    assert measured(said) == {
        ("sleep_min", "2026-11-03"): 390,
        ("in_bed_min", "2026-11-03"): 475,
        ("sleep_min", "2026-11-04"): 240,
        ("in_bed_min", "2026-11-04"): 240,
    }


def test_how_good_the_sleep_was_is_asked_about(tmp_path):
    incoming = read(tmp_path, SLEPT, Meanings({"Sleep quality": "sleep"}))

    assert [(e.data.night.isoformat(), e.data.value) for e in incoming.entries] == [("2026-11-04", 3.0)]


def test_a_bearable_table_of_sleep_alone_needs_no_meanings(tmp_path):
    head, *rows = SLEPT.splitlines()
    incoming = read(tmp_path, "\n".join([head, *(row for row in rows if '"Sleep","' in row)]))

    assert (incoming.asked, len(incoming.measures)) == (None, 4)


def test_a_table_without_days_says_that_days_are_missing(tmp_path):
    with pytest.raises(FileError) as error:
        read(tmp_path, "what,cramps\nfoo,2\nbar,3\n")

    assert error.value.key == "error.file.no_days"


@pytest.mark.parametrize(("day", "asks"), [("03.11.2026", False), ("03/11/2026", True), ("3 Nov 2026", False)])
def test_the_order_of_day_and_month_is_asked_only_where_nothing_tells(tmp_path, day, asks):
    assert read(tmp_path, f"Datum;Kaffee\n{day};2\n").asked.asks_order is asks
