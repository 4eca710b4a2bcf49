import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.exchange.diaries import ELSEWHERE, HERE, NOV_3, autumn
from tests.sayings import entries

from mollet.diary.entries import Entry
from mollet.diary.fold import Diary
from mollet.diary.measures import Measure
from mollet.errors import FileError
from mollet.exchange import archive, diary_json
from mollet.exchange.diary_json import Complete, write
from mollet.exchange.incoming import Destination, Generation, Incoming

SETTINGS = {"language": "fr", "theme": "night", "country": "FR", "zone": "Europe/Paris", "hours": "24"}
STEPS = Measure("phone:apple_health", "steps", NOV_3, 5210.5, 0.5, HERE)
BROUGHT = Generation("apple_health", "ab" * 32, "export.zip", dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), (STEPS,))


def complete(said: tuple[Entry, ...] = autumn()) -> str:
    return "".join(write(Complete(HERE, said, (BROUGHT,), SETTINGS)))


def read(folder: Path, document: str | bytes, into: Diary | None = None) -> Incoming:
    path = folder / "diary.json"
    path.write_bytes(document.encode() if isinstance(document, str) else document)
    return diary_json.read(archive.parts(path)[0], Destination(ELSEWHERE, Diary() if into is None else into))


def told(incoming: Incoming) -> list[str]:
    return [problem.key.removeprefix("error.file.") for problem in incoming.problems]


def test_everything_said_comes_back_as_it_was_said(tmp_path):
    assert set(read(tmp_path, complete()).entries) == set(autumn())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entries(), max_size=6, unique_by=lambda entry: entry.id))
def test_any_diary_comes_back_whole(tmp_path, said):
    assert set(read(tmp_path, complete(tuple(said))).entries) == set(said)


def test_the_measures_of_each_import_come_back_with_it(tmp_path):
    back = read(tmp_path, complete()).generations[0]

    assert (back.format, back.sha256, back.name, back.at) == ("apple_health", "ab" * 32, "export.zip", BROUGHT.at)
    assert [(one.kind, one.night, one.value, one.coverage) for one in back.measures] == [("steps", NOV_3, 5210.5, 0.5)]


def test_the_settings_come_back(tmp_path):
    assert read(tmp_path, complete()).settings == SETTINGS


def test_the_document_names_its_format_version_and_program():
    document = json.loads(complete())

    assert (document["format"], document["version"], document["program"][:7]) == ("mollet-diary", 1, "mollet ")


def test_the_same_diary_gives_the_same_bytes():
    assert complete() == complete(tuple(reversed(autumn())))


def test_into_the_same_diary_everything_is_known(tmp_path):
    assert read(tmp_path, complete(), into=Diary(autumn())).same == len(autumn())


def test_a_newer_version_is_refused_politely(tmp_path):
    with pytest.raises(FileError) as error:
        read(tmp_path, complete().replace('"version": 1', '"version": 2'))

    assert (error.value.key, error.value.values) == ("error.file.json_newer", {"version": 2, "known": 1})


@pytest.mark.parametrize("version", ["true", "0", '"1"', "1.5", "null"])
def test_what_is_no_version_is_refused(tmp_path, version):
    with pytest.raises(FileError) as error:
        read(tmp_path, complete().replace('"version": 1', f'"version": {version}'))

    assert error.value.key == "error.file.json_version"


def test_an_entry_the_door_refuses_is_told_and_blocks_no_other(tmp_path):
    incoming = read(tmp_path, complete().replace('"severity": 7', '"severity": 70'))

    assert (told(incoming), len(incoming.entries)) == (["json_entry", "json_kept"], len(autumn()) - 1)


def test_an_unknown_key_beside_the_entries_does_no_harm(tmp_path):
    document = {**json.loads(complete()), "colour": "blue"}

    assert len(read(tmp_path, json.dumps(document)).entries) == len(autumn())


def test_a_file_cut_in_the_middle_keeps_every_whole_line(tmp_path):
    document = complete()
    lines = document[: len(document) // 2].count('"data"')

    incoming = read(tmp_path, document[: len(document) // 2])

    assert told(incoming) == ["json_damaged", "json_kept"]
    assert lines - 1 <= len(incoming.entries) <= lines


def test_a_file_on_one_line_keeps_what_stands_before_the_damage(tmp_path):
    document = json.dumps(json.loads(complete()))

    incoming = read(tmp_path, document[: len(document) // 2])

    assert 0 < len(incoming.entries) < len(autumn())


def test_damage_says_where(tmp_path):
    incoming = read(tmp_path, complete().replace('"said": ', '"said" ', 1))

    assert incoming.problems[0].values["line"] == 8
    assert len(incoming.entries) == len(autumn()) - 1


def test_bytes_that_are_no_text_cost_one_line_only(tmp_path):
    content = complete().encode().replace("À revoir".encode(), b"\xff\xfe revoir")

    assert told(read(tmp_path, content))[0] == "json_not_utf8"


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ("{", "json_damaged"),
        ("[1]", "json_no_entries"),
        ('{"format": "mollet-diary", "version": 1}', "json_no_entries"),
        ('{"format": "mollet-diary", "entries": 3}', "json_no_entries"),
        ('{"format": "other", "entries": []}', "json_no_entries"),
        ('{"entries": NaN}', "json_not_usable"),
        ("[" * 200_000, "json_not_usable"),
    ],
)
def test_what_is_no_complete_diary_says_so(tmp_path, document, key):
    with pytest.raises(FileError) as error:
        read(tmp_path, document)

    assert error.value.key == f"error.file.{key}"


@pytest.mark.parametrize(
    "imported",
    [
        {},
        [],
        None,
        {"format": "x", "sha256": "short", "at": "2026-11-20T09:00:00+00:00", "measures": []},
        {"measures": [[1]]},
    ],
)
def test_a_damaged_import_is_told_and_leaves_the_entries(tmp_path, imported):
    document = json.loads(complete())
    document["imports"] = [imported]

    incoming = read(tmp_path, json.dumps(document))

    assert (told(incoming), len(incoming.entries)) == (["json_import", "json_kept"], len(autumn()))


def test_a_measure_that_cannot_be_right_is_left_out(tmp_path):
    assert told(read(tmp_path, complete().replace("5210.5", "1e300"))) == ["json_import", "json_kept"]


def test_many_refusals_are_told_in_short(tmp_path):
    document = json.loads(complete())
    document["entries"] = [{"id": "x"}] * 100

    assert told(read(tmp_path, json.dumps(document)))[-2:] == ["json_more", "json_kept"]


def test_it_is_recognised_by_its_content():
    assert diary_json.sniff(complete().encode()[:4096])
    assert not diary_json.sniff(b'{"format": "other"}')


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "pink"), ("language", "xx"), ("zone", "../etc"), ("hours", 24), ("country", "QQ"), ("name", "n" * 99)],
)
def test_a_setting_that_does_not_exist_is_left_out(tmp_path, name, value):
    document = json.loads(complete())
    document["person"] = {name: value}

    assert read(tmp_path, json.dumps(document)).settings == {}
