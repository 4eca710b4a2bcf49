import datetime as dt
import random
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from tests.exchange.apple_files import (
    BROKEN_DTD,
    CATEGORY,
    Element,
    fuzzed,
    put,
    quantity,
    random_elements,
    record,
    sleep,
    strict_ignored,
    strict_rows,
    summary,
    workout,
    xml,
    zipped,
)

from mollet.diary.entries import Answer, Entry
from mollet.diary.fold import Diary
from mollet.diary.nights import night_of
from mollet.errors import FileError
from mollet.exchange import apple_health, apple_scan, archive
from mollet.exchange.apple_scan import Scan
from mollet.exchange.incoming import Destination, Incoming
from mollet.exchange.rows import ASLEEP, Days
from mollet.exchange.rows import PHONE as PHONE_RANK

NOV_3 = dt.date(2026, 11, 3)
WATCH = {
    "source": "Apple\u00a0Watch de Claire",
    "device": "<<HKDevice: 0x1>, name:Apple Watch, model:Watch, hardware:Watch6,2>",
}
PHONE = {"source": "iPhone de Claire", "device": "<<HKDevice: 0x2>, name:iPhone, model:iPhone, hardware:iPhone13,2>"}


def read(path: Path, zone: str = "Europe/Paris", entries: tuple[Entry, ...] = ()) -> Incoming:
    found = [part for part in archive.parts(path) if apple_health.sniff(part.head)]
    return apple_health.read(found[0], Destination(UUID(int=1), Diary(entries, zone=zone)))


def values(incoming: Incoming) -> dict[tuple[str, dt.date], float]:
    return {(measure.kind, measure.night): measure.value for measure in incoming.measures}


def day(folder: Path, *elements: Element, zone: str = "Europe/Paris") -> dict[tuple[str, dt.date], float]:
    return values(read(put(folder, xml(elements)), zone))


def rows(document: str, piece: int = 1 << 18) -> tuple[list[tuple[str, int, int, float, str]], Scan]:
    content = document.encode()
    found: list[tuple[str, int, int, float, str]] = []

    def put(kind: str, start: int, end: int, value: float, source: str, rank: int, zone: str | None) -> None:
        found.append((kind, start, end, value, source.split("|")[0]))

    scan = Scan("Europe/Paris", put)
    scan.read(content[at : at + piece] for at in range(0, len(content), piece))
    return found, scan


def test_water_in_litres_and_ounces_becomes_millilitres(tmp_path):
    got = day(
        tmp_path,
        quantity("DietaryWater", "2026-11-03 09:10:00 +0100", "250", "mL"),
        quantity("DietaryWater", "2026-11-03 15:00:00 +0100", "0.5", "L", source="Other"),
        quantity("DietaryWater", "2026-11-03 19:00:00 +0100", "10", "fl_oz_us"),
    )

    assert got == {("water_ml", NOV_3): pytest.approx(1045.735)}


@pytest.mark.parametrize(
    ("kind", "unit", "expected"),
    [
        ("DietaryPotassium", "g", ("potassium_mg", 2000.0)),
        ("DietaryMagnesium", "mg", ("magnesium_mg", 2.0)),
        ("DietaryCalcium", "mcg", ("calcium_mg", 0.002)),
        ("DietarySodium", "mg", ("sodium_mg", 2.0)),
        ("DietaryCaffeine", "mg", ("caffeine_mg", 2.0)),
        ("NumberOfAlcoholicBeverages", "count", ("alcohol_drinks", 2.0)),
        ("AppleStandTime", "min", ("standing_min", 2.0)),
        ("AppleExerciseTime", "hr", ("exercise_min", 120.0)),
        ("BodyMass", "lb", ("weight_kg", 0.907)),
        ("BodyMass", "st", ("weight_kg", 12.701)),
    ],
)
def test_each_quantity_is_read_in_the_unit_that_stands_in_the_file(tmp_path, kind, unit, expected):
    got = day(tmp_path, quantity(kind, "2026-11-03 12:30:00 +0100", "2", unit))

    assert got == {(expected[0], NOV_3): expected[1]}


