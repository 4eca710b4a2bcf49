import datetime as dt
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from tests.people import claire

from mollet.diary import fold
from mollet.diary.entries import Answer, Kept, Medicine, Note, as_json, read_entries
from mollet.diary.fold import Diary
from mollet.diary.measures import Measure
from mollet.exchange import contents, diary_json, fhir, formats
from mollet.exchange.diary_json import Complete
from mollet.exchange.incoming import Destination, Generation
from mollet.exchange.privacy import leaving
from mollet.report.example import example_entries

PARIS = "Europe/Paris"
YEAR = tuple(example_entries(3, dt.date(2026, 11, 22)))
SETTINGS = {"name": "Claire Martin", "language": "fr", "country": "FR", "zone": PARIS}


def whole(*entries, generations=()):
    return Complete(UUID(int=7), entries or YEAR, generations, SETTINGS)


@cache
def out(level, *entries, secret=b"secret", **more):
    return leaving(whole(*entries, **more), level, secret, PARIS)


@cache
def written(level, *entries, **more):
    return "".join(diary_json.write(out(level, *entries, **more).complete))


def counts(diary, back=dt.timedelta()):
    """What the nights of a diary say, at the dates they would have had."""
    return {
        date + back: (night.cramps, night.awake_minutes, night.sleep, [(e.severity, e.minutes) for e in night.episodes])
        for date, night in diary.said_nights.items()
    }


def moved():
    """By how much the year is moved."""
    return min(Diary(YEAR).said_nights) - min(out("shifted").diary.said_nights)


def test_everything_leaves_in_full():
    assert out("full").complete == whole()


def test_moved_dates_are_whole_weeks_and_at_least_a_year_back():
    assert (moved().days % 7, moved().days > 365) == (0, True)


def test_moved_nights_say_the_same():
    assert counts(out("shifted").diary, moved()) == counts(Diary(YEAR, zone=PARIS))


def test_moved_nights_keep_their_time_of_day():
    both = Diary(YEAR, zone=PARIS), out("shifted").diary
    hours = [sorted(one.at.astimezone(ZoneInfo(PARIS)).hour for one in fold.cramps(diary)) for diary in both]

    assert hours[0] == hours[1]


@pytest.mark.parametrize("level", ["shifted", "minimum"])
def test_no_date_of_the_year_is_left(level):
    assert [year for year in ("2025-", "2026-") if year in written(level)] == []


@pytest.mark.parametrize("level", ["shifted", "minimum"])
def test_no_id_is_left(level):
    text = written(level)

    assert [entry.id for entry in YEAR if str(entry.id) in text] == []


@pytest.mark.parametrize("level", ["shifted", "minimum"])
@pytest.mark.parametrize("words", ["Claire", "Dr Martin", "14 km", str(UUID(int=7))])
def test_no_name_and_no_note_is_left(level, words):
    assert words not in written(level)


@pytest.mark.parametrize("level", ["shifted", "minimum"])
def test_what_leaves_passes_the_door(level):
    read = read_entries([as_json(entry) for entry in out(level).complete.entries])

    assert [one for one in read if not isinstance(one, Kept)] == []


def test_the_same_secret_hides_the_same_way():
    assert written("shifted") == written("shifted")


def test_another_secret_hides_another_way():
    assert out("shifted").complete != out("shifted", secret=b"other").complete


def test_a_name_nobody_knows_is_hidden_but_not_forgotten():
    [entry] = out(
        "shifted", claire.says(Answer("medicines", ("paracetamol", "le truc du Dr Roux")), "2026-11-20 09:00")
    ).complete.entries

    assert entry.data.value == ("paracetamol", "?")


def test_a_dose_in_free_words_is_hidden():
    said = claire.says(Medicine("start", "furosemide", "as Dr Roux said", dt.date(2026, 3, 1)), "2026-11-20 09:00")

    assert "Roux" not in written("shifted", said)


def test_a_medicine_of_long_ago_still_leaves():
    said = claire.says(Medicine("start", "furosemide", None, dt.date(1991, 3, 1)), "2026-11-20 09:00")

    [entry] = out("shifted", said).complete.entries

    assert entry.data.on == dt.date(1990, 1, 1)


def test_words_for_the_doctors_page_stay():
    assert out("shifted", claire.says(Answer("report:name", ("Claire",)), "2026-11-20 09:00")).complete.entries == ()


def test_what_was_corrected_does_not_leave():
    first = claire.answers_night("2026-11-10", 3)
    right = claire.corrects(first, data=type(first.data)(1, first.data.night))

    assert [entry.data.cramps for entry in out("shifted", first, right).complete.entries] == [1]


