import re
from pathlib import Path

import pytest
from tests.exchange.apple_files import put, quantity, xml, zipped
from tests.exchange.diaries import HERE

from mollet.diary.fold import Diary
from mollet.errors import FileError
from mollet.exchange import archive, formats
from mollet.exchange.formats import FORMATS, recognise
from mollet.exchange.incoming import Destination
from mollet.exchange.telling import tell
from mollet.words import LANGUAGES
from mollet.words.say import keys

STEPS = xml([quantity("StepCount", "2026-11-03 10:00:00 +0100", "10", "count")])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"night,cramps\n2026-11-03,1\n", "diary-csv"),
        (b'{\n"format": "mollet-diary", "entries": []}', "diary-json"),
        (STEPS.encode(), "apple_health"),
        (zipped(STEPS), "apple_health"),
        (zipped("night,cramps\n", "diary.csv"), "diary-csv"),
    ],
)
def test_a_format_is_recognised_by_content_and_not_by_name(tmp_path, content, name):
    assert recognise(put(tmp_path, content, "holiday.jpg"))[0].name == name


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n", "not_recognised"),
        (b"PK\x03\x04 and then nothing", "bad_zip"),
        (zipped("<html/>", "page.html"), "not_recognised"),
    ],
)
def test_what_is_of_no_format_says_so(tmp_path, content, key):
    with pytest.raises(FileError) as error:
        recognise(put(tmp_path, content, "export.xml"))

    assert error.value.key == f"error.file.{key}"


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileError) as error:
        formats.read(tmp_path / "nothing.csv", Destination(HERE, Diary()))

    assert error.value.key == "error.file.unreadable"


def test_a_format_that_does_not_exist_names_those_that_do(tmp_path):
    with pytest.raises(FileError) as error:
        recognise(put(tmp_path, b"x"), "abacus")

    assert error.value.values == {"name": "abacus", "known": ", ".join(one.spelt for one in FORMATS.values())}


@pytest.mark.parametrize("name", ["apple_health", "apple-health"])
def test_a_format_may_be_named_with_either_stroke(tmp_path, name):
    assert recognise(put(tmp_path, STEPS), name)[0].name == "apple_health"


def test_a_file_of_another_format_than_named_is_refused(tmp_path):
    with pytest.raises(FileError) as error:
        recognise(put(tmp_path, b"night,cramps\n"), "apple_health")

    assert (error.value.key, error.value.values["format"]) == ("error.file.other_format", "apple-health")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_of_the_exchange_has_words(lang):
    code = "".join(path.read_text() for path in Path(formats.__file__).parent.glob("*.py"))
    named = set(re.findall(r'"((?:error\.file|cli\.exchange)\.[a-z0-9_.]+)"', code))

    assert named - keys(lang) == set()
    assert {f"cli.exchange.format.{name}" for name in FORMATS} <= keys(lang)


def test_what_comes_out_of_a_file_is_told_while_it_is_read(tmp_path):
    told: list[int] = []

    with archive.watched(told.append):
        formats.read(put(tmp_path, zipped(STEPS)), Destination(HERE, Diary()))

    assert sum(told) == len(STEPS.encode())


def test_reading_can_be_stopped_at_any_piece(tmp_path):
    def stop(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), archive.watched(stop):
        formats.read(put(tmp_path, zipped(STEPS)), Destination(HERE, Diary()))


def test_a_zip_in_a_folder_is_looked_into_and_a_damaged_one_beside_it_left(tmp_path):
    put(tmp_path, zipped(STEPS), "export.zip")
    put(tmp_path, b"PK\x03\x04", "broken.zip")

    assert recognise(tmp_path)[0].name == "apple_health"


def test_of_several_documents_where_one_is_read_the_others_are_told(tmp_path):
    put(tmp_path, STEPS, "a.xml")
    put(tmp_path, STEPS, "b.xml")

    assert formats.read(tmp_path, Destination(HERE, Diary())).ignored == {"b.xml": 1}


def test_a_line_that_cannot_be_read_is_told_with_the_name_of_the_file(tmp_path):
    path = put(tmp_path, "night,cramps\n2026-11-03,1\nyesterday,2\n", "diary.csv")

    [problem, _] = formats.read(path, Destination(HERE, Diary())).problems

    assert tell(problem, "en").startswith("diary.csv: We could not read line 3")


def test_a_file_that_cannot_be_read_at_all_is_named(tmp_path):
    with pytest.raises(FileError) as error:
        formats.read(put(tmp_path, 'night,cramps\n2026-11-03,"1\n', "diary.csv"), Destination(HERE, Diary()))

    assert tell(error.value, "fr").startswith("diary.csv\u00a0: À partir de la ligne")


def test_a_sentence_that_names_its_file_does_not_name_it_twice(tmp_path):
    with pytest.raises(FileError) as error:
        formats.read(put(tmp_path, b"", "diary.csv"), Destination(HERE, Diary()))

    assert tell(error.value, "en").count("diary.csv") == 1


@pytest.mark.parametrize(
    "name", ["../../outside/export.xml", "/tmp/export.xml", "C:\\export.xml", "a/../../export.xml"]
)
def test_a_name_in_a_zip_leads_nowhere(tmp_path, name):
    inside = tmp_path / "inside"
    inside.mkdir()

    incoming = formats.read(put(inside, zipped(STEPS, name), "export.zip"), Destination(HERE, Diary()))

    assert incoming.format == "apple_health"
    assert [each.name for each in tmp_path.rglob("*")] == ["inside", "export.zip"]