def test_an_unknown_unit_is_told_and_not_guessed(tmp_path):
    incoming = read(put(tmp_path, xml([quantity("DietaryWater", "2026-11-03 09:10:00 +0100", "2", "buckets")])))

    assert incoming.measures == ()
    assert incoming.notes[0].values == {"n": 1, "kind": "DietaryWater", "unit": "buckets"}


def test_what_stands_inside_a_correlation_is_not_counted_twice(tmp_path):
    eaten = quantity("DietaryMagnesium", "2026-11-03 12:30:00 +0100", "120.5", "mg")

    got = day(tmp_path, eaten, Element("Correlation", {"type": "HKCorrelationTypeIdentifierFood"}, (eaten,)))

    assert got == {("magnesium_mg", NOV_3): 120.5}


def test_a_day_without_food_rows_is_unknown_and_not_zero(tmp_path):
    got = day(
        tmp_path,
        quantity("DietaryPotassium", "2026-11-03 12:30:00 +0100", "900", "mg"),
        quantity("DietaryPotassium", "2026-11-05 12:30:00 +0100", "800", "mg"),
    )

    assert ("potassium_mg", dt.date(2026, 11, 4)) not in got


def test_the_offset_of_the_export_does_not_move_a_winter_evening_to_the_next_day(tmp_path):
    # Exported in summer: 00:30 at +0200 was 23:30 in Paris, still the day before.
    got = day(tmp_path, quantity("StepCount", "2026-01-11 00:30:00 +0200", "40", "count"))

    assert got == {("steps", dt.date(2026, 1, 10)): 40.0}


def test_the_zone_of_a_record_is_believed_before_that_of_the_person(tmp_path):
    got = day(tmp_path, quantity("StepCount", "2026-01-11 00:30:00 +0100", "40", "count", zone="Asia/Tokyo"))

    assert got == {("steps", dt.date(2026, 1, 11)): 40.0}


def test_an_invented_zone_falls_back_to_that_of_the_person(tmp_path):
    got = day(tmp_path, quantity("StepCount", "2026-01-10 12:00:00 +0000", "40", "count", zone="../../etc/passwd"))

    assert got == {("steps", dt.date(2026, 1, 10)): 40.0}


def test_sleep_goes_from_noon_to_noon(tmp_path):
    got = day(
        tmp_path,
        sleep("AsleepCore", "2026-11-03 23:00:00 +0100", "2026-11-04 03:00:00 +0100"),
        sleep("Awake", "2026-11-04 03:00:00 +0100", "2026-11-04 03:12:00 +0100"),
        sleep("AsleepREM", "2026-11-04 03:12:00 +0100", "2026-11-04 06:00:00 +0100"),
    )

    assert got == {("sleep_min", NOV_3): 408.0, ("awake_min", NOV_3): 12.0}


def test_time_in_bed_is_never_added_to_sleep(tmp_path):
    got = day(
        tmp_path,
        sleep("InBed", "2026-11-03 22:30:00 +0100", "2026-11-04 07:00:00 +0100"),
        sleep("Asleep", "2026-11-03 23:00:00 +0100", "2026-11-04 06:00:00 +0100"),
    )

    assert got == {("in_bed_min", NOV_3): 510.0, ("sleep_min", NOV_3): 420.0}


def test_time_in_bed_alone_leaves_sleep_unknown(tmp_path):
    got = day(tmp_path, sleep("InBed", "2026-11-03 22:30:00 +0100", "2026-11-04 07:00:00 +0100"))

    assert got == {("in_bed_min", NOV_3): 510.0}


def test_a_wake_inside_unspecified_sleep_is_taken_out_of_it(tmp_path):
    got = day(
        tmp_path,
        sleep("AsleepUnspecified", "2026-11-03 23:00:00 +0100", "2026-11-04 07:00:00 +0100"),
        sleep("Awake", "2026-11-04 02:00:00 +0100", "2026-11-04 02:30:00 +0100"),
    )

    assert got == {("sleep_min", NOV_3): 450.0, ("awake_min", NOV_3): 30.0}


