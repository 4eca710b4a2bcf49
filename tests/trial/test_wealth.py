from itertools import product

import pytest
from tests.trial.diaries import diary, drawn

from mollet.trial.protocol import Protocol
from mollet.trial.wealth import wealth


def counts_of(counts):
    return {
        row.night: int(row.values["cramps"])
        for row in diary(counts, [0] * len(counts))
        if row.values.get("cramps") is not None
    }


def test_wealth_starts_at_one():
    assert wealth(drawn(0, 1), {}) == 1.0


def test_wealth_grows_when_the_remedy_had_the_quieter_half():
    assert wealth(drawn(0, 1), counts_of([2] * 7 + [0] * 7)) > 1


def test_an_unfinished_pair_is_not_bet_on():
    assert wealth(drawn(0, 1), counts_of([2] * 7 + [0] * 6)) == 1.0


def test_a_pair_at_most_doubles_wealth():
    assert wealth(drawn(0, 1), counts_of([9] * 7 + [0] * 7)) <= 2


def test_a_half_without_closed_nights_carries_no_bet():
    assert wealth(drawn(0, 1), counts_of([None] * 7 + [2] * 7)) == 1.0


def test_over_all_orders_of_the_coin_wealth_averages_to_one():
    counts = counts_of([2, 0, 1, 5, 0, 0, 3, 1])
    orders = [(a, 1 - a, b, 1 - b) for a, b in product((0, 1), repeat=2)]

    wealths = [wealth(drawn(*order, nights=2), counts) for order in orders]

    assert sum(wealths) / len(wealths) == pytest.approx(1.0, abs=1e-12)


def test_more_than_two_periods_in_a_block_carry_no_bet():
    three = drawn(0, 1, 0)
    block = Protocol(1, tuple(type(one)(one.first, one.last, one.arm, 1) for one in three.periods))

    assert wealth(block, counts_of([5] * 7 + [0] * 7 + [5] * 7)) == 1.0
