import pytest
from tests.exchange.foreign_files import read, values, zipped

GERMAN = 'von,bis,"leicht (s)","tief (s)","rem (s)","wach (s)",Aufwachen,"Snoring (s)"\n'
FRENCH = 'du,au,"léger (s)","profond (s)","rem (s)","éveillé (s)",réveils,"Snoring (s)"\n'
NIGHT = "2026-11-04T00:26:00+01:00,2026-11-04T07:26:00+01:00,12000,9000,3000,1200,1,0\n"
STAGES = 'start,duration,value\n2026-11-04T00:26:00+01:00,"[600,3600,600,1200]","[0,1,3,2]"\n'


@pytest.mark.parametrize("title", [GERMAN, FRENCH])
def test_nights_read_whatever_the_language_of_the_titles(tmp_path, title):
    got = values(read(tmp_path, (title + NIGHT).encode()))

    assert got == {
        ("sleep_min", "2026-11-03"): 400.0,
        ("awake_min", "2026-11-03"): 20.0,
        ("in_bed_min", "2026-11-03"): 420.0,
    }


def test_stages_count_where_they_are_told_and_sums_where_not(tmp_path):
    second = NIGHT.replace("11-04", "11-05")
    files = {"sleep.csv": GERMAN + NIGHT + second, "raw_tracker_sleep-state.csv": STAGES}

    got = values(read(tmp_path, zipped(files)))

    assert got["sleep_min", "2026-11-03"] == 90.0
    assert got["awake_min", "2026-11-03"] == 10.0
    assert got["sleep_min", "2026-11-04"] == 400.0


def test_steps_of_a_day_and_weight_by_the_local_clock(tmp_path):
    weight = 'Date,"Poids (lb)","Masse grasse (lb)","Masse osseuse (lb)","Masse musculaire (lb)","Eau (lb)",Notes\n'
    weight += '"2026-11-03 23:30:00",150.00,,,,,\n'

    got = values(read(tmp_path, zipped({"weight.csv": weight, "aggregates_steps.csv": "date,value\n2026-11-03,611\n"})))

    assert got == {("weight_kg", "2026-11-03"): 68.039, ("steps", "2026-11-03"): 611.0}


def test_an_activity_counts_without_its_pauses_and_places_are_not_read(tmp_path):
    title = "von,bis,from (manual),to (manual),Timezone,Activity type,Data,GPS,Modified\n"
    row = '2026-11-03T12:00:00+01:00,2026-11-03T12:40:00+01:00,,,Europe/Berlin,Walking,"{""pause_duration"":600}",,\n'

    assert values(read(tmp_path, (title + row).encode())) == {("exercise_min", "2026-11-03"): 30.0}


def test_stages_that_cannot_be_in_a_night_are_left_out_and_told(tmp_path):
    incoming = read(tmp_path, (GERMAN + NIGHT.replace("12000", "99000")).encode())

    assert (incoming.measures, [note.values for note in incoming.notes]) == ((), [{"n": 1}])