def test_two_trackers_of_one_night_are_not_added_up(tmp_path):
    got = day(
        tmp_path,
        sleep("AsleepCore", "2026-11-03 23:00:00 +0100", "2026-11-04 06:00:00 +0100", **WATCH),
        sleep("AsleepCore", "2026-11-03 22:30:00 +0100", "2026-11-04 06:30:00 +0100", source="Withings"),
    )

    assert got == {("sleep_min", NOV_3): 480.0}


def test_who_sleeps_by_day_has_nights_from_midnight_to_midnight(tmp_path):
    path = put(tmp_path, xml([sleep("Asleep", "2026-11-03 09:00:00 +0100", "2026-11-03 15:00:00 +0100")]))
    long_ago = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    by_day = Entry(1, UUID(int=2), UUID(int=3), (), long_ago, "Europe/Paris", long_ago, Answer("sleeps_by_day", True))

    assert values(read(path, entries=(by_day,))) == {("sleep_min", NOV_3): 360.0}


def test_steps_that_watch_and_phone_both_saw_count_once_by_the_watch(tmp_path):
    got = day(
        tmp_path,
        quantity("StepCount", "2026-11-03 10:00:00 +0100", "1000", "count", end="2026-11-03 10:10:00 +0100", **WATCH),
        quantity("StepCount", "2026-11-03 10:00:00 +0100", "1200", "count", end="2026-11-03 10:10:00 +0100", **PHONE),
    )

    assert got == {("steps", NOV_3): 1000.0}


def test_steps_that_only_the_phone_saw_are_added(tmp_path):
    got = day(
        tmp_path,
        quantity("StepCount", "2026-11-03 10:00:00 +0100", "1000", "count", end="2026-11-03 10:10:00 +0100", **WATCH),
        quantity("StepCount", "2026-11-03 10:05:00 +0100", "600", "count", end="2026-11-03 10:15:00 +0100", **PHONE),
        quantity("StepCount", "2026-11-03 14:00:00 +0100", "70", "count", end="2026-11-03 14:01:00 +0100", **PHONE),
    )

    # Half of the phone's ten minutes lie outside those of the watch.
    assert got == {("steps", NOV_3): pytest.approx(1000 + 300 + 70)}


def test_the_memory_address_in_the_device_text_makes_no_second_device(tmp_path):
    got = day(
        tmp_path,
        quantity(
            "StepCount",
            "2026-11-03 10:00:10 +0100",
            "10",
            "count",
            source="X",
            device="<<HKDevice: 0x1>, model:iPhone>",
        ),
        quantity(
            "StepCount",
            "2026-11-03 10:00:40 +0100",
            "20",
            "count",
            source="X",
            device="<<HKDevice: 0x2>, model:iPhone>",
        ),
    )

    assert got == {("steps", NOV_3): 30.0}


def test_a_typographic_name_is_the_same_source(tmp_path):
    got = day(
        tmp_path,
        quantity("StepCount", "2026-11-03 10:00:10 +0100", "10", "count", source="Claire’s\u00a0Watch"),
        quantity("StepCount", "2026-11-03 10:00:40 +0100", "20", "count", source="Claire's Watch"),
    )

    assert got == {("steps", NOV_3): 30.0}


def test_a_row_that_stands_twice_in_the_file_counts_once(tmp_path):
    row = quantity("StepCount", "2026-11-03 10:00:00 +0100", "10", "count")

    assert day(tmp_path, row, row) == {("steps", NOV_3): 10.0}


def test_hours_stood_are_counted_and_idle_ones_are_not(tmp_path):
    stood, idle = "HKCategoryValueAppleStandHourStood", "HKCategoryValueAppleStandHourIdle"
    hour = CATEGORY + "AppleStandHour"

    got = day(
        tmp_path,
        record(hour, "2026-11-03 10:00:00 +0100", "2026-11-03 11:00:00 +0100", stood, None),
        record(hour, "2026-11-03 11:00:00 +0100", "2026-11-03 12:00:00 +0100", "0", None),
        record(hour, "2026-11-03 12:00:00 +0100", "2026-11-03 13:00:00 +0100", idle, None),
    )

    assert got == {("stand_hours", NOV_3): 2.0}


