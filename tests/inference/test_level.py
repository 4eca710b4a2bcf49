"""The level of a diary along time: its band holds the truth as often as it says, and there is one for every diary."""

import numpy as np
import pytest
from tests.inference.diaries import drifting

from mollet.inference.level import SLOW, level

BAND = (0.1, 0.9)
WEEK = 7


def weekly_coverage(rng: np.random.Generator, n_nights: int = 12 * WEEK) -> float:
    """Simulate a diary from the priors, a fifth not closed; return the share of weeks whose rate the band holds."""
    s, kappa = rng.exponential(1 / SLOW.s_rate), max(rng.exponential(1 / SLOW.kappa_rate), 1e-4)
    rho = np.tanh(rng.normal(SLOW.rho.mean, SLOW.rho.sd))
    rate = np.exp(rng.normal(SLOW.alpha.mean, SLOW.alpha.sd) + s * drifting(n_nights, rho, rng))
    counts = rng.poisson(rate * rng.gamma(1 / kappa**2, size=n_nights) * kappa**2)
    closed = np.flatnonzero(rng.random(n_nights) >= 0.2)
    found = level(counts[closed], np.diff(closed))
    held = []
    for monday in range(closed[0], closed[-1] - WEEK + 2, WEEK):
        low, high = found.over(monday - closed[0], monday - closed[0] + WEEK - 1, BAND)
        held.append(low <= rate[monday : monday + WEEK].mean() <= high)
    return float(np.mean(held))


def test_eight_of_ten_bands_hold_the_rate_of_their_week():
    rng, diaries = np.random.default_rng(11), 150

    shares = [weekly_coverage(rng) for _ in range(diaries)]

    # If all the weeks of a diary stood or fell together, the standard error would be that of so many coins: the most
    # it can be. Three of them.
    assert abs(np.mean(shares) - 0.8) < 3 * np.sqrt(0.8 * 0.2 / diaries)


DIARIES = {
    "fourteen nights": ([0, 2, 1, 0, 0, 0, 3, 1, 0, 0, 1, 0, 0, 1], [1] * 13),
    "no cramp": ([0] * 14, [1] * 13),
    "one night": ([2], []),
    "a year without a cramp": ([0] * 365, [1] * 364),
    "cramps every hour": ([24] * 30, [1] * 29),
    "a year left out in the middle": ([1, 0] * 7, [1] * 6 + [365] + [1] * 6),
}


@pytest.mark.parametrize("name", DIARIES)
def test_every_diary_has_finite_rates_above_zero(name):
    rate = level(*DIARIES[name]).rate

    assert rate.size
    assert ((rate > 0) & np.isfinite(rate)).all()


def test_nights_that_are_not_closed_are_bridged():
    assert len(level([1, 0, 2], [3, 1]).rate) == 5


def test_a_bridged_night_is_less_sure_than_a_closed_one():
    found = level([1] * 14, [1] * 6 + [30] + [1] * 6)

    closed, bridged = (found.over(night, night, BAND) for night in (3, 21))
    assert bridged[1] / bridged[0] > closed[1] / closed[0]


def test_the_rate_of_bad_weeks_is_higher():
    found = level([3] * 28 + [0] * 28, [1] * 55)

    (bad,), (good,) = found.over(0, 27, (0.5,)), found.over(28, 55, (0.5,))
    assert bad > 5 * good


def test_the_same_diary_has_the_same_curve():
    one, other = (level([1, 0, 2, 0, 1], [1, 1, 2, 1]).rate for _ in range(2))

    assert (one == other).all()


def test_the_plain_and_the_compiled_twin_say_the_same():
    pytest.importorskip("numba")
    arguments = DIARIES["fourteen nights"]

    plain, compiled = (level(*arguments, twin=twin).over(0, 13, (0.1, 0.5, 0.9)) for twin in ("numpy", "kernels"))
    assert np.allclose(plain, compiled, rtol=1e-3)
