import copy
import datetime as dt

import pytest

from mollet.errors import FileError
from mollet.trial.protocol import read
from mollet.trial.verdict import Prior

STORED = {
    "seed": 7,
    "periods": [
        {"first": "2026-01-05", "last": "2026-01-11", "arm": "a", "block": 1},
        {"first": "2026-01-12", "last": "2026-01-18", "arm": "b", "block": 1},
    ],
    "protocol": {"worthwhile": 0.8, "prior": {"mean": -0.2, "sd": 0.6}, "acts": "same_night"},
}


def test_every_planned_night_has_its_arm():
    arms = read(STORED).arms()

    assert len(arms) == 14
    assert (arms[dt.date(2026, 1, 11)], arms[dt.date(2026, 1, 12)]) == (0, 1)


def test_what_was_fixed_is_read():
    protocol = read(STORED)

    assert (protocol.worthwhile, protocol.prior, protocol.acts) == (0.8, Prior(-0.2, 0.6), "same_night")


def test_a_remedy_may_act_slowly_until_the_protocol_says_otherwise():
    nightly = copy.deepcopy(STORED)
    for period in nightly["periods"]:
        period["last"] = period["first"]
    assert not read(nightly).may_be_too_short

    del nightly["protocol"]["acts"]
    assert read(nightly).may_be_too_short


def test_another_prior_departs_from_the_protocol():
    protocol = read(STORED)

    assert not protocol.departs(Prior(-0.2, 0.6), 0.8)
    assert protocol.departs(Prior(-0.5, 0.6), 0.8)
    assert protocol.departs(Prior(-0.2, 0.6), 0.9)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda draw: draw.update(seed="7"), "seed"),
        (lambda draw: draw.update(seed=True), "seed"),
        (lambda draw: draw.update(periods=[]), "periods"),
        (lambda draw: draw.update(protocol=[]), "protocol"),
        (lambda draw: draw["periods"][0].update(arm="c"), "periods[1].arm"),
        (lambda draw: draw["periods"][0].update(first="2026-13-01"), "periods[1].first"),
        (lambda draw: draw["periods"][1].update(last="2026-01-01"), "periods[2].last"),
        (lambda draw: draw["periods"][1].update(last="9999-12-31"), "periods[2].last"),
        (lambda draw: draw["periods"][1].update(block=0), "periods[2].block"),
        (lambda draw: draw["protocol"].update(worthwhile=1.2), "protocol.worthwhile"),
        (lambda draw: draw["protocol"]["prior"].update(sd=float("nan")), "protocol.prior.sd"),
        (lambda draw: draw["protocol"].update(acts="at once"), "protocol.acts"),
    ],
)
def test_what_is_wrong_in_a_draw_is_named_with_its_place(change, place):
    draw = copy.deepcopy(STORED)
    change(draw)

    with pytest.raises(FileError) as caught:
        read(draw)

    assert caught.value.key == "error.draw.wrong"
    assert caught.value.values["place"] == place


def test_periods_that_overlap_are_refused():
    draw = copy.deepcopy(STORED)
    draw["periods"][1]["first"] = "2026-01-11"

    with pytest.raises(FileError, match=r"error\.draw\.overlap"):
        read(draw)


def test_a_draw_with_one_arm_is_refused():
    draw = copy.deepcopy(STORED)
    draw["periods"][1]["arm"] = "a"

    with pytest.raises(FileError, match=r"error\.draw\.one_arm"):
        read(draw)


def test_a_missing_key_and_an_unknown_one_are_named():
    with pytest.raises(FileError, match="periods"):
        read({"seed": 1})
    with pytest.raises(FileError, match="colour"):
        read({**STORED, "colour": "red"})
