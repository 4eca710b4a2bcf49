"""The rule against known truths, in small; `make recovery` has the full counts."""

from collections import defaultdict

import pytest
from tests.recovery.operating import NIGHTS, RATES, RATIOS, WORDS, Truth, count

from mollet.trial.operating import cells, people_alike


def times(truth: Truth, number: int, experiments: int) -> dict[str, int]:
    return {cell.word: cell.times for cell in count(truth, number, experiments)[0]}


def test_something_useless_is_rarely_said_to_help():
    words = times(Truth("equal", 1.0, 84, 1.0), 1, 40)

    # If 5 of 100 were true, 7 or more of 40 would come with a chance of 3 in 1000.
    assert words["helps"] <= 6


def test_unequal_closing_is_noticed_rather_than_praised():
    words = times(Truth("unequal", 0.3, 112, 1.0), 2, 40)

    assert words["helps"] <= 6


def test_a_remedy_that_halves_many_cramps_is_found():
    words = times(Truth("equal", 3.0, 168, 0.5), 3, 20)

    # The full simulation finds it in more than 90 of 100; 13 or fewer of 20 would then be one chance in 400.
    assert words["helps"] >= 14


def test_the_bets_seldom_speak_for_something_useless():
    _, early = count(Truth("equal", 1.0, 168, 1.0), 4, 40)

    assert early <= 6


def test_every_kind_of_experiment_was_simulated():
    simulated = {(cell.closing, cell.rate, cell.nights, cell.ratio) for cell in cells()}

    assert len(simulated) == 2 * len(RATES) * len(NIGHTS) * len(RATIOS)


def test_the_words_of_each_kind_add_up():
    totals = defaultdict(int)
    for cell in cells():
        totals[cell.closing, cell.rate, cell.nights, cell.ratio] += cell.times

    assert set(totals.values()) == {cells()[0].simulated}
    assert {cell.word for cell in cells()} == set(WORDS)


def test_people_alike_are_the_nearest_that_were_simulated():
    found = people_alike(0.9, 80)

    assert {(cell.rate, cell.nights) for cell in found} == {(1.0, 84)}
    assert [cell.ratio for cell in found] == [1.0, 0.9, 0.7, 0.5]


@pytest.mark.parametrize("rate", [0.0, 1e-9, 1e9])
def test_a_rate_beyond_all_simulations_has_an_answer_or_none(rate):
    assert len(people_alike(rate, 1000)) in (0, 4)
