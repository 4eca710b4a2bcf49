"""The compiled kernels are held to the NumPy twin. Compiling takes some seconds where nothing was kept."""

import numpy as np
import pytest
from tests.inference.diaries import NAMES, reference, usual

from mollet.inference import Normal, Priors, fit, prepare
from mollet.inference._numpy import State
from mollet.inference._numpy import peaks as plain_peaks
from mollet.inference.engine import ENTRIES, are_ready
from mollet.inference.model import hyper_at, problem
from mollet.inference.moments import Moments
from mollet.inference.moments import nodes as plain_nodes
from mollet.inference.posterior import mixed as plain_mixed

pytest.importorskip("numba")
from mollet.inference import _blocks, _kernels


def lanes(n=37, target=None):
    target = problem(*usual().arguments()) if target is None else target
    hyper = hyper_at(np.random.default_rng(8).standard_normal((3, n)), Priors())
    start = State(np.zeros((target.n_nights, n)), np.repeat(target.prior_mean[:, None], n, axis=1))
    return target, hyper, start


@pytest.mark.parametrize("n", [1, 7, 8, 37])
def test_the_twins_climb_to_the_same_modes(n):
    given = lanes(n)

    plain, fast = (peaks(*given, 1e-12) for peaks in (plain_peaks, _kernels.peaks))

    np.testing.assert_allclose(fast.log_joint, plain.log_joint, atol=1e-8)
    np.testing.assert_allclose(fast.state.theta, plain.state.theta, atol=1e-7)
    np.testing.assert_allclose(fast.log_mean, plain.log_mean, atol=1e-6)
    assert fast.converged.all()


def test_the_twins_climb_alike_with_a_coefficient_held():
    target, hyper, start = lanes()
    held = target.holding(1, np.linspace(-1, 1, 37))
    begin = State(start.v, np.delete(start.theta, 1, axis=0))

    plain, fast = (peaks(held, hyper, begin, 1e-12) for peaks in (plain_peaks, _kernels.peaks))

    np.testing.assert_allclose(fast.log_joint, plain.log_joint, atol=1e-8)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("field", Moments.__slots__)
def test_the_twins_see_the_same_moments(name, field):
    given = lanes(target=problem(*reference(name)[0].arguments()))

    flat = np.zeros(37)

    plain, fast = (nodes(*given, 1e-12, True, flat)[1] for nodes in (plain_nodes, _kernels.nodes))

    expected = getattr(plain, field)
    if field == "next_order":
        compared = expected != 0  # the plain twin leaves out what does not weigh
        assert compared.any()
        expected = np.where(compared, expected, fast.next_order)
    # Relative to the largest: what is left of the last step is 1e-6 of a standard deviation.
    np.testing.assert_allclose(getattr(fast, field), expected, atol=1e-6 * np.abs(expected).max())


@pytest.mark.parametrize("name", NAMES)
def test_the_twins_give_the_same_answer(name):
    diary, _ = reference(name)

    plain, fast = (fit(*diary.arguments(), twin=twin) for twin in ("numpy", "kernels"))

    # Each stops climbing at a Newton decrement of 0.003 sd, at its own step.
    assert fast.mean(-1) == pytest.approx(plain.mean(-1), abs=1e-4)
    assert fast.sd(-1) == pytest.approx(plain.sd(-1), rel=1e-4)
    assert fast.log_evidence == pytest.approx(plain.log_evidence, abs=1e-3)


def test_the_twins_mix_the_same_density():
    mixture = fit(*usual().arguments(), precision="high", twin="numpy").mixture
    grid, sd = np.linspace(-3, 3, 281), mixture.sd(1)
    given = grid, mixture.mode[1], sd, mixture.shape[:, 1], float(mixture.clamp[1]), mixture.weight

    np.testing.assert_allclose(_kernels.mixed(*given), plain_mixed(*given), rtol=1e-10, atol=1e-200)


@_blocks.compiled
def written_out(x, out):
    for column in range(0, x.shape[1], _blocks.WIDTH):
        given = _blocks.load(x, 0, column)
        _blocks.store(out, 0, column, _blocks.exponential(_blocks.smaller(given, 700.0)))
        size = _blocks.load(x, 1, column)
        one = 1.0 + size
        _blocks.store(out, 1, column, _blocks.logarithm(one))
        _blocks.store(out, 2, column, _blocks.logarithm_of_one_and(size, one, 1.0 / one))


def test_the_written_out_exponential_and_logarithm_are_exact():
    x = np.array([np.linspace(-700, 700, 40_000), np.exp(np.linspace(-60, 60, 40_000))])
    x[:, :8] = [[0.0, 1e-9, -1e-9, 1.0, 30.0, 50.0, -40.0, 0.3], [0.0, 1e-12, 1e-3, 0.41, 0.42, 1.0, 7.0, 1e9]]
    out = np.empty((3, x.shape[1]))

    written_out(x, out)

    np.testing.assert_allclose(out[0], np.exp(x[0]), rtol=1e-14)
    np.testing.assert_allclose(out[1], np.log(1 + x[1]), rtol=1e-14, atol=1e-30)
    np.testing.assert_allclose(out[2], np.log1p(x[1]), rtol=1e-14, atol=1e-30)


def test_kernels_that_are_loaded_are_ready():
    assert are_ready()


def test_all_shapes_are_compiled_beforehand():
    prepare()
    entries = [getattr(_kernels, name) for name in ENTRIES]
    before = [len(entry.signatures) for entry in entries]

    for n in (1, 2, 3, 20):
        for columns in (1, 2, 4):
            design = np.ones((n, columns))
            priors = Priors(alpha=Normal(0, 1), columns=(Normal(0, 1),) * (columns - 1))
            for precision in ("preview", "default", "high"):
                fit(np.arange(n), np.ones(n - 1), design, priors, precision=precision, twin="kernels")

    assert [len(entry.signatures) for entry in entries] == before
