import io
import json
import re
from typing import get_args

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mollet.diary import fold
from mollet.diary.entries import Data
from mollet.store import models, people, read, write
from mollet.store.folder import data_folder
from mollet.web.views.data import megabytes
from mollet.words import LANGUAGES, say
from mollet.words.say import keys

CSV = b"night,cramps,awake_min\n2026-11-10,2,20\n2026-11-11,0,\n2026-11-12,,\n"
HEALTH = b"""<?xml version="1.0" encoding="UTF-8"?>
<HealthData locale="fr_FR">
 <ExportDate value="2026-11-20 09:00:00 +0100"/>
 <Record type="HKQuantityTypeIdentifierDietaryWater" sourceName="Glass" unit="mL"
  creationDate="2026-11-10 18:00:00 +0100" startDate="2026-11-10 18:00:00 +0100"
  endDate="2026-11-10 18:00:00 +0100" value="250"/>
</HealthData>
"""


@pytest.fixture(autouse=True)
def morning(at, person, data_folder):
    at("2026-11-22T09:00:00+01:00")
    data_folder.mkdir(parents=True, exist_ok=True)


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def upload(house, content: bytes, name: str = "nights.csv"):
    return house.post("/data/import/", {"file": SimpleUploadedFile(name, content)})


def bring_in(house, content: bytes, name: str = "nights.csv", **choices):
    return house.post(f"{upload(house, content, name)['Location']}confirm/", choices)


def nights(person) -> dict:
    return {date.isoformat(): night.cramps for date, night in read.diary(person).said_nights.items()}


def test_a_preview_keeps_nothing(house, person):
    page = house.get(upload(house, CSV)["Location"])

    assert (page.status_code, read.diary(person).entries) == (200, ())


def test_a_preview_says_how_much_is_new(house):
    assert "2 new entries of 2" in words(house.get(upload(house, CSV)["Location"]))


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"night,cramps\n2026-11-10,-1\n", "import.nothing_read"),
        (b"night,cramps\n2099-11-10,1\n", "import.nothing_read"),
        (b"night,cramps\n", "import.holds_nothing"),
    ],
)
def test_a_preview_of_nothing_says_so_and_offers_nothing_to_import(house, content, key):
    page = house.get(upload(house, content)["Location"])

    assert say(key, "en") in words(page)
    assert say("data.nothing_yet", "en") not in words(page)
    assert "/confirm/" not in page.content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_entry_has_a_name_in_a_preview(lang):
    kinds = [get_args(kind.__annotations__["kind"])[0] for kind in get_args(get_args(Data)[0])]

    assert {f"data.kind.{kind}" for kind in kinds} <= keys(lang)


def test_a_preview_in_french_names_kinds_in_french(house, person):
    bring_in(house, CSV)
    person.language = "fr"
    person.save()

    whole = house.get("/data/export/diary-json/").content
    page = words(house.get(upload(house, whole, "all.json")["Location"]))

    assert "Réponses du matin" in page
    assert "2 nuits" not in page


def test_a_preview_dates_a_morning_answer_by_its_night(house):
    house.post("/answer/", {"night": "2026-11-21", "cramps": "1"})

    whole = house.get("/data/export/diary-json/").content
    page = words(house.get(upload(house, whole, "all.json")["Location"]))

    assert "Morning answers 1 1 21 Nov 2026 – 21 Nov 2026" in page


def test_a_preview_dates_a_cramp_after_midnight_by_its_night(house):
    house.post("/nights/2026-11-20/cramp/", {"time": "03:10"})

    whole = house.get("/data/export/diary-json/").content
    page = words(house.get(upload(house, whole, "all.json")["Location"]))

    assert "20 Nov 2026 – 20 Nov 2026" in page


def test_what_was_confirmed_is_in_the_diary(house, person):
    bring_in(house, CSV)

    assert nights(person) == {"2026-11-10": 2, "2026-11-11": 0}


def test_the_same_file_twice_changes_nothing_twice(house, person):
    bring_in(house, CSV)
    again = bring_in(house, CSV)

    assert "was here already" in words(again)
    assert len(read.diary(person).entries) == 2


def test_an_import_can_be_taken_back(house, person):
    bring_in(house, CSV)
    house.post(f"/data/imports/{models.Import.objects.get().id}/undo/")

    assert nights(person) == {}


def test_letting_a_file_go_keeps_nothing_of_it(house, person):
    waiting = upload(house, CSV)["Location"]
    house.post(f"{waiting}cancel/")

    assert (house.get(waiting).status_code, read.diary(person).entries) == (404, ())