def test_the_summary_of_a_day_fills_stand_hours_and_exercise(tmp_path):
    got = day(tmp_path, summary("2026-11-03", "11", "31"))

    assert got == {("stand_hours", NOV_3): 11.0, ("exercise_min", NOV_3): 31.0}


def test_a_summary_of_zero_is_a_watch_that_was_not_worn(tmp_path):
    assert day(tmp_path, summary("2026-11-03", "0", "0")) == {}


def test_a_workout_counts_its_duration_without_the_pauses(tmp_path):
    got = day(
        tmp_path,
        workout("2026-11-03 17:00:00 +0100", "2026-11-03 18:00:00 +0100", "48.5"),
        summary("2026-11-03", "0", "31"),
    )

    assert got == {("exercise_min", NOV_3): 48.5}


def test_the_zone_of_a_route_is_not_that_of_its_workout(tmp_path):
    got = day(tmp_path, workout("2026-11-03 23:30:00 +0100", "2026-11-03 23:45:00 +0100", "15"))

    assert got == {("exercise_min", NOV_3): 15.0}


def test_the_weight_of_a_day_is_the_last_one(tmp_path):
    got = day(
        tmp_path,
        quantity("BodyMass", "2026-11-03 20:00:00 +0100", "61.5", "kg"),
        quantity("BodyMass", "2026-11-03 07:00:00 +0100", "61.0", "kg"),
    )

    assert got == {("weight_kg", NOV_3): 61.5}


def test_no_symptom_of_the_phone_becomes_a_cramp(tmp_path):
    pain = record(CATEGORY + "LowerBackPain", "2026-11-03 08:00:00 +0100", None, "HKCategoryValueSeverityMild", None)

    incoming = read(put(tmp_path, xml([pain])))

    assert (incoming.entries, incoming.measures, incoming.ignored) == ((), (), {"LowerBackPain": 1})


def test_the_day_of_the_export_is_covered_in_part(tmp_path):
    path = put(tmp_path, xml([quantity("StepCount", "2026-11-20 08:00:00 +0100", "10", "count")]))

    assert read(path).measures[0].coverage == pytest.approx(10 / 24, abs=0.001)


def test_a_broken_type_definition_is_stepped_over(tmp_path):
    path = put(tmp_path, xml([quantity("StepCount", "2026-11-03 10:00:00 +0100", "10", "count")], dtd=BROKEN_DTD))

    assert values(read(path)) == {("steps", NOV_3): 10.0}


def test_control_characters_in_a_value_are_dropped(tmp_path):
    document = xml([quantity("StepCount", "2026-11-03 10:00:00 +0100", "10", "count", source="A@B#C")])
    path = put(tmp_path, document.replace("@", "\x0b").replace("#", "&#11;"))

    assert values(read(path)) == {("steps", NOV_3): 10.0}


def test_a_declared_entity_is_refused(tmp_path):
    bomb = '<!DOCTYPE HealthData [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n'

    with pytest.raises(FileError) as error:
        read(put(tmp_path, xml([], dtd=bomb)))

    assert error.value.key == "error.file.entity"


def test_a_file_of_the_first_kind_is_refused_politely(tmp_path):
    old = '<HealthData><Record type="HKStepCount" source="P" startDate="20150616071916-0700"/></HealthData>'

    with pytest.raises(FileError) as error:
        read(put(tmp_path, old))

    assert error.value.key == "error.file.apple_too_old"


def test_records_that_make_no_sense_are_counted_and_told(tmp_path):
    incoming = read(
        put(
            tmp_path,
            xml(
                [
                    quantity("StepCount", "2026-13-03 10:00:00 +0100", "10", "count"),
                    quantity("StepCount", "2026-11-03 10:00:00 +0100", "ten", "count"),
                    quantity("StepCount", "2026-11-03 10:00:00 +0100", "nan", "count"),
                    quantity("StepCount", "2026-11-03 10:00:00 +0100", "5", "count", end="2026-11-03 09:00:00 +0100"),
                ]
            ),
        )
    )

    assert [(problem.key, problem.values) for problem in incoming.notes] == [("error.file.apple_unreadable", {"n": 4})]


