import pickle

import numpy as np
import pytest
from tests.inference.diaries import reference, usual

from mollet.errors import DesignError, FitError
from mollet.inference import Normal, Priors, fit
from mollet.inference.posterior import averaged, leaning, nightly_counts

DRAWS = 20_000


@pytest.fixture(scope="module")
def posterior():
    return fit(*reference("d1_T28_mid")[0].arguments(), twin="numpy")


def test_a_density_adds_up_to_one(posterior):
    grid, density = posterior.density(-1)

    assert density.sum() * (grid[1] - grid[0]) == pytest.approx(1.0, abs=1e-6)


def test_a_quantile_is_below_itself_with_its_probability(posterior):
    for q in (0.01, 0.3, 0.5, 0.9, 0.999):
        assert posterior.prob_below(-1, posterior.quantile(-1, q)) == pytest.approx(q, abs=1e-9)


def test_probabilities_never_leave_zero_and_one(posterior):
    assert posterior.prob_below(-1, -1e9) == 0.0
    assert posterior.prob_below(-1, 1e9) == 1.0


def test_draws_have_the_distribution_of_the_marginals(posterior):
    draws = posterior.draws(DRAWS, np.random.default_rng(1))

    for j in range(posterior.n_columns):
        places = np.sort([posterior.prob_below(j, x) for x in draws[:, j]])
        distance = np.abs(places - (np.arange(DRAWS) + 0.5) / DRAWS).max()
        assert distance < 1.95 / DRAWS**0.5  # Kolmogorov, one in a thousand


def test_draws_are_the_same_from_the_same_seed(posterior):
    one, other = (posterior.draws(50, np.random.default_rng(7)) for _ in range(2))

    assert (one == other).all()


def test_draws_hang_together_as_rate_and_effect_must(posterior):
    draws = posterior.draws(DRAWS, np.random.default_rng(2))

    # The arm was on in half of the nights: a higher baseline goes with a larger fall.
    assert np.corrcoef(draws.T)[0, 1] < -0.3


def test_the_coming_nights_have_the_rate_that_the_posterior_says(posterior):
    rng = np.random.default_rng(3)
    off, on = (posterior.predict(7, np.tile([1.0, arm], (7, 1)), rng, n=20_000, gap=30).mean() for arm in (0.0, 1.0))

    draws = posterior.draws(DRAWS, rng)
    s = posterior.hyper()["s"]
    expected = np.exp(draws[:, 0]).mean() * np.exp((s[0] ** 2 + s[1] ** 2) / 2)
    # The expectation takes s as known to second order only.
    assert off == pytest.approx(expected, rel=0.08)
    assert on < off


def test_the_night_after_a_bad_spell_is_bad_too():
    n = 60
    y = np.where(np.arange(n) < 45, 0, 4)
    arm = np.resize([0.0, 1.0], n)
    found = fit(y, np.ones(n - 1), np.column_stack([np.ones(n), arm]), Priors(columns=(Normal(0, 0.5),)), twin="numpy")
    rng = np.random.default_rng(4)

    soon, late = (np.median(found.predict(1, [[1.0, 0.0]], rng, gap=gap)) for gap in (1, 200))

    assert soon > late


def test_predictions_are_whole_numbers_of_the_asked_shape(posterior):
    counts = posterior.predict(3, np.ones((3, 2)), np.random.default_rng(5), n=11)

    assert counts.shape == (11, 3)
    assert counts.dtype == np.int64
    assert (counts >= 0).all()


def test_simulated_counts_have_the_mean_and_variance_of_the_model():
    n, mean, kappa = 200_000, 2.0, 0.8

    counts = nightly_counts(np.full(n, np.log(mean)), np.full(n, kappa), np.random.default_rng(6))

    assert counts.mean() == pytest.approx(mean, rel=0.02)
    assert counts.var() == pytest.approx(mean + kappa**2 * mean**2, rel=0.04)


def test_a_pickled_posterior_says_the_same(posterior):
    again = pickle.loads(pickle.dumps(posterior))

    assert again.mean(-1) == posterior.mean(-1)
    assert repr(again) == repr(posterior)


def test_a_printed_posterior_names_its_coefficients_and_problems(posterior):
    shown = repr(posterior)

    for word in ("alpha", "beta", "rho", "28 closed nights", "problems"):
        assert word in shown


def test_the_average_of_two_posteriors_has_the_average_mean():
    one, other = (fit(*usual(seed).arguments(), twin="numpy") for seed in (1, 2))

    both = averaged([one, other], np.array([0.3, 0.7]), -40.0)

    assert both.mean(-1) == pytest.approx(0.3 * one.mean(-1) + 0.7 * other.mean(-1), abs=2e-3)


def test_far_from_the_mode_only_the_tilt_leans():
    shape = np.array([[0.1], [0.0], [0.05], [0.0]])

    at = leaning(np.array([[4.0], [5.0]]), shape, 3.5)[:, 0]

    assert at[1] - at[0] == pytest.approx(-0.5 * (25 - 16) + 0.1)


@pytest.mark.filterwarnings("ignore")
def test_draws_go_to_arviz_by_name(posterior):
    pytest.importorskip("arviz")

    data = posterior.to_arviz(n=50)

    assert data.posterior["beta"].shape == (1, 50)


@pytest.mark.parametrize("q", [float("nan"), -0.1, 1.1])
def test_a_quantile_of_no_probability_is_refused(posterior, q):
    with pytest.raises(FitError, match=r"error\.fit\.probability"):
        posterior.quantile(-1, q)


def test_no_number_has_no_probability_below_it(posterior):
    with pytest.raises(FitError, match="not_a_number"):
        posterior.prob_below(-1, float("nan"))


@pytest.mark.parametrize(
    ("rows", "gap", "key"),
    [([[1.0]], 1, "coming"), ([[1.0, float("nan")]], 1, "not_finite"), ([[1.0, 0.0]], 0, "coming")],
)
def test_nights_to_come_that_do_not_fit_are_refused(posterior, rows, gap, key):
    with pytest.raises(DesignError, match=key):
        posterior.predict(1, rows, np.random.default_rng(1), gap=gap)