def test_devices_and_files_lose_their_names():
    measure = Measure("watch:Claire's watch", "steps", dt.date(2026, 11, 3), 5210.0, 1.0, UUID(int=9))
    brought = Generation("apple_health", "ab" * 32, "claire.zip", dt.datetime(2026, 11, 20, tzinfo=dt.UTC), (measure,))

    text = written("shifted", generations=(brought,))

    assert ([word for word in ("Claire", "claire.zip", "abab") if word in text], "watch:1" in text) == ([], True)


def test_the_minimum_is_nights_and_cramps():
    assert set(out("minimum").kinds) == {"night", "cramp"}


def test_the_minimum_holds_only_confirmed_nights():
    found = out("minimum", claire.answers_night("2026-11-10", 0), claire.cramps_at("2026-11-12 03:00")).diary

    assert [night.cramps for night in found.said_nights.values()] == [0]


def test_the_minimum_still_shows_how_often_the_cramps_come():
    closed = {date: n.cramps for date, n in Diary(YEAR, zone=PARIS).said_nights.items() if n.cramps is not None}

    assert {date + moved(): n.cramps for date, n in out("minimum").diary.said_nights.items()} == closed


def test_it_is_said_how_much_stays():
    assert out("shifted", claire.says(Note("a"), "2026-11-20 09:00"), claire.answers_night("2026-11-10", 0)).stays == {
        "note": 1
    }


def test_measures_that_hold_are_those_of_the_store():
    one = Measure("phone:a", "steps", dt.date(2026, 11, 3), 10.0, 1.0, UUID(int=8))
    two = Measure("watch:a", "steps", dt.date(2026, 11, 3), 20.0, 1.0, UUID(int=9))
    made = [
        Generation("fitbit", "ab" * 32, "", dt.datetime(2026, 11, 20, tzinfo=dt.UTC), (each,)) for each in (one, two)
    ]

    assert [m.value for m in out("full", generations=tuple(made)).diary.measures] == [20.0]


def test_nights_by_day_stay_nights_by_day():
    by_day = claire.says(Answer(fold.SLEEPS_BY_DAY, True), "2026-10-01 09:00")
    cramp = claire.cramps_at("2026-11-12 11:00")

    [date] = out("shifted", by_day, cramp).diary.said_nights

    assert date.weekday() == dt.date(2026, 11, 12).weekday()


SPOKEN = (
    claire.answers_night("2026-11-10", 1),
    claire.says(Note("a secret thought"), "2026-11-11 09:00"),
    claire.says(Answer("sex", "female"), "2026-11-11 09:01"),
    claire.says(Medicine("start", "amlodipine", "5 mg", dt.date(2024, 3, 1)), "2026-11-11 09:02"),
)


def told(name, since=None):
    leaves = out("full", *SPOKEN)
    text = "".join(formats.FORMATS[name].write(leaves.complete, leaves.diary, since, None))
    return contents.of_file(name, text, leaves, since)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("diary-csv", {"night": 1}),
        ("diary-json", {"answer": 1, "medicine": 1, "night": 1, "note": 1}),
        ("fhir", {"answer": 1, "condition": 1, "medicine": 1, "night": 1, "plan": 1}),
    ],
)
def test_what_leaves_is_what_the_file_holds(name, kinds):
    assert told(name).kinds == kinds


def test_what_a_table_cannot_hold_stays():
    assert told("diary-csv").stays == {"answer": 1, "medicine": 1, "note": 1}


@pytest.mark.parametrize(
    ("name", "settings"), [("diary-csv", ()), ("fhir", ("zone",)), ("diary-json", tuple(SETTINGS))]
)
def test_settings_that_leave_are_those_in_the_file(name, settings):
    assert told(name).settings == settings


def test_nights_before_those_asked_for_do_not_leave():
    assert told("diary-csv", dt.date(2026, 11, 11)).kinds == {}


def test_dates_are_those_in_the_file():
    assert (told("diary-csv").first, told("diary-json").first) == (dt.date(2026, 11, 10), dt.date(2024, 3, 1))


def test_the_least_bundle_brought_in_twice_says_nothing_otherwise(tmp_path):
    two = (claire.cramps_at("2026-11-11 02:00"), claire.cramps_at("2026-11-11 03:00"))
    leaves = out("minimum", claire.answers_night("2026-11-10", 2), *two)
    path = tmp_path / "bundle.json"
    path.write_text("".join(fhir.write(leaves.complete, leaves.diary)))
    first = formats.read(path, Destination(UUID(int=1), Diary(zone=PARIS)))

    again = formats.read(path, Destination(UUID(int=1), Diary(first.entries, zone=PARIS)))

    assert (again.differing, {one.id for one in again.entries} - {one.id for one in first.entries}) == ((), set())
