"""Diaries at the edge of what can be: the answer is finite, and no surer than it may be."""

import importlib.util
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mollet.inference import Normal, Priors, fit

N = 60
ARM = np.resize(np.repeat([0.0, 1.0], 7), N)
GAPS = np.ones(N - 1, dtype=np.int64)
DEFAULT = Normal(0, 0.5)


def counts(seed=3):
    return np.random.default_rng(seed).poisson(np.where(ARM > 0, 0.5, 1.0))


TWINS = ("numpy", *(["kernels"] if importlib.util.find_spec("numba") else []))


def fitted(y, *exposures, arm=ARM, gaps=GAPS, twin="numpy"):
    design = np.column_stack([np.ones(len(arm)), *exposures, arm])
    return fit(y, gaps, design, Priors(columns=(*[Normal(0, 0.35)] * len(exposures), DEFAULT)), twin=twin)


def is_finite(posterior):
    """Whether everything that leaves the posterior is a number."""
    said = [posterior.log_evidence, *(value for pair in posterior.hyper().values() for value in pair)]
    for j in range(posterior.n_columns):
        said += [posterior.mean(j), posterior.sd(j), posterior.quantile(j, 0.025), posterior.prob_below(j, 0.0)]
        said += list(posterior.density(j)[1])
    return bool(np.isfinite(said).all())


STRANGE = {
    "never on the arm": (counts(), np.zeros(N), GAPS),
    "always on the arm": (counts(), np.ones(N), GAPS),
    "one night": (np.array([2]), np.ones(1), GAPS[:0]),
    "two nights": (np.array([2, 0]), np.array([0.0, 1.0]), GAPS[:1]),
    "not one cramp": (np.zeros(N), ARM, GAPS),
    "40 in a night": (np.where(np.arange(N) == 9, 40, counts()), ARM, GAPS),
    "400 in a night": (np.where(np.arange(N) == 9, 400, counts()), ARM, GAPS),
    "400 every night": (np.full(N, 400), ARM, GAPS),
    "400 every other night": (np.where(np.arange(N) % 2, 400, 0), ARM, GAPS),
    "gaps of 60 nights": (counts(), ARM, np.where(np.arange(N - 1) % 10, 1, 60)),
    "12 every night": (np.full(N, 12), ARM, GAPS),
    "3 against none": (np.where(ARM > 0, 0, 3), ARM, GAPS),
    "none against 3": (np.where(ARM > 0, 3, 0), ARM, GAPS),
}


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_diary_gives_a_finite_answer(name, twin):
    y, arm, gaps = STRANGE[name]

    assert is_finite(fitted(y, arm=arm, gaps=gaps, twin=twin))


@pytest.mark.parametrize("twin", TWINS)
def test_four_years_give_a_finite_answer(twin):
    n = 1460
    arm = np.resize(np.repeat([0.0, 1.0], 7), n)
    y = np.random.default_rng(1).poisson(np.exp(-0.3 - 0.4 * arm))

    posterior = fitted(y, arm=arm, gaps=np.ones(n - 1), twin=twin)

    assert is_finite(posterior)
    assert posterior.mean(-1) == pytest.approx(-0.4, abs=4 * posterior.sd(-1))


def test_an_arm_that_was_never_on_keeps_its_prior():
    posterior = fitted(counts(), arm=np.zeros(N))

    assert posterior.mean(-1) == pytest.approx(DEFAULT.mean, abs=1e-6)
    assert posterior.sd(-1) == pytest.approx(DEFAULT.sd, abs=1e-4)


def test_no_cramp_at_all_leaves_the_effect_nearly_at_its_prior():
    posterior = fitted(np.zeros(N))

    assert abs(posterior.mean(-1) - DEFAULT.mean) < 0.5 * DEFAULT.sd
    assert posterior.sd(-1) > 0.9 * DEFAULT.sd


def test_three_a_night_against_none_is_held_by_the_prior():
    posterior = fitted(np.where(ARM > 0, 0, 3))

    assert posterior.mean(-1) == pytest.approx(-2.2, abs=0.2)
    assert posterior.sd(-1) == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("kind", ["constant", "zero"])
def test_an_exposure_that_tells_nothing_leaves_the_effect_alone(kind):
    column = {"constant": np.ones(N), "zero": np.zeros(N)}[kind]

    assert fitted(counts(), column).mean(-1) == pytest.approx(fitted(counts()).mean(-1), abs=0.01)


