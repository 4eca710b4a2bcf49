"""What the door refused is said as people speak: no key of a program, no value of one."""

import dataclasses
import datetime as dt

import pytest

from mollet.diary import entries
from mollet.diary.entries import Refused, read_entries
from mollet.web.wording import field_name, worded
from mollet.words import LANGUAGES

KINDS = (
    *(entries.Cramp, entries.Night, entries.Exposure, entries.Dose, entries.Medicine, entries.Answer),
    *(entries.Pause, entries.Note, entries.Entry),
)
FIELDS = sorted({field.name for kind in KINDS for field in dataclasses.fields(kind)} - {"data"})
ONE = "00000000-0000-4000-8000-000000000001"


def refused(data):
    moment = "2026-11-22T03:10:00+01:00"
    envelope = {"v": 1, "id": ONE, "about": ONE, "replaces": [], "at": moment, "zone": "Europe/Paris", "said": moment}
    [found] = read_entries([{**envelope, "data": data}])
    assert isinstance(found, Refused)
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_an_entry_has_a_name(field, lang):
    assert " " in field_name(field, lang) or "’" in field_name(field, lang)


def test_a_date_out_of_range_is_written_in_words():
    found = refused({"kind": "pause", "first": "0001-01-01"})

    assert "1er janvier 1" in worded(found.reason, "fr", found.values)


def test_a_date_of_a_program_is_not_quoted():
    found = refused({"kind": "pause", "first": dt.date(1, 1, 1)})

    assert "datetime" not in worded(found.reason, "en", found.values)


def test_an_unknown_kind_is_quoted_alone():
    found = refused({"kind": "zz"})

    assert "{" not in worded(found.reason, "en", found.values)
    assert "zz" in worded(found.reason, "en", found.values)


def test_a_character_nobody_sees_is_shown():
    found = refused({"kind": "note", "text": "a\0b"})

    assert "a␀b" in worded(found.reason, "en", found.values)
    assert "“text”" not in worded(found.reason, "en", found.values)