def test_what_differs_stays_as_the_diary_has_it(house, person):
    house.post("/nights/2026-11-10/answer/", {"cramps": "1"})
    bring_in(house, CSV)

    assert nights(person)["2026-11-10"] == 1


def test_what_differs_is_replaced_when_asked(house, person):
    house.post("/nights/2026-11-10/answer/", {"cramps": "1"})
    bring_in(house, CSV, replace="on")

    assert nights(person)["2026-11-10"] == 2


def test_a_bad_line_is_named_and_the_others_are_kept(house, person):
    page = bring_in(house, CSV + b"2026-13-02,1,\n")

    assert "2026-13-02" in words(page)
    assert nights(person) == {"2026-11-10": 2, "2026-11-11": 0}


NONSENSE = [b"hello", b"\x00\x01\x02", b"PK\x03\x04broken", b"{}", b"<?xml version='1.0'?><a/>"]


@pytest.mark.parametrize("content", NONSENSE)
def test_a_file_of_no_known_kind_is_said_to_be_so(house, person, content):
    page = house.get(upload(house, content, "thing.bin")["Location"])

    assert (page.status_code, "Your diary is as it was" in words(page)) == (400, True)


def test_no_file_chosen_is_said_to_be_so(house):
    assert "No file was chosen" in words(house.post("/data/import/"))


def test_a_name_that_leads_elsewhere_stays_in_its_folder(house):
    upload(house, CSV, "../../../outside.csv")

    assert [file.relative_to(data_folder()).parts[0] for file in data_folder().rglob("*outside*")] == ["uploads"]


def test_health_data_becomes_measures(house, person):
    bring_in(house, HEALTH, "export.xml")

    assert [(one.kind, one.value) for one in read.measures(person)] == [("water_ml", 250)]


def exported(house, name: str) -> bytes:
    return house.get(f"/data/export/{name}/").content


def test_the_table_holds_the_nights(house):
    house.post("/nights/2026-11-10/answer/", {"cramps": "2"})

    assert exported(house, "diary-csv").decode().splitlines() == ["night,cramps", "2026-11-10,2"]


def test_a_download_is_named_with_its_day(house):
    assert 'filename="mollet-2026-11-22.json"' in house.get("/data/export/diary-json/")["Content-Disposition"]


def test_the_complete_file_gives_the_same_nights_in_an_empty_diary(house, person):
    bring_in(house, CSV)
    house.post("/nights/2026-11-12/cramp/", {"time": "03:10", "minutes": "4"})
    document = exported(house, "diary-json")
    other = people.add("other")
    bring_in_as(house, other, document)

    spans = (min(read.diary(person).said_nights), max(read.diary(person).said_nights))
    assert fold.nights(read.diary(other), *spans) == fold.nights(read.diary(person), *spans)


def bring_in_as(house, person, document: bytes) -> None:
    from mollet.web import session

    house.cookies.clear()
    house.get("/", {"key": session.issue(person.diary)})
    bring_in(house, document, "all.json", settings="on")


def test_the_complete_file_carries_the_imports(house, person):
    bring_in(house, HEALTH, "export.xml")
    other = people.add("other")
    bring_in_as(house, other, exported(house, "diary-json"))

    assert [(one.kind, one.value) for one in read.measures(other)] == [("water_ml", 250)]


def test_the_complete_file_is_one_json_document(house):
    house.post("/nights/2026-11-10/answer/", {"cramps": "2"})

    assert len(json.load(io.BytesIO(exported(house, "diary-json")))["entries"]) == 1


def test_a_format_that_is_only_read_cannot_be_exported(house):
    assert house.get("/data/export/apple_health/").status_code == 404


def test_nobody_takes_back_what_another_person_brought(house, person):
    other = people.add("other")
    bring_in_as(house, other, CSV)
    brought = models.Import.objects.get(person=other).id
    house.cookies.clear()
    from mollet.web import session

    house.get("/", {"key": session.issue(person.diary)})

    assert house.post(f"/data/imports/{brought}/undo/").status_code == 400
    assert nights(other) != {}


def test_a_backup_says_where_it_lies(house, monkeypatch, tmp_path):
    made = tmp_path / "copy.sqlite3"
    monkeypatch.setattr("mollet.web.views.data.backups.backup", lambda target: made)

    assert str(made) in words(house.post("/data/backup/"))


def test_a_backup_that_failed_says_so(house, monkeypatch):
    from mollet.errors import StoreError

    def fail(target):
        raise StoreError("error.store.none", folder="there")

    monkeypatch.setattr("mollet.web.views.data.backups.backup", fail)

    assert "Your diary is as it was" in words(house.post("/data/backup/"))


