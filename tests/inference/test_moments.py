"""The moments of a lane against plain dense matrices."""

import numpy as np
import pytest
from tests.inference.diaries import usual

from mollet.inference._numpy import State, factored
from mollet.inference.model import Hyper, drift, fourth, problem, slope_and_weight, third
from mollet.inference.moments import moments

SOME = Hyper(np.array([0.05, 0.4, 0.9, 2.0]), np.array([0.3, -0.4, 0.9, 0.98]), np.array([0.3, 0.01, 0.6, 1.5]))
LANES = range(len(SOME.s))


@pytest.fixture(scope="module")
def found():
    target = problem(*usual().arguments())
    start = State(np.zeros((target.n_nights, 4)), np.repeat(target.prior_mean[:, None], 4, axis=1))
    peaks, system = factored(target, SOME, start, 1e-14)
    return target, peaks, moments(target, SOME, peaks, system, True, np.arange(4))


def dense(target, peaks, lane):
    """Covariance of coefficients and log means, from the whole curvature inverted."""
    one = Hyper(*(part[lane : lane + 1] for part in (SOME.s, SOME.rho, SOME.kappa)))
    q = drift(target.gaps, one.rho)
    mean = np.exp(peaks.log_mean[:, lane : lane + 1])
    weight = slope_and_weight(target.counts, mean, one.dispersion)[1][:, 0]
    n = target.n_nights
    rows = np.hstack([one.s * np.eye(n), target.design])
    curvature = rows.T @ (weight[:, None] * rows)
    curvature[:n, :n] += np.diag(q.diagonal[:, 0]) + np.diag(q.beside[:, 0], 1) + np.diag(q.beside[:, 0], -1)
    curvature[n:, n:] += np.diag(target.prior_precision)
    inverse = np.linalg.inv(curvature)
    return inverse[n:, n:], rows @ inverse @ rows.T, mean, one.dispersion


@pytest.mark.parametrize("lane", LANES)
def test_covariance_and_variance_are_those_of_the_dense_inverse(found, lane):
    target, peaks, more = found
    covariance, nights, _, _ = dense(target, peaks, lane)

    np.testing.assert_allclose(more.covariance[lane], covariance, rtol=1e-6)
    np.testing.assert_allclose(more.variance[:, lane], np.diagonal(nights), rtol=1e-6)


@pytest.mark.parametrize("lane", LANES)
def test_the_next_order_term_is_the_sum_over_all_pairs_of_nights(found, lane):
    target, peaks, more = found
    _, v, mean, dispersion = dense(target, peaks, lane)

    bend, own = third(target.counts, mean, dispersion)[:, 0], np.diagonal(v)
    single = fourth(target.counts, mean, dispersion)[:, 0] @ own**2 / 8
    pairs = (bend * own) @ v @ (bend * own) / 8 + bend @ v**3 @ bend / 12
    assert more.next_order[lane] == pytest.approx(single + pairs, rel=1e-5, abs=1e-8)