def test_a_cut_file_keeps_what_was_read_and_says_up_to_when(tmp_path):
    document = xml([quantity("StepCount", f"2026-11-0{n} 10:00:00 +0100", "10", "count") for n in range(1, 7)])
    path = put(tmp_path, document[: document.index("2026-11-04")])

    incoming = read(path)

    assert [measure.night.day for measure in incoming.measures] == [1, 2, 3]
    assert [(problem.key, problem.values) for problem in incoming.problems] == [
        ("error.file.apple_cut", {"day": NOV_3})
    ]


def test_wherever_a_file_is_cut_the_rows_before_the_cut_are_the_same():
    document = fuzzed(random_elements(random.Random(5), 12), random.Random(5))
    everything, _ = rows(document)

    for at in range(document.index(">") + 1, len(document) - 1, 7):
        kept, scan = rows(document[:at])
        assert scan.is_cut
        assert kept == everything[: len(kept)]


@pytest.mark.parametrize("seed", range(25))
def test_fuzzed_files_read_as_a_strict_parser_reads_them(seed):
    rng = random.Random(seed)
    document = fuzzed(random_elements(rng, 40), rng)

    got, scan = rows(document, piece=rng.choice([1, 7, 64, 4096]))

    assert got == strict_rows(document)
    assert not scan.is_cut


@pytest.mark.parametrize("seed", range(25))
def test_files_as_phones_write_them_read_as_a_strict_parser_reads_them(seed):
    rng = random.Random(seed)
    document = xml(random_elements(rng, 60)).replace(" <Record", rng.choice([" <Record", "<Record", "\t<Record"]))

    got, scan = rows(document, piece=rng.choice([1, 7, 64, 4096]))

    assert got == strict_rows(document)
    assert scan.ignored == strict_ignored(document)


ODD_PIECES = [
    "<!-- {} -->",
    "<!-- {} --> {}",
    "<Correlation type='x'>{}<Record type='y'>{}</Record></Correlation>",
    "<Audiogram>{}<!-- </Audiogram> --></Audiogram>",
    "<![CDATA[ {} </Record> ]]>",
    "<?note {} ?>",
    '<Record type="HKQuantityTypeIdentifierHeartRate" a="b">{}</Record>',
    '<Record type="HKQuantityTypeIdentifierHeartRate" a="/>">text<MetadataEntry key="a" value="/>"/></Record>{}',
    "<Recording>{}</Recording>",
    '<Record type="HKQuantityTypeIdentifierHeartRate" a="b">{}<Record/></Record>',
    '<Record type="HKQuantityTypeIdentifierHeartRate" a="b"><!-- </Record>{}--></Record>',
    '<Record type="HKQuantityTypeIdentifierStep&#67;ount" a=">"/>{}',
]


@pytest.mark.parametrize("odd", ODD_PIECES)
@pytest.mark.parametrize("piece", [5, 1 << 18])
def test_a_record_counts_where_a_strict_parser_sees_it_at_the_top(odd, piece):
    water = '\n <Record type="HKQuantityTypeIdentifierDietaryWater" sourceName="A" unit="mL" creationDate="" '
    water += 'startDate="2026-11-03 10:00:00 +0100" endDate="2026-11-03 10:00:00 +0100" value="{}"/>'
    inside = odd.replace("{}", water.format(2) + "\n ")
    document = f"<HealthData>{water.format(1)}\n {inside}{water.format(4)}\n</HealthData>"
    if "&#67;" in odd:
        document = document.replace('a=">"', 'a=">" sourceName="A" unit="furlong"')

    got, scan = rows(document, piece)

    assert [row[3] for row in got] == [row[3] for row in strict_rows(document) if row[0] == "water_ml"]
    assert not scan.is_cut


def test_rows_that_stand_a_thousand_times_in_a_file_are_held_once():
    days = Days("Europe/Paris")
    for _ in range(1000):
        days.put("steps", 1_790_000_000, 1_790_000_060, 10.0, "A", PHONE_RANK)

    [measure] = days.measures("phone:a", UUID(int=1), None, cut=False)

    assert (measure.value, days.repeated, days.rows["steps"]) == (10.0, 999, 1000)


