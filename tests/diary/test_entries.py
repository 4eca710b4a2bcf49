import datetime as dt
import json
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people import claire
from tests.sayings import entries, with_end

from mollet.diary.entries import (
    Answer,
    Cramp,
    Entry,
    Exposure,
    Kept,
    Night,
    Refused,
    as_json,
    read_entries,
    read_kept,
    upcast,
)
from mollet.errors import EntryError
from mollet.words import LANGUAGES, say


def cramp(**changes: Any) -> dict[str, Any]:
    written = as_json(claire.cramps_at("2026-03-01 03:10"))
    return {**written, **changes}


def night(**data: Any) -> dict[str, Any]:
    return cramp(data={"kind": "night", **data})


def refusal(item: object) -> Refused:
    (read,) = read_entries([item])
    assert isinstance(read, Refused)
    return read


@given(entries() | with_end())
def test_an_entry_written_and_read_again_is_the_same_entry(entry: Entry) -> None:
    written = json.loads(json.dumps(as_json(entry), allow_nan=False))

    assert read_entries([written]) == read_kept([written]) == [Kept(entry)]
    assert as_json(entry) == written


def test_a_moment_in_the_repeated_hour_is_the_same_after_reading() -> None:
    twice = dt.datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Paris"), fold=1)
    entry = Entry(1, uuid.uuid4(), uuid.uuid4(), (), twice, "Europe/Paris", twice, Cramp())

    assert read_entries([as_json(entry)]) == [Kept(entry)]
    assert as_json(entry)["at"] == "2026-10-25T02:30:00+01:00"


def test_the_answer_for_a_night_to_come_is_refused() -> None:
    said = {"at": "2026-11-22T08:00:00+01:00", "said": "2026-11-22T08:00:00+01:00"}

    refused = refusal(cramp(**said, data={"kind": "night", "night": "2026-12-25", "cramps": 0}))

    assert (refused.reason, refused.values) == ("error.entry.night_to_come", {"value": "2026-12-25"})


def test_an_answer_given_in_a_night_to_come_is_refused_as_well() -> None:
    item = cramp(at="2026-12-25T23:00:00+01:00", said="2026-11-22T08:00:00+01:00", data={"kind": "night", "cramps": 0})

    assert refusal(item).reason == "error.entry.night_to_come"


def test_a_cramp_later_than_its_saying_is_refused() -> None:
    refused = refusal(cramp(at="2031-03-01T03:10:00+01:00", said="2026-11-22T08:00:00+01:00"))

    assert (refused.reason, refused.values) == ("error.entry.cramp_to_come", {"value": "2031-03-01"})


def test_clocks_may_differ_by_a_day() -> None:
    item = cramp(at="2026-11-23T07:00:00+01:00", said="2026-11-22T08:00:00+01:00")

    (read,) = read_entries([item])

    assert isinstance(read, Kept)


def test_a_phone_whose_clock_is_years_ahead_is_heard() -> None:
    (read,) = read_entries([cramp(at="2031-03-01T03:10:00+01:00", said="2031-03-01T03:15:00+01:00")])

    assert isinstance(read, Kept)


def test_a_medicine_may_be_announced() -> None:
    data = {"kind": "medicine", "change": "start", "name": "ramipril", "on": "2031-03-01"}

    (read,) = read_entries([cramp(data=data)])

    assert isinstance(read, Kept)


def test_what_was_let_in_before_is_read_without_asking_again() -> None:
    (read,) = read_kept([cramp(at="2031-03-01T03:10:00+01:00", said="2026-11-22T08:00:00+01:00")])

    assert isinstance(read, Kept)


def test_one_bad_item_never_blocks_the_rest() -> None:
    good = cramp()

    kinds = [type(read) for read in read_entries([good, 5, {}, None, cramp(v=2), good])]

    assert kinds == [Kept, Refused, Refused, Refused, Refused, Kept]


@pytest.mark.parametrize("batch", [None, 5, "entries", {"entries": []}, b"[]"])
def test_a_batch_that_is_no_list_is_an_error(batch: object) -> None:
    with pytest.raises(EntryError) as refused:
        read_entries(batch)

    assert refused.value.key == "error.entry.not_a_list"


