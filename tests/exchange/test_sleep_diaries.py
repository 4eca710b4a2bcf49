import datetime as dt

import pytest
from tests.exchange.apple_files import put
from tests.exchange.diaries import HERE
from tests.exchange.foreign_files import zipped

from mollet.diary.fold import Diary
from mollet.exchange import formats
from mollet.exchange.incoming import Destination

NIGHT = dt.date(2026, 11, 3)
TITLES = "Id,Tz,From,To,Sched,Hours,Rating,Comment,Framerate,Snore,Noise,Cycles,DeepSleep,LenAdjust,Geo,"
TITLES += '"23:10",Event,Event\n'
ANDROID = (
    TITLES
    + '"1793743800000","Europe/London","3. 11. 2026 23:00","4. 11. 2026 6:30","4. 11. 2026 7:00","7.5","0.0",'
    + '"#love, and ""quotes""","10007","-1","-1.0","0","-1.0","0","","1.5",'
    + '"AWAKE_START-1793757600000","AWAKE_END-1793758800000"\n'
    + TITLES
    + '"1793830200000","Europe/London","4. 11. 2026 22:00","5. 11. 2026 6:00","","8","5.0","","10007",'
    + '"-1","-1.0","0","0.4","0","","1.0"\n'
)
SLEEPMETER = """custom_aid_id,class,name
CUSTOM_0001,HERBAL,"tea "',\\"

wake,sleep,bedtime,holes,type,dreams,aid,hindrances,tags,quality,notes
"2026-11-04 06:00+0100","2026-11-03 23:00+0100","2026-11-03 22:30+0100",60-75|200-205,NIGHT_SLEEP,NONE,NONE,NONE,,5,"a
,"",b"
"2026-11-03 15:00+0100","2026-11-03 14:00+0100","2026-11-03 14:00+0100",,NAP,NONE,NONE,NONE,NONE,5,""
"2099-11-25 07:00+0100","2099-11-24 23:00+0100","2099-11-24 22:50+0100",,NIGHT_SLEEP,NONE,NONE,NONE,NONE,5,""
"2026-11-02 07:00+0100","""


def read(folder, content, name="sleep.csv"):
    to = Destination(HERE, Diary(zone="Europe/Paris"), today=dt.date(2026, 11, 22))
    return formats.read(put(folder, content, name), to)


def values(incoming):
    return {(one.kind, one.night): one.value for one in incoming.measures}


@pytest.mark.parametrize("content", [ANDROID.encode(), zipped({"sleep-export.csv": ANDROID, "prefs.xml": "<map/>"})])
def test_sleep_as_android_has_a_line_of_titles_before_each_night(tmp_path, content):
    incoming = read(tmp_path, content)

    assert incoming.format == "sleep_as_android"
    assert values(incoming) == {
        ("sleep_min", NIGHT): 430.0,
        ("awake_min", NIGHT): 20.0,
        ("sleep_min", NIGHT + dt.timedelta(days=1)): 480.0,
    }


def test_a_night_is_by_the_clock_of_its_own_zone(tmp_path):
    # Noon in Auckland is midnight in Paris: only the zone beside the time says which night it was.
    nap = TITLES + '"1","Pacific/Auckland","3. 11. 2026 23:00","4. 11. 2026 6:00","","7","0","","","","","","","",""\n'

    assert values(read(tmp_path, nap)) == {("sleep_min", NIGHT): 420.0}


def test_a_record_that_makes_no_sense_is_counted(tmp_path):
    incoming = read(tmp_path, ANDROID + '"1","Europe/London","soon","later"\n')

    assert [(note.key, note.values) for note in incoming.notes] == [("error.file.apple_unreadable", {"n": 1})]


def test_sleepmeter_counts_holes_from_falling_asleep(tmp_path):
    incoming = read(tmp_path, SLEEPMETER)

    assert incoming.format == "sleepmeter"
    assert values(incoming) == {
        ("sleep_min", NIGHT): 400.0,
        ("awake_min", NIGHT): 20.0,
        ("in_bed_min", NIGHT): 450.0,
    }


def test_a_nap_is_left_aside_and_a_night_to_come_or_cut_off_is_counted(tmp_path):
    incoming = read(tmp_path, SLEEPMETER)

    assert incoming.ignored == {"nap": 1}
    assert [(note.key, note.values) for note in incoming.notes] == [("error.file.apple_unreadable", {"n": 2})]
