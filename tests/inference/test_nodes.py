"""The quadrature of (s, rho, kappa) against one with many more nodes, on diaries that no reference covers."""

import importlib
import math

import numpy as np
import pytest
from tests.inference.diaries import simulated

from mollet.inference import fit

KINDS = {
    "few": (-2.0, 0.3, 0.3, 0.3),
    "many": (1.5, 0.4, 0.5, 0.5),
    "strong": (0.0, 0.9, 0.9, 0.3),
    "usual": (-0.3, 0.4, 0.5, 0.4),
    "scattered": (0.5, 0.1, 0.3, 1.0),
}
"""Baseline, s, rho, kappa."""
NIGHTS = (28, 60, 90, 120, 45, 75)

# The whole engine may be off by 0.02 standard deviations in the mean, 3 % in width and 0.006 in a probability. On the
# references Laplace's approximation takes up to half of it; the nodes are left the other half.
MEAN, WIDTH, CHANCE = 0.01, 0.015, 0.003


def diary(kind, number):
    alpha, s, rho, kappa = KINDS[kind]
    rng = np.random.default_rng([number, len(kind)])
    return simulated(NIGHTS[number], np.array([alpha, 0.2, -0.4]), s, rho, kappa, rng)


@pytest.fixture(scope="module")
def with_many_nodes():
    module = importlib.import_module("mollet.inference.fit")

    def fitted(given):
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(module.NODES_A_SIDE, "default", 7)
            return fit(*given.arguments(), twin="numpy")

    return fitted


@pytest.mark.parametrize("number", range(len(NIGHTS)))
@pytest.mark.parametrize("kind", KINDS)
def test_many_more_nodes_say_the_same_of_the_effect(kind, number, with_many_nodes):
    given = diary(kind, number)

    found, finer = fit(*given.arguments(), twin="numpy"), with_many_nodes(given)

    assert len(finer.mixture.weight) > 1.9 * min(len(found.mixture.weight), 180)
    assert abs(found.mean(-1) - finer.mean(-1)) <= MEAN * finer.sd(-1)
    assert found.sd(-1) == pytest.approx(finer.sd(-1), rel=WIDTH)
    for ratio in (1.0, 0.7):
        assert found.prob_below(-1, math.log(ratio)) == pytest.approx(finer.prob_below(-1, math.log(ratio)), abs=CHANCE)


def test_a_surface_with_two_modes_is_looked_at_again(with_many_nodes):
    alpha, s, rho, kappa = KINDS["scattered"]
    given = simulated(90, np.array([alpha, 0.2, -0.4]), s, rho, kappa, np.random.default_rng([20, 7]))

    found = fit(*given.arguments(), twin="numpy")

    assert len(found.mixture.weight) == 9**3


def test_a_far_start_is_no_long_way():
    from mollet.inference._numpy import State, peaks
    from mollet.inference.model import Hyper, problem

    given = diary("few", 3)
    target = problem(*given.arguments())
    hyper = Hyper(np.array([10.0, 10.0]), np.array([0.97, 0.97]), np.array([4e-4, 4e-4]))
    n = target.n_nights
    far = State(np.stack([np.full(n, 2.0), np.full(n, -9.0)], axis=1), np.zeros((3, 2)))

    found = peaks(target, hyper, far, 1e-12)

    assert found.converged.all()
    assert found.log_joint[0] == pytest.approx(found.log_joint[1], abs=1e-4)
