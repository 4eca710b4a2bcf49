import datetime as dt
import json
import os
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest

from mollet.diary.entries import Answer, Dose, Entry, Exposure, Medicine, Night, as_json, read_entries
from mollet.diary.entries import Kept as KeptByDoor
from mollet.diary.fold import Diary, fold, medicines, nights, pauses
from mollet.diary.nights import Night as DiaryNight
from mollet.knowledge import load
from mollet.report.example import BAD_PATCH, HOLIDAY, NIGHTS, STRETCHING_FROM, example_entries

TODAY = dt.date(2026, 11, 20)
SEED = 1


@pytest.fixture(scope="module")
def said() -> list[Entry]:
    return example_entries(SEED, TODAY)


@pytest.fixture(scope="module")
def year(said: list[Entry]) -> list[DiaryNight]:
    last = TODAY - dt.timedelta(days=2)
    return nights(Diary(tuple(said)), last - dt.timedelta(days=NIGHTS - 1), last)


def per_week(some: list[DiaryNight]) -> float:
    closed = [night.cramps for night in some if night.cramps is not None]
    return 7 * sum(closed) / len(closed)


def test_every_entry_passes_the_door(said):
    assert [
        reading.entry for reading in read_entries([as_json(entry) for entry in said]) if isinstance(reading, KeptByDoor)
    ] == said


def test_the_same_seed_gives_the_same_year_in_another_process(said):
    script = (
        "import datetime as dt, json; from mollet.diary.entries import as_json; from mollet.report.example import *;"
        f"print(json.dumps([as_json(e) for e in example_entries({SEED}, dt.date(2026, 11, 20))]), end='')"
    )
    there = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": "77"},
        capture_output=True,
        check=True,
        text=True,
    )

    assert there.stdout == json.dumps([as_json(entry) for entry in said])


def test_another_seed_gives_another_year(said):
    assert example_entries(SEED + 1, TODAY) != said


def test_no_two_sayings_share_an_id(said):
    assert len({entry.id for entry in said}) == len(said)


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Montreal", "Pacific/Auckland", "Asia/Kathmandu"])
def test_nothing_is_said_in_the_future_wherever_one_lives(zone):
    latest = max(entry.said for entry in example_entries(SEED, TODAY, zone))

    assert latest < dt.datetime.combine(TODAY, dt.time(0), ZoneInfo(zone))


def test_it_is_a_whole_year_of_nights(year):
    assert len(year) == 365


def test_there_are_two_to_three_cramps_a_week(year):
    assert 2.0 <= per_week(year) <= 3.5


def test_some_nights_are_open_and_some_unlogged(year):
    states = [night.state for night in year]

    assert states.count("open") >= 5
    assert states.count("unlogged") >= 15


def test_most_nights_are_closed(year):
    assert sum(night.state == "closed" for night in year) >= 250


def test_quiet_nights_are_confirmed_as_zeros(year):
    assert sum(night.cramps == 0 for night in year) >= 150


def test_the_nights_are_more_uneven_than_chance_alone(year):
    counts = [night.cramps for night in year if night.cramps is not None]
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)

    assert variance > 1.05 * mean


def test_there_is_a_bad_patch(year):
    worst = year[BAD_PATCH.start : BAD_PATCH.stop]

    assert per_week(worst) > 1.3 * per_week(year)


def test_she_is_away_for_a_holiday(said, year):
    assert [pause.reason for pause in pauses(Diary(tuple(said)))] == ["travel"]
    assert {year[number].state for number in HOLIDAY} == {"paused"}


def test_evening_stretching_starts_in_the_second_half_and_is_sometimes_left_out(said, year):
    doses = [entry.data for entry in said if isinstance(entry.data, Dose)]

    assert min(dose.night for dose in doses if dose.night) >= year[STRETCHING_FROM].date
    assert {dose.done for dose in doses} == {True, False}


def test_a_diuretic_is_started_within_the_year(said):
    diary = Diary(tuple(said))

    assert [course.name for course in medicines(diary, TODAY)] == ["amlodipine", "hydrochlorothiazide"]
    assert [course.name for course in medicines(diary, TODAY - dt.timedelta(days=366))] == ["amlodipine"]


def test_one_answer_was_corrected_and_one_cramp_taken_back(said):
    things = fold(said)

    assert sum(thing.is_withdrawn for thing in things.values()) == 1
    assert sum(isinstance(thing.held.data, Night) and bool(thing.held.replaces) for thing in things.values()) == 1


def test_its_questions_exposures_and_remedies_are_in_the_catalogue(said):
    catalogue = load()

    assert {entry.data.question for entry in said if isinstance(entry.data, Answer)} <= set(catalogue.questions)
    assert {entry.data.what for entry in said if isinstance(entry.data, Exposure)} <= set(catalogue.exposures)
    assert {entry.data.remedy for entry in said if isinstance(entry.data, Dose)} <= set(catalogue.remedies)
    assert any(isinstance(entry.data, Medicine) for entry in said)


def test_some_cramps_have_no_known_end(year):
    ends = {episode.end_known for night in year for episode in night.episodes}

    assert ends == {True, False}
