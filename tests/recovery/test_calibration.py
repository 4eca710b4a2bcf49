"""A small calibration run with a fixed seed; `make recovery` makes the full one."""

import numpy as np
import pytest
from tests.recovery.calibration import NAMES, chi_squared_p, coverage, kolmogorov_p, places
from tests.recovery.coverage import covered
from tests.recovery.operating import Truth

DRAWS = 200


@pytest.fixture(scope="module")
def found():
    return places(DRAWS, seed=5, precision="default", twin="numpy", n_nights=40)


@pytest.mark.parametrize("j", range(3), ids=NAMES)
def test_truths_drawn_from_the_prior_lie_anywhere_in_the_posterior(found, j):
    assert kolmogorov_p(found[:, j]) > 0.005


@pytest.mark.parametrize("j", range(3), ids=NAMES)
def test_nine_of_ten_truths_lie_in_the_90_percent_interval(found, j):
    # Three standard errors of a share of 0.9 among 200.
    assert coverage(found[:, j], 0.9) == pytest.approx(0.9, abs=3 * (0.09 / DRAWS) ** 0.5)


def test_uniform_places_pass_the_tests_of_uniformity():
    places = (np.arange(2100) + 0.5) / 2100

    assert kolmogorov_p(places) > 0.9
    assert chi_squared_p(places) > 0.99


def test_places_pulled_to_the_middle_fail_the_tests_of_uniformity():
    places = 0.5 + 0.8 * ((np.arange(2000) + 0.5) / 2000 - 0.5)

    assert kolmogorov_p(places) < 0.001
    assert chi_squared_p(places) < 0.001


def test_intervals_hold_a_fixed_truth_near_the_prior():
    # If 95 of 100 are covered, 14 or fewer of 20 come with a chance of 1 in 3000.
    assert covered(Truth("equal", 1.0, 56, 0.9), 1, 20) >= 15
