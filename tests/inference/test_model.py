import math

import numpy as np
import pytest

from mollet.errors import DesignError
from mollet.inference import Normal, Priors
from mollet.inference.model import (
    drift,
    fourth,
    hyper_at,
    log_likelihood,
    log_prior,
    problem,
    slope_and_weight,
    third,
)

COUNTS = [0, 1, 3, 12, 40]
PRIORS = Priors(columns=(Normal(0, 0.5),))


def target(counts, gaps=None):
    n = len(counts)
    design = np.column_stack([np.ones(n), np.arange(n) % 2])
    return problem(counts, np.ones(n - 1) if gaps is None else gaps, design, PRIORS)


def derivative(function, x, order, step):
    """Central finite difference of a function of one number."""
    if order == 0:
        return function(x)
    higher = derivative(function, x + step, order - 1, step) - derivative(function, x - step, order - 1, step)
    return higher / (2 * step)


@pytest.mark.parametrize("dispersion", [1e-8, 0.05, 0.7, 4.0])
@pytest.mark.parametrize("eta", [-3.0, 0.2, 3.0])
@pytest.mark.parametrize("count", [0, 1, 12])
def test_derivatives_of_the_likelihood_are_those_of_finite_differences(count, eta, dispersion):
    d, one = np.array([dispersion]), target([count])
    here = np.array([[math.exp(eta)]])

    def at(x):
        return log_likelihood(one, np.array([[x]]), np.array([[math.exp(x)]]), d)[0]

    slope, weight = slope_and_weight(one.counts, here, d)
    found = [slope[0, 0], -weight[0, 0], third(one.counts, here, d)[0, 0], fourth(one.counts, here, d)[0, 0]]

    # Rounding of the log likelihood grows as 1e-14 / step^order, truncation as step^2: both stay below the tolerance.
    for order, step, value in zip([1, 2, 3, 4], [1e-4, 2e-3, 1e-2, 2e-2], found, strict=True):
        assert value == pytest.approx(derivative(at, eta, order, step), rel=3e-3, abs=3e-4 * (1 + math.exp(eta)))


@pytest.mark.parametrize("dispersion", [0.01, 0.3, 2.0])
def test_the_likelihood_is_the_negative_binomial(dispersion):
    mean, size = 1.7, 1 / dispersion
    given = target(COUNTS)

    found = log_likelihood(given, np.full((5, 1), math.log(mean)), np.full((5, 1), mean), np.array([dispersion]))

    expected = sum(
        math.lgamma(y + size) - math.lgamma(size) - math.lgamma(y + 1)
        + size * math.log(size / (size + mean)) + y * math.log(mean / (size + mean))
        for y in COUNTS
    )  # fmt: skip
    assert found[0] == pytest.approx(expected, abs=1e-9)


def test_without_dispersion_the_likelihood_is_the_poisson():
    mean = 1.7

    found = log_likelihood(target(COUNTS), np.full((5, 1), math.log(mean)), np.full((5, 1), mean), np.array([1e-10]))

    expected = sum(y * math.log(mean) - mean - math.lgamma(y + 1) for y in COUNTS)
    assert found[0] == pytest.approx(expected, abs=1e-6)  # the bias of d = 1e-10 is d y^2 / 2


@pytest.mark.parametrize("rho", [-0.6, 0.0, 0.4, 0.97])
def test_the_precision_of_the_drift_is_the_inverse_of_its_dense_covariance(rho):
    gaps = np.array([1.0, 3.0, 1.0, 60.0, 2.0])
    days = np.concatenate([[0], np.cumsum(gaps)])
    covariance = np.power(rho, np.abs(days[:, None] - days))

    q = drift(gaps, np.array([rho]))

    dense = np.diag(q.diagonal[:, 0]) + np.diag(q.beside[:, 0], 1) + np.diag(q.beside[:, 0], -1)
    np.testing.assert_allclose(dense @ covariance, np.eye(6), atol=1e-9)
    assert q.log_determinant[0] == pytest.approx(-np.linalg.slogdet(covariance)[1], abs=1e-9)


def test_the_prior_of_the_polar_coordinates_adds_up_to_one():
    side = np.linspace(-9, 7, 81)
    grid = np.array(np.meshgrid(side, side, side, indexing="ij")).reshape(3, -1)

    density = np.exp(log_prior(grid, hyper_at(grid, PRIORS), PRIORS))

    assert density.sum() * (side[1] - side[0]) ** 3 == pytest.approx(1.0, abs=2e-3)


def test_the_prior_of_the_drift_is_exponential():
    side = np.linspace(-9, 7, 81)
    grid = np.array(np.meshgrid(side, side, side, indexing="ij")).reshape(3, -1)
    hyper = hyper_at(grid, PRIORS)
    weight = np.exp(log_prior(grid, hyper, PRIORS))
    weight /= weight.sum()

    assert weight @ hyper.s == pytest.approx(1 / 3, abs=2e-3)
    assert weight @ (hyper.kappa > 1) == pytest.approx(math.exp(-3), abs=1e-2)  # the step of the grid


@pytest.mark.parametrize(
    ("counts", "gaps", "design", "key"),
    [
        ([1, 2], [1, 1], [[1, 0], [1, 1]], "error.design.shape"),
        ([1, 2], [1], [[1], [1]], "error.design.columns"),
        ([1, -2], [1], [[1, 0], [1, 1]], "error.design.not_a_count"),
        ([1, 0.5], [1], [[1, 0], [1, 1]], "error.design.not_a_count"),
        ([1, 2], [0], [[1, 0], [1, 1]], "error.design.not_a_count"),
        ([1, 10_001], [1], [[1, 0], [1, 1]], "error.design.not_a_count"),
        ([1, 2], [1e19], [[1, 0], [1, 1]], "error.design.not_a_count"),
        ([1, 2], [1], [[1, 0], [1, math.nan]], "error.design.not_finite"),
        ([1, math.nan], [1], [[1, 0], [1, 1]], "error.design.not_finite"),
        (["many", 2], [1], [[1, 0], [1, 1]], "error.design.not_numbers"),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused_by_name(counts, gaps, design, key):
    with pytest.raises(DesignError) as caught:
        problem(counts, gaps, design, PRIORS)

    assert caught.value.key == key


def test_a_prior_without_width_is_refused():
    with pytest.raises(DesignError):
        Normal(0, 0)
