"""Diaries at the edge of what can be: the answer is finite, and no surer than it may be."""

import numpy as np
import pytest

from mollet.inference import Normal, Priors, fit

N = 60
ARM = np.resize(np.repeat([0.0, 1.0], 7), N)
GAPS = np.ones(N - 1, dtype=np.int64)
DEFAULT = Normal(0, 0.5)


def counts(seed=3):
    return np.random.default_rng(seed).poisson(np.where(ARM > 0, 0.5, 1.0))


def fitted(y, *exposures, arm=ARM, gaps=GAPS):
    design = np.column_stack([np.ones(len(arm)), *exposures, arm])
    return fit(y, gaps, design, Priors(columns=(*[Normal(0, 0.35)] * len(exposures), DEFAULT)), twin="numpy")


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


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_diary_gives_a_finite_answer(name):
    y, arm, gaps = STRANGE[name]

    assert is_finite(fitted(y, arm=arm, gaps=gaps))


def test_four_years_give_a_finite_answer():
    n = 1460
    arm = np.resize(np.repeat([0.0, 1.0], 7), n)
    y = np.random.default_rng(1).poisson(np.exp(-0.3 - 0.4 * arm))

    posterior = fitted(y, arm=arm, gaps=np.ones(n - 1))

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
