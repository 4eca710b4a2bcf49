"""The compiled kernels are held to the NumPy twin. Compiling takes half a minute where nothing was kept."""

import numpy as np
import pytest
from tests.inference.diaries import NAMES, reference, usual

from mollet.inference import Normal, Priors, fit, prepare
from mollet.inference._numpy import State
from mollet.inference._numpy import peaks as plain_peaks
from mollet.inference.engine import ENTRIES, are_ready
from mollet.inference.model import hyper_at, problem
from mollet.inference.moments import moments as plain_moments
from mollet.inference.moments import next_order as plain_next_order

pytest.importorskip("numba")
from mollet.inference import _kernels


def lanes(n=37):
    diary = usual()
    target = problem(*diary.arguments())
    hyper = hyper_at(np.random.default_rng(8).standard_normal((3, n)), diary.priors)
    start = State(np.zeros((target.n_nights, n)), np.repeat(target.prior_mean[:, None], n, axis=1))
    return target, hyper, start


def test_the_twins_climb_to_the_same_modes():
    target, hyper, start = lanes()

    plain, fast = (peaks(target, hyper, start, 1e-12) for peaks in (plain_peaks, _kernels.peaks))

    np.testing.assert_allclose(fast.log_joint, plain.log_joint, atol=1e-8)
    np.testing.assert_allclose(fast.state.theta, plain.state.theta, atol=1e-7)
    np.testing.assert_allclose(fast.schur, plain.schur, rtol=1e-6)
    assert fast.converged.all()


def test_the_twins_see_the_same_skewness():
    target, hyper, start = lanes()
    found = plain_peaks(target, hyper, start, 1e-12)

    plain, fast = (moments(target, hyper, found) for moments in (plain_moments, _kernels.moments))

    for name in plain.__slots__:
        np.testing.assert_allclose(getattr(fast, name), getattr(plain, name), atol=1e-9, err_msg=name)


def test_the_twins_add_the_same_next_order_term():
    target, hyper, start = lanes()
    found = plain_peaks(target, hyper, start, 1e-12)
    more = plain_moments(target, hyper, found)
    some = np.array([0, 3, 17, 30])

    plain, fast = (order(target, hyper, found, more, some) for order in (plain_next_order, _kernels.next_order))

    np.testing.assert_allclose(fast, plain, atol=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_the_twins_give_the_same_answer(name):
    diary, _ = reference(name)

    plain, fast = (fit(*diary.arguments(), twin=twin) for twin in ("numpy", "kernels"))

    # Each stops climbing at a Newton decrement of 0.003 sd, at its own step.
    assert fast.mean(-1) == pytest.approx(plain.mean(-1), abs=1e-4)
    assert fast.sd(-1) == pytest.approx(plain.sd(-1), rel=1e-4)
    assert fast.log_evidence == pytest.approx(plain.log_evidence, abs=1e-3)


@pytest.mark.parametrize("x", [-700.0, -40.0, -1e-9, 0.0, 0.3, 1.0, 30.0, 50.0])
def test_the_written_out_exponential_is_exact(x):
    given, out, bits = np.full(4, x), np.empty(4), np.empty(4, dtype=np.int64)

    _kernels.exponentials(given, out, bits, bits.view(np.float64))

    np.testing.assert_allclose(out, np.exp(x), rtol=1e-14)


@pytest.mark.parametrize("x", [0.0, 1e-12, 1e-3, 0.41, 0.42, 1.0, 7.0, 1e9])
def test_the_written_out_logarithm_is_exact(x):
    given, out, bits = np.full(4, x), np.empty(4), np.empty(4, dtype=np.int64)

    _kernels.logarithms(given, out, bits, bits.view(np.float64))

    np.testing.assert_allclose(out, np.log1p(x), rtol=1e-14)


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