WRONG: list[tuple[object, str]] = [
    (7, "not_an_object"),
    ({**cramp(), "colour": 1}, "unknown_key"),
    (cramp(data={"kind": "cramp", "sevrity": 3}), "unknown_key"),
    ({key: value for key, value in cramp().items() if key != "zone"}, "missing"),
    (cramp(data={"kind": "night"}), "missing"),
    (cramp(data={"kind": "spasm"}), "unknown_kind"),
    (cramp(data={"kind": ["cramp"]}), "unknown_kind"),
    (cramp(data={}), "unknown_kind"),
    (cramp(data=None), "not_usable"),
    (cramp(v=2), "newer"),
    (cramp(v=0), "out_of_range"),
    (cramp(v=True), "not_usable"),
    (cramp(v="1"), "not_usable"),
    (cramp(id="claire"), "not_usable"),
    (cramp(at="2026-03-01T03:10:00"), "no_offset"),
    (cramp(at=1772331000), "wrong_moment"),
    (cramp(at="1772331000"), "wrong_moment"),
    (cramp(at="yesterday"), "wrong_moment"),
    (cramp(at="2026-02-30T03:10:00Z"), "not_usable"),
    (cramp(at="1970-01-01T00:00:00Z"), "out_of_range"),
    (cramp(said="2126-01-01T00:00:00Z"), "out_of_range"),
    (cramp(zone="Europe/Pariss"), "unknown_zone"),
    (cramp(zone="../../etc/passwd"), "unknown_zone"),
    (cramp(zone=""), "unknown_zone"),
    (cramp(replaces=[cramp()["id"]]), "replaces_itself"),
    (cramp(replaces=cramp()["id"]), "not_usable"),
    (cramp(replaces=[str(uuid.uuid4())] * 101), "too_long"),
    (cramp(data={"kind": "cramp", "end": "2026-03-01T03:09:00+01:00"}), "end_before_start"),
    (cramp(data={"kind": "cramp", "end": "2026-03-03T03:09:00+01:00"}), "cramp_too_long"),
    (cramp(data={"kind": "cramp", "end_known": True}), "end_missing"),
    (cramp(data={"kind": "cramp", "severity": 11}), "out_of_range"),
    (cramp(data={"kind": "cramp", "severity": 6.5}), "not_usable"),
    (cramp(data={"kind": "cramp", "leg": "middle"}), "not_usable"),
    (cramp(data={"kind": "cramp", "helped": ["Foot up"]}), "not_usable"),
    (night(cramps=False), "not_usable"),
    (night(cramps="0"), "not_usable"),
    (night(cramps=None), "not_usable"),
    (night(cramps=-1), "out_of_range"),
    (night(cramps=100), "out_of_range"),
    (night(cramps=0, awake_minutes=1441), "out_of_range"),
    (night(cramps=0, night="2026-02-30"), "not_usable"),
    (night(cramps=0, night=20260228), "wrong_day"),
    (night(cramps=0, night="1026-02-28"), "out_of_range"),
    (cramp(data={"kind": "exposure", "what": "water_ml", "value": float("nan")}), "not_usable"),
    (cramp(data={"kind": "exposure", "what": "water_ml", "value": float("inf")}), "not_usable"),
    (cramp(data={"kind": "exposure", "what": "water_ml", "value": 1e10}), "out_of_range"),
    (cramp(data={"kind": "exposure", "what": "water_ml", "value": 10**5000}), "not_usable"),
    (cramp(data={"kind": "exposure", "what": "water_ml", "value": "much"}), "not_usable"),
    (cramp(data={"kind": "answer", "question": "fever", "value": {"a": 1}}), "not_usable"),
    (cramp(data={"kind": "answer", "question": "medicines", "value": [["x"]]}), "not_usable"),
    (cramp(data={"kind": "pause", "first": "2026-03-02", "last": "2026-03-01"}), "end_before_start"),
    (cramp(data={"kind": "note", "text": "x" * 4001}), "too_long"),
    (cramp(data={"kind": "note", "text": ""}), "not_usable"),
    (cramp(data={"kind": "note", "text": "\ud800"}), "not_usable"),
    (cramp(data={"kind": "note", "text": "a\0b"}), "not_usable"),
]


@pytest.mark.parametrize(("item", "reason"), WRONG)
def test_what_cannot_be_taken_is_refused_with_its_reason(item: object, reason: str) -> None:
    assert refusal(item).reason == f"error.entry.{reason}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_reason_has_words(lang: str) -> None:
    for item, _ in WRONG:
        refused = refusal(item)

        assert say(refused.reason, lang, **refused.values).encode()


def test_a_refusal_names_the_keys_it_does_not_know() -> None:
    refused = refusal(cramp(data={"kind": "cramp", "sevrity": 3, "colour": "red"}))

    assert refused.values["field"] == "sevrity, colour"


def test_a_refusal_names_the_field_and_quotes_the_value() -> None:
    refused = refusal(night(cramps="many"))

    assert refused.values == {"field": "cramps", "value": "many"}


def test_a_refusal_says_whose_id_it_is() -> None:
    item = cramp(v=2)

    assert str(refusal(item).id) == item["id"]


def test_a_refused_id_that_is_no_id_is_left_out() -> None:
    assert refusal(cramp(id="claire")).id is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_nothing_that_comes_in_raises(item: object) -> None:
    assert len(read_entries([item, cramp(data=item), cramp(at=item), cramp(id=item), cramp(v=item)])) == 5


def test_false_is_not_zero_and_zero_is_not_false() -> None:
    said = [cramp(data={"kind": "exposure", "what": "socks", "value": value}) for value in (False, 0)]

    values = [
        read.entry.data.value
        for read in read_entries(said)
        if isinstance(read, Kept) and isinstance(read.entry.data, Exposure)
    ]

    assert [type(value) for value in values] == [bool, float]


def test_i_do_not_know_is_an_answer() -> None:
    (read,) = read_entries([cramp(data={"kind": "answer", "question": "fever", "value": None})])

    assert isinstance(read, Kept)
    assert read.entry.data == Answer("fever", None)


def test_an_older_version_is_brought_up_step_by_step() -> None:
    upcasters = {
        1: lambda item: {**item, "about": item["id"]},
        2: lambda item: {key: value for key, value in item.items() if key != "colour"},
    }

    newest = upcast({"v": 1, "id": "a", "colour": "red"}, upcasters, version=3)

    assert newest == {"v": 3, "id": "a", "about": "a"}


def test_an_entry_cannot_be_changed() -> None:
    entry = claire.answers_night("2026-03-01", 2)

    with pytest.raises(AttributeError):
        entry.data = Night(0)  # type: ignore[misc]