def test_the_main_file_of_a_zip_is_found_by_its_content_whatever_its_name(tmp_path):
    document = xml([quantity("StepCount", "2026-11-03 10:00:00 +0100", "10", "count")])
    path = put(tmp_path, zipped(document, "apple_health_export/匯出.xml"), "whatever.bin")

    assert values(read(path)) == {("steps", NOV_3): 10.0}


def test_a_folder_reads_as_the_zip_it_came_in(tmp_path):
    (tmp_path / "apple_health_export").mkdir()
    put(
        tmp_path / "apple_health_export",
        xml([quantity("StepCount", "2026-11-03 10:00:00 +0100", "10", "count")]),
        "Export.xml",
    )

    assert values(read(tmp_path)) == {("steps", NOV_3): 10.0}


def test_a_damaged_zip_says_to_export_again(tmp_path):
    content = zipped(xml([]))

    with pytest.raises(FileError) as error:
        archive.parts(put(tmp_path, content[: len(content) // 2], "export.zip"))

    assert error.value.key == "error.file.bad_zip"


def test_a_zip_under_a_password_says_so(tmp_path):
    content = bytearray(zipped(xml([])))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 1)

    with pytest.raises(FileError) as error:
        archive.parts(put(tmp_path, bytes(content), "export.zip"))

    assert error.value.key == "error.file.encrypted"


def test_the_night_in_which_a_file_was_cut_is_covered_in_part(tmp_path):
    night = [
        sleep("AsleepCore", "2026-11-03 23:00:00 +0100", "2026-11-04 00:00:00 +0100"),
        sleep("AsleepCore", "2026-11-04 00:00:00 +0100", "2026-11-04 06:00:00 +0100"),
    ]
    document = xml(night)

    measure = read(put(tmp_path, document[: document.rindex("<Record")])).measures[0]

    assert (measure.value, measure.coverage) == (60.0, 0.5)


def test_a_zip_that_swells_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "ALWAYS_ALLOWED", 1 << 20)
    bomb = '<HealthData locale="x">' + " " * (8 << 20) + "</HealthData>"

    with pytest.raises(FileError) as error:
        read(put(tmp_path, zipped(bomb), "export.zip"))

    assert error.value.key == "error.file.too_large"


def test_a_value_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(apple_scan, "LONGEST_SILENCE", 1 << 20)

    with pytest.raises(FileError) as error:
        read(put(tmp_path, '<HealthData locale="x"><Record type="' + "a" * (4 << 20)))

    assert error.value.key == "error.file.too_large"


def test_nesting_without_end_is_refused(tmp_path):
    with pytest.raises(FileError) as error:
        read(put(tmp_path, "<HealthData>" + "<Record>" * 100_000))

    assert error.value.key == "error.file.too_large"


def test_a_link_that_leads_out_of_a_folder_is_not_followed(tmp_path):
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    put(outside, xml([]))
    (inside / "export.xml").symlink_to(outside / "export.xml")

    assert archive.parts(inside) == []


def test_the_same_file_always_gives_the_same_measures(tmp_path):
    document = fuzzed(random_elements(random.Random(1), 60), random.Random(2))
    path = put(tmp_path, document)

    assert read(path).measures == read(path).measures


@pytest.mark.parametrize("zone", ["Europe/Paris", "Asia/Kathmandu", "America/St_Johns", "Africa/Cairo", "Pacific/Apia"])
@pytest.mark.parametrize("by_day", [False, True])
def test_the_day_found_quickly_is_the_day_found_slowly(zone, by_day):
    rng = random.Random(zone)
    days = Days(zone, by_day)
    for _ in range(400):
        at = rng.randint(946_684_800, 1_800_000_000)
        days.put("sleep", at, at + 60, ASLEEP, "A", PHONE_RANK)
        days.put("weight_kg", at, at, 61.0, "A", PHONE_RANK)

        local = dt.datetime.fromtimestamp(at, ZoneInfo(zone))
        night = night_of(local, zone, by_day)
        assert at in days._held["sleep", "A", PHONE_RANK][night.toordinal()]
        assert at in days._held["weight_kg", "A", PHONE_RANK][local.toordinal()]