def test_an_exposure_said_twice_leaves_the_effect_alone():
    x = np.random.default_rng(5).standard_normal(N)

    assert fitted(counts(), x, x).mean(-1) == pytest.approx(fitted(counts(), x).mean(-1), abs=0.01)


def test_more_nights_make_the_answer_surer():
    widths = []
    for n in (28, 56, 112, 224):
        arm = np.resize(np.repeat([0.0, 1.0], 7), n)
        y = np.random.default_rng(2).poisson(np.exp(-0.5 * arm))
        widths.append(fitted(y, arm=arm, gaps=np.ones(n - 1)).sd(-1))

    assert widths == sorted(widths, reverse=True)


WIDE = (5, 10, 100, 1e6)


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("sd", WIDE)
def test_absurdly_wide_priors_without_a_cramp_are_owned_up_to(sd, twin):
    priors = Priors(alpha=Normal(0, sd), columns=(Normal(0, sd),))

    posterior = fit(np.zeros(N), GAPS, np.column_stack([np.ones(N), ARM]), priors, twin=twin)

    assert is_finite(posterior)
    assert posterior.problems


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("mean", [-1e4, 1e4])
def test_an_absurd_belief_is_owned_up_to(mean, twin):
    priors = Priors(columns=(Normal(mean, 0.5),))

    posterior = fit(counts(), GAPS, np.column_stack([np.ones(N), ARM]), priors, twin=twin)

    assert is_finite(posterior)
    assert posterior.problems


def test_what_is_hopeless_is_given_up_with_the_prior_and_a_warning():
    design = np.column_stack([np.ones(N), np.where(ARM > 0, 1e300, -1e155)])

    posterior = fit(np.full(N, 10_000), GAPS, design, Priors(columns=(Normal(0.2, 0.5),)), twin="numpy")

    assert posterior.problems == ("not_converged",)
    assert posterior.mean(-1) == pytest.approx(0.2, abs=1e-3)


@pytest.mark.parametrize("seed", range(8))
def test_usual_priors_and_few_cramps_are_no_problem(seed):
    y = np.zeros(N)
    y[np.random.default_rng(seed).integers(0, N, size=seed)] = 1

    assert fitted(y).problems == ()


WILD = st.one_of(st.floats(-3, 3), st.sampled_from([0.0, 1.0, -1e-300, 1e6, -1e9, 1e155, 1e300]))
WIDTHS = st.one_of(st.floats(0.01, 3), st.sampled_from([1e-6, 1e-3, 50.0, 1e6]))
CRAMPS = st.one_of(st.integers(0, 3), st.integers(0, 400), st.just(10_000))
LENGTHS = st.one_of(st.integers(1, 3), st.sampled_from([60, 3650, 10_000]))


@st.composite
def odd_inputs(draw):
    """Counts, gaps, design and priors as nobody should give them, and as somebody will."""
    n, columns = draw(st.integers(1, 9)), draw(st.integers(1, 4))
    y = draw(st.lists(CRAMPS, min_size=n, max_size=n))
    gaps = draw(st.lists(LENGTHS, min_size=n - 1, max_size=n - 1))
    design = np.array(draw(st.lists(WILD, min_size=n * columns, max_size=n * columns))).reshape(n, columns)
    beliefs = [Normal(draw(st.one_of(st.floats(-3, 3), st.sampled_from([1e4, -1e4, 1e6]))), draw(WIDTHS))]
    beliefs += [Normal(draw(st.floats(-3, 3)), draw(WIDTHS)) for _ in range(columns - 1)]
    rate = st.one_of(st.floats(0.1, 10), st.sampled_from([1e-6, 1e6]))
    rho = Normal(draw(st.sampled_from([0.5, -50.0, 50.0])), draw(st.sampled_from([0.5, 1e-6, 1e6])))
    return y, gaps, design, Priors(beliefs[0], tuple(beliefs[1:]), draw(rate), draw(rate), rho)


@pytest.mark.parametrize("twin", TWINS)
@settings(max_examples=25)
@given(odd_inputs())
def test_nothing_but_numbers_leaves_the_engine(twin, given_to_it):
    posterior = fit(*given_to_it, twin=twin)

    assert is_finite(posterior)
    for j in range(posterior.n_columns):
        assert 0 <= posterior.prob_below(j, 0.0) <= 1
        assert posterior.sd(j) > 0
    rng = np.random.default_rng(1)
    assert np.isfinite(posterior.draws(5, rng)).all()
    assert (posterior.predict(2, np.ones((2, posterior.n_columns)), rng, n=5) >= 0).all()
    assert isinstance(posterior.problems, tuple)
    assert not math.isnan(posterior.log_evidence)