def test_what_is_kept_and_where_is_said(house):
    assert str(data_folder()) in words(house.get("/data/"))


def test_the_store_writes_nothing_for_a_preview(house, monkeypatch):
    def never(*_, **__):
        raise AssertionError

    monkeypatch.setattr(write, "record_import", never)

    assert house.get(upload(house, CSV)["Location"]).status_code == 200


HABITS = b"Jour;Crampes;Promenade\n03/11/2026;2;oui\n04/11/2026;0;non\n"
SAID = {
    "column": ["Crampes", "Promenade"],
    "meaning": ["cramps", "habit"],
    "day": "Jour",
    "days": "evenings",
    "order": "day",
}


def waiting(house, content: bytes) -> str:
    return upload(house, content, "habits.csv").headers["Location"]


def test_a_table_of_another_program_is_asked_about(house, person):
    page = words(house.get(waiting(house, HABITS)))

    assert "What do the columns mean?" in page
    assert "my morning answer" in page
    assert "3 November" in page


def test_what_the_columns_mean_is_shown_before_anything_is_kept(house, person):
    page = words(house.post(waiting(house, HABITS) + "meanings/", SAID))

    assert "What do the columns mean?" not in page
    assert nights(person) == {}


def test_a_table_is_kept_as_the_person_said(house, person):
    house.post(waiting(house, HABITS) + "confirm/", SAID)

    assert {str(night): cramps for night, cramps in nights(person).items()} == {"2026-11-03": 2, "2026-11-04": 0}


def test_a_table_that_was_not_explained_brings_nothing(house, person):
    house.post(waiting(house, HABITS) + "confirm/")

    assert nights(person) == {}


def test_two_columns_that_mean_the_same_are_refused_and_stay_chosen(house, person):
    page = house.post(waiting(house, HABITS) + "meanings/", SAID | {"meaning": ["cramps", "cramps"]})

    assert page.status_code == 400
    assert page.content.decode().count('value="cramps" selected') == 2


def test_what_leaves_is_shown_word_for_word(house):
    bring_in(house, CSV)

    shown = house.get("/data/leave/", {"format": "diary-csv"}).content.decode()

    assert house.get("/data/export/diary-csv/").content.decode() in shown


def test_with_moved_dates_no_real_date_leaves(house):
    bring_in(house, CSV)

    assert b"2026-" not in house.get("/data/export/diary-json/", {"privacy": "shifted"}).content


def test_the_preview_shows_the_file_of_that_level(house):
    bring_in(house, CSV)
    asked = {"format": "diary-csv", "privacy": "minimum"}

    assert (
        house.get("/data/export/diary-csv/", asked).content.decode()
        in house.get("/data/leave/", asked).content.decode()
    )


def test_what_stays_is_counted(house):
    house.post("/nights/2026-11-20/note/", {"text": "a secret thought"})

    page = words(house.get("/data/leave/", {"privacy": "minimum"}))

    assert ("note in free words" in page, "a secret thought" in page) == (True, False)


@pytest.mark.parametrize("asked", [{"format": "nothing"}, {"privacy": "nothing"}, {"format": "apple_health"}])
def test_what_is_not_offered_counts_as_not_chosen(house, asked):
    assert house.get("/data/leave/", asked).status_code == 200


def test_a_bundle_leaves_by_the_page_too(house):
    bring_in(house, CSV)

    assert json.loads(house.get("/data/export/fhir/").content)["resourceType"] == "Bundle"


def test_a_table_is_not_said_to_hold_notes(house):
    house.post("/nights/2026-11-20/note/", {"text": "a secret thought"})

    page = words(house.get("/data/leave/", {"format": "diary-csv"}))

    assert page.index("note in free words") > page.index("What stays")


def test_nights_that_differ_are_named_before_they_are_replaced(house):
    bring_in(house, CSV)
    other = waiting(house, CSV.replace(b",2,", b",1,"))

    assert 'href="/nights/2026-11-10/"' in house.get(other).content.decode()


def test_a_file_nobody_knows_is_told_without_names_of_commands(house):
    page = words(house.get(waiting(house, b"\x01\x02nothing that is known")))

    assert ("We do not recognise what" in page, "diary-csv, diary-json" in page) == (True, False)


def test_the_size_of_the_diary_counts_what_was_written_last(tmp_path):
    (tmp_path / "mollet.sqlite3").write_bytes(b"0" * 500_000)
    (tmp_path / "mollet.sqlite3-wal").write_bytes(b"0" * 1_000_000)

    assert megabytes(tmp_path / "mollet.sqlite3") == 1.5
